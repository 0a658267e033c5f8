"""From tables to guides. Everything wrong is collected, each with its file, row and column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from knowledge.exchange.cells import Value, read_cell
from knowledge.exchange.columns import GUIDE_SHEET, SHEETS, SHEETS_BY_TITLE
from knowledge.exchange.fields import EXAMPLE_MARK, Column, Sheet
from knowledge.exchange.tables import LINK, Heads, Table, guess_sheet, letter, read_heads
from knowledge.exchange.yaml_out import to_plain
from knowledge.loader import Problem, say
from knowledge.schema import Guide

SITUATIONS = SHEETS_BY_TITLE["情形"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an element was read: a row of a table."""

    table: str
    row: int
    sheet: Sheet
    heads: Heads

    def problem(self, message: str, *, column: Column | None = None) -> Problem:
        place = self.heads.letter_of(column) if column else None
        return Problem(self.table, self.row, message, column=place)


@dataclass(frozen=True, slots=True)
class Row:
    """A row understood: its values by field path."""

    service_id: str
    values: Mapping[str, Value]
    origin: Origin


@dataclass(slots=True)
class Draft:
    """What the tables say about one guide."""

    rows: dict[str, list[Row]] = field(default_factory=dict)  # by the guide's field; "" its own row

    @property
    def first(self) -> Origin:
        return next(iter(self.rows.values()))[0].origin


@dataclass(frozen=True, slots=True)
class Assembled:
    """A guide and the place its row stands at."""

    guide: Guide
    origin: Origin


def assemble(
    tables: Sequence[Table],
    *,
    existing: Mapping[str, Guide],
    problems: list[Problem],
    warnings: list[Problem],
) -> Iterator[Assembled]:
    """The guides of one book of tables.

    A sheet the book does not have leaves that part of an existing guide as it is.
    """
    drafts: dict[str, Draft] = {}
    present: set[str] = set()
    for table in tables:
        for sheet, row in _rows_of(table, present=present, problems=problems):
            drafts.setdefault(row.service_id, Draft()).rows.setdefault(sheet.field, []).append(row)
    for service_id, draft in drafts.items():
        plain = _kept(existing.get(service_id), draft=draft, present=present, problems=problems)
        if plain is not None:
            _default_source(plain, draft=draft, present=present, warnings=warnings)
            yield from _built(plain, draft=draft, problems=problems)


def _rows_of(
    table: Table, *, present: set[str], problems: list[Problem]
) -> Iterator[tuple[Sheet, Row]]:
    sheet = guess_sheet(table)
    if sheet is None:
        titles = "、".join(sheet.title for sheet in SHEETS)
        problems.append(
            Problem(table.name, 1, f"认不出是哪一张表，文件名或列标题应与模板一致：{titles}")
        )
        return
    if sheet.field in present:
        problems.append(Problem(table.name, 1, f"“{sheet.title}”表出现了两次"))
        return
    present.add(sheet.field)
    heads = read_heads(table, sheet=sheet, problems=problems)
    if heads is None:
        return
    for number, cells in table.rows[1:]:
        origin = Origin(table.name, number, sheet, heads)
        row = _row(cells, origin=origin, problems=problems)
        if row is not None:
            yield sheet, row


def _row(cells: tuple[Any, ...], *, origin: Origin, problems: list[Problem]) -> Row | None:
    """The row with all values that can be read; None for an example, or one without 事项编号."""
    key = LINK if origin.sheet.field else GUIDE_SHEET.columns[0]
    where = next(index for index, column in origin.heads.columns.items() if column is key)
    raw = {i: cells[i] if i < len(cells) else None for i in origin.heads.columns}
    if str(raw[where]).strip().startswith(EXAMPLE_MARK):
        return None
    values: dict[int, Value] = {}
    wrong: list[Problem] = []
    for index, column in origin.heads.columns.items():
        try:
            value = read_cell(column, raw[index])
        except ValueError as error:
            wrong.append(_cell_problem(origin, index, f"{column.heading}：{error}"))
            continue
        if value is not None:
            values[index] = value
    problems.extend(wrong)
    service_id = values.pop(where, None)
    if service_id is None:
        if letter(where) not in [problem.column for problem in wrong]:
            problems.append(origin.problem(f"{key.heading}：必填，没有写", column=key))
        return None
    fields = {origin.heads.columns[index].field: value for index, value in values.items()}
    return Row(str(service_id), fields, origin)


def _cell_problem(origin: Origin, index: int, message: str) -> Problem:
    return Problem(origin.table, origin.row, message, column=letter(index))


def _kept(
    old: Guide | None, *, draft: Draft, present: set[str], problems: list[Problem]
) -> dict[str, Any] | None:
    """What of the existing guide stays, as plain values; None if there is nothing to build on."""
    own = draft.rows.get("", [])
    for repeated in own[1:]:
        problems.append(repeated.origin.problem(f"事项编号 {repeated.service_id} 重复"))
    if old is None and not own:
        service_id = next(iter(draft.rows.values()))[0].service_id
        problems.append(
            draft.first.problem(
                f"事项编号 {service_id} 不在“事项”表里，也不是已有事项", column=LINK
            )
        )
        return None
    plain = to_plain(old) if old is not None else {}
    parts = {sheet.field for sheet in SHEETS if sheet.field}
    stays = parts - present if own else set(Guide.model_fields) - present
    return {name: value for name, value in plain.items() if name in stays}


def _default_source(
    plain: dict[str, Any], *, draft: Draft, present: set[str], warnings: list[Problem]
) -> None:
    """A book without the sheet 来源 is itself the source, and that is said."""
    if "sources" in present or "sources" in plain:
        return
    plain["sources"] = [{"name": f"{draft.first.table}（部门填报）"}]
    warnings.append(draft.first.problem("没有“来源”表，来源记为这个文件"))


def _built(plain: dict[str, Any], *, draft: Draft, problems: list[Problem]) -> Iterator[Assembled]:
    origins: dict[Path, Origin] = {}
    for name, rows in draft.rows.items():
        if not name:
            plain.update(_nested(rows[0].values), service_id=rows[0].service_id)
            origins[()] = rows[0].origin
        elif name == SITUATIONS.field:
            plain[name] = _groups(rows, origins=origins, problems=problems)
        else:
            plain[name] = [_nested(row.values) for row in rows]
            origins.update({(name, i): row.origin for i, row in enumerate(rows)})
    origins.setdefault((), draft.first)
    try:
        yield Assembled(Guide.model_validate(plain), origins[()])
    except ValidationError as error:
        problems.extend(_new_problems(error, origins=origins, told=problems))


def _nested(values: Mapping[str, Value]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for path, value in values.items():
        *parents, last = path.split(".")
        inner = nested
        for parent in parents:
            inner = inner.setdefault(parent, {})
        inner[last] = value
    return nested


def _groups(
    rows: Iterable[Row], *, origins: dict[Path, Origin], problems: list[Problem]
) -> list[dict[str, Any]]:
    """Rows with the same 组号 are the options of one question."""
    groups: dict[object, dict[str, Any]] = {}
    for row in rows:
        values = dict(row.values)
        number = values.pop("group", None)
        head: dict[str, Any] = {n: values.pop(n) for n in ("question", "multiple") if n in values}
        head.setdefault("multiple", False)
        group = groups.setdefault(number, {**head, "options": []})
        if any(group.get(name) != head.get(name) for name in ("question", "multiple")):
            problems.append(row.origin.problem(f"第 {number} 组的问题或可多选与前面的行不一致"))
        if number is None:
            problems.append(row.origin.problem("组号：必填，没有写", column=SITUATIONS.columns[0]))
        place = list(groups).index(number)
        origins.setdefault((SITUATIONS.field, place), row.origin)
        origins[(SITUATIONS.field, place, "options", len(group["options"]))] = row.origin
        group["options"].append(values)
    return list(groups.values())


def _new_problems(
    error: ValidationError, *, origins: Mapping[Path, Origin], told: Iterable[Problem]
) -> list[Problem]:
    """The schema's complaints, less those that follow from cells already complained about."""
    cells = {(p.file, p.row, p.column) for p in told if p.column}
    rows = {(file, row) for file, row, _ in cells}
    found = []
    for detail in error.errors(include_url=False):
        origin, column = _place_of(detail["loc"], origins=origins)
        message = say(detail)
        if column is None:
            message = "".join(f"{part}：" for part in detail["loc"][-1:] if part) + message
        else:
            message = f"{column.heading}：{message}"
        problem = origin.problem(message, column=column)
        follows = (problem.file, problem.row) in rows and bool(origin.sheet.field)
        if (problem.file, problem.row, problem.column) in cells or (not column and follows):
            continue
        found.append(problem)
    return found


def _place_of(location: Path, *, origins: Mapping[Path, Origin]) -> tuple[Origin, Column | None]:
    for length in range(len(location), -1, -1):
        origin = origins.get(location[:length])
        if origin is not None:
            rest = ".".join(part for part in location[length:] if isinstance(part, str))
            return origin, origin.sheet.column_of(rest) if rest else None
    return origins[()], None
