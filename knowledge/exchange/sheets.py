"""Guides ⇄ workbooks and CSV files, whole files at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePath

from knowledge.exchange.columns import SHEETS
from knowledge.exchange.csv_in import guard_formula, read_csv
from knowledge.exchange.fields import Sheet
from knowledge.exchange.flatten import rows_for
from knowledge.exchange.safety import Unsafe, open_archive, read_bytes
from knowledge.exchange.tables import Table
from knowledge.exchange.xlsx_in import read_workbook
from knowledge.exchange.xlsx_out import build_workbook
from knowledge.loader import Problem
from knowledge.schema import Guide


def read_tables(path: Path, *, problems: list[Problem], warnings: list[Problem]) -> list[Table]:
    """The tables of a workbook, a CSV file, a folder of CSV files, or a zip of them."""
    if path.is_dir():
        files = sorted(path.glob("*.csv"))
        return [t for f in files for t in _csv_file(f, name=f"{path.name}/{f.name}", say=problems)]
    if path.suffix.lower() == ".csv":
        return _csv_file(path, name=path.name, say=problems)
    try:
        content = read_bytes(path)
        if path.suffix.lower() == ".zip":
            return _zipped(content, name=path.name, problems=problems)
    except Unsafe as error:
        problems.append(Problem(path.name, 1, str(error)))
        return []
    return read_workbook(content, name=path.name, problems=problems, warnings=warnings)


def _csv_file(path: Path, *, name: str, say: list[Problem]) -> list[Table]:
    try:
        table = read_csv(read_bytes(path), name=name, problems=say)
    except Unsafe as error:
        say.append(Problem(name, 1, str(error)))
        return []
    return [table] if table is not None else []


def _zipped(content: bytes, *, name: str, problems: list[Problem]) -> list[Table]:
    """Members are read in memory and never unpacked to disk, so their paths cannot do harm."""
    tables = []
    with open_archive(content) as archive:
        members = [m for m in archive.infolist() if _is_csv(_name_of(m))]
        if not members:
            raise Unsafe("压缩包里没有 CSV 文件")
        for member in members:
            label = f"{name}[{PurePath(_name_of(member)).name}]"
            try:
                table = read_csv(archive.read(member), name=label, problems=problems)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
                problems.append(Problem(label, 1, "压缩包里的文件已损坏"))
                continue
            tables += [table] if table is not None else []
    return tables


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv") and not name.startswith("__MACOSX/")


def _name_of(member: zipfile.ZipInfo) -> str:
    """The member's name: without the UTF-8 flag, Chinese Windows wrote GBK read here as CP437."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def render_workbook(guides: Sequence[Guide]) -> bytes:
    """The guides as an .xlsx file."""
    out = io.BytesIO()
    rows = {sheet.title: rows_for(sheet, guides) for sheet in SHEETS}
    build_workbook(rows, examples=False).save(out)
    return out.getvalue()


def render_csv(sheet: Sheet, guides: Sequence[Guide]) -> bytes:
    """One sheet as CSV with a UTF-8 mark, which Excel needs to read Chinese."""
    return csv_bytes((sheet.headings, *rows_for(sheet, guides)))


def csv_bytes(rows: Sequence[tuple[str, ...]]) -> bytes:
    """Rows as CSV no spreadsheet program will run anything from."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([guard_formula(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def render_csv_set(guides: Sequence[Guide]) -> dict[str, bytes]:
    """Every sheet as a CSV file, by file name."""
    return {f"{sheet.title}.csv": render_csv(sheet, guides) for sheet in SHEETS}


def zip_bytes(files: dict[str, bytes]) -> bytes:
    """The files in a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()
