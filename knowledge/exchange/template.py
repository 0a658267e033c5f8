"""The empty workbook a clerk starts from, with one example row in every sheet."""

from __future__ import annotations

import io
from pathlib import Path

from knowledge.exchange.columns import SHEETS, example_row
from knowledge.exchange.fields import EXAMPLE_MARK
from knowledge.exchange.files import write_file
from knowledge.exchange.sheets import csv_bytes, zip_bytes
from knowledge.exchange.xlsx_out import build_workbook

EXAMPLE_ID = f"{EXAMPLE_MARK}-idcard-lost"


def write_template(to: Path) -> None:
    """Write the template: a workbook (.xlsx), or CSV files in a .zip or a folder.

    Raises:
        ValueError: the suffix is none of these.
    """
    if to.suffix.lower() == ".xlsx":
        out = io.BytesIO()
        rows = {sheet.title: (example_row(sheet, service_id=EXAMPLE_ID),) for sheet in SHEETS}
        build_workbook(rows, examples=True).save(out)
        write_file(to, out.getvalue())
        return
    files = {
        f"{sheet.title}.csv": csv_bytes((sheet.headings, example_row(sheet, service_id=EXAMPLE_ID)))
        for sheet in SHEETS
    }
    if to.suffix.lower() == ".zip":
        write_file(to, zip_bytes(files))
    elif not to.suffix:
        for name, content in files.items():
            write_file(to / name, content)
    else:
        raise ValueError("模板可以写成 .xlsx、.zip 或一个文件夹")
