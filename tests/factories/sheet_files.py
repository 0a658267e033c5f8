"""Spreadsheets for the tests: written as a clerk would, imported, and what is said against them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.exchange.importing import import_files
from knowledge.loader import BadKnowledge, load_guides

GUIDE = {
    "事项编号": "shop-licence",
    "事项名称": "开店许可",
    "一句话说明": "开店之前申请许可。",
    "实施主体": "市场监督管理局",
    "事项类型": "行政许可",
    "服务对象": "自然人、企业法人",
    "最后核对日期": "2026-11-01",
}
SOURCE = {"事项编号": "shop-licence", "来源名称": "某某条例"}
MATERIAL = {"事项编号": "shop-licence", "材料名称": "申请书"}
FEE = {"事项编号": "shop-licence", "收费项目": "工本费", "金额（元）": "40.00"}


def write_book(path: Path, **sheets: list[dict[str, Any]]) -> Path:
    """A workbook; the columns of a sheet are those of its first row."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        page.append(list(rows[0]))
        for row in rows:
            page.append(list(row.values()))
    book.save(path)
    return path


def write_csv(path: Path, *rows: dict[str, Any], encoding: str = "utf-8-sig") -> Path:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def book_with(tmp_path: Path, **sheets: list[dict[str, Any]]) -> Path:
    return write_book(tmp_path / "清单.xlsx", **({"事项": [GUIDE], "来源": [SOURCE]} | sheets))


def imported(tmp_path: Path, *paths: Path) -> Any:
    """The only guide of the folder after the import."""
    import_files(paths, tmp_path / "guides")
    (guide,) = load_guides(tmp_path / "guides")
    return guide


def refused(tmp_path: Path, *paths: Path) -> list[str]:
    """Everything said against the files. Nothing was changed."""
    before = {p: p.read_bytes() for p in (tmp_path / "guides").rglob("*")}
    with pytest.raises(BadKnowledge) as refusal:
        import_files(paths, tmp_path / "guides")
    assert {p: p.read_bytes() for p in (tmp_path / "guides").rglob("*")} == before
    return [str(problem) for problem in refusal.value.problems]
