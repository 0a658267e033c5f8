"""From start to ready, loading the knowledge, and memory after 200 questions."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from benchmarks import corpora, server
from benchmarks.corpora import Folder
from benchmarks.measure import Spread, console, keep, megabytes

QUESTIONS = 200
LOAD = """
import sys, time
from pathlib import Path
from knowledge.base import KnowledgeBase
started = time.perf_counter()
KnowledgeBase.load(Path(sys.argv[1]), cache=Path(sys.argv[2]))
print(time.perf_counter() - started)
"""
READ = """
import sys, time
from pathlib import Path
import yaml
started = time.perf_counter()
for path in sorted(Path(sys.argv[1]).glob("*.yaml")):
    for _ in yaml.load_all(path.read_bytes(), yaml.CSafeLoader):
        pass
print(time.perf_counter() - started)
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Guides on disk, or the shipped ones, and questions about them."""

    name: str
    guides: Path | None
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Seconds to ready, of a clock and of the processor, and megabytes after the questions."""

    corpus: str
    cold: Spread
    warm: Spread
    warm_cpu: Spread
    worker_mb: Spread
    bare_s: Spread
    bare_mb: Spread


@dataclass(frozen=True, slots=True)
class Loading:
    """Seconds to load a knowledge folder, and to read its YAML and nothing else."""

    corpus: str
    cold: float
    warm: Spread
    reading: float


def corpora_here(*, quick: bool) -> list[Corpus]:
    """Shipped, province, 20,000; what is not here is said and left out."""
    shipped, province = corpora.shipped(), corpora.guangdong()
    found = [Corpus(str(len(shipped)), None, _questions([g.name for g in shipped]))]
    if province:
        found.append(_corpus("province", province))
    else:
        console.print("[yellow]跳过广东事项：没有 knowledge/collections/guangdong[/]")
    if not quick:
        copies = corpora.copies((*shipped, *province), corpora.MANY)
        found.append(_corpus("many", [copy.guide for copy in copies]))
    return found


def _corpus(name: str, guides: Sequence[corpora.Guide]) -> Corpus:
    folder: Folder = corpora.write(name, guides)
    step = max(1, len(guides) // QUESTIONS)
    names = [guide.name for guide in guides[::step]]
    return Corpus(str(len(guides)), folder.guides, _questions(names))


def _questions(names: Sequence[str]) -> tuple[str, ...]:
    endings = ("怎么办", "需要什么材料", "多少钱", "在哪里办")
    return tuple(names[n % len(names)] + endings[n % len(endings)] for n in range(QUESTIONS))


def starts(corpus: Corpus, *, repeats: int) -> Start:
    """Start the real server with an empty cache, then with a full one, beside a bare one."""
    cold: list[float] = []
    warm: list[float] = []
    warm_cpu: list[float] = []
    worker_mb: list[float] = []
    bare: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder) / "var"
        for _ in range(repeats):
            shutil.rmtree(var, ignore_errors=True)
            with server.product(var, guides=corpus.guides) as ours:
                cold.append(ours.ready_s)
            with server.product(var, guides=corpus.guides) as ours:
                warm.append(ours.ready_s)
                warm_cpu.append(ours.cpu_s())
                _ask(ours.port, corpus.questions)
                worker_mb.append(max(megabytes(worker) for worker in ours.workers()))
            with server.bare("--jieba", log=Path(folder) / "bare.log") as other:
                bare.append((other.ready_s, megabytes(other.process)))
    seconds, memory = zip(*bare, strict=True)
    return Start(
        corpus.name,
        Spread.of(cold),
        Spread.of(warm),
        Spread.of(warm_cpu),
        Spread.of(worker_mb),
        Spread.of(seconds),
        Spread.of(memory),
    )


def _ask(port: int, questions: Sequence[str]) -> None:
    for text in questions:
        body = json.dumps({"text": text}).encode()
        status, _, _ = server.post(port, "/api/v1/bot/messages", body)
        if status != 200:
            raise RuntimeError(f"{text}：{status}")


def loads(corpus: Corpus, *, repeats: int) -> Loading:
    """Load the knowledge alone, in fresh processes, beside reading the same YAML."""
    folder = corpus.guides or corpora.GUIDES_DIR
    with tempfile.TemporaryDirectory() as cache:
        cold = _seconds(LOAD, folder, cache)
        warm = [_seconds(LOAD, folder, cache) for _ in range(repeats)]
    return Loading(corpus.name, cold, Spread.of(warm), _seconds(READ, folder))


def _seconds(script: str, *arguments: object) -> float:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    said = subprocess.run(command, cwd=corpora.ROOT, capture_output=True, text=True, check=True)
    return float(said.stdout)


def tree_mb(corpus: Corpus, *, workers: int = 2) -> list[float]:
    """Megabytes of the manager and of every worker after the questions."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server.product(Path(folder) / "var", guides=corpus.guides, workers=workers) as ours,
    ):
        _ask(ours.port, corpus.questions)
        return [megabytes(ours.process), *(megabytes(worker) for worker in ours.workers())]


def _start_table(found: Sequence[Start]) -> Table:
    title = "启动到就绪与内存（参照：裸 Sanic + jieba 原词典）"
    table = Table("指南数", "冷启动 s", "热启动 s", "其中 CPU s", "参照 s", "热/参照", title=title)
    for name in ("200 问后每进程 MB", "参照 MB", "内存/参照"):
        table.add_column(name)
    for start in found:
        table.add_row(
            start.corpus,
            f"{start.cold:.2f}",
            f"{start.warm:.2f}",
            f"{start.warm_cpu:.2f}",
            f"{start.bare_s:.2f}",
            f"{start.warm.median / start.bare_s.median:.2f}",
            f"{start.worker_mb:.0f}",
            f"{start.bare_mb:.0f}",
            f"{start.worker_mb.median / start.bare_mb.median:.2f}",
        )
    return table


def _load_table(found: Sequence[Loading]) -> Table:
    title = "装载知识库（参照：只用 libyaml 读同样的文件）"
    table = Table("指南数", "冷 s", "热 s", "只读 YAML s", "冷/参照", "热/参照", title=title)
    for loading in found:
        table.add_row(
            loading.corpus,
            f"{loading.cold:.2f}",
            f"{loading.warm:.2f}",
            f"{loading.reading:.2f}",
            f"{loading.cold / loading.reading:.2f}",
            f"{loading.warm.median / loading.reading:.2f}",
        )
    return table


def run(*, quick: bool = False) -> None:
    """Measure, print and keep."""
    console.rule("启动与内存")
    repeats = 1 if quick else 3
    started: list[Start] = []
    loaded: list[Loading] = []
    with Progress(console=console, transient=True) as progress:
        here = corpora_here(quick=quick)
        task = progress.add_task("启动", total=2 * len(here))
        for corpus in here:
            loaded.append(loads(corpus, repeats=repeats))
            progress.advance(task)
            started.append(starts(corpus, repeats=1 if len(corpus.name) > 4 else repeats))
            progress.advance(task)
    console.print(_start_table(started))
    console.print(_load_table(loaded))
    console.print("目标：就绪 ≤ 5 s，每进程 ≤ 250 MB。")
    tree = tree_mb(here[0])
    said = "、".join(f"{memory:.0f}" for memory in tree)
    console.print(f"{here[0].name} 份指南、--workers 2，各进程 MB（先是管理进程）：{said}")
    kept = {"starts": started, "loads": loaded, "tree_mb": tree}
    console.print(f"已写入 {keep('startup', kept)}", highlight=False)
