"""From an event in a unit of work to the reactions, and to the dead letters."""

from __future__ import annotations

import asyncio
import time

import pytest

from backend.core.clock import SystemClock
from backend.core.events import Event, Reaction
from backend.infra.db import Database
from backend.infra.dispatcher import Dispatcher, Policy
from backend.infra.models import TimedJobRow
from backend.infra.outbox import DatabaseOutbox, NoSuchLetter
from tests.fakes.clock import NOON, FixedClock

POLICY = Policy(max_attempts=3, first_retry_s=10, lease_s=60)


class Listener:
    """A reaction that remembers, and that fails as often as it is told to."""

    def __init__(self, name: str, *, failures: int = 0) -> None:
        self.heard: list[object] = []
        self.failures = failures
        self.name = name

    async def handle(self, event: Event) -> None:
        if self.failures:
            self.failures -= 1
            raise ValueError("回访失败，手机 13800138000")
        self.heard.append(event.payload["n"])

    def reaction(self, *, calls_outside: bool = False) -> Reaction:
        return Reaction(self.name, self.handle, calls_outside=calls_outside)


class Post:
    """An outbox, its dispatcher and a clock that stands still."""

    def __init__(self, database: Database, clock: FixedClock, *reactions: Reaction) -> None:
        self.database, self.clock = database, clock
        self.outbox = DatabaseOutbox(database, clock)
        self.dispatcher = Dispatcher(
            self.outbox,
            database,
            {"said": reactions} if reactions else {},
            clock,
            ignored={"ignored"},
            policy=POLICY,
            spread=lambda: 0.5,
        )

    async def say(self, n: int = 1, name: str = "said") -> None:
        await self.database.run(lambda: self.outbox.add(Event(name, {"n": n}, NOON)))

    async def rounds(self, count: int = 1) -> None:
        for _ in range(count):
            await self.dispatcher.run_once()
            self.clock.advance(hours=1)


async def test_an_event_reaches_every_reaction_once(database: Database, clock: FixedClock):
    first, second = Listener("first"), Listener("second")
    post = Post(database, clock, first.reaction(), second.reaction(calls_outside=True))

    await post.say(7)
    await post.rounds(3)

    assert first.heard == second.heard == [7]


async def test_an_event_of_a_unit_that_failed_is_never_told(database: Database, clock: FixedClock):
    listener = Listener("only")
    post = Post(database, clock, listener.reaction())

    async def work() -> None:
        await post.outbox.add(Event("said", {"n": 1}, NOON))
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await database.run(work)
    await post.rounds()

    assert listener.heard == []
    assert not post.outbox.nudged.is_set()


async def test_an_event_outside_a_unit_is_refused(database: Database, clock: FixedClock):
    with pytest.raises(RuntimeError, match="writing unit"):
        await DatabaseOutbox(database, clock).add(Event("said", {"n": 1}, NOON))


async def test_a_reaction_that_failed_is_tried_again_alone(database: Database, clock: FixedClock):
    good, bad = Listener("good"), Listener("bad", failures=1)
    post = Post(database, clock, good.reaction(), bad.reaction())

    await post.say()
    await post.rounds(2)

    assert good.heard == bad.heard == [1]


async def test_a_retry_waits_for_its_time(database: Database, clock: FixedClock):
    listener = Listener("only", failures=1)
    post = Post(database, clock, listener.reaction())
    await post.say()
    await post.dispatcher.run_once()

    clock.advance(seconds=9)
    assert await post.dispatcher.run_once() == 0
    clock.advance(seconds=2)
    assert await post.dispatcher.run_once() == 1
    assert listener.heard == [1]


async def test_what_a_failed_reaction_wrote_is_undone(database: Database, clock: FixedClock):
    async def write_and_fail(event: Event) -> None:
        await TimedJobRow.create(name="half", due_at=NOON, leased_until=NOON)
        raise KeyError("a bug")

    post = Post(database, clock, Reaction("half", write_and_fail))
    await post.say()
    await post.rounds()

    assert await database.read(lambda: TimedJobRow.all().count()) == 0


async def test_a_poisonous_event_ends_among_the_dead_letters(database: Database, clock: FixedClock):
    post = Post(database, clock, Listener("bad", failures=99).reaction())

    await post.say(5)
    await post.rounds(6)

    (letter,) = await post.outbox.list_dead()
    assert (letter.reaction, letter.attempts, letter.event.payload) == ("bad", 3, {"n": 5})
    assert "ValueError" in letter.reason
    assert "138****8000" in letter.reason
    assert "13800138000" not in letter.reason


async def test_a_dead_letter_can_be_replayed(database: Database, clock: FixedClock):
    listener = Listener("bad", failures=3)
    post = Post(database, clock, listener.reaction())
    await post.say(5)
    await post.rounds(3)
    (letter,) = await post.outbox.list_dead()

    await post.outbox.replay(letter.letter_id)
    await post.rounds()

    assert listener.heard == [5]
    assert await post.outbox.list_dead() == ()


async def test_a_letter_that_is_not_dead_cannot_be_replayed(database: Database, clock: FixedClock):
    with pytest.raises(NoSuchLetter):
        await DatabaseOutbox(database, clock).replay("nothing")


async def test_an_event_nobody_reacts_to_waits_for_a_human_and_then_for_its_reaction(
    database: Database, clock: FixedClock
):
    deaf = Post(database, clock)
    await deaf.say(3)
    await deaf.rounds()
    (letter,) = await deaf.outbox.list_dead()

    listener = Listener("new")
    mended = Post(database, clock, listener.reaction())
    await mended.outbox.replay(letter.letter_id)
    await mended.rounds()

    assert listener.heard == [3]


async def test_an_event_ignored_on_purpose_leaves_no_letter(database: Database, clock: FixedClock):
    post = Post(database, clock)

    await post.say(name="ignored")
    await post.rounds()

    assert await post.outbox.count() == {"waiting": 0, "dead": 0, "new": 0}


async def test_a_claim_that_was_lost_to_another_worker_takes_no_effect(
    database: Database, clock: FixedClock
):
    heir = Listener("only")
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(event: Event) -> None:
        begun.set()
        await go_on.wait()

    post = Post(database, clock, Reaction("only", slow, calls_outside=True))
    successor = Post(database, clock, heir.reaction())
    await post.say()
    sleeper = asyncio.create_task(post.dispatcher.run_once())
    await begun.wait()
    clock.advance(seconds=POLICY.lease_s + 1)
    await successor.dispatcher.run_once()
    go_on.set()
    await sleeper
    await successor.rounds(3)

    assert heir.heard == [1]
    assert await post.outbox.count() == {"waiting": 0, "dead": 0, "new": 0}


async def test_old_deliveries_are_forgotten_and_dead_letters_are_not(
    database: Database, clock: FixedClock
):
    post = Post(database, clock, Listener("good").reaction(), Listener("b", failures=9).reaction())
    await post.say(1)
    await post.rounds(4)

    assert await post.outbox.purge(before=clock.now()) == 1
    assert [letter.reaction for letter in await post.outbox.list_dead()] == ["b"]


async def test_a_reaction_follows_its_event_at_once(database: Database):
    clock, heard = SystemClock(), asyncio.Event()

    async def hear(event: Event) -> None:
        heard.set()

    outbox, stop = DatabaseOutbox(database, clock), asyncio.Event()
    patient = Policy(poll_s=30)
    dispatcher = Dispatcher(
        outbox, database, {"said": [Reaction("hear", hear)]}, clock, policy=patient
    )
    running = asyncio.create_task(dispatcher.run(stop))
    await asyncio.sleep(0.2)

    started = time.monotonic()
    await database.run(lambda: outbox.add(Event("said", {}, clock.now())))
    await asyncio.wait_for(heard.wait(), 5)
    took = time.monotonic() - started
    stop.set()
    await asyncio.wait_for(running, 5)

    assert took < 1.0


async def test_a_database_that_is_away_does_not_end_the_dispatcher(database: Database):
    clock, stop = SystemClock(), asyncio.Event()
    policy = Policy(poll_s=0.01)
    dispatcher = Dispatcher(DatabaseOutbox(database, clock), database, {}, clock, policy=policy)
    await database.close()

    running = asyncio.create_task(dispatcher.run(stop))
    await asyncio.sleep(0.1)
    still_running = not running.done()
    stop.set()
    await asyncio.wait_for(running, 5)

    assert still_running
