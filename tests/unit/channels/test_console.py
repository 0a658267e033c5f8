"""The terminal."""

from __future__ import annotations

import io
from collections.abc import Iterator

import orjson
import pytest
from rich.console import Console

from bot.messages import Card, Choices, Handoff, Inbound, Option, Reply
from bot.reply_json import reply_to_json
from channels.base import Refused
from channels.console.conversation import ask, converse
from tests.fakes.channel import a_reply

REPLY = Reply(
    "m1",
    (
        *a_reply("补领要 [40] 元。").segments,
        Choices("您是哪种情况？", (Option("本人办理", "a"), Option("代办", "b"))),
        Card("身份证补领", (("时限", "20 个工作日"),), url="/g"),
        Handoff("已为您转接人工。", 2),
    ),
    a_reply("").understanding,
    citation="依据：《居民身份证补领》办事指南第 7 版，核对日期 2026-10-01",
)


class Bot:
    def __init__(self) -> None:
        self.heard: list[Inbound] = []

    async def answer(self, inbound: Inbound) -> Reply:
        self.heard.append(inbound)
        return REPLY


def a_screen() -> Console:
    return Console(file=io.StringIO(), width=80, force_terminal=False)


def printed(screen: Console) -> str:
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


def typed(*lines: str) -> Iterator[str]:
    yield from lines


async def test_one_question_is_printed_with_everything_the_reply_says() -> None:
    screen = a_screen()

    await ask(Bot().answer, "身份证丢了", screen=screen)

    for words in (
        "补领要 [40] 元。",
        "1. 本人办理",
        "2. 代办",
        "身份证补领",
        "20 个工作日",
        "已为您转接人工。",
        "前面还有 2 人",
        "依据：《居民身份证补领》办事指南第 7 版，核对日期 2026-10-01",
    ):
        assert words in printed(screen)


async def test_json_is_the_contract_and_nothing_else() -> None:
    screen, bot = a_screen(), Bot()

    await ask(bot.answer, "身份证丢了", as_json=True, screen=screen)

    document = orjson.loads(printed(screen))
    assert document == reply_to_json(REPLY, bot.heard[0].conversation_id)


async def test_a_conversation_stays_one_and_every_line_is_a_message_of_its_own() -> None:
    bot, screen = Bot(), a_screen()
    lines = typed("身份证丢了\n", "\n", "1\n", "1\n", "EXIT\n", "never read\n")

    await converse(bot.answer, screen=screen, read_line=lines.__next__)

    assert [inbound.text for inbound in bot.heard] == ["身份证丢了", "1", "1"]
    assert len({inbound.conversation_id for inbound in bot.heard}) == 1
    assert len({inbound.dedupe_key for inbound in bot.heard}) == 3
    assert printed(screen).rstrip().endswith("再见。")


@pytest.mark.parametrize("ending", ["", "退出\n", EOFError(), KeyboardInterrupt()])
async def test_a_conversation_ends_when_nobody_types_any_more(ending: str | BaseException) -> None:
    def read() -> str:
        if isinstance(ending, str):
            return ending
        raise ending

    screen = a_screen()
    await converse(Bot().answer, screen=screen, read_line=read)

    assert "再见。" in printed(screen)


async def test_an_empty_question_is_refused() -> None:
    with pytest.raises(Refused):
        await ask(Bot().answer, "  \x00 ", screen=a_screen())
