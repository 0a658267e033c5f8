"""When this happens, then that service acts: the only place where domains affect each other.

A row a newcomer reads in a minute. Event names nobody reacts to on purpose stand in `IGNORED`; an
event in neither is refused at start-up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.core.events import Reaction

# Every event any domain publishes; none yet: appointments and payments bring the first.
PUBLISHED: frozenset[str] = frozenset()

IGNORED: frozenset[str] = frozenset()


def reactions() -> Mapping[str, Sequence[Reaction]]:
    """The table: event → who acts."""
    return {}
