"""A reply is degraded to what the channel can carry, and never cut where it would lie."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Card, Choices, Option
from channels.base import Capabilities, absolute, as_text, clip_utf8, without_control_characters
from tests.fakes.channel import a_reply

HOME = "https://bst.example.gov.cn"


@given(st.text(), st.integers(0, 200))
def test_a_clipped_text_fits_and_is_whole_characters(text: str, limit: int) -> None:
    text = without_control_characters(text)

    clipped = clip_utf8(text, limit)

    assert len(clipped.encode()) <= limit or clipped == text
    assert text.startswith(clipped)


@given(st.text(min_size=1), st.integers(0, 120), st.text(max_size=20))
def test_the_ending_fits_too(text: str, limit: int, ending: str) -> None:
    text, ending = without_control_characters(text), without_control_characters(ending)

    clipped = clip_utf8(text, limit, ending=ending)

    assert len(clipped.encode()) <= limit


@pytest.mark.parametrize("limit", range(1, 30))
def test_an_emoji_of_several_code_points_stays_whole(limit: int) -> None:
    family = "\N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL}"

    assert clip_utf8(f"好{family}", limit) in {"", "好", f"好{family}"}


def test_the_cut_goes_back_to_the_end_of_a_line_so_that_no_amount_is_halved() -> None:
    text = "补领居民身份证\n工本费 400 元"

    clipped = clip_utf8(text, len("补领居民身份证\n工本费 40".encode()))

    assert clipped == "补领居民身份证"


def test_a_long_answer_ends_with_where_the_rest_is() -> None:
    reply = a_reply("材料很多。\n" * 200)

    text = as_text(reply, Capabilities(max_text_bytes=2048), home_url=HOME)

    assert text.endswith(f"…（内容较多，完整办事指南：{HOME}）")
    assert len(text.encode()) <= 2048


def test_a_long_answer_points_to_its_own_card_first() -> None:
    card = Card("身份证补领", (("时限", "20 个工作日"),), url="/#/guide?id=idcard-lost")

    text = as_text(a_reply("很长。" * 900, card), Capabilities(max_text_bytes=2048), home_url=HOME)

    assert text.endswith(f"：{HOME}/#/guide?id=idcard-lost）")


def test_without_an_address_of_our_own_the_citizen_is_told_where_to_go() -> None:
    text = as_text(a_reply("很长。" * 900), Capabilities(max_text_bytes=2048))

    assert text.endswith("或到窗口咨询）")


def test_choices_at_the_end_survive_a_long_answer() -> None:
    choices = Choices("您是哪种情况？", (Option("补领", "a"), Option("换领", "b")))

    text = as_text(a_reply("很长。" * 900, choices), Capabilities(max_text_bytes=2048))

    assert text.endswith(choices.plain())
    assert "…（" in text
    assert len(text.encode()) <= 2048


def test_the_sources_survive_a_long_answer() -> None:
    reply = replace(a_reply("很长。" * 900), citation="依据：《身份证补领》办事指南第 7 版")

    text = as_text(reply, Capabilities(max_text_bytes=2048))

    assert text.endswith("咨询）\n\n依据：《身份证补领》办事指南第 7 版")
    assert len(text.encode()) <= 2048


def test_a_short_answer_says_what_it_rests_on() -> None:
    reply = replace(a_reply("需要户口簿。"), citation="依据：甲")

    assert as_text(reply, Capabilities()) == reply.plain() == "需要户口簿。\n\n依据：甲"


def test_a_short_answer_is_left_as_it_is() -> None:
    assert as_text(a_reply("需要户口簿。"), Capabilities(max_text_bytes=2048)) == "需要户口簿。"


@pytest.mark.parametrize(
    ("url", "home", "opened"),
    [
        ("/guide/1", HOME, f"{HOME}/guide/1"),
        ("/guide/1", f"{HOME}/bst/", f"{HOME}/bst/guide/1"),
        ("https://a.example/x", HOME, "https://a.example/x"),
        ("/guide/1", None, None),
        ("javascript:alert(1)", HOME, f"{HOME}/javascript:alert(1)"),
        ("//evil.example", HOME, f"{HOME}/evil.example"),
    ],
)
def test_addresses_are_made_for_somebody_outside(
    url: str, home: str | None, opened: str | None
) -> None:
    assert absolute(url, home) == opened


@given(st.text())
def test_what_is_left_of_a_text_can_stand_in_xml(text: str) -> None:
    left = without_control_characters(text)

    assert left == without_control_characters(left)
    assert all(c in "\t\n\r" or c >= " " for c in left)
    left.encode()
