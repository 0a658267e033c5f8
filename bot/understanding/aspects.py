"""Which aspects of a service a question is about, most specific first."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.messages import Aspect

MOST = 3  # aspects answered in one reply: more do not fit a phone's screen


@dataclass(frozen=True, slots=True)
class _Table:
    patterns: tuple[tuple[Aspect, re.Pattern[str]], ...]
    weak: frozenset[Aspect]


@cache
def _table() -> _Table:
    raw = tomllib.loads(files("bot.understanding").joinpath("aspects.zh.toml").read_text("utf-8"))
    return _Table(
        tuple((Aspect(name), re.compile("|".join(raw["patterns"][name]))) for name in raw["order"]),
        frozenset(Aspect(name) for name in raw["weak"]),
    )


def find_aspects(text: str) -> tuple[Aspect, ...]:
    """The aspects a normalised question asks for, in the order they are asked; empty if none.

    A weak aspect (怎么办, 可以办吗) is dropped when the question also names a specific one.
    """
    table = _table()
    found = [
        (match.start(), rank, aspect)
        for rank, (aspect, pattern) in enumerate(table.patterns)
        if (match := pattern.search(text))
    ]
    if any(aspect is Aspect.PROGRESS for _, _, aspect in found):
        return (Aspect.PROGRESS,)  # 办到哪一步了 asks for no place
    specific = [hit for hit in found if hit[2] not in table.weak]
    if specific:
        return _most_telling_first(tuple(aspect for _, _, aspect in sorted(specific)))[:MOST]
    return tuple(aspect for _, _, aspect in sorted(found))[:1]


def _most_telling_first(aspects: tuple[Aspect, ...]) -> tuple[Aspect, ...]:
    """手机上怎么交 asks how to pay, 手机上能代办吗 who may: that it is online only adds to it."""
    for telling in (Aspect.AGENT, Aspect.PAYMENT):
        if telling in aspects and aspects[0] is Aspect.ONLINE:
            return (telling, *(aspect for aspect in aspects if aspect is not telling))
    return aspects
