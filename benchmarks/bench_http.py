"""The HTTP doors against a bare Sanic server that gives the very same bytes."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from urllib.parse import quote

from rich.progress import Progress
from rich.table import Table

from benchmarks import corpora, server
from benchmarks.load import HAS_WRK, Load, Requests, press
from benchmarks.measure import Spread, console, keep

WORDS = ("身份证", "公积金提取", "结婚登记", "营业执照", "狗证", "社保转移", "驾驶证换证", "居住证")
ENDINGS = ("怎么办", "要带什么材料", "多少钱", "在哪里办", "几天能拿到")
SERVICES, MESSAGES = "/api/v1/services", "/api/v1/bot/messages"


@dataclass(frozen=True, slots=True)
class Case:
    """A door, and what is asked of it."""

    name: str
    requests: Requests

    def answers(self, port: int) -> list[bytes]:
        """The body of every different answer; asking for them also warms the server up."""
        bodies = [text.encode() for text in self.requests.bodies]
        if bodies:
            answers = [server.post(port, self.requests.paths[0], body) for body in bodies]
        else:
            number = "0" if self.requests.unique else ""
            answers = [server.get(port, path + number) for path in self.requests.paths]
        if wrong := [status for status, _, _ in answers if status != 200]:
            raise RuntimeError(f"{self.name}：{wrong}")
        return [body for _, body, _ in answers]


def cases() -> tuple[Case, ...]:
    """Guide detail, search (known and new texts) and a message to the bot."""
    guides = corpora.shipped()
    queries = [f"{SERVICES}?q={quote(word)}" for word in WORDS]
    said = [json.dumps({"text": word + end}) for word in WORDS for end in ENDINGS]
    return (
        Case("指南详情", Requests([f"{SERVICES}/{guide.service_id}" for guide in guides])),
        Case("搜索（常搜的词）", Requests(queries)),
        Case("搜索（没搜过的词）", Requests([f"{query}%20" for query in queries], unique=True)),
        Case("机器人", Requests([MESSAGES], said)),
    )


@dataclass(frozen=True, slots=True)
class Run:
    """What came of the load, and the processor time of the server per answer."""

    load: Load
    cpu_us: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Both sides of a case."""

    case: Case
    bytes: int
    ours: Sequence[Run]
    bare: Sequence[Run]

    @property
    def ratio(self) -> Spread:
        """Our throughput as a share of the bare server's, a pair of runs each."""
        pairs = zip(self.ours, self.bare, strict=True)
        return Spread.of([ours.load.per_second / bare.load.per_second for ours, bare in pairs])

    @property
    def cpu_ratio(self) -> Spread:
        """The same by processor time: what others do on this machine is hardly in it."""
        pairs = zip(self.ours, self.bare, strict=True)
        return Spread.of([bare.cpu_us / ours.cpu_us for ours, bare in pairs])

    def as_json(self) -> Mapping[str, object]:
        return {
            "case": self.case.name,
            "bytes": self.bytes,
            "per_second": Spread.of([run.load.per_second for run in self.ours]),
            "bare_per_second": Spread.of([run.load.per_second for run in self.bare]),
            "ratio": self.ratio,
            "cpu_us": Spread.of([run.cpu_us for run in self.ours]),
            "bare_cpu_us": Spread.of([run.cpu_us for run in self.bare]),
            "cpu_ratio": self.cpu_ratio,
            "p99_ms": Spread.of([run.load.p99_ms for run in self.ours]),
            "errors": sum(run.load.errors for run in (*self.ours, *self.bare)),
        }


def measure(*, seconds: float, repeats: int) -> list[Figures]:
    """Press both servers in turn, so that whatever else the machine does falls on both."""
    runs: dict[tuple[str, str], list[Run]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, server.product(Path(folder) / "var") as ours:
        chosen = cases()
        bodies = {case.name: case.answers(ours.port) for case in chosen}
        files = _written(bodies, Path(folder))
        with (
            server.bare(*itertools.chain(*files.values()), log=Path(folder) / "bare.log") as bare,
            _bar() as progress,
        ):
            task = progress.add_task("加压", total=2 * repeats * len(chosen))
            for _ in range(repeats):
                for case in chosen:
                    names = [f"/{Path(path).name}" for path in files[case.name]]
                    same = Requests(names, case.requests.bodies)
                    for side, pressed, asked in (
                        ("ours", ours, case.requests),
                        ("bare", bare, same),
                    ):
                        runs[case.name, side].append(_run(pressed, asked, seconds))
                        progress.advance(task)
    return [
        Figures(
            case,
            round(fmean(map(len, bodies[case.name]))),
            runs[case.name, "ours"],
            runs[case.name, "bare"],
        )
        for case in chosen
    ]


def _run(pressed: server.Server, asked: Requests, seconds: float) -> Run:
    before = pressed.cpu_s()
    load = press(pressed.port, asked, seconds=seconds)
    answers = max(1.0, load.per_second * load.seconds)
    return Run(load, (pressed.cpu_s() - before) / answers * 1e6)


def _bar() -> Progress:
    return Progress(console=console, transient=True)


def _written(bodies: Mapping[str, Sequence[bytes]], folder: Path) -> dict[str, list[str]]:
    files: dict[str, list[str]] = defaultdict(list)
    for case, (name, answers) in enumerate(bodies.items()):
        for number, body in enumerate(answers):
            path = folder / f"body-{case}-{number}"
            path.write_bytes(body)
            files[name].append(str(path))
    return files


def _table(figures: Sequence[Figures]) -> Table:
    table = Table("", "字节", "办事通 次/秒", "裸 Sanic 次/秒", "吞吐比", "CPU 比")
    for name in ("CPU µs/次", "p99 ms", "错误"):
        table.add_column(name)
    for found in figures:
        kept = found.as_json()
        table.add_row(
            found.case.name,
            str(found.bytes),
            f"{kept['per_second']:.0f}",
            f"{kept['bare_per_second']:.0f}",
            f"{found.ratio:.2f}",
            f"{found.cpu_ratio:.2f}",
            f"{kept['cpu_us']:.0f}",
            f"{kept['p99_ms']:.1f}",
            str(kept["errors"]),
        )
    return table


def run(*, quick: bool = False) -> None:
    """Measure, print and keep."""
    console.rule("HTTP：与裸 Sanic 发同样字节相比（各一个进程）")
    if not HAS_WRK:
        console.print("[yellow]没有 wrk，改用 Python 客户端，客户端本身是瓶颈，比值偏高[/]")
    figures = measure(seconds=1 if quick else 5, repeats=2 if quick else 5)
    console.print(_table(figures))
    console.print(
        "比 = 办事通 ÷ 裸 Sanic，中位数（最小–最大）；CPU 比少受同机其他程序影响。"
        "目标：指南详情 ≥ 0.70。"
    )
    console.print(f"已写入 {keep('http', [f.as_json() for f in figures])}", highlight=False)
