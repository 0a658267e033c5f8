"""What every channel promises, whoever stands behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Card, Choices, Handoff, Option, Reply
from channels.base import Channel, Incoming, Outgoing, Received, Refused
from channels.console.adapter import ConsoleChannel
from channels.wechat.adapter import WeChatChannel
from tests.fakes.channel import FakeChannel, a_reply
from tests.fakes.wechat import FakeWeChat, an_account, clock_at, read_answer, text_message

HOME = "https://bst.example.gov.cn"


@dataclass(frozen=True)
class Case:
    """A channel, and the platform behind it."""

    name: str
    channel: Channel
    say: Callable[[str, str], Incoming]  # text, message id
    read: Callable[[Outgoing], str]
    forge: Callable[[str], Incoming] | None = None
    repeats_itself: bool = True  # the platform sends a message again when it gets no answer


def on_wechat(*, safe: bool) -> Case:
    wechat = FakeWeChat()
    push = wechat.sealed if safe else wechat.plain
    stranger = FakeWeChat(token="another token")

    def read(outgoing: Outgoing) -> str:
        xml = wechat.decrypt(outgoing.body) if safe else outgoing.body
        return read_answer(xml)["Content"]

    return Case(
        name="wechat-safe" if safe else "wechat-plain",
        channel=WeChatChannel(an_account(safe=safe), home_url=HOME, clock=clock_at()),
        say=lambda text, number: push(text_message(text, message_id=number)),
        read=read,
        forge=lambda text: (stranger.sealed if safe else stranger.plain)(text_message(text)),
    )


def on_console() -> Case:
    return Case(
        name="console",
        channel=ConsoleChannel(),
        say=lambda text, _: Incoming("POST", body=text.encode()),
        read=lambda outgoing: outgoing.body.decode(),
        repeats_itself=False,
    )


def on_fake() -> Case:
    return Case(
        name="fake",
        channel=FakeChannel(),
        say=lambda text, number: Incoming("POST", body=f"open sesame|{number}|{text}".encode()),
        read=lambda outgoing: outgoing.body.decode(),
        forge=lambda text: Incoming("POST", body=f"please|1|{text}".encode()),
    )


CASES = (on_wechat(safe=False), on_wechat(safe=True), on_console(), on_fake())
every_channel = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
numbers = count(1)


def received(case: Case, text: str = "身份证丢了怎么补", number: str | None = None) -> Received:
    answer = case.channel.receive(case.say(text, number or str(next(numbers))))
    assert isinstance(answer, Received)
    return answer


@every_channel
class TestEveryChannel:
    def test_says_who_it_is(self, case: Case) -> None:
        inbound = received(case).inbound

        assert (inbound.channel, inbound.account) == (case.channel.kind, case.channel.account)

    def test_passes_on_what_was_said(self, case: Case) -> None:
        assert received(case, "身份证丢了 🙂").inbound.text == "身份证丢了 🙂"

    def test_drops_control_characters(self, case: Case) -> None:
        assert received(case, "身份\x08证").inbound.text == "身份证"

    def test_gives_different_messages_different_keys(self, case: Case) -> None:
        keys = {received(case, "同一句话").inbound.dedupe_key for _ in range(3)}

        assert len(keys) == 3

    def test_gives_a_retry_the_same_key(self, case: Case) -> None:
        keys = {received(case, number="77").inbound.dedupe_key for _ in range(3)}

        assert len(keys) == (1 if case.repeats_itself else 3)

    def test_keeps_one_conversation_with_one_person(self, case: Case) -> None:
        assert len({received(case).inbound.conversation_id for _ in range(2)}) == 1

    def test_refuses_a_forger(self, case: Case) -> None:
        if case.forge is None:
            pytest.skip("whoever sits at the terminal may type")
        with pytest.raises(Refused) as refusal:
            case.channel.receive(case.forge("身份证丢了"))

        assert 400 <= refusal.value.status < 500

    def test_refuses_what_is_not_utf8(self, case: Case) -> None:
        said = case.say("身份证", "1")
        broken = Incoming(said.method, said.args, said.headers, "身份证".encode("gbk"))

        with pytest.raises(Refused):
            case.channel.receive(broken)

    def test_shows_the_whole_reply(self, case: Case) -> None:
        reply = a_reply(
            "需要户口簿。",
            Card("补领", (("费用", "40 元"),), "a"),
            Choices("哪种情况？", (Option("本人", "a"), Option("代办", "b"))),
            Handoff("已转人工。", 1),
        )

        shown = case.read(case.channel.render(received(case), reply))

        for words in ("需要户口簿。", "费用：40 元", "1. 本人", "2. 代办", "已转人工。"):
            assert words in shown

    def test_fits_a_long_reply_into_what_it_can_carry(self, case: Case) -> None:
        shown = case.read(case.channel.render(received(case), a_reply("很长的办事说明。" * 2000)))

        limit = case.channel.can.max_text_bytes
        assert limit is None or (len(shown.encode()) <= limit and "内容较多" in shown)

    @given(st.text())
    def test_shows_any_text_without_breaking(self, case: Case, text: str) -> None:
        text = text.encode(errors="ignore").decode()

        shown = case.read(case.channel.render(received(case), a_reply(f"前{text}]]>")))

        assert shown.startswith("前")

    def test_acknowledges_with_success(self, case: Case) -> None:
        assert case.channel.acknowledge(received(case)).status == 200

    def test_renders_the_same_words_again_for_a_retry(self, case: Case) -> None:
        reply: Reply = a_reply("需要户口簿。")
        first, again = received(case, number="5"), received(case, number="5")

        answers = [case.read(case.channel.render(line, reply)) for line in (first, again)]

        assert answers[0] == answers[1]
