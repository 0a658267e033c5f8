"""The outbox: events kept with the change they tell of, and the dead letters a human looks at.

    outbox = DatabaseOutbox(db, clock)
    await outbox.add(event)                  # inside a writing unit; port `core.events.Outbox`
    outbox.nudged                            # asyncio.Event, set as soon as such a unit commits
    await outbox.list_dead()                 # tuple[DeadLetter, ...], oldest first
    await outbox.replay(letter_id)           # one more round of attempts
    await outbox.count()                     # {"waiting": 3, "dead": 1, …} for health and metrics
    await outbox.purge(before=moment)        # forget what was delivered long ago

`dispatcher.py` carries the events to the reactions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.core.clock import Clock
from backend.core.errors import NotFound
from backend.core.events import Event
from backend.core.tx import Units, reading, unit_of_work
from backend.infra.models import DeliveryState, OutboxDeliveryRow, OutboxEntryRow

# The name under which an event that nobody reacts to waits among the dead letters.
NOBODY = "-"


class NoSuchLetter(NotFound):
    """There is no dead letter with this id."""

    code = "outbox.no_such_letter"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A reaction that failed too often; `reason` is the last traceback, masked."""

    letter_id: str
    event: Event
    reaction: str
    attempts: int
    failed_at: datetime
    reason: str


class DatabaseOutbox:
    """Events in the table `outbox_entry`."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock
        self.nudged = asyncio.Event()

    async def add(self, event: Event) -> None:
        """Tell `event` once this unit of work has committed.

        Raises:
            RuntimeError: called outside a writing unit of work.
        """
        self._units.after_commit(self.nudged.set)
        await OutboxEntryRow.create(
            id=event.event_id,
            name=event.name,
            payload=dict(event.payload),
            occurred_at=event.occurred_at,
            added_at=self._clock.now(),
        )

    @reading
    async def list_dead(self, *, limit: int = 100) -> tuple[DeadLetter, ...]:
        """Deliveries that were given up, oldest first."""
        rows = OutboxDeliveryRow.filter(state=DeliveryState.DEAD).order_by("changed_at")
        return tuple(to_letter(row) for row in await rows.limit(limit).prefetch_related("entry"))

    @unit_of_work
    async def replay(self, letter_id: str) -> None:
        """Try a dead letter again, with all its attempts; its reaction is told soon.

        Raises:
            NoSuchLetter: no dead letter has this id.
        """
        row = await OutboxDeliveryRow.get_or_none(id=letter_id, state=DeliveryState.DEAD)
        if row is None:
            raise NoSuchLetter(letter_id=letter_id)
        self._units.after_commit(self.nudged.set)
        if row.reaction == NOBODY:
            await OutboxEntryRow.filter(deliveries__id=row.id).update(fanned_out=False)
            await row.delete()
            return
        await OutboxDeliveryRow.filter(id=row.id).update(
            state=DeliveryState.WAITING, attempts=0, due_at=self._clock.now()
        )

    @reading
    async def count(self) -> Mapping[str, int]:
        """How many deliveries are in each state; `new` are events not yet looked at."""
        counts = {
            state.value: await OutboxDeliveryRow.filter(state=state).count()
            for state in (DeliveryState.WAITING, DeliveryState.DEAD)
        }
        return counts | {"new": await OutboxEntryRow.filter(fanned_out=False).count()}

    @unit_of_work
    async def purge(self, *, before: datetime) -> int:
        """Forget deliveries done before that moment, and events with no delivery left."""
        done = OutboxDeliveryRow.filter(state=DeliveryState.DONE, changed_at__lt=before)
        count = await done.delete()
        await OutboxEntryRow.filter(
            fanned_out=True, added_at__lt=before, deliveries__isnull=True
        ).delete()
        return count


def to_event(row: OutboxEntryRow) -> Event:
    """The event as it was added."""
    return Event(row.name, row.payload, row.occurred_at, row.id)


def to_letter(row: OutboxDeliveryRow) -> DeadLetter:
    """A delivery as a human sees it."""
    return DeadLetter(
        letter_id=row.id,
        event=to_event(row.entry),
        reaction=row.reaction,
        attempts=row.attempts,
        failed_at=row.changed_at,
        reason=row.last_error,
    )
