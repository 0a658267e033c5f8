"""CSV files as spreadsheet programs save them: UTF-8 with or without mark, GB18030, UTF-16."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from pathlib import PurePath

from knowledge.exchange.cells import Raw
from knowledge.exchange.safety import WORKBOOK_HINT, is_zip
from knowledge.exchange.tables import MAX_COLUMNS, MAX_ROWS, Table
from knowledge.loader import Problem

DELIMITERS = ",\t;"
# Cells beginning so are run as formulas by spreadsheet programs; on the way out they get a quote.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def read_csv(content: bytes, *, name: str, problems: list[Problem]) -> Table | None:
    """The table of a CSV file; None, with the problem said, if it is none."""
    if is_zip(content):
        problems.append(Problem(name, 1, f"这不是 CSV 文件，{WORKBOOK_HINT}"))
        return None
    text = _decode(content)
    if text is None:
        problems.append(Problem(name, 1, "认不出文字编码，请另存为“CSV UTF-8”"))
        return None
    try:
        rows = tuple(_rows(text))
    except (csv.Error, ValueError) as error:
        problems.append(Problem(name, 1, f"CSV 写法有误：{error}"))
        return None
    return Table(PurePath(name).stem.split("[")[-1], name, rows)


def _decode(content: bytes) -> str | None:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _rows(text: str) -> Iterator[tuple[int, tuple[Raw, ...]]]:
    """Numbered as a spreadsheet program shows them: a cell with line breaks is still one row."""
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for number, cells in enumerate(reader, start=1):
        if len(cells) > MAX_COLUMNS:
            raise ValueError(f"第 {number} 行超过 {MAX_COLUMNS} 列")
        if number > MAX_ROWS + 1:
            raise ValueError(f"超过 {MAX_ROWS} 行，请分成几个文件")
        if any(cell.strip() for cell in cells):
            yield number, tuple(_without_guard(cell) for cell in cells)


def _without_guard(cell: str) -> str:
    guarded = cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS)
    return cell[1:] if guarded else cell


def guard_formula(cell: str) -> str:
    """A cell no spreadsheet program will run; `read_csv` takes the quote off again."""
    return "'" + cell if cell.startswith(FORMULA_STARTS) else cell
