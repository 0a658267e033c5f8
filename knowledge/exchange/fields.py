"""What a spreadsheet column is, and how its kind follows from the schema field it stands for."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from knowledge.codes import CodedLabel
from knowledge.schema import Element, Prose, Short, SituationId

EXAMPLE_MARK = "示例"  # a row whose 事项编号 begins so is an example and is not imported
ID_HEADING = "事项编号"


class Kind(StrEnum):
    """How a cell is read. The value is the Chinese name shown to clerks."""

    TEXT = "文字"
    CODE = "编码（文本格式）"
    LIST = "多项，用顿号或分号隔开"
    LINES = "多项，每行一项"
    CHOICE = "单选"
    CHOICES = "多选，用顿号隔开"
    YES_NO = "是 / 否"
    COUNT = "整数"
    MONEY = "金额，元"
    DATE = "日期"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the table in `columns.py`: what the schema cannot know about a column."""

    field: str  # path below the sheet's element: "name", "waiver.kind"
    heading: str
    help: str
    example: str = ""
    kind: Kind | None = None  # where the schema type does not settle it


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet, complete."""

    field: str
    heading: str
    help: str
    example: str
    kind: Kind
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of the workbook: one kind of element of a guide, a row each."""

    title: str
    field: str  # the guide's field; "" for the sheet of the guides themselves
    columns: tuple[Column, ...]  # without the linking 事项编号, except in the sheet of the guides

    @property
    def headings(self) -> tuple[str, ...]:
        own = tuple(column.heading for column in self.columns)
        return own if not self.field else (ID_HEADING, *own)

    def column_of(self, field: str) -> Column | None:
        """The column that holds this field, or a part or the whole of it."""
        for column in self.columns:
            if field == column.field or field.startswith(f"{column.field}."):
                return column
        return next((c for c in self.columns if c.field.startswith(f"{field}.")), None)


class SituationRow(Element):
    """A row of the sheet 情形: an option, with its group repeated."""

    group: int
    question: Short
    multiple: bool = False
    situation_id: SituationId
    label: Short
    aliases: tuple[Short, ...] = ()
    usual: bool = False
    note: Prose | None = None


def sheet_of(title: str, *, field: str, model: type[BaseModel], told: tuple[Told, ...]) -> Sheet:
    """A sheet whose columns are the told ones, completed from the model."""
    return Sheet(title, field, tuple(_complete(line, model=model) for line in told))


def _complete(told: Told, *, model: type[BaseModel]) -> Column:
    *parents, last = _path(model, told.field)
    core = _core(last.annotation)
    return Column(
        field=told.field,
        heading=told.heading,
        help=told.help,
        example=told.example,
        kind=told.kind or _kind_of(core),
        required=all(info.is_required() for info in (*parents, last)),
        choices=tuple(member.value for member in _enumeration(core)),
    )


def _path(model: type[BaseModel], field: str) -> Iterator[FieldInfo]:
    for name in field.split("."):
        info = model.model_fields[name]
        yield info
        inner = _core(info.annotation)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner


def _core(annotation: Any) -> Any:
    """The annotation without Annotated and without `| None`."""
    if get_origin(annotation) is Annotated:
        return _core(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        return next(_core(part) for part in get_args(annotation) if part is not type(None))
    return annotation


def _enumeration(core: Any) -> tuple[CodedLabel, ...]:
    if get_origin(core) is tuple:
        core = _core(get_args(core)[0])
    return tuple(core) if isinstance(core, type) and issubclass(core, CodedLabel) else ()


KINDS: Mapping[type, Kind] = {
    bool: Kind.YES_NO,
    int: Kind.COUNT,
    date: Kind.DATE,
    str: Kind.TEXT,
}


def _kind_of(core: Any) -> Kind:
    several = get_origin(core) is tuple
    if _enumeration(core):
        return Kind.CHOICES if several else Kind.CHOICE
    return Kind.LIST if several else KINDS[core]
