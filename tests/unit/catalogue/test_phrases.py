"""Fees and times in short sentences: nothing is invented, what differs locally says so."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.phrases import fee_summary, period, promised_time, yuan
from knowledge.schema import Fee, Guide, TimeLimit

GROUP = {
    "question": "哪一种？",
    "options": [{"situation_id": "a", "label": "甲"}, {"situation_id": "b", "label": "乙"}],
}


def a_guide(**elements: Any) -> Guide:
    plain = {
        "service_id": "x",
        "name": "某事",
        "summary": "某事。",
        "department": "某部门",
        "item_type": "公共服务",
        "audience": ["自然人"],
        "situation_groups": [GROUP],
        "checked_on": "2026-11-22",
        "sources": [{"name": "某处"}],
    }
    return Guide.model_validate(plain | elements)


def fee(fen: int | None, **more: Any) -> dict[str, Any]:
    return {"name": "工本费", "amount_fen": fen, "amount_text": None if fen else "另定", **more}


@pytest.mark.parametrize(
    ("charged", "fees", "said"),
    [
        (False, [], "不收费"),
        (None, [], "各地不同"),
        (True, [fee(4000)], "40 元"),
        (True, [fee(1050)], "10.50 元"),
        (True, [fee(1000, situations=["a"]), fee(4000, situations=["b"])], "10–40 元"),
        (True, [fee(1000, situations=["a"]), fee(1000, situations=["b"])], "10 元"),
        (True, [fee(1000), fee(4000)], "每项 10–40 元"),
        (True, [fee(1000, situations=["a"]), fee(4000)], "每项 10–40 元"),
        (True, [fee(4000, local=True)], "40 元（以当地为准）"),
        (True, [fee(4000, situations=["a"]), fee(None, situations=["b"])], "40 元（以当地为准）"),
        (True, [fee(None)], "按规定标准收取"),
        (True, [fee(None, local=True)], "各地不同"),
        (None, [fee(None, local=True)], "各地不同"),
        (True, [fee(0, amount_text=None)], "不收费"),
        (None, [fee(9900, collected_by_others=True)], "各地不同"),
    ],
)
def test_a_fee_is_said_as_far_as_it_is_known(
    charged: bool | None, fees: list[dict[str, Any]], said: str
) -> None:
    assert fee_summary(a_guide(charged=charged, fees=fees)) == said


def test_one_situation_has_its_own_fee() -> None:
    fees = [fee(1000, situations=["a"]), fee(4000, situations=["b"])]
    guide = a_guide(charged=True, fees=fees)

    assert fee_summary(guide, [guide.fees[1]]) == "40 元"


def limit(kind: str, value: int | None, unit: str | None, **more: Any) -> dict[str, Any]:
    note = None if value is not None else "各地不同"
    return {"kind": kind, "value": value, "unit": unit, "note": note, **more}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ([], "各地不同"),
        ([limit("承诺", 0, "当场")], "当场办结"),
        ([limit("承诺", 5, "工作日")], "5 个工作日内"),
        ([limit("承诺", 5, "工作日"), limit("法定", 20, "工作日")], "5 个工作日内"),
        ([limit("承诺", 5, "工作日", local=True)], "5 个工作日内（以当地为准）"),
        ([limit("法定", 60, "自然日")], "法定 60 日内"),
        (
            [limit("法定", 60, "自然日"), limit("承诺", None, None, local=True)],
            "法定 60 日内，承诺时间各地不同",
        ),
        ([limit("承诺", None, None, local=True)], "各地不同"),
        # The citizen must reckon with the longest, whatever its unit.
        ([limit("承诺", 20, "工作日"), limit("承诺", 1, "月")], "1 个月内"),
        ([limit("承诺", 0, "当场"), limit("承诺", 3, "小时")], "3 个小时内"),
        ([limit("承诺", 2, "年"), limit("承诺", 300, "自然日")], "2 年内"),
    ],
)
def test_a_time_is_said_in_its_own_unit(limits: list[dict[str, Any]], said: str) -> None:
    assert promised_time(a_guide(limits=limits)) == said


def test_one_limit_alone() -> None:
    assert period(TimeLimit.model_validate(limit("法定", 60, "自然日"))) == "60 日内"
    assert period(TimeLimit.model_validate(limit("承诺", None, None))) == "各地不同"


@pytest.mark.parametrize(("fen", "said"), [(0, "0"), (1, "0.01"), (50, "0.50"), (4000, "40")])
def test_yuan_without_needless_decimals(fen: int, said: str) -> None:
    assert yuan(fen) == said


def test_a_fee_of_the_schema_is_what_the_sentences_expect() -> None:
    assert Fee.model_validate(fee(4000)).amount_fen == 4000
