"""Imports into a folder that already holds guides, and the template they start from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from knowledge.exchange import files
from knowledge.exchange.columns import SHEETS
from knowledge.exchange.exporting import export_folder
from knowledge.exchange.handbook import renew
from knowledge.exchange.importing import import_files
from knowledge.exchange.template import write_template
from knowledge.loader import load_guides
from tests.factories.sheet_files import (
    FEE,
    GUIDE,
    MATERIAL,
    SOURCE,
    book_with,
    imported,
    refused,
    write_book,
    write_csv,
)

# Folders that already hold guides


def test_a_changed_guide_gets_a_higher_version_and_an_equal_one_is_untouched(tmp_path):
    folder = tmp_path / "guides"
    first = import_files([book_with(tmp_path)], folder)
    before = (folder / "shop-licence.yaml").stat().st_mtime_ns
    again = import_files([book_with(tmp_path)], folder)
    assert (folder / "shop-licence.yaml").stat().st_mtime_ns == before
    third = import_files([book_with(tmp_path, 事项=[GUIDE | {"事项名称": "开店登记"}])], folder)

    assert (first.added, again.unchanged, third.changed) == (("shop-licence",),) * 3
    assert load_guides(folder)[0].version == 2


def test_a_sheet_the_book_does_not_have_leaves_that_part_as_it_is(tmp_path):
    folder = tmp_path / "guides"
    import_files([book_with(tmp_path, 材料=[MATERIAL])], folder)
    import_files([write_csv(tmp_path / "事项.csv", GUIDE | {"事项名称": "新名"})], folder)
    import_files([write_csv(tmp_path / "收费.csv", FEE)], folder)
    (guide,) = load_guides(folder)

    assert (guide.name, guide.version) == ("新名", 3)
    assert (guide.materials[0].name, guide.fees[0].amount_fen) == ("申请书", 4000)
    assert guide.sources[0].name == "某某条例"


def test_the_other_guides_of_a_file_stay_in_it(tmp_path):
    folder = tmp_path / "guides"
    import_files([book_with(tmp_path, 事项=[GUIDE, GUIDE | {"事项编号": "stall"}],
        来源=[SOURCE, SOURCE | {"事项编号": "stall"}])], folder)  # fmt: skip
    export_folder(folder, tmp_path / "all.yaml")
    for path in folder.glob("*.yaml"):
        path.unlink()
    (tmp_path / "all.yaml").rename(folder / "all.yaml")
    report = import_files([book_with(tmp_path, 事项=[GUIDE | {"事项名称": "新名"}])], folder)

    assert report.changed == ("shop-licence",)
    assert [path.name for path in folder.iterdir()] == ["all.yaml"]
    assert [guide.service_id for guide in load_guides(folder)] == ["shop-licence", "stall"]


def test_nothing_changes_when_the_disk_fails_half_way(tmp_path, monkeypatch):
    folder = tmp_path / "guides"
    rows = [GUIDE, GUIDE | {"事项编号": "stall"}]
    sources = [SOURCE, SOURCE | {"事项编号": "stall"}]
    import_files([book_with(tmp_path, 事项=rows, 来源=sources)], folder)
    before = load_guides(folder)
    real, calls = files.os.replace, []

    def fails_the_second_time(old: Any, new: Any) -> None:
        calls.append(new)
        if len(calls) == 2:
            raise OSError("disk full")
        real(old, new)

    monkeypatch.setattr(files.os, "replace", fails_the_second_time)
    renamed = [row | {"事项名称": "新名"} for row in rows]
    with pytest.raises(OSError, match="disk full"):
        import_files([book_with(tmp_path, 事项=renamed, 来源=sources)], folder)

    assert load_guides(folder) == before
    assert {path.suffix for path in folder.iterdir()} == {".yaml"}


def test_the_same_guide_from_two_files_is_refused(tmp_path):
    other = write_book(tmp_path / "另一份.xlsx", 事项=[GUIDE], 来源=[SOURCE])

    assert "事项编号 shop-licence 重复" in refused(tmp_path, book_with(tmp_path), other)[0]


def test_progress_is_told_by_a_callback(tmp_path):
    told: list[tuple[int, int]] = []
    import_files([book_with(tmp_path)], tmp_path / "guides", progress=lambda *p: told.append(p))

    assert told[-1] == (1, 1)


# The template


def test_the_template_explains_itself_and_offers_the_choices(tmp_path):
    write_template(tmp_path / "模板.xlsx")
    book = openpyxl.load_workbook(tmp_path / "模板.xlsx")

    assert book.sheetnames == ["填写说明", *(sheet.title for sheet in SHEETS)]
    page = book["材料"]
    assert page.freeze_panes == "B2"
    assert all(cell.comment for cell in page[1])
    assert page["A2"].value.startswith("示例")
    offered = {rule.formula1 for rule in page.data_validations.dataValidation}
    assert '"必要,非必要,容缺后补"' in offered


def test_the_template_filled_in_below_its_examples_can_be_imported(tmp_path):
    path = tmp_path / "模板.xlsx"
    write_template(path)
    book = openpyxl.load_workbook(path)
    for title, row in (("事项", GUIDE), ("材料", MATERIAL), ("来源", SOURCE)):
        page = book[title]
        heads = [cell.value for cell in page[1]]
        for heading, value in row.items():
            page.cell(3, heads.index(heading) + 1, value)
    book.save(path)

    assert imported(tmp_path, path).materials[0].name == "申请书"


@pytest.mark.parametrize("form", ["模板.xlsx", "模板.zip", "模板"])
def test_every_form_of_the_template_holds_an_example_that_is_a_good_guide(tmp_path, form):
    write_template(tmp_path / form)

    assert import_files([tmp_path / form], tmp_path / "guides").added == ()


def test_the_examples_of_the_template_are_a_valid_guide(tmp_path, monkeypatch):
    monkeypatch.setattr("knowledge.exchange.template.EXAMPLE_ID", "idcard-lost")
    write_template(tmp_path / "模板.xlsx")

    assert imported(tmp_path, tmp_path / "模板.xlsx").fees[0].amount_fen == 4000


def test_the_handbook_shows_the_tables_as_they_are():
    page = (Path(__file__).resolve().parents[3] / "docs" / "knowledge.md").read_text("utf-8")

    assert renew(page) == page, "python -m knowledge.exchange.handbook docs/knowledge.md"
