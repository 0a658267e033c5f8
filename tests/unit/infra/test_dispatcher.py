"""How patient the dispatcher is, and that no event is left without an answer."""

from __future__ import annotations

import pytest

from backend.core.events import Event, Reaction
from backend.infra.dispatcher import Policy, ensure_all_handled


async def nothing(event: Event) -> None:
    """Do nothing about it."""


REACTIONS = {"said": [Reaction("nothing", nothing)]}


def test_pauses_double_until_they_are_an_hour():
    policy = Policy(first_retry_s=2)
    pauses = [policy.pause_after(n, spread=0.5).total_seconds() for n in (1, 2, 3, 20)]

    assert pauses == [2, 4, 8, 3600]


def test_pauses_are_spread_so_that_retries_do_not_come_all_at_once():
    policy = Policy(first_retry_s=2)

    assert policy.pause_after(1, spread=0.0).total_seconds() == 1
    assert policy.pause_after(1, spread=1.0).total_seconds() == 3


def test_a_start_is_refused_while_an_event_has_neither_reaction_nor_excuse():
    with pytest.raises(ValueError, match="heard"):
        ensure_all_handled(["said", "heard"], REACTIONS)


def test_a_reaction_to_an_event_that_is_never_published_is_a_typing_error():
    with pytest.raises(ValueError, match="said"):
        ensure_all_handled([], REACTIONS)


def test_an_event_cannot_be_both_handled_and_ignored():
    with pytest.raises(ValueError, match="both"):
        ensure_all_handled(["said"], REACTIONS, ignored=["said"])


def test_all_is_well_when_each_event_is_handled_or_ignored_on_purpose():
    assert ensure_all_handled(["said", "heard"], REACTIONS, ignored=["heard"]) is None
