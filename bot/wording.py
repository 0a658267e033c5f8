"""Looks up sentences; `wording.zh.toml` holds every one the bot can say."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.messages import Aspect


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    raw = tomllib.loads(files("bot").joinpath("wording.zh.toml").read_text("utf-8"))
    return {section: dict(sentences) for section, sentences in raw.items()}


def say(sentence: str, /, **facts: object) -> str:
    """The sentence `section.key` with its marks filled in; `KeyError` if either is missing."""
    section, _, key = sentence.partition(".")
    return _table()[section][key].format_map(facts)


def aspect_name(aspect: Aspect) -> str:
    """What an aspect is called in Chinese."""
    return _table()["aspect"][aspect]
