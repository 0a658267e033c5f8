"""`python -m knowledge.check DIR`: is the content good, and how much of it is filled in?

Errors must be mended, warnings are imperfections. The rules stand in `knowledge.quality.rules`.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from knowledge.loader import BadKnowledge, Problem, load_faq, read_file
from knowledge.quality.coverage import Coverage, measure
from knowledge.quality.finding import Finding, Severity
from knowledge.quality.locate import Locator
from knowledge.quality.rules import FOLDER_RULES, RULES
from knowledge.schema import Guide

MANY_ALIKE = 100  # more warnings of one rule become one line
SHOWN = 200  # more lines than this nobody reads; the summary by rule tells the rest


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found. `problems` must be mended, `warnings` should."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    coverage: Coverage

    @property
    def is_good(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Shelved:
    """A guide and where it stands."""

    guide: Guide
    path: Path
    name: str  # the path as shown
    row: int


@dataclass(slots=True)
class Findings:
    """Collects problems by severity, with the row of each."""

    locator: Locator = field(default_factory=Locator)
    found: dict[Severity, list[Problem]] = field(
        default_factory=lambda: {severity: [] for severity in Severity}
    )

    def add(self, shelved: Shelved, finding: Finding, *, rule: str, severity: Severity) -> None:
        row = self.locator.row_of(shelved.path, document_row=shelved.row, where=finding.where)
        message = f"{finding.message}〔{rule}〕"
        self.found[severity].append(Problem(shelved.name, row, message))


def check_folder(folder: Path, *, today: date | None = None) -> CheckReport:
    """Check every guide of a folder, and all of them together."""
    today = today or _today()
    broken: list[Problem] = []
    shelf = list(_shelve(folder, problems=broken))
    findings = Findings()
    _check_each(shelf, today=today, findings=findings)
    _check_together(shelf, findings=findings)
    broken += _faq_problems(folder, {shelved.guide.service_id for shelved in shelf})
    return CheckReport(
        problems=tuple(sorted([*broken, *findings.found[Severity.ERROR]])),
        warnings=tuple(sorted(findings.found[Severity.WARNING])),
        coverage=measure([shelved.guide for shelved in shelf]),
    )


def _today() -> date:
    return datetime.fromtimestamp(time.time(), tz=ZoneInfo("Asia/Shanghai")).date()


def _shelve(folder: Path, *, problems: list[Problem]) -> Iterator[Shelved]:
    seen: dict[str, str] = {}
    if not folder.is_dir():
        problems.append(Problem(str(folder), 1, "没有这个文件夹"))
        return
    for path in sorted(folder.rglob("*.yaml")):
        name = str(path.relative_to(folder))
        for guide, row in read_file(path, name=name, problems=problems):
            if guide.service_id in seen:
                said = f"事项编号 {guide.service_id} 与 {seen[guide.service_id]} 重复"
                problems.append(Problem(name, row, said))
            seen[guide.service_id] = f"{name}:{row}"
            yield Shelved(guide, path, name, row)


def _check_each(shelf: Sequence[Shelved], *, today: date, findings: Findings) -> None:
    """Guide by guide; a warning that nearly every guide earns is told in one line."""
    for rule in RULES:
        hits = [(s, f) for s in shelf for f in rule.find(s.guide, today)]
        alike = rule.severity is Severity.WARNING and len(hits) > MANY_ALIKE
        if hits and (rule.once or alike):
            first, finding = hits[0]
            told = Finding(finding.where, f"共 {len(hits)} 处，第一处：{finding.message}")
            hits = [(first, told)]
        for shelved, finding in hits:
            findings.add(shelved, finding, rule=rule.rule_id, severity=rule.severity)


def _check_together(shelf: Sequence[Shelved], *, findings: Findings) -> None:
    guides = [shelved.guide for shelved in shelf]
    for rule in FOLDER_RULES:
        for index, finding in sorted(rule.find(guides), key=_by_guide):
            findings.add(shelf[index], finding, rule=rule.rule_id, severity=rule.severity)


def _by_guide(found: tuple[int, Finding]) -> tuple[int, str]:
    return found[0], found[1].message


def _faq_problems(folder: Path, known: set[str]) -> list[Problem]:
    try:
        entries = load_faq(folder)
    except BadKnowledge as error:
        return list(error.problems)
    return [
        Problem("faq.jsonl", row, f"问答 {entry.id} 的事项“{entry.service_id}”不存在")
        for row, entry in enumerate(entries, start=1)
        if entry.service_id and entry.service_id not in known
    ]


def print_report(report: CheckReport, *, to: Console) -> None:
    """The report for a person at a terminal."""
    for title, problems in (("错误", report.problems), ("提醒", report.warnings)):
        if problems:
            to.print(_table(f"{title} {len(problems)} 条", problems))
            to.print(_summary(problems))
    to.print(_coverage(report.coverage))
    verdict = "[green]没有错误[/]" if report.is_good else f"[red]错误 {len(report.problems)} 条[/]"
    to.print(f"{verdict}，提醒 {len(report.warnings)} 条，指南 {report.coverage.guides} 份")


def _table(title: str, problems: Sequence[Problem]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("位置", overflow="fold")
    table.add_column("说明", overflow="fold")
    for problem in problems[:SHOWN]:
        place = ":".join(filter(None, (problem.file, str(problem.row), problem.column)))
        table.add_row(place, problem.message.replace("[", "\\["))
    if len(problems) > SHOWN:
        table.add_row("…", f"还有 {len(problems) - SHOWN} 条，见下面按规则的合计")
    return table


def _summary(problems: Sequence[Problem]) -> str:
    counts = Counter(p.message.rpartition("〔")[2].rstrip("〕") if "〔" in p.message else "写法"
                     for p in problems)  # fmt: skip
    return "  ".join(f"{rule}：{count}" for rule, count in counts.most_common())


def _coverage(coverage: Coverage) -> Table:
    heads = ("要素", "有此要素的指南", "比例", "条数", "其中各地不同")
    table = Table(*heads, title="完整度", title_justify="left")
    total = coverage.guides or 1
    for line in coverage.lines:
        share = f"{line.guides / total:.0%}"
        cells = (line.element, str(line.guides), share, str(line.facts), str(line.local))
        table.add_row(*cells)
    return table


def main(arguments: Sequence[str]) -> int:
    """0 if there are no errors, 1 if there are, 2 if it was called wrongly."""
    console = Console()
    if len(arguments) != 1:
        console.print("用法：python -m knowledge.check 文件夹")
        return 2
    report = check_folder(Path(arguments[0]))
    print_report(report, to=console)
    return 0 if report.is_good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
