"""The JSON of the contract (§4)."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import (
    Aspect,
    Card,
    Choices,
    Decision,
    Handoff,
    Option,
    Reply,
    Source,
    Text,
    Understanding,
)
from bot.reply_json import reply_from_json, reply_to_json

REPLY = Reply(
    "m-1",
    (
        Text("需要一份材料。"),
        Choices("您是哪种情况？", (Option("补领", "guide:idcard-lost:a"),)),
        Card("身份证补领", (("费用", "40 元"),), "guide:idcard-lost", "/g/1"),
        Handoff("已为您转接人工。", 3),
    ),
    Understanding(
        Decision.ANSWER,
        Aspect.MATERIALS,
        "idcard-lost",
        "居民身份证补领",
        "a",
        0.93,
        ("idcard-lost", "faq-1"),
        {"score": 12.5},
    ),
    (Source("idcard-lost", 7, "2026-10-01", "materials"),),
    "依据：《居民身份证补领》办事指南第 7 版",
)


def test_the_object_has_exactly_the_shape_of_the_contract() -> None:
    assert reply_to_json(REPLY, "c-1") == {
        "conversation_id": "c-1",
        "message_id": "m-1",
        "segments": [
            {"type": "text", "text": "需要一份材料。"},
            {
                "type": "choices",
                "prompt": "您是哪种情况？",
                "options": [{"label": "补领", "action": "guide:idcard-lost:a"}],
            },
            {
                "type": "card",
                "title": "身份证补领",
                "fields": [["费用", "40 元"]],
                "action": "guide:idcard-lost",
                "url": "/g/1",
            },
            {"type": "handoff", "queue_position": 3, "text": "已为您转接人工。"},
        ],
        "plain": REPLY.plain(),
        "understanding": {
            "service_id": "idcard-lost",
            "service_name": "居民身份证补领",
            "situation_id": "a",
            "aspect": "materials",
            "confidence": 0.93,
            "decision": "answer",
        },
        "sources": [
            {
                "service_id": "idcard-lost",
                "version": 7,
                "checked_on": "2026-10-01",
                "section": "materials",
            }
        ],
    }


words = st.text(max_size=30).map(lambda text: text.encode(errors="ignore").decode())
options = st.builds(Option, words, words)
segments = st.one_of(
    st.builds(Text, words),
    st.builds(Choices, words, st.lists(options, max_size=3).map(tuple)),
    st.builds(
        Card,
        words,
        st.lists(st.tuples(words, words), max_size=3).map(tuple),
        st.none() | words,
        st.none() | words,
    ),
    st.builds(Handoff, words, st.none() | st.integers(0, 99)),
)
replies = st.builds(
    Reply,
    words,
    st.lists(segments, max_size=4).map(tuple),
    st.builds(
        Understanding,
        st.sampled_from(Decision),
        st.sampled_from(Aspect),
        st.none() | words,
        st.none() | words,
        st.none() | words,
        st.floats(0, 1),
    ),
    st.lists(st.builds(Source, words, st.integers(1, 99), words, words), max_size=2).map(tuple),
    st.sampled_from(["", "依据：《居民身份证补领》办事指南第 7 版"]),
)


@given(replies)
def test_a_kept_reply_comes_back_as_it_was(reply: Reply) -> None:
    kept = orjson.dumps(reply_to_json(reply, ""))

    assert reply_from_json(orjson.loads(kept)) == reply


def test_what_only_staff_may_see_stays_inside() -> None:
    written = orjson.dumps(reply_to_json(REPLY, "c")).decode()

    assert "score" not in written
    assert "faq-1" not in written


def test_a_segment_nobody_knows_is_not_guessed() -> None:
    document = reply_to_json(REPLY, "c") | {"segments": [{"type": "hologram"}]}

    with pytest.raises(ValueError, match="hologram"):
        reply_from_json(document)
