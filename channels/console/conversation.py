"""`banshitong ask`: one question, or a conversation.

await ask(engine.answer, "身份证丢了怎么补", as_json=True)
await converse(engine.answer)
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TypeAlias

import orjson
from rich.console import Console

from bot.messages import Inbound, Reply
from bot.reply_json import reply_to_json
from channels.base import Refused
from channels.console.adapter import ConsoleChannel
from channels.console.screen import show
from channels.wording import sentence

Answer: TypeAlias = Callable[[Inbound], Awaitable[Reply]]
ReadLine: TypeAlias = Callable[[], str]  # raises EOFError when nobody types any more

_LEAVING = frozenset({"exit", "quit", "退出"})


async def ask(
    answer: Answer, question: str, *, as_json: bool = False, screen: Console | None = None
) -> None:
    """Print the answer to one question; with `as_json` nothing but the contract's object (§4).

    Raises:
        Refused: the question is empty.
    """
    inbound = ConsoleChannel().read_line(question)
    reply = await answer(inbound)
    screen = screen or Console()
    if as_json:
        document = orjson.dumps(
            reply_to_json(reply, inbound.conversation_id), option=orjson.OPT_INDENT_2
        )
        screen.file.write(document.decode() + "\n")
    else:
        show(reply, screen)


async def converse(
    answer: Answer, *, screen: Console | None = None, read_line: ReadLine | None = None
) -> None:
    """Question and answer until somebody types `exit` or closes the input.

    Waiting for the keyboard holds up the event loop: nobody else lives in this process.
    """
    screen = screen or Console()
    channel = ConsoleChannel()
    screen.print(sentence("console", "welcome"), style="bold")
    while (line := _next_line(screen, read_line or sys.stdin.readline)) is not None:
        try:
            reply = await answer(channel.read_line(line))
        except Refused:
            continue
        show(reply, screen)
    screen.print(sentence("console", "goodbye"))


def _next_line(screen: Console, read_line: ReadLine) -> str | None:
    screen.print(sentence("console", "prompt"), style="bold cyan", end=" > ")
    try:
        line = read_line()
    except (EOFError, KeyboardInterrupt):
        return None
    return None if not line or line.strip().lower() in _LEAVING else line
