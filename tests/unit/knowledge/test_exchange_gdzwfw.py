"""Crawled items become guides that state what the source states, and nothing more."""

from __future__ import annotations

import json
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.codes import HandlingType, LimitUnit, ReviewType
from knowledge.exchange.importing import import_files
from knowledge.loader import BadKnowledge, load_guides

COLLECTION = Path(__file__).resolve().parents[3] / "knowledge" / "collections" / "guangdong"

ITEM: dict[str, Any] = {
    "task_code": "11440000006940116U2440102002003",
    "name": "中小学地方课程教材初审",
    "catalog": "中小学地方课程教材初审、审定、复查",
    "dept": "广东省教育厅",
    "area_code": "440000",
    "level": "省级",
    "type": "行政许可",
    "location": "广州市越秀区农林下路72号1号窗口",
    "legal_time_limit": "70(工作日)",
    "promised_time_limit": "18(工作日)",
    "onsite_visits": "0",
    "accept_condition": "符合规定条件。",
    "materials": ["审查登记表", "教材清样"],
    "consult_phone": "020-37628755",
    "complain_phone": None,
    "courier": "是",
    "online_booking": "是",
    "booking_url": None,
    "platform": "广东省统一申办受理平台",
    "themes": ["教育科研"],
    "served": ["自然人", "企业法人"],
    "aliases": ["教材初审"],
    "url": "http://example.gov.cn/bid?id=1",
}


def imported(tmp_path: Path, *items: dict[str, Any]) -> tuple[Any, ...]:
    """The report, and the guides now in the folder."""
    path = tmp_path / "items.jsonl"
    path.write_text("\n".join(json.dumps(i, ensure_ascii=False) for i in items), encoding="utf-8")
    report = import_files([path], tmp_path / "guides")
    return report, *load_guides(tmp_path / "guides")


def test_the_facts_of_an_item_stand_in_their_elements(tmp_path):
    _, guide = imported(tmp_path, ITEM)

    assert guide.service_id == guide.task_code == ITEM["task_code"]
    assert guide.catalog_code == "440102002003"
    assert [(x.value, x.unit) for x in guide.limits] == [
        (70, LimitUnit.WORK_DAY),
        (18, LimitUnit.WORK_DAY),
    ]
    assert [m.name for m in guide.materials] == ["审查登记表", "教材清样"]
    assert guide.places[0].address == ITEM["location"]
    assert guide.places[0].region_code == "440000"
    assert (guide.onsite_visits, guide.courier, guide.bookable) == (0, True, True)
    assert (guide.consult_phone, guide.complain_phone) == ("020-37628755", None)


def test_what_the_source_does_not_say_stays_unsaid(tmp_path):
    _, guide = imported(tmp_path, ITEM)

    assert guide.charged is None
    assert (guide.fees, guide.steps, guide.results, guide.legal_basis) == ((), (), (), ())
    assert (guide.checked_on, guide.confidence) == (date(2021, 5, 31), "低")
    assert guide.ask_locally == "广东省教育厅或 12345 热线"


@pytest.mark.parametrize("text", ["0 (工作日)", "0(工作日)", "0（工作日）"])
def test_a_promise_of_no_days_is_on_the_spot(tmp_path, text):
    _, guide = imported(tmp_path, ITEM | {"promised_time_limit": text})

    assert guide.limits[-1].unit is LimitUnit.ON_THE_SPOT
    assert guide.handling_type is HandlingType.INSTANT
    assert guide.review_type is ReviewType.INSTANT


def test_a_limit_nobody_understands_is_kept_as_text_and_told(tmp_path):
    report, guide = imported(tmp_path, ITEM | {"legal_time_limit": "按招考简章"})

    assert [limit.kind for limit in guide.limits] == ["承诺"]
    assert "法定办结时限：按招考简章" in [note.text for note in guide.notes]
    assert "items.jsonl:1: 法定时限“按招考简章”看不懂" in str(report.warnings[0])


def test_a_phone_field_full_of_prose_is_kept_as_text(tmp_path):
    said = "窗口咨询地址：广州市政民路。咨询电话号码：020-86351219。"
    report, guide = imported(tmp_path, ITEM | {"consult_phone": said})

    assert guide.consult_phone is None
    assert f"咨询方式：{said}" in [note.text for note in guide.notes]
    assert len(report.warnings) == 1


@pytest.mark.parametrize(
    ("written", "phone"),
    [("（0662）3681111", "(0662)3681111"), ("电话咨询：020-37288891。", "020-37288891")],
)
def test_a_phone_is_recognised_in_full_width_and_behind_its_label(tmp_path, written, phone):
    report, guide = imported(tmp_path, ITEM | {"consult_phone": written})

    assert (guide.consult_phone, report.warnings) == (phone, ())


def test_a_phone_without_area_code_is_kept_as_it_is(tmp_path):
    _, guide = imported(tmp_path, ITEM | {"consult_phone": "37628755"})

    assert guide.consult_phone == "37628755"


def test_a_code_of_33_places_is_the_code_of_a_handling_item(tmp_path):
    _, guide = imported(tmp_path, ITEM | {"task_code": ITEM["task_code"] + "01"})

    assert guide.handle_code == ITEM["task_code"] + "01"
    assert guide.task_code == ITEM["task_code"]


def test_a_code_of_another_form_is_kept_as_the_local_one(tmp_path):
    report, guide = imported(tmp_path, ITEM | {"task_code": "TE440000GD030003VV2442199806003"})

    assert guide.task_code is None
    assert guide.local_task_code == "TE440000GD030003VV2442199806003"
    assert "统一社会信用代码" in str(report.warnings[0])


def test_no_window_no_place_and_no_booking(tmp_path):
    _, guide = imported(tmp_path, ITEM | {"location": "无线下办理窗口"})

    assert (guide.places, guide.in_hall, guide.bookable) == ((), False, False)


def test_a_word_that_names_several_different_items_is_no_alias(tmp_path):
    other = ITEM | {"task_code": "11440000006940116U2440102002002", "name": "教材审定"}
    report, *guides = imported(tmp_path, ITEM, other)

    assert [guide.aliases for guide in guides] == [(), ()]
    assert "教材初审" in report.warnings[0].message


def test_every_bad_line_is_told_and_nothing_is_imported(tmp_path):
    path = tmp_path / "items.jsonl"
    lines = ["{", json.dumps({"name": "x"}), json.dumps(ITEM), json.dumps(ITEM | {"type": "别的"})]
    path.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(BadKnowledge) as refusal:
        import_files([path], tmp_path / "guides")

    assert [problem.row for problem in refusal.value.problems] == [1, 2, 4]
    assert not (tmp_path / "guides").exists()


def test_the_guangdong_collection_loads_without_a_problem_and_in_seconds():
    start = time.perf_counter()
    guides = load_guides(COLLECTION)

    assert len(guides) == 2262
    assert time.perf_counter() - start < 15
    assert sum(path.stat().st_size for path in COLLECTION.glob("*.yaml")) < 4 * 1024 * 1024
    assert {guide.confidence for guide in guides} == {"低"}
