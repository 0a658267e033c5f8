"""Carries events from the outbox to the reactions, each pair of them once.

    dispatcher = Dispatcher(outbox, db, reactions, clock, ignored=frozenset({"catalogue.changed"}))
    await dispatcher.run(stop)          # until `stop` is set; finishes what it has begun
    await dispatcher.run_once()         # one round, for tests; returns how many it tried

`reactions` maps an event's name to its `core.events.Reaction`s. Any number of processes may run a
dispatcher on the same database. A claim is a lease: when its holder is killed, the delivery is due
again after `lease_s`. A reaction that fails is tried again alone, later and later; after
`max_attempts` it is a dead letter. An event nobody reacts to, unless ignored, is a dead letter too.
"""

from __future__ import annotations

import asyncio
import random
import traceback
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from tortoise.expressions import F

from backend.core.clock import Clock
from backend.core.events import Event, Reaction
from backend.core.ids import new_id
from backend.core.masking import mask_text
from backend.core.tx import Units
from backend.infra.models import DeliveryState, OutboxDeliveryRow, OutboxEntryRow
from backend.infra.outbox import NOBODY, DatabaseOutbox, to_event

log = structlog.get_logger(__name__)

LONGEST_REASON = 4000


@dataclass(frozen=True, slots=True)
class Policy:
    """How patient the dispatcher is."""

    batch: int = 20
    at_once: int = 4
    poll_s: float = 1.0
    lease_s: float = 60.0
    first_retry_s: float = 2.0
    longest_retry_s: float = 3600.0
    max_attempts: int = 15

    def pause_after(self, attempts: int, *, spread: float) -> timedelta:
        """How long to wait after so many failures; `spread` in 0–1 keeps retries from bunching."""
        pause = min(self.first_retry_s * 2.0 ** (attempts - 1), self.longest_retry_s)
        return timedelta(seconds=pause * (0.5 + spread))


class LostClaim(RuntimeError):
    """Another worker took this delivery over, because we were slower than our lease."""


class UnknownReaction(RuntimeError):
    """The delivery names a reaction that no longer exists."""


@dataclass(frozen=True, slots=True)
class _Claim:
    delivery_id: str
    token: str
    reaction: str
    attempts: int
    event: Event


def ensure_all_handled(
    published: Iterable[str],
    reactions: Mapping[str, Sequence[Reaction]],
    ignored: Collection[str] = (),
) -> None:
    """Start-up check: every event has a reaction or is ignored on purpose, and none is both.

    Raises:
        ValueError: names the events in question.
    """
    names = set(published)
    unhandled = names - set(reactions) - set(ignored)
    unknown = (set(reactions) | set(ignored)) - names
    both = set(reactions) & set(ignored)
    if unhandled or unknown or both:
        raise ValueError(
            f"events without reaction: {sorted(unhandled)}; never published: {sorted(unknown)}; "
            f"both handled and ignored: {sorted(both)}"
        )


class Dispatcher:
    """One process's share of the work."""

    def __init__(
        self,
        outbox: DatabaseOutbox,
        units: Units,
        reactions: Mapping[str, Sequence[Reaction]],
        clock: Clock,
        *,
        ignored: Collection[str] = (),
        policy: Policy = Policy(),
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._nudged = outbox.nudged
        self._units = units
        self._reactions = reactions
        self._clock = clock
        self._ignored = frozenset(ignored)
        self._policy = policy
        self._spread = spread
        self._at_once = asyncio.Semaphore(policy.at_once)

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop` is set. No error ends it: a database that is away comes back."""
        while not stop.is_set():
            self._nudged.clear()
            try:
                tried = await self.run_once()
            except Exception:
                log.exception("dispatcher_round_failed")
                tried = 0
            if not tried:
                await self._rest(stop)

    async def run_once(self) -> int:
        """One round: take a batch, try every delivery in it. Returns how many were tried."""
        if not await self._units.read(self._has_work):
            return 0
        claims = await self._units.run(self._take_batch)
        await asyncio.gather(*(self._deliver(claim) for claim in claims))
        return len(claims)

    async def _rest(self, stop: asyncio.Event) -> None:
        waits = [asyncio.ensure_future(event.wait()) for event in (self._nudged, stop)]
        await asyncio.wait(waits, timeout=self._policy.poll_s, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
            with suppress(asyncio.CancelledError):
                await wait

    async def _has_work(self) -> bool:
        if await OutboxEntryRow.filter(fanned_out=False).exists():
            return True
        return await OutboxDeliveryRow.filter(
            state=DeliveryState.WAITING, due_at__lte=self._clock.now()
        ).exists()

    async def _take_batch(self) -> list[_Claim]:
        await self._fan_out()
        return await self._claim_due()

    async def _fan_out(self) -> None:
        """Make one delivery for each reaction to each new event."""
        rows = await (
            OutboxEntryRow.filter(fanned_out=False)
            .order_by("id")
            .limit(self._policy.batch)
            .select_for_update(skip_locked=True)
        )
        if not rows:
            return
        await OutboxDeliveryRow.bulk_create([d for row in rows for d in self._deliveries(row)])
        await OutboxEntryRow.filter(id__in=[row.id for row in rows]).update(fanned_out=True)

    def _deliveries(self, row: OutboxEntryRow) -> list[OutboxDeliveryRow]:
        if row.name in self._ignored:
            return []
        names = [reaction.name for reaction in self._reactions.get(row.name, ())]
        state = DeliveryState.WAITING if names else DeliveryState.DEAD
        if not names:
            log.error("event_without_reaction", event_name=row.name, event_id=row.id)
        now = self._clock.now()
        return [
            OutboxDeliveryRow(
                id=new_id(),
                entry_id=row.id,
                reaction=name,
                state=state.value,
                due_at=now,
                changed_at=now,
                last_error="" if names else "no reaction is known for this event",
            )
            for name in names or [NOBODY]
        ]

    async def _claim_due(self) -> list[_Claim]:
        now = self._clock.now()
        rows = await (
            OutboxDeliveryRow.filter(state=DeliveryState.WAITING, due_at__lte=now)
            .order_by("due_at", "id")
            .limit(self._policy.batch)
            .select_for_update(skip_locked=True)
        )
        token = new_id()
        await OutboxDeliveryRow.filter(id__in=[row.id for row in rows]).update(
            claim=token,
            attempts=F("attempts") + 1,
            due_at=now + timedelta(seconds=self._policy.lease_s),
        )
        entries = await OutboxEntryRow.in_bulk({row.entry_id for row in rows}, "id")
        return [
            _Claim(row.id, token, row.reaction, row.attempts + 1, to_event(entries[row.entry_id]))
            for row in rows
        ]

    async def _deliver(self, claim: _Claim) -> None:
        async with self._at_once:
            try:
                await self._tell(claim)
            except Exception as error:
                await self._note_failure(claim, error)

    async def _tell(self, claim: _Claim) -> None:
        reaction = self._reaction_for(claim)
        if not reaction.calls_outside:
            await self._units.run(lambda: self._tell_in_unit(reaction, claim))
            return
        async with asyncio.timeout(self._policy.lease_s * 0.8):
            await reaction.handle(claim.event)
        await self._units.run(lambda: self._mark_done(claim))

    async def _tell_in_unit(self, reaction: Reaction, claim: _Claim) -> None:
        await self._mark_done(claim)
        await reaction.handle(claim.event)

    def _reaction_for(self, claim: _Claim) -> Reaction:
        for reaction in self._reactions.get(claim.event.name, ()):
            if reaction.name == claim.reaction:
                return reaction
        raise UnknownReaction(f"{claim.event.name} -> {claim.reaction}")

    async def _mark_done(self, claim: _Claim) -> None:
        await self._move(claim, state=DeliveryState.DONE, last_error="")

    async def _note_failure(self, claim: _Claim, error: Exception) -> None:
        now, gave_up = self._clock.now(), claim.attempts >= self._policy.max_attempts
        pause = self._policy.pause_after(claim.attempts, spread=self._spread())
        log.warning(
            "reaction_failed",
            reaction=claim.reaction,
            event_id=claim.event.event_id,
            attempts=claim.attempts,
            gave_up=gave_up,
            exc_info=error,
        )
        with suppress(LostClaim):
            await self._units.run(
                lambda: self._move(
                    claim,
                    state=DeliveryState.DEAD if gave_up else DeliveryState.WAITING,
                    due_at=now + pause,
                    last_error=reason_of(error),
                )
            )

    async def _move(self, claim: _Claim, **changes: object) -> None:
        ours = OutboxDeliveryRow.filter(
            id=claim.delivery_id, claim=claim.token, state=DeliveryState.WAITING
        )
        if await ours.update(changed_at=self._clock.now(), **changes) != 1:
            raise LostClaim(claim.delivery_id)


def reason_of(error: Exception) -> str:
    """The end of the traceback, without personal data."""
    return mask_text("".join(traceback.format_exception(error)))[-LONGEST_REASON:]
