"""The tables of the clerks' handbook, made from the schema, so that the page is never out of date.

`python -m knowledge.exchange.handbook docs/knowledge.md` renews them in the page.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from knowledge import codes
from knowledge.codes import CodedLabel
from knowledge.exchange.columns import SHEETS
from knowledge.exchange.fields import Column, Sheet
from knowledge.exchange.xlsx_out import columns_of
from knowledge.quality.finding import FolderRule, Rule
from knowledge.quality.rules import FOLDER_RULES, RULES

MARK = "<!-- 以下表格由 python -m knowledge.exchange.handbook 生成，请勿手改 -->"


def render_tables() -> str:
    """Rules, enumerations and columns as Markdown."""
    parts = [*_rules(), *_enumerations(), "## 三、各表各列", ""]
    for sheet in SHEETS:
        parts += _sheet(sheet)
    return "\n".join(parts).rstrip() + "\n"


def renew(page: str) -> str:
    """The page with its tables renewed; what stands above the mark is left alone."""
    head, mark, _ = page.partition(MARK)
    if not mark:
        raise ValueError(f"页面里没有这一行：{MARK}")
    return f"{head}{MARK}\n\n{render_tables()}"


def _rules() -> Iterator[str]:
    rules: tuple[Rule | FolderRule, ...] = (*RULES, *FOLDER_RULES)
    yield from ("## 一、检查规则", "", "| 规则 | 级别 | 要求 | 出处 |", "|---|---|---|---|")
    for rule in rules:
        yield f"| {rule.rule_id} | {rule.severity} | {rule.demand} | {rule.source} |"
    yield ""


def _enumerations() -> Iterator[str]:
    yield from ("## 二、选项与代码", "", "写中文名称，与别的系统交换时用代码。", "")
    yield from ("| 字段 | 选项（代码） |", "|---|---|")
    for enumeration in _coded():
        labels = "、".join(f"{member.value}（{member.code}）" for member in enumeration)
        yield f"| {_title(enumeration)} | {labels} |"
    yield ""


def _coded() -> list[type[CodedLabel]]:
    return [
        value
        for value in vars(codes).values()
        if isinstance(value, type) and issubclass(value, CodedLabel) and value is not CodedLabel
    ]


def _title(enumeration: type[CodedLabel]) -> str:
    """The heading of the first column that offers it."""
    wanted = tuple(member.value for member in enumeration)
    columns = (c for sheet in SHEETS for c in sheet.columns)
    return next((c.heading for c in columns if c.choices == wanted), enumeration.__name__)


def _sheet(sheet: Sheet) -> Iterator[str]:
    field = f"（`{sheet.field}`）" if sheet.field else ""
    yield from (f"### {sheet.title}{field}", "", "| 列 | YAML | 填法 |", "|---|---|---|")
    for column in columns_of(sheet):
        written = f"`{column.field}`" if column.field else ""
        yield f"| {_heading(column)} | {written} | {_how(column)} |"
    yield ""


def _heading(column: Column) -> str:
    return f"**{column.heading}**（必填）" if column.required else column.heading


def _how(column: Column) -> str:
    parts = (column.kind.value, column.help.replace("|", "\\|"))
    return "；".join(part for part in parts if part)


def main(arguments: Sequence[str]) -> int:
    """Renew the page named on the command line."""
    page = Path(arguments[0])
    page.write_text(renew(page.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
