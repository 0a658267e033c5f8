"""The content check: a good guide passes, and each rule finds exactly its own fault."""

from __future__ import annotations

import copy
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from knowledge.check import check_folder, main, print_report
from knowledge.exchange.yaml_out import render_guides
from knowledge.quality.content import is_phone
from knowledge.quality.rules import FOLDER_RULES, RULES
from knowledge.schema import Guide

TODAY = date(2026, 11, 22)

GOOD: dict[str, Any] = {
    "service_id": "shop-licence",
    "name": "开店许可",
    "aliases": ["开店要办什么证", "开店证"],
    "summary": "开店之前向市场监管部门申请许可。",
    "department": "市场监督管理局",
    "department_uscc": "11450721MB15580811",
    "item_type": "行政许可",
    "audience": ["自然人", "企业法人"],
    "themes": ["准营准办"],
    "legal_basis": [{"title": "某某条例", "article": "第三条"}],
    "situation_groups": [
        {
            "question": "您是新开店还是换证？",
            "options": [
                {"situation_id": "a", "label": "新开店", "aliases": ["新店"]},
                {"situation_id": "b", "label": "换证", "aliases": ["旧证换新"]},
            ],
        }
    ],
    "materials": [
        {"name": "申请书"},
        {"name": "身份证", "source": "政府部门核发", "waiver": {"kind": "电子证照"}},
    ],
    "charged": True,
    "fees": [{"name": "工本费", "amount_fen": 1000, "basis": "某某价格〔2020〕1 号"}],
    "limits": [
        {"kind": "法定", "value": 20, "unit": "工作日"},
        {"kind": "承诺", "value": 5, "unit": "工作日"},
    ],
    "channels": [{"kind": "窗口"}, {"kind": "电脑端网办"}],
    "online": {"depth": "Ⅲ"},
    "onsite_visits": 1,
    "onsite_reason": "现场核对原件",
    "steps": [{"name": n, "text": f"{n}。"} for n in ("受理", "审核", "审批", "办结", "送达")],
    "results": [
        {"name": "开店许可证", "kind": "证照", "sample_url": "https://example.gov.cn/1.png"}
    ],
    "consult_phone": "020-12345678",
    "complain_phone": "12345",
    "faqs": [{"question": "能代办吗？", "similar": ["可以找人代办吗"], "answer": "可以。"}],
    "checked_on": date(2026, 11, 1),
    "sources": [{"name": "某某条例"}],
}


def check(folder: Path, *guides: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Severity, rule and row of everything found in these guides, each in its own file."""
    for number, guide in enumerate(guides):
        text = yaml.safe_dump(guide, allow_unicode=True, sort_keys=False)
        (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
    report = check_folder(folder, today=TODAY)
    return [
        (severity, problem.message.rpartition("〔")[2].rstrip("〕"), problem.row)
        for severity, problems in (("错误", report.problems), ("提醒", report.warnings))
        for problem in problems
    ]


def changed(**parts: Any) -> dict[str, Any]:
    return copy.deepcopy(GOOD) | parts


def with_first(field: str, **parts: Any) -> dict[str, Any]:
    guide = copy.deepcopy(GOOD)
    guide[field][0] |= parts
    return guide


def without(*fields: str, **parts: Any) -> dict[str, Any]:
    return {name: value for name, value in changed(**parts).items() if name not in fields}


ON_THE_SPOT = [{"kind": "法定", "value": 0, "unit": "当场"}]
UNLIKE = without("legal_basis") | {"item_type": "公共服务"}

BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("1 即办", changed(handling_type="即办件", limits=[{"kind": "法定", "value": 0, "unit": "当场"}])),
    ("1 即办", changed(review_type="即审即办")),
    ("1 即办", changed(limits=[{"kind": "承诺", "value": 0, "unit": "当场"}])),
    ("1 即办", changed(handling_type="即办件", review_type="即审即办")),
    ("2 时限", changed(limits=[*GOOD["limits"], {"kind": "承诺", "value": 21, "unit": "工作日"}])),
    ("2 时限", changed(limits=[*GOOD["limits"], {"kind": "承诺", "value": 2, "unit": "月"}])),
    ("3 跑动", without("onsite_reason")),
    ("3 跑动", changed(onsite_visits=0)),
    ("3 跑动", without("onsite_reason", onsite_visits=0, channels=[{"kind": "窗口"}])),
    ("4 网办", changed(online={"depth": "Ⅳ"})),
    ("5 收费", changed(fees=[])),
    ("5 收费", changed(fees=[{"name": "工本费", "amount_fen": 1000}])),
    ("5 收费", changed(charged=False)),
    ("5 收费", changed(charged=False, fees=[], payable_online=True)),
    ("5 收费依据", changed(fees=[{"name": "工本费", "amount_text": "各地不同", "local": True}])),
    ("6 结果", with_first("results", kind="批文")),
    ("6 结果", with_first("results", name="关于开店的批复")),
    ("6 样本", changed(results=[{"name": "开店许可证"}])),
    ("7 对象", changed(audience=["企业法人"], themes=["婚姻登记"])),
    ("7 对象", changed(audience=["自然人"], themes=["法人注销"])),
    ("7 主题", without("themes")),
    ("8 电话", without("complain_phone")),
    ("8 电话", without("consult_phone")),
    ("8 电话", changed(consult_phone="12345678")),
    ("8 电话", changed(consult_phone="12345")),
    ("8 无电话", without("consult_phone", "complain_phone")),
    ("9 环节", changed(steps=GOOD["steps"][:4])),
    ("9 问答", changed(faqs=[])),
    ("10 共享", with_first("materials", name="户口簿", source="政府部门核发")),
    ("11 兜底", with_first("materials", name="其他材料")),
    ("11 兜底", with_first("materials", name="相关部门要求提供的其他材料")),
    ("11 兜底", with_first("materials", name="法律、法规规定的其他相关证明材料")),
    ("12 依据", without("legal_basis")),
    ("13 失效", changed(effective_to=date(2026, 11, 21))),
    ("14 核对", changed(checked_on=date(2025, 11, 21))),
    ("15 未来", changed(checked_on=date(2026, 11, 23))),
    ("16 主体", changed(department_uscc="11450721MB15580812")),
    ("17 情形", changed(situation_groups=[
        {"question": "哪一种？", "options": [{"situation_id": "a", "label": "新开店"}]}])),
    ("18 问答", changed(faqs=[*GOOD["faqs"], {"question": "能代办吗?", "answer": "不能。"}])),
    ("19 相关", changed(related=["nowhere"])),
]  # fmt: skip


def test_a_good_guide_passes_without_a_word(tmp_path):
    assert check(tmp_path, GOOD) == []


@pytest.mark.parametrize(("rule", "guide"), BROKEN, ids=lambda v: v if isinstance(v, str) else "")
def test_each_rule_finds_exactly_its_own_fault(tmp_path, rule, guide):
    assert [found for _, found, _ in check(tmp_path, guide)] == [rule]


def test_every_rule_is_proven_by_a_broken_guide():
    proven = {rule for rule, _ in BROKEN} | {"20 别名", "21 问答"}

    assert {rule.rule_id for rule in (*RULES, *FOLDER_RULES)} == proven


def test_an_alias_that_belongs_to_two_guides_is_refused_naming_both(tmp_path):
    other = changed(service_id="stall", name="摆摊备案", aliases=["开店證"], faqs=[
        {"question": "摆摊收费吗？", "answer": "不收。"}])  # fmt: skip

    check(tmp_path, GOOD, other)
    (problem,) = check_folder(tmp_path, today=TODAY).problems

    assert "shop-licence（开店许可）、stall（摆摊备案）" in problem.message
    assert (problem.file, problem.row) == ("1.yaml", 4)


def test_an_alias_that_is_the_name_of_another_guide_is_refused(tmp_path):
    other = changed(service_id="stall", name="开店证", aliases=[], faqs=UNLIKE["faqs"])

    assert ("错误", "20 别名", 2) in check(tmp_path, GOOD, other)


def test_the_same_item_at_the_province_and_at_the_city_may_share_its_names(tmp_path):
    city = changed(service_id="city-shop-licence", department="某某市市场监督管理局")

    assert [rule for _, rule, _ in check(tmp_path, GOOD, city)] == ["21 问答"]


def test_the_same_question_in_two_guides_is_pointed_out(tmp_path):
    other = changed(service_id="stall", name="摆摊备案", aliases=[])

    assert [(kind, rule) for kind, rule, _ in check(tmp_path, GOOD, other)] == [("提醒", "21 问答")]


def test_related_guides_that_exist_are_fine(tmp_path):
    other = changed(service_id="stall", name="摆摊备案", aliases=[], faqs=[
        {"question": "摆摊收费吗？", "answer": "不收。"}], related=["shop-licence"])  # fmt: skip

    assert check(tmp_path, GOOD, other) == []


def test_the_row_is_the_row_of_the_very_element(tmp_path):
    guide = with_first("materials", name="其他材料")
    row = yaml.safe_dump(guide, allow_unicode=True, sort_keys=False).splitlines().index(
        "- name: 其他材料") + 1  # fmt: skip

    assert check(tmp_path, guide) == [("错误", "11 兜底", row)]


def test_the_row_is_right_in_the_second_document_of_a_file(tmp_path):
    other = changed(service_id="stall", name="摆摊备案", aliases=[], related=["nowhere"])
    other["faqs"] = [{"question": "摆摊收费吗？", "answer": "不收。"}]
    text = render_guides([Guide.model_validate(GOOD), Guide.model_validate(other)])
    (tmp_path / "both.yaml").write_text(text, encoding="utf-8")

    (problem,) = check_folder(tmp_path, today=TODAY).problems

    assert text.splitlines()[problem.row - 1] == "related: [nowhere]"


def test_all_problems_are_reported_at_once_broken_files_too(tmp_path):
    (tmp_path / "broken.yaml").write_text("name: [", encoding="utf-8")
    (tmp_path / "faq.jsonl").write_text(
        '{"id": "1", "question": "在哪里？", "service_id": "nowhere"}\n', encoding="utf-8"
    )
    found = check(tmp_path, changed(related=["nowhere"], checked_on=date(2027, 1, 1)))

    assert len(found) == 4


def test_limits_of_different_situations_are_not_compared(tmp_path):
    limits = [
        {"kind": "法定", "value": 5, "unit": "工作日", "situations": ["a"]},
        {"kind": "承诺", "value": 10, "unit": "工作日", "situations": ["b"]},
    ]

    assert check(tmp_path, changed(limits=limits)) == []


def test_units_are_compared_only_where_every_calendar_agrees(tmp_path):
    limits = [
        {"kind": "法定", "value": 60, "unit": "自然日"},
        {"kind": "承诺", "value": 45, "unit": "工作日"},
    ]

    assert check(tmp_path, changed(limits=limits)) == []


def test_a_statutory_on_the_spot_limit_is_enough_for_an_instant_item(tmp_path):
    guide = changed(limits=ON_THE_SPOT, handling_type="即办件", review_type="即审即办")

    assert check(tmp_path, guide) == []


def test_what_nearly_every_guide_lacks_is_told_in_one_line(tmp_path):
    guides = [
        without("consult_phone", "complain_phone", service_id=f"s{n}", name=f"事项{n}", aliases=[],
                faqs=[{"question": f"问题{n}", "answer": "答。"}])
        for n in range(3)
    ]  # fmt: skip

    assert [rule for _, rule, _ in check(tmp_path, *guides)] == ["8 无电话"]


@pytest.mark.parametrize("text", ["020-83134173", "0760-89817133", "(020)83134173", "12345",
                                  "020-12345", "020-37628755、020-37627229", "400-123-4567",
                                  "020-12345-8-2", "020-83134173转5", "（0757）2222333"])  # fmt: skip
def test_phones_with_area_code_or_of_the_whole_nation_are_phones(text):
    assert is_phone(text)


@pytest.mark.parametrize("text", ["83134173", "无", "0571wjw", "2083134173", "020-"])
def test_anything_else_is_no_phone(text):
    assert not is_phone(text)


@pytest.mark.parametrize("name", ["符合技术标准、规范要求的设计方案", "其他国家签发的学历证书",
                                  "法律文书", "其他居民的书面同意", "有关情况说明"])  # fmt: skip
def test_a_material_that_is_named_is_no_catch_all(tmp_path, name):
    assert check(tmp_path, with_first("materials", name=name)) == []


def test_the_command_says_it_with_its_exit_code(tmp_path, capsys):
    check(tmp_path, changed(related=["nowhere"]))

    assert main([str(tmp_path)]) == 1
    assert "19 相关" in capsys.readouterr().out
    assert main([]) == 2


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    assert [p.message for p in check_folder(tmp_path / "nowhere").problems] == ["没有这个文件夹"]


def test_the_report_counts_what_is_filled_in(tmp_path):
    check(tmp_path, with_first("materials", local=True))
    report = check_folder(tmp_path, today=TODAY)
    lines = {line.element: line for line in report.coverage.lines}

    assert (lines["材料"].guides, lines["材料"].facts, lines["材料"].local) == (1, 2, 1)
    assert lines["送达"].guides == 0
    assert report.coverage.local_facts == 1


def test_brackets_in_a_guide_do_not_disturb_the_terminal(tmp_path):
    check(tmp_path, changed(related=["nowhere"], name="开店[/]许可"), changed(name="[red]另一个"))
    console = Console(record=True, width=100, quiet=True)

    print_report(check_folder(tmp_path, today=TODAY), to=console)


def test_the_check_of_150_guides_takes_less_than_six_seconds(tmp_path):
    guides = [
        Guide.model_validate(changed(service_id=f"s{n}", name=f"事项{n}", aliases=[f"叫法{n}"]))
        for n in range(150)
    ]
    for guide in guides:
        (tmp_path / f"{guide.service_id}.yaml").write_text(render_guides([guide]), encoding="utf-8")

    start = time.perf_counter()
    check_folder(tmp_path, today=TODAY)

    assert time.perf_counter() - start < 6
