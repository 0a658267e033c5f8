"""The few sentences a channel says on its own; everything else is said by the bot."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, Mapping[str, str]]:
    """The table of `wording.zh.toml`, read once."""
    table: Mapping[str, Mapping[str, str]] = tomllib.loads(
        files("channels").joinpath("wording.zh.toml").read_text(encoding="utf-8")
    )
    return table


def sentence(group: str, name: str, **facts: object) -> str:
    """One sentence, with its facts filled in; an unknown name is a programming error."""
    return sentences()[group][name].format(**facts)
