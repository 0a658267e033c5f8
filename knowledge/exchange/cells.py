"""One cell: what a clerk wrote ⇄ the value of a schema field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import Enum

from knowledge.exchange.fields import Column, Kind
from knowledge.exchange.lists import INLINE, LINEWISE, join_items, split_items


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell that holds no value of its own: a formula, or an error such as #REF!."""

    reason: str


Raw = str | int | float | bool | date | datetime | time | Unusable | None
Value = str | int | bool | date | tuple[str, ...]

YES = frozenset({"是", "true", "yes", "√"})
NO = frozenset({"否", "false", "no", "×"})
DATE_FORMS = (
    re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
# What XML 1.0, and so a workbook, cannot hold.
NOT_FOR_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read_cell(column: Column, raw: Raw) -> Value | None:
    """The value of a cell, or None for an empty one.

    Raises:
        ValueError: it cannot be that; the message is for the clerk.
    """
    if isinstance(raw, Unusable):
        raise ValueError(raw.reason)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return READERS[column.kind](column, raw)


def render_cell(column: Column, value: object) -> str:
    """The text of a cell for a value of the schema; empty for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        items = [i.value if isinstance(i, Enum) else str(i) for i in value]
        return join_items(items, separators=_separators(column))
    if column.kind is Kind.MONEY and isinstance(value, int):
        return f"{Decimal(value) / 100:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, Enum) else str(value)


def _separators(column: Column) -> str:
    return LINEWISE if column.kind is Kind.LINES else INLINE


def _text(_: Column, raw: Raw) -> str:
    """Numbers and dates become the text a clerk sees; `_x000D_` is Excel's carriage return."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        return raw.date().isoformat() if raw.time() == time() else raw.isoformat(sep=" ")
    return str(raw).replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _code(column: Column, raw: Raw) -> str:
    """Codes and phones: a number may have lost its leading zeros or its last digits already."""
    if isinstance(raw, date | time):
        raise ValueError("应为编码，单元格却是日期，请设为文本格式后重填")
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return _text(column, raw)
    if not float(raw).is_integer() or abs(raw) >= 1e15:
        raise ValueError(f"单元格是数字（{raw}），长编码的后几位已丢失，请设为文本格式后重填")
    if len(text := str(int(raw))) > 5:
        raise ValueError(f"单元格是数字（{text}），前面的 0 可能已丢失，请设为文本格式后重填")
    return text  # 12345, or a guide numbered 1, 2, 3


def _items(column: Column, raw: Raw) -> tuple[str, ...]:
    return split_items(_text(column, raw), separators=_separators(column))


def _label(column: Column, text: str) -> str:
    """The official label, also when typed half-width: IV for Ⅳ."""
    for choice in column.choices:
        if _same(choice) == _same(text):
            return choice
    raise ValueError(f"“{text}”不在可选范围：{'、'.join(column.choices)}")


def _same(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "")


def _choice(column: Column, raw: Raw) -> str:
    return _label(column, _text(column, raw))


def _choices(column: Column, raw: Raw) -> tuple[str, ...]:
    text = _text(column, raw).replace("，", "、").replace(",", "、")
    return tuple(_label(column, item) for item in split_items(text))


def _yes_no(column: Column, raw: Raw) -> bool:
    text = _text(column, raw).lower()
    if text in YES or text in NO:
        return text in YES
    raise ValueError(f"“{text}”应为“是”或“否”")


def _count(column: Column, raw: Raw) -> int:
    text = unicodedata.normalize("NFKC", _text(column, raw))
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", text):
        raise ValueError(f"“{text}”应为整数")
    return int(text)


def _money(column: Column, raw: Raw) -> int:
    """元 with at most two decimals → 分, exactly."""
    text = unicodedata.normalize("NFKC", str(raw)).strip().removesuffix("元").lstrip("¥")
    try:
        fen = Decimal(text.replace(",", "").strip()) * 100
    except InvalidOperation:
        raise ValueError(f"“{raw}”应为金额，如 40 或 12.50；说明文字写在“金额说明”") from None
    if not fen.is_finite() or abs(fen) >= Decimal(10) ** 15:
        raise ValueError(f"“{raw}”不是合理的金额")
    if fen != fen.to_integral_value():
        raise ValueError(f"“{raw}”最多两位小数")
    return int(fen)


def _date(column: Column, raw: Raw) -> date:
    if isinstance(raw, datetime):
        if raw.time() != time():
            raise ValueError(f"“{raw}”应为日期，不带时间")
        return raw.date()
    if isinstance(raw, date):
        return raw
    text = unicodedata.normalize("NFKC", _text(column, raw)).replace(" ", "")
    for form in DATE_FORMS:
        if found := form.fullmatch(text):
            return _day(text, *found.groups())
    raise ValueError(f"“{text}”应为日期，写作 2026-11-22")


def _day(text: str, year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError(f"“{text}”不是日历上有的日子") from None


READERS: Mapping[Kind, Callable[[Column, Raw], Value]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.LIST: _items,
    Kind.LINES: _items,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.COUNT: _count,
    Kind.MONEY: _money,
    Kind.DATE: _date,
}


def for_xml(text: str) -> str:
    """The text without characters a workbook cannot hold, with plain line ends."""
    return NOT_FOR_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
