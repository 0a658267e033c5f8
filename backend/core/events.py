"""Events: facts that happened, told to whoever cares by way of the outbox.

A service adds an event inside its unit of work (`await self._outbox.add(Event(...))`): it is told
if, and only if, the unit commits. `backend/app/reactions.py` says who reacts.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias

from backend.core.ids import new_id

Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: `appointment.booked`. The payload is JSON: ids, not people."""

    name: str
    payload: Payload
    occurred_at: datetime
    event_id: str = field(default_factory=new_id)


class Outbox(Protocol):
    """Where a unit of work leaves its events; tests use `tests.fakes.outbox.FakeOutbox`."""

    async def add(self, event: Event) -> None:
        """Tell `event` after this unit of work has committed.

        Raises:
            RuntimeError: called outside a writing unit of work.
        """


@dataclass(frozen=True, slots=True)
class Reaction:
    """What one service does about an event. `name` is stable: it is stored with each delivery.

    A reaction that only touches our database runs in one unit of work together with the note that
    it is done: it takes effect exactly once. One that calls a machine outside
    (`calls_outside=True`) runs without a unit around it, opens its own, and may be repeated after
    a crash: `event.event_id` tells it what it has already done.
    """

    name: str
    handle: Callable[[Event], Awaitable[None]]
    calls_outside: bool = False
