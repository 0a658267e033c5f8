"""Workbooks for clerks: text cells, frozen headings, drop-downs, a comment on every heading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.exchange.cells import for_xml
from knowledge.exchange.columns import GUIDE_SHEET, SHEETS, explain
from knowledge.exchange.fields import EXAMPLE_MARK, ID_HEADING, Column, Kind, Sheet
from knowledge.exchange.tables import LINK, MAX_ROWS

MAX_CELL = 32_767  # Excel's own limit
HEAD_FILL = PatternFill("solid", start_color="DDEBF7")
NEEDED_FILL = PatternFill("solid", start_color="FCE4D6")
HINT = Font(italic=True, color="808080")
TEXT_FORMAT = "@"  # keeps Excel from turning codes into numbers
HOW_TO = (
    "办事指南填写说明",
    f"1. 每张表一行写一条内容，靠“{ID_HEADING}”对应到“事项”表；橙色列标题为必填。",
    "2. 列标题不能改名，列的顺序可以变；用不到的列可以删，用不到的表可以整张删。",
    "3. 导入已有事项时，文件里没有的表保持原样；有的表以文件为准（没有行就是清空）。",
    "4. 多项内容用顿号“、”或分号隔开，也可以换行；内容本身带顿号的，用英文双引号括起来。",
    "5. 编码、电话的单元格保持“文本”格式，否则前面的 0 会丢；金额以元为单位，最多两位小数。",
    f"6. 以“{EXAMPLE_MARK}”开头的行只作示例，导入时跳过。",
    "   不要合并单元格、不要用公式、不要隐藏工作表。",
    "7. 导入前会全部检查，任何一处有误都会指出文件、行、列，改好之前什么都不会变。",
)


def build_workbook(rows: Mapping[str, Iterable[tuple[str, ...]]], *, examples: bool) -> Workbook:
    """A workbook with every sheet; `rows` by sheet title. `examples` marks those rows as such."""
    book = Workbook()
    _write_how_to(book.active)
    for sheet in SHEETS:
        page = book.create_sheet(sheet.title)
        _write_head(page, sheet)
        for number, cells in enumerate(rows.get(sheet.title, ()), start=2):
            _write_row(page, number, cells, sheet=sheet, font=HINT if examples else None)
        _offer_choices(page, sheet)
    book.active = 1
    return book


def columns_of(sheet: Sheet) -> tuple[Column, ...]:
    """The columns in the order written, the linking one included."""
    return sheet.columns if sheet is GUIDE_SHEET else (LINK, *sheet.columns)


def _write_how_to(page: Any) -> None:
    page.title = "填写说明"
    page.column_dimensions["A"].width = 100
    for number, line in enumerate(HOW_TO, start=1):
        page.cell(number, 1, line).alignment = Alignment(wrap_text=True)
    page["A1"].font = Font(bold=True, size=14)


def _write_head(page: Any, sheet: Sheet) -> None:
    for index, column in enumerate(columns_of(sheet), start=1):
        cell = page.cell(1, index, column.heading)
        cell.font = Font(bold=True)
        cell.fill = NEEDED_FILL if column.required else HEAD_FILL
        cell.comment = Comment(explain(column), "办事通", width=320, height=140)
        page.column_dimensions[get_column_letter(index)].width = max(12, 2 * len(column.heading))
    page.freeze_panes = "B2"


def _write_row(
    page: Any, number: int, cells: tuple[str, ...], *, sheet: Sheet, font: Font | None
) -> None:
    for index, (column, text) in enumerate(zip(columns_of(sheet), cells, strict=True), start=1):
        if text:
            _write_cell(page.cell(number, index), text, column=column)
            if font is not None:
                page.cell(number, index).font = font


def _write_cell(cell: Any, text: str, *, column: Column) -> None:
    """Money stays a number to reckon with; everything else is text, and never a formula."""
    if column.kind is Kind.MONEY and len(text) <= 15:
        cell.value, cell.number_format = float(text), "0.00"
        return
    if len(text) > MAX_CELL:
        raise ValueError(f"“{column.heading}”超过 {MAX_CELL} 个字，表格放不下，请导出为 YAML")
    cell.value = for_xml(text)
    cell.data_type = "s"
    cell.number_format = TEXT_FORMAT


def _offer_choices(page: Any, sheet: Sheet) -> None:
    for index, column in enumerate(columns_of(sheet), start=1):
        choices = ("是", "否") if column.kind is Kind.YES_NO else column.choices
        if not choices or column.kind is Kind.CHOICES:  # Excel offers no multiple choice
            continue
        rule = DataValidation(
            "list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
        )
        rule.errorTitle, rule.error = column.heading, "请从下拉列表中选择"
        name = get_column_letter(index)
        rule.add(f"{name}2:{name}{MAX_ROWS + 1}")
        page.add_data_validation(rule)
