"""Files of every kind, honest or not: CSV in any encoding, bombs, and names that lie."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest

from knowledge.exchange import safety
from knowledge.exchange.exporting import export_folder
from knowledge.exchange.importing import import_files
from knowledge.loader import load_guides
from tests.factories.sheet_files import GUIDE, MATERIAL, book_with, imported, refused, write_csv

# Files that are not what their name says

OLE = safety.OLE + b"\0" * 600


@pytest.mark.parametrize(("content", "said"), [
    (OLE, "旧格式 .xls"),
    (OLE + safety.ENCRYPTED, "工作簿有密码"),
    (b"<html><table><tr><td>1</td></tr></table></html>", "这是网页"),
    (b"\xef\xbb\xbfabc", "这不是 Excel 工作簿"),
    (b"", "这不是 Excel 工作簿"),
    (b"PK\x03\x04 broken", "已损坏"),
])  # fmt: skip
def test_files_of_another_kind_are_named_for_what_they_are(tmp_path, content, said):
    path = tmp_path / "清单.xlsx"
    path.write_bytes(content)

    (problem,) = refused(tmp_path, path)
    assert problem.startswith("清单.xlsx:1: ")
    assert said in problem


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def test_a_zip_bomb_is_not_opened(tmp_path):
    path = zipped(tmp_path / "清单.xlsx", **{"xl/workbook.xml": b"0" * 30_000_000})

    assert refused(tmp_path, path) == ["清单.xlsx:1: 压缩内容展开后过大，不予打开"]


def test_a_zip_of_something_else_is_no_workbook(tmp_path):
    (problem,) = refused(tmp_path, zipped(tmp_path / "清单.xlsx", **{"a.txt": b"hi"}))

    assert "里面没有工作表" in problem


def rewritten(path: Path, member: str, change: Any) -> Path:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[member] = change(files[member])
    return zipped(path, **files)


def test_an_xml_bomb_in_a_workbook_is_refused(tmp_path):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    path = rewritten(book_with(tmp_path), "xl/worksheets/sheet1.xml", lambda _: bomb)

    assert "XML" in refused(tmp_path, path)[0]


@pytest.mark.parametrize("member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused_without_a_stack_trace(tmp_path, member):
    path = rewritten(book_with(tmp_path), member, lambda xml: xml[: len(xml) // 2])

    assert "损坏" in refused(tmp_path, path)[0]


def test_a_file_that_is_not_there_or_unknown_is_said(tmp_path):
    (tmp_path / "a.doc").write_text("x")
    said = refused(tmp_path, tmp_path / "nowhere.xlsx", tmp_path / "a.doc")

    assert said[0].startswith("a.doc:1: 不认识这种文件")
    assert said[1] == "nowhere.xlsx:1: 没有这个文件"


def test_a_file_that_is_too_big_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(safety, "MAX_FILE_BYTES", 100)

    assert "文件超过" in refused(tmp_path, book_with(tmp_path))[0]


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_is_read_in_every_encoding_spreadsheet_programs_use(tmp_path, encoding):
    guide = imported(tmp_path, write_csv(tmp_path / "事项.csv", GUIDE, encoding=encoding))

    assert guide.name == "开店许可"


def test_a_single_csv_is_recognised_by_its_headings_too(tmp_path):
    assert imported(tmp_path, write_csv(tmp_path / "部门报送.csv", GUIDE)).name == "开店许可"


def test_a_book_without_sources_is_its_own_source_and_says_so(tmp_path):
    report = import_files([write_csv(tmp_path / "事项.csv", GUIDE)], tmp_path / "guides")
    (guide,) = load_guides(tmp_path / "guides")

    assert guide.sources[0].name == "事项.csv（部门填报）"
    assert "来源记为这个文件" in report.warnings[0].message


def test_single_csv_files_belong_together(tmp_path):
    guide = imported(
        tmp_path,
        write_csv(tmp_path / "材料.csv", MATERIAL),
        write_csv(tmp_path / "事项.csv", GUIDE),
    )

    assert guide.materials[0].name == "申请书"


def test_csv_in_neither_encoding_is_refused(tmp_path):
    path = tmp_path / "事项.csv"
    path.write_bytes("事项编号".encode("gb18030") + b"\xff\xff\n")

    assert "认不出文字编码" in refused(tmp_path, path)[0]


def test_a_workbook_named_csv_is_recognised(tmp_path):
    path = book_with(tmp_path).rename(tmp_path / "事项.csv")

    assert "把扩展名改回 .xlsx" in refused(tmp_path, path)[0]


def test_the_row_of_a_csv_problem_is_the_one_a_spreadsheet_shows(tmp_path):
    rows = [
        MATERIAL | {"材料备注": "两\n行", "原件份数": "1"},
        MATERIAL | {"材料备注": "", "原件份数": "x"},
    ]
    said = refused(
        tmp_path, write_csv(tmp_path / "事项.csv", GUIDE), write_csv(tmp_path / "材料.csv", *rows)
    )

    assert said == ["材料.csv:3:D: 原件份数：“x”应为整数"]


def test_an_exported_csv_holds_nothing_a_spreadsheet_program_would_run(tmp_path):
    written = GUIDE | {"事项名称": "=cmd|' /C calc'!A0"}
    import_files([write_csv(tmp_path / "事项.csv", written)], tmp_path / "guides")
    export_folder(tmp_path / "guides", tmp_path / "out")

    (_, row) = list(csv.reader(io.StringIO((tmp_path / "out/事项.csv").read_text("utf-8-sig"))))
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
