"""Every refusal has words for citizens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import backend
import bot
import channels
import payments
from backend.core.errors import DomainError, TooManyRequests
from backend.core.wording import missing, words, words_for


class Unworded(DomainError):
    """A refusal somebody forgot to write words for."""

    code = "tests.unworded"


def every_refusal(kind: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    for package in (backend, bot, channels, payments):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations" not in module.name and not module.name.startswith("channels.app"):
                import_module(module.name)
    yield from _below(kind)


def _below(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def test_every_refusal_has_a_code_and_words():
    ours = {k for k in every_refusal() if not k.__module__.startswith("tests.")}

    assert [kind.__name__ for kind in ours if not kind.code] == []
    assert missing(kind.code for kind in ours) == ()


def test_a_refusal_without_words_is_found():
    assert missing([Unworded.code, "not_found"]) == ("tests.unworded",)


def test_a_refusal_without_words_is_said_in_general_ones():
    assert words_for(Unworded()) == words("unexpected")


def test_facts_are_filled_in():
    assert words_for(TooManyRequests(retry_after_s=30)).detail == "请 30 秒后再试。"


def test_a_missing_fact_leaves_a_blank_and_breaks_nothing():
    assert words("too_many_requests").detail == "请  秒后再试。"


def test_no_sentence_shows_a_brace_to_a_citizen():
    shown = [words_for(kind()) for kind in _below(DomainError) if kind is not TooManyRequests]

    assert [w for w in shown if re.search(r"[{}]", w.title + w.detail)] == []
