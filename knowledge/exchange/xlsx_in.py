"""Workbooks as clerks fill them in, with everything Excel does to them behind their backs."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException

from knowledge.exchange.cells import Raw, Unusable
from knowledge.exchange.columns import SHEETS_BY_TITLE
from knowledge.exchange.safety import Unsafe, ensure_workbook, open_archive
from knowledge.exchange.tables import MAX_COLUMNS, MAX_ROWS, Table
from knowledge.loader import Problem

BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    IndexError,
    AttributeError,
    TypeError,
    ValueError,
    OSError,
)
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=\"([A-Z]+\d+:[A-Z]+\d+)\"")
OUR_OWN = frozenset({"填写说明"})
TAIL = 1024 * 1024


def read_workbook(
    content: bytes, *, name: str, problems: list[Problem], warnings: list[Problem]
) -> list[Table]:
    """The tables of a workbook; what cannot be used is said in `problems`."""
    try:
        ensure_workbook(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False)
    except Unsafe as error:
        problems.append(Problem(name, 1, str(error)))
        return []
    except BROKEN as error:
        problems.append(Problem(name, 1, _what_is_wrong(error)))
        return []
    try:
        return list(_tables(book, content, name=name, problems=problems, warnings=warnings))
    finally:
        book.close()


def _tables(
    book: Any, content: bytes, *, name: str, problems: list[Problem], warnings: list[Problem]
) -> Iterator[Table]:
    known = [s for s in book.worksheets if s.title.strip() in SHEETS_BY_TITLE]
    for stranger in book.worksheets:
        if stranger not in known and stranger.title.strip() not in OUR_OWN:
            warnings.append(Problem(f"{name}[{stranger.title}]", 1, "不是模板里的表，没有导入"))
    if not known:
        problems.append(Problem(name, 1, f"没有认得的工作表，应有：{'、'.join(SHEETS_BY_TITLE)}"))
    for sheet in known:
        label = f"{name}[{sheet.title}]"
        table = _table(sheet, content, label=label, problems=problems)
        if table is not None:
            yield table


def _table(sheet: Any, content: bytes, *, label: str, problems: list[Problem]) -> Table | None:
    if sheet.sheet_state != "visible":
        problems.append(Problem(label, 1, "工作表被隐藏，请取消隐藏；不需要的请删除"))
        return None
    for area in _merged(sheet, content):
        said = f"{area} 是合并单元格，请取消合并、逐行填写"
        problems.append(Problem(label, _row_of(area), said))
    try:
        return Table(sheet.title.strip(), label, tuple(_rows(sheet)))
    except Unsafe as error:
        problems.append(Problem(label, 1, str(error)))
    except BROKEN as error:
        problems.append(Problem(label, 1, _what_is_wrong(error)))
    return None


def _what_is_wrong(error: BaseException) -> str:
    """openpyxl wraps what it met; a forbidden entity is told apart from mere damage."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DefusedXmlException):
            return "含有不允许的 XML 写法（实体），不予打开"
        cause = cause.__cause__ or cause.__context__
    return "已损坏或不完整，打不开"


def _rows(sheet: Any) -> Iterator[tuple[int, tuple[Raw, ...]]]:
    sheet.reset_dimensions()  # some programs write a wrong size; read what is really there
    count = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = tuple(_raw(cell) for cell in cells[:MAX_COLUMNS])
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in values):
            continue
        count += 1
        if count > MAX_ROWS + 1:
            raise Unsafe(f"超过 {MAX_ROWS} 行，请分成几个文件")
        yield number, values


def _raw(cell: Any) -> Raw:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        return Unusable("单元格是公式，请复制后“选择性粘贴为数值”")
    if cell.data_type == "e":
        return Unusable(f"单元格是错误值 {value}")
    if isinstance(value, Raw):
        return value
    return str(value)


def _merged(sheet: Any, content: bytes) -> list[str]:
    """The merged areas. Reading row by row does not show them; they stand behind the rows."""
    part = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    try:
        with open_archive(content) as archive, archive.open(part) as stream:
            return _areas(stream)
    except (KeyError, Unsafe, zipfile.BadZipFile, OSError, ValueError):
        return []


def _areas(stream: Any) -> list[str]:
    tail = b""
    while chunk := stream.read(TAIL):
        tail = (tail + chunk)[-2 * TAIL :]
    return [found.decode() for found in MERGED.findall(tail)]


def _row_of(area: str) -> int:
    return int(re.sub(r"\D", "", area.split(":")[0]))
