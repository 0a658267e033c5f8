"""The bot against jieba + BM25: what is found, how fast, and in how much memory."""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

from rich.progress import Progress
from rich.table import Table

from benchmarks import corpora, questions
from benchmarks.contenders import (
    CONTENDERS,
    FINDER,
    PRODUCT,
    REFERENCE,
    SLOW,
    Birth,
    Contender,
)
from benchmarks.corpora import VAR, Folder
from benchmarks.measure import console, keep, percentile
from benchmarks.questions import Asked

WARM_UP = 20
SLOW_ASKS = 60  # rank-bm25 takes a tenth of a second for 20,000 documents


@dataclass(frozen=True, slots=True)
class Field:
    """A corpus with the questions put to it."""

    name: str
    folder: Folder
    asked: tuple[Asked, ...]


@dataclass(slots=True)
class Result:
    """What one contender made of a field."""

    contender: str
    birth: Birth
    found: dict[int, Sequence[str]] = field(default_factory=dict)
    took_ms: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu_ms: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    def recall(self, asked: Sequence[Asked], depth: int, kind: str | None = None) -> float | None:
        """Share of the questions (of one kind) with a right id among the first `depth`."""
        hits = [
            bool(asked[n].expect.intersection(ids[:depth]))
            for n, ids in self.found.items()
            if kind in (None, asked[n].kind)
        ]
        return statistics.fmean(hits) if hits else None

    def at(self, percent: int) -> float:
        """A percentile over the questions, each with the median of its repeats."""
        return percentile([statistics.median(took) for took in self.took_ms.values()], percent)

    def cpu_at(self, percent: int) -> float:
        """As `at`, by processor time: what others do on this machine is hardly in it."""
        return percentile([statistics.median(cpu) for cpu in self.cpu_ms.values()], percent)

    def worst_at(self, percent: int) -> float:
        """The same over every single answer: what else the machine did is in it."""
        return percentile([ms for took in self.took_ms.values() for ms in took], percent)


def fields(*, quick: bool) -> Iterator[Field]:
    """80, all shipped, a province, 20,000; what is not here is said and left out."""
    limit = 60 if quick else 400
    shipped, province = corpora.shipped(), corpora.guangdong()
    for name, guides in ((str(corpora.FEW), shipped[: corpora.FEW]), (str(len(shipped)), shipped)):
        yield _known(name, guides, limit=limit)
    if province:
        held = questions.hold_out(province)
        folder = corpora.write("province", held.guides)
        yield Field(str(len(province)), folder, questions.about(held, limit=limit))
    else:
        console.print("[yellow]跳过广东事项：没有 knowledge/collections/guangdong[/]")
    yield _many((*shipped, *province), count=2_000 if quick else corpora.MANY, limit=limit)


def _known(name: str, guides: Sequence[corpora.Guide], *, limit: int) -> Field:
    if asked := questions.golden(guides):
        return Field(name, corpora.write(f"shipped-{name}", guides), asked[:limit])
    console.print(f"[yellow]没有 {corpora.GOLDEN.name}：{name} 份指南改用留出的别名提问[/]")
    held = questions.hold_out(guides)
    folder = corpora.write(f"held-{name}", held.guides)
    return Field(name, folder, questions.about(held, limit=limit))


def _many(originals: Sequence[corpora.Guide], *, count: int, limit: int) -> Field:
    held = questions.hold_out(originals)
    copies = corpora.copies(held.guides, count)
    folder = corpora.write(f"towns-{count}", [copy.guide for copy in copies])
    return Field(str(count), folder, questions.about_copies(copies, held, limit=limit))


def measure(field_: Field, *, repeats: int, progress: Progress, cache: Path) -> list[Result]:
    """Ask every contender every question, in turn within each repeat."""
    with ExitStack() as stack:
        task = progress.add_task(f"{field_.name} 份：建索引", total=len(CONTENDERS))
        with Contender(FINDER, field_.folder, cache=cache):
            pass  # fills the cache: a worker's memory is that of a load, not of a build
        contenders: list[Contender] = []
        for name in CONTENDERS:
            contender = Contender(name, field_.folder, cache=cache)
            contenders.append(stack.enter_context(contender))
            progress.advance(task)
        results = [Result(contender.name, contender.birth) for contender in contenders]
        progress.update(task, description=f"{field_.name} 份：提问", completed=0, total=repeats)
        for contender in contenders:
            _warm_up(contender, field_)
        for repeat in range(repeats):
            for contender, result in zip(contenders, results, strict=True):
                _ask_all(contender, result, field_, repeat)
            progress.advance(task)
        progress.remove_task(task)
    return results


def _warm_up(contender: Contender, field_: Field) -> None:
    for asked in field_.asked[:WARM_UP]:
        contender.ask(asked.text)


def _ask_all(contender: Contender, result: Result, field_: Field, repeat: int) -> None:
    for number, asked in enumerate(field_.asked):
        if contender.name == SLOW and repeat > 0 and number >= SLOW_ASKS:
            break  # its quality is known after the first round
        answer = contender.ask(asked.text)
        result.found[number] = answer.ids
        result.took_ms[number].append(answer.took_ms)
        result.cpu_ms[number].append(answer.cpu_ms)


def _table(field_: Field, results: Sequence[Result]) -> Table:
    product = results[0]
    kinds = sorted({asked.kind for asked in field_.asked})
    title = f"{field_.name} 份指南，{len(field_.asked)} 个问题"
    table = Table("", "R@1", "R@3", *(f"R@1 {kind}" for kind in kinds), title=title)
    for name in ("p50 ms", "p99 ms", "p99 原始", "p99 CPU", "p50 比", "p99 比", "索引 MB"):
        table.add_column(name, justify="right")
    for result in results:
        by_kind = [_percent(result.recall(field_.asked, 1, kind)) for kind in kinds]
        table.add_row(
            result.contender,
            _percent(result.recall(field_.asked, 1)),
            _percent(result.recall(field_.asked, 3)),
            *by_kind,
            f"{result.at(50):.2f}",
            f"{result.at(99):.2f}",
            f"{result.worst_at(99):.2f}",
            f"{result.cpu_at(99):.2f}",
            f"{result.at(50) / product.at(50):.2f}×",
            f"{result.at(99) / product.at(99):.2f}×",
            f"{result.birth.memory_mb:.0f}",
        )
    return table


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


def _figures(field_: Field, results: Sequence[Result]) -> Mapping[str, object]:
    by_name = {result.contender: result for result in results}
    return {
        "guides": field_.folder.size,
        "questions": len(field_.asked),
        "contenders": {
            result.contender: {
                "r_at_1": result.recall(field_.asked, 1),
                "r_at_3": result.recall(field_.asked, 3),
                "p50_ms": result.at(50),
                "p99_ms": result.at(99),
                "p99_cpu_ms": result.cpu_at(99),
                "p99_raw_ms": result.worst_at(99),
                "birth": asdict(result.birth),
            }
            for result in results
        },
        "p99_ratio_to_reference": by_name[REFERENCE].at(99) / by_name[PRODUCT].at(99),
    }


def run(*, quick: bool = False) -> None:
    """Measure, print and keep."""
    console.rule("机器人：与 jieba + BM25 相比")
    kept = []
    for field_ in fields(quick=quick):
        with Progress(console=console, transient=True) as progress:
            cache = VAR / "cache"
            repeats = 2 if quick else 5
            results = measure(field_, repeats=repeats, progress=progress, cache=cache)
        console.print(_table(field_, results))
        kept.append(_figures(field_, results))
    console.print(
        "比：对方用时 ÷ 办事通用时，大于 1 表示办事通更快。p99 取每题多次的中位数，原始不取。"
    )
    console.print(f"已写入 {keep('bot', kept)}", highlight=False)
