"""Aspects, intents, several questions, numbers: what a sentence asks for."""

from __future__ import annotations

import pytest

from bot.actions import GuideAction, read_action
from bot.messages import Aspect, Option
from bot.sessions import Session, session_from_json, session_to_json
from bot.understanding.aspects import find_aspects
from bot.understanding.intents import find_intent
from bot.understanding.questions import split_questions, with_digits


@pytest.mark.parametrize(
    ("text", "aspects"),
    [
        ("办护照要带什么材料", [Aspect.MATERIALS]),
        ("户口本要不要带", [Aspect.MATERIALS]),
        ("补个证多少钱", [Aspect.FEE]),
        ("要不要交钱", [Aspect.FEE]),
        ("几天能拿到", [Aspect.TIME]),
        ("去哪办", [Aspect.PLACE]),
        ("周六上班吗", [Aspect.HOURS]),
        ("什么条件才能申请", [Aspect.CONDITIONS]),
        ("怎么办", [Aspect.PROCESS]),
        ("手机上能办吗", [Aspect.ONLINE]),
        ("可以让我儿子代办吗", [Aspect.AGENT]),
        ("必须本人去吗", [Aspect.AGENT]),
        ("有效期几年", [Aspect.RESULT]),
        ("法律依据是什么", [Aspect.BASIS]),
        ("咨询电话多少", [Aspect.PHONE]),
        ("我的执照办到哪一步了", [Aspect.PROGRESS]),
        ("能不能先预约", [Aspect.BOOKING]),
        ("护照", []),
        ("去哪办，要几天", [Aspect.PLACE, Aspect.TIME]),
    ],
)
def test_aspects_are_found_in_everyday_words(text: str, aspects: list[Aspect]) -> None:
    assert list(find_aspects(text)) == aspects


def test_how_to_is_dropped_when_something_specific_is_asked() -> None:
    assert find_aspects("身份证丢了怎么补办要带什么") == (Aspect.MATERIALS,)


@pytest.mark.parametrize(
    "text", ["护照怎么办", "好的护照怎么办理", "你好身份证丢了", "人工流产报销吗"]
)
def test_a_question_is_no_small_talk(text: str) -> None:
    assert find_intent(text) is None


def test_questions_are_split_and_crumbs_are_joined() -> None:
    assert split_questions("护照多少钱？身份证呢？还有要带什么") == (
        "护照多少钱",
        "身份证呢",
        "还有要带什么",
    )
    assert split_questions("嗯。护照多少钱") == ("嗯护照多少钱",)
    assert split_questions("") == ()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("十六岁", "16岁"),
        ("八十五周岁", "85周岁"),
        ("两年", "2年"),
        ("三个月", "3个月"),
        ("十分感谢", "10分感谢"),
        ("一起去", "一起去"),
    ],
)
def test_numerals_before_a_unit_become_digits(text: str, read: str) -> None:
    assert with_digits(text) == read


def test_an_action_survives_its_round_trip() -> None:
    action = GuideAction("idcard-lost", "b", (Aspect.MATERIALS, Aspect.FEE))

    assert read_action(str(action)) == action
    assert read_action(str(GuideAction("idcard-lost"))) == GuideAction("idcard-lost")
    assert read_action("handoff") is None
    assert read_action("guide:x:-:nonsense") == GuideAction("x")


def test_a_session_survives_its_round_trip() -> None:
    session = Session(
        "idcard-lost", "b", (Aspect.FEE,), (Option("是", "guide:a:-:-"),), 1, ("idcard-lost",)
    )

    assert session_from_json(session_to_json(session)) == session
