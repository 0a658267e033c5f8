"""Messages about the conversation itself: 转人工, greetings, thanks, starting over."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files


class Intent(StrEnum):
    HANDOFF = "handoff"
    GREETING = "greeting"
    THANKS = "thanks"
    ACKNOWLEDGE = "acknowledge"
    GOODBYE = "goodbye"
    IDENTITY = "identity"
    RESTART = "restart"
    COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class _Table:
    whole: tuple[tuple[Intent, re.Pattern[str]], ...]
    part: tuple[tuple[Intent, re.Pattern[str]], ...]
    fillers: re.Pattern[str]


EDGES = " ，。？！、；：,.?!;:~…·-"


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("bot.understanding").joinpath("intents.zh.toml").read_text("utf-8"))
    return _Table(
        whole=tuple((i, re.compile("|".join(raw[i]["whole"]))) for i in Intent),
        part=tuple((i, re.compile("|".join(raw[i]["part"]))) for i in Intent if "part" in raw[i]),
        fillers=re.compile("|".join(raw["fillers"]["strip"])),
    )


def without_fillers(text: str) -> str:
    """A question without 您好、请问 and the like in front."""
    return _table().fillers.sub("", text.strip(EDGES)).strip(EDGES)


def find_intent(text: str) -> Intent | None:
    """What a normalised message says about the conversation; None for an ordinary question.

    A human is called at once, in any wording; the other intents must be the whole message.
    """
    table = _table()
    bare = text.strip(EDGES)
    for intent, pattern in table.part:
        if pattern.search(bare):
            return intent
    return next((intent for intent, pattern in table.whole if pattern.fullmatch(bare)), None)
