"""A table as it stands in a file: rows of raw cells, each with the row number a clerk sees."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from knowledge.exchange.cells import Raw
from knowledge.exchange.columns import SHEETS
from knowledge.exchange.fields import ID_HEADING, Column, Kind, Sheet
from knowledge.loader import Problem

MAX_ROWS = 100_000
MAX_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet of a workbook or one CSV file. The first row holds the headings."""

    title: str  # of the sheet, or the CSV file's name without .csv
    name: str  # as named in problems: 清单.xlsx[材料], 材料.csv
    rows: tuple[tuple[int, tuple[Raw, ...]], ...]  # without empty rows


@dataclass(frozen=True, slots=True)
class Heads:
    """Which column of the schema stands in which column of the file."""

    columns: Mapping[int, Column]  # the linking 事项编号 included

    def letter_of(self, column: Column) -> str | None:
        """The letter above a column, if the file has it."""
        found = (i for i, mine in self.columns.items() if mine is column)
        return letter(next(found, -1))


def letter(index: int) -> str | None:
    """0 → A, 25 → Z, 26 → AA; None for a column that is not there."""
    if index < 0:
        return None
    name = ""
    while index >= 0:
        name = chr(ord("A") + index % 26) + name
        index = index // 26 - 1
    return name


def heading_text(raw: Raw) -> str:
    """A heading without the star of required columns."""
    return "".join(str(raw).split()).rstrip("*＊") if raw is not None else ""


LINK = Column("", ID_HEADING, "与“事项”表中的事项编号一致", "", kind=Kind.CODE, required=True)


def read_heads(table: Table, *, sheet: Sheet, problems: list[Problem]) -> Heads | None:
    """Match the headings; None, with problems said, if rows cannot be understood."""
    if not table.rows:
        problems.append(Problem(table.name, 1, "表是空的，第 1 行应为列标题"))
        return None
    row, cells = table.rows[0]
    known = {column.heading: column for column in sheet.columns}
    if sheet.field:
        known[ID_HEADING] = LINK
    complaints = list(_complaints(cells, known=known))
    problems.extend(Problem(table.name, row, text, column=letter(i)) for i, text in complaints)
    found = {i: known[heading_text(cell)] for i, cell in enumerate(cells) if heading_text(cell)
             in known}  # fmt: skip
    missing = [c.heading for c in known.values() if c.required and c not in found.values()]
    if missing:
        problems.append(Problem(table.name, row, f"缺少列：{'、'.join(missing)}"))
    return Heads(found) if not missing and not complaints else None


def _complaints(
    cells: tuple[Raw, ...], *, known: Mapping[str, Column]
) -> Iterator[tuple[int, str]]:
    seen: set[str] = set()
    for index, cell in enumerate(cells):
        heading = heading_text(cell)
        if heading in seen:
            yield index, f"列标题“{heading}”重复"
        elif heading and heading not in known:
            near = difflib.get_close_matches(heading, known, n=1)
            yield index, f"没有“{heading}”这一列{f'，是不是“{near[0]}”？' if near else ''}"
        elif heading:
            seen.add(heading)


def guess_sheet(table: Table) -> Sheet | None:
    """The sheet a table stands for: by its title, else by headings only one sheet requires."""
    for sheet in SHEETS:
        if sheet.title == table.title.strip():
            return sheet
    if not table.rows:
        return None
    headings = {heading_text(cell) for cell in table.rows[0][1]}
    fitting = [s for s in SHEETS if _needed(s) <= headings and headings - {""} <= set(s.headings)]
    return fitting[0] if len(fitting) == 1 else None


def _needed(sheet: Sheet) -> set[str]:
    return {ID_HEADING, *(column.heading for column in sheet.columns if column.required)}
