"""Spreadsheets as clerks really fill them in: every oddity is either understood or said."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.exchange import tables, xlsx_in
from knowledge.exchange.importing import import_files
from tests.factories.sheet_files import FEE, GUIDE, MATERIAL, book_with, imported, refused

NOON = datetime.fromisoformat("2026-11-01T12:00")


def test_a_workbook_becomes_a_guide(tmp_path):
    guide = imported(tmp_path, book_with(tmp_path, 材料=[MATERIAL], 收费=[FEE]))

    assert guide.audience == ("自然人", "企业法人")
    assert guide.checked_on == date(2026, 11, 1)
    assert guide.materials[0].name == "申请书"
    assert guide.fees[0].amount_fen == 4000


@pytest.mark.parametrize(("written", "fen"), [
    (40, 4000), (0.29, 29), (1.1, 110), ("12.50", 1250), ("12.5元", 1250), ("¥1,234.50", 123450),
    ("１２．５", 1250), (0, 0), (99999999.99, 9999999999),
])  # fmt: skip
def test_money_in_yuan_is_exact_to_the_fen(tmp_path, written, fen):
    guide = imported(tmp_path, book_with(tmp_path, 收费=[FEE | {"金额（元）": written}]))

    assert guide.fees[0].amount_fen == fen


@pytest.mark.parametrize(("written", "said"), [
    ("0.001", "最多两位小数"), ("四十", "应为金额"), ("-1", "超出范围"), ("1e999", "不是合理的金额"),
    ("NaN", "不是合理的金额"),
])  # fmt: skip
def test_money_that_is_none_is_refused_at_its_cell(tmp_path, written, said):
    (problem,) = refused(tmp_path, book_with(tmp_path, 收费=[FEE | {"金额（元）": written}]))

    assert problem.startswith("清单.xlsx[收费]:2:C: 金额（元）：")
    assert said in problem


@pytest.mark.parametrize("written", [
    NOON.replace(hour=0), date(2026, 11, 1), "2026/11/1", "2026年11月1日", "20261101", " 2026-11-01 ",
])  # fmt: skip
def test_dates_are_understood_however_they_are_written(tmp_path, written):
    guide = imported(tmp_path, book_with(tmp_path, 事项=[GUIDE | {"最后核对日期": written}]))

    assert guide.checked_on == date(2026, 11, 1)


@pytest.mark.parametrize("written", [46327, "2026-02-30", "明天", NOON])
def test_what_is_no_date_is_refused(tmp_path, written):
    (problem,) = refused(tmp_path, book_with(tmp_path, 事项=[GUIDE | {"最后核对日期": written}]))

    assert problem.startswith("清单.xlsx[事项]:2:G: 最后核对日期：")


@pytest.mark.parametrize("column", ["基本编码", "咨询电话"])
def test_a_code_typed_as_a_number_has_lost_its_zeros_and_that_is_said(tmp_path, column):
    (problem,) = refused(tmp_path, book_with(tmp_path, 事项=[GUIDE | {column: 104002000}]))

    assert problem.startswith(f"清单.xlsx[事项]:2:H: {column}：单元格是数字（104002000）")


def test_a_long_code_typed_as_a_number_has_lost_its_end(tmp_path):
    written = GUIDE | {"实施编码": 1.1450721155808114e30}
    (problem,) = refused(tmp_path, book_with(tmp_path, 事项=[written]))

    assert "后几位已丢失" in problem


def test_blanks_around_values_and_empty_rows_do_not_matter(tmp_path):
    rows = [MATERIAL, {"事项编号": None, "材料名称": "   "}, {"事项编号": " shop-licence ",
            "材料名称": " 身份证　"}]  # fmt: skip
    guide = imported(tmp_path, book_with(tmp_path, 材料=rows))

    assert [material.name for material in guide.materials] == ["申请书", "身份证"]


def test_enumerations_typed_half_width_are_understood(tmp_path):
    guide = imported(tmp_path, book_with(tmp_path, 事项=[GUIDE | {"网办深度": "IV"}]))

    assert guide.online.depth == "Ⅳ"


def test_a_word_outside_an_enumeration_is_answered_with_the_choices(tmp_path):
    (problem,) = refused(tmp_path, book_with(tmp_path, 事项=[GUIDE | {"行使层级": "区级"}]))

    assert "“区级”不在可选范围：国家级、省级、市级、县级" in problem


def test_everything_wrong_is_said_at_once_each_at_its_cell(tmp_path):
    book = book_with(
        tmp_path,
        事项=[GUIDE | {"是否收费": "也许", "到现场次数": "很多"}, GUIDE | {"是否收费": "", "到现场次数": ""}],
        材料=[MATERIAL | {"样表网址": "没有"}, {"事项编号": "nobody", "材料名称": "身份证", "样表网址": ""},
            {"事项编号": "", "材料名称": "身份证", "样表网址": ""}],
        时限=[{"事项编号": "shop-licence", "时限种类": "法定", "时限数值": "5"}],
    )  # fmt: skip
    places = [problem.split(" ")[0] for problem in refused(tmp_path, book)]

    assert places == [
        "清单.xlsx[事项]:2:H:", "清单.xlsx[事项]:2:I:", "清单.xlsx[事项]:3:",
        "清单.xlsx[时限]:2:", "清单.xlsx[材料]:2:C:", "清单.xlsx[材料]:3:A:", "清单.xlsx[材料]:4:A:",
    ]  # fmt: skip


def test_situations_are_read_by_group(tmp_path):
    rows = [
        {"事项编号": "shop-licence", "组号": 1, "问题": "哪一种？", "情形编号": "a", "情形名称": "新开店"},
        {"事项编号": "shop-licence", "组号": 2, "问题": "谁来办？", "情形编号": "c", "情形名称": "本人"},
        {"事项编号": "shop-licence", "组号": 1, "问题": "哪一种？", "情形编号": "b", "情形名称": "换证"},
    ]  # fmt: skip
    guide = imported(
        tmp_path, book_with(tmp_path, 情形=rows, 材料=[MATERIAL | {"适用情形": "a、b"}])
    )

    assert [[o.label for o in g.options] for g in guide.situation_groups] == [
        ["新开店", "换证"], ["本人"]]  # fmt: skip
    assert guide.materials[0].situations == ("a", "b")


def test_a_situation_nobody_defined_is_refused(tmp_path):
    (problem,) = refused(tmp_path, book_with(tmp_path, 材料=[MATERIAL | {"适用情形": "z"}]))

    assert "没有定义的情形：z" in problem


def test_one_group_with_two_questions_is_refused(tmp_path):
    row = {"事项编号": "shop-licence", "组号": 1, "问题": "甲？", "情形编号": "a", "情形名称": "新"}
    (problem,) = refused(
        tmp_path, book_with(tmp_path, 情形=[row, row | {"问题": "乙？", "情形编号": "b"}])
    )

    assert problem.startswith("清单.xlsx[情形]:3: 第 1 组的问题")


def test_a_misspelt_heading_is_answered_with_the_right_one(tmp_path):
    rows = [{"事项编号": "shop-licence", "材料名称": "申请书", "材料形势": "纸质"}]
    (problem,) = refused(tmp_path, book_with(tmp_path, 材料=rows))

    assert problem == "清单.xlsx[材料]:1:C: 没有“材料形势”这一列，是不是“材料形式”？"


def test_a_missing_column_is_named(tmp_path):
    (problem,) = refused(tmp_path, book_with(tmp_path, 材料=[{"事项编号": "shop-licence"}]))

    assert problem == "清单.xlsx[材料]:1: 缺少列：材料名称"


def test_columns_may_stand_in_any_order_and_carry_stars(tmp_path):
    rows = [{"材料名称*": "申请书", "事项编号*": "shop-licence"}]

    assert imported(tmp_path, book_with(tmp_path, 材料=rows)).materials[0].name == "申请书"


def test_example_rows_are_skipped(tmp_path):
    rows = [GUIDE | {"事项编号": "示例-1", "事项类型": "随便"}, GUIDE]

    assert imported(tmp_path, book_with(tmp_path, 事项=rows)).service_id == "shop-licence"


# What Excel does behind people's backs


def edited(path: Path, title: str, edit: Any) -> Path:
    book = openpyxl.load_workbook(path)
    edit(book[title])
    book.save(path)
    return path


def test_a_formula_is_refused(tmp_path):
    book = book_with(tmp_path, 材料=[MATERIAL | {"材料备注": '="a"&"b"'}])

    assert refused(tmp_path, book) == [
        "清单.xlsx[材料]:2:C: 材料备注：单元格是公式，请复制后“选择性粘贴为数值”"
    ]


def test_an_error_value_is_refused(tmp_path):
    (problem,) = refused(tmp_path, book_with(tmp_path, 材料=[MATERIAL | {"材料备注": "#REF!"}]))

    assert "单元格是错误值 #REF!" in problem


def test_merged_cells_are_refused(tmp_path):
    book = book_with(tmp_path, 材料=[MATERIAL, MATERIAL])
    edited(book, "材料", lambda page: page.merge_cells("A2:A3"))

    assert refused(tmp_path, book)[0].startswith("清单.xlsx[材料]:2: A2:A3 是合并单元格")


def test_a_hidden_sheet_is_neither_imported_nor_ignored(tmp_path):
    book = book_with(tmp_path, 材料=[MATERIAL])
    edited(book, "材料", lambda page: setattr(page, "sheet_state", "hidden"))

    assert refused(tmp_path, book) == [
        "清单.xlsx[材料]:1: 工作表被隐藏，请取消隐藏；不需要的请删除"
    ]


def test_a_sheet_of_ones_own_is_left_out_and_that_is_said(tmp_path):
    book = book_with(tmp_path, 我的笔记=[{"随便": "写"}])
    report = import_files([book], tmp_path / "guides")

    assert [str(w) for w in report.warnings] == ["清单.xlsx[我的笔记]:1: 不是模板里的表，没有导入"]


def test_too_many_rows_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_in, "MAX_ROWS", 2)

    (problem,) = refused(tmp_path, book_with(tmp_path, 材料=[MATERIAL] * 3))
    assert "超过 2 行" in problem
    assert tables.MAX_ROWS == 100_000
