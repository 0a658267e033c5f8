"""The bot over HTTP (contract §4): with the real bot for its form, with a stand-in for the rest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from backend.app.wiring import Answer, Program
from bot.messages import Choices as ChoiceList
from bot.messages import Decision, Inbound, Option, Reply, Text, Understanding
from knowledge.base import KnowledgeBase
from tests.e2e.office import Office, an_office
from tests.fakes.clock import FixedClock

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MESSAGES = "/api/v1/bot/messages"
FEEDBACK = "/api/v1/bot/feedback"


class Parrot:
    """Remembers what reached it."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []

    def build(self, _program: Program, _knowledge: KnowledgeBase) -> Answer:
        return self.answer

    async def answer(self, inbound: Inbound) -> Reply:
        self.heard.append(inbound)
        segments = (Text(inbound.text), ChoiceList("哪一种？", (Option("补领", "guide:x"),)))
        return Reply("m1", segments, Understanding(Decision.ANSWER))


_parrot = Parrot()


@pytest.fixture
def parrot() -> Parrot:
    _parrot.heard.clear()
    return _parrot


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One office with the parrot in it for all that only talk."""
    async with an_office(tmp_path_factory.mktemp("office"), build_bot=_parrot.build) as office:
        yield office


async def test_the_real_bot_answers_in_the_form_of_the_contract(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        answer = await office.http.post(
            MESSAGES,
            json={"text": "身份证丢了要带什么材料", "conversation_id": None, "action": None},
        )

    assert answer.status_code == 200
    said = answer.json()
    assert {
        "conversation_id",
        "message_id",
        "segments",
        "plain",
        "understanding",
        "sources",
    } <= set(said)
    assert said["understanding"]["service_id"] == "idcard-lost"
    assert said["understanding"]["aspect"] == "materials"
    assert said["understanding"]["decision"] in ("answer", "clarify")
    assert said["sources"][0]["service_id"] == "idcard-lost"
    assert said["sources"][0]["checked_on"] == "2026-11-22"
    assert "登记表" in said["plain"]
    assert answer.headers["cache-control"] == "no-store"


async def test_the_real_bot_remembers_the_conversation(tmp_path: Path) -> None:
    async with an_office(tmp_path) as office:
        first = (await office.http.post(MESSAGES, json={"text": "身份证丢了怎么补"})).json()
        second = await office.http.post(
            MESSAGES, json={"text": "多少钱", "conversation_id": first["conversation_id"]}
        )
        stranger = await office.http.post(MESSAGES, json={"text": "多少钱"})

    assert second.json()["understanding"]["service_id"] == "idcard-lost"
    assert "40 元" in second.json()["plain"]
    assert stranger.json()["understanding"]["service_id"] != "idcard-lost"


async def test_each_new_conversation_gets_an_id_nobody_can_guess(office: Office) -> None:
    ids = {
        (await office.http.post(MESSAGES, json={"text": "您好"})).json()["conversation_id"]
        for _ in range(20)
    }

    assert len(ids) == 20
    assert min(map(len, ids)) >= 32


async def test_a_tapped_choice_reaches_the_bot_as_its_action(
    office: Office, parrot: Parrot
) -> None:
    await office.http.post(MESSAGES, json={"action": "guide:x", "conversation_id": "c1"})

    (heard,) = parrot.heard
    assert (heard.action, heard.user, heard.channel) == ("guide:x", "c1", "api")


@pytest.mark.parametrize("text", ["😀👍🏽", "长" * 2000, "", " ", "\u200b", "a\x00b", "‮左右"])
async def test_whatever_a_citizen_types_reaches_the_bot(office: Office, text: str) -> None:
    answer = await office.http.post(MESSAGES, json={"text": text})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "text", ["长" * 2000, "😀", "？"], ids=["2,000 characters", "emoji", "mark"]
)
async def test_the_real_bot_has_a_chinese_answer_to_odd_texts(tmp_path: Path, text: str) -> None:
    async with an_office(tmp_path) as office:
        answer = await office.http.post(MESSAGES, json={"text": text})

    assert answer.status_code == 200
    assert any("\u4e00" <= sign <= "\u9fff" for sign in answer.json()["plain"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": "长" * 5001}, "text"),
        ({"text": 7}, "text"),
        ({}, "body"),
        ([], "body"),
        (None, "body"),
        ({"text": "好", "conversation_id": "a b"}, "conversation_id"),
        ({"text": "好", "conversation_id": "c" * 129}, "conversation_id"),
        ({"text": "好", "action": ["x"]}, "action"),
    ],
    ids=["too long", "number", "nothing", "list", "null", "bad id", "long id", "bad action"],
)
async def test_what_is_no_message_is_refused_in_chinese(
    office: Office, body: object, field: str
) -> None:
    answer = await office.http.post(MESSAGES, content=json.dumps(body))

    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == field
    assert any("\u4e00" <= sign <= "\u9fff" for sign in error["message"])


@pytest.mark.parametrize(
    "body",
    [b"{", b'{"text": "\xff\xfe"}', b'{"text": "\\ud800"}', b"[" * 5000, "文字".encode("gbk")],
)
async def test_what_is_no_json_is_a_bad_request(office: Office, body: bytes) -> None:
    answer = await office.http.post(MESSAGES, content=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "http.bad_request")


async def test_one_address_may_ask_so_often_a_minute(tmp_path: Path, parrot: Parrot) -> None:
    clock = FixedClock()
    async with an_office(
        tmp_path, build_bot=parrot.build, clock=clock, bot_messages_per_minute="3"
    ) as office:

        async def ask() -> int:
            answer = await office.http.post(MESSAGES, json={"text": "您好"})
            if answer.status_code == 429:
                assert 1 <= int(answer.headers["retry-after"]) <= 60
                assert answer.json()["title"] == "操作太频繁"
            return answer.status_code

        first = [await ask() for _ in range(5)]
        clock.advance(seconds=61)
        later = await ask()

    assert first == [200, 200, 200, 429, 429]
    assert later == 200
    assert len(parrot.heard) == 4


@pytest.mark.parametrize("count", ["1", "0"])
async def test_callers_behind_our_proxy_are_told_apart(
    tmp_path: Path, parrot: Parrot, count: str
) -> None:
    """Without a proxy of ours the header is a claim anybody can make, and counts for nothing."""
    async with an_office(
        tmp_path, build_bot=parrot.build, bot_messages_per_minute="1", proxies_count=count
    ) as office:
        answers = [
            await office.http.post(
                MESSAGES, json={"text": "您好"}, headers={"X-Forwarded-For": f"10.0.0.{n}"}
            )
            for n in range(3)
        ]

    expected = [200, 200, 200] if count == "1" else [200, 429, 429]
    assert [answer.status_code for answer in answers] == expected


async def test_a_verdict_is_kept_and_the_last_one_counts(tmp_path: Path, database_url: str) -> None:
    async with an_office(tmp_path, database_url=database_url) as office:
        asked = (await office.http.post(MESSAGES, json={"text": "身份证丢了怎么补"})).json()
        verdict = {key: asked[key] for key in ("conversation_id", "message_id")}
        first = await office.http.post(FEEDBACK, json={**verdict, "useful": True})
        await office.http.post(FEEDBACK, json={**verdict, "useful": False, "reason": "没说时间"})
        kept = await office.program.feedback.find(**verdict)

    assert first.status_code == 201
    assert first.json() == {"message_id": asked["message_id"], "useful": True}
    assert kept is not None
    assert (kept.useful, kept.reason) == (False, "没说时间")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"useful": "perhaps"}, "useful"),
        ({"message_id": ""}, "message_id"),
        ({"reason": "长" * 501}, "reason"),
        ({"conversation_id": None}, "conversation_id"),
    ],
)
async def test_what_is_no_verdict_is_refused(
    office: Office, change: dict[str, object], field: str
) -> None:
    good = {"conversation_id": "c1", "message_id": "m1", "useful": True, "reason": None}

    answer = await office.http.post(FEEDBACK, json=good | change)

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_the_same_question_from_many_at_once_is_answered_to_each(
    office: Office, parrot: Parrot
) -> None:
    answers = await asyncio.gather(
        *(office.http.post(MESSAGES, json={"text": f"第 {n} 个"}) for n in range(50))
    )

    assert sorted(a.json()["segments"][0]["text"] for a in answers) == sorted(
        f"第 {n} 个" for n in range(50)
    )
    assert len(parrot.heard) == 50
