"""Chinese titles and details of refusals, read once from `wording.zh.toml`.

`words_for(error)` never fails: a code without wording gets the general sentence (and a test goes
red).
`missing(codes)` tells which codes nobody has written words for.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from backend.core.errors import DomainError

GENERAL = "unexpected"


@dataclass(frozen=True, slots=True)
class Words:
    """What a citizen reads: what happened, and what to do now."""

    title: str
    detail: str


class _Facts(dict[str, object]):
    """Leaves a blank where a fact is missing: a sentence is better than an error about an error."""

    def __missing__(self, key: str) -> str:
        return ""


def words_for(error: DomainError) -> Words:
    """Title and detail of a refusal, its facts filled in."""
    return words(error.code, error.facts)


def words(code: str, facts: Mapping[str, object] | None = None) -> Words:
    """Title and detail of a code; `words("unexpected")` is the sentence for a bug."""
    found = _table().get(code) or _table()[GENERAL]
    filled = _Facts(facts or {})
    return Words(found.title.format_map(filled), found.detail.format_map(filled))


def missing(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that have no words yet, sorted."""
    return tuple(sorted({code for code in codes if code not in _table()}))


def all_words() -> Mapping[str, Words]:
    """Every code with its words, facts not filled in: for the page that explains them."""
    return _table()


@cache
def _table() -> Mapping[str, Words]:
    text = files("backend.core").joinpath("wording.zh.toml").read_text(encoding="utf-8")
    return {code: Words(**entry) for code, entry in tomllib.loads(text).items()}
