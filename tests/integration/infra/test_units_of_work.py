"""Units of work on the real databases: all or nothing, and finished even if nobody waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from structlog.testing import capture_logs
from tortoise.exceptions import IntegrityError

from backend.core.errors import Unavailable
from backend.infra.config import INFRA
from backend.infra.db import Database
from backend.infra.migrate import migrate
from backend.infra.models import TimedJobRow
from tests.fakes.clock import NOON


async def add(name: str) -> None:
    await TimedJobRow.create(name=name, due_at=NOON, leased_until=NOON)


async def names(database: Database) -> list[str]:
    rows = await database.read(lambda: TimedJobRow.all().order_by("name"))
    return [row.name for row in rows]


async def test_what_a_unit_did_is_kept(database: Database):
    await database.run(lambda: add("a"))

    assert await names(database) == ["a"]


async def test_a_unit_that_fails_leaves_nothing_behind(database: Database):
    async def work() -> None:
        await add("a")
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await database.run(work)

    assert await names(database) == []


async def test_a_failed_unit_inside_a_unit_undoes_only_its_own_part(database: Database):
    async def twice() -> None:
        await add("b")
        await add("b")

    async def work() -> None:
        await add("a")
        with pytest.raises(IntegrityError):
            await database.run(twice)
        await database.run(lambda: add("c"))

    await database.run(work)

    assert await names(database) == ["a", "c"]


async def test_a_query_outside_a_unit_is_refused(database: Database):
    with pytest.raises(RuntimeError, match="No TortoiseContext"):
        await add("a")


async def test_a_caller_who_leaves_does_not_stop_the_unit(database: Database):
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await add("a")
        reached.set()
        await go_on.wait()
        await add("b")

    caller = asyncio.create_task(database.run(work))
    await reached.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    go_on.set()

    assert await eventually_names(database, 2) == ["a", "b"]


async def test_closing_waits_for_the_units_under_way(database_url: str):
    await migrate(database_url, [INFRA])
    database = await connected(database_url)

    async def work() -> None:
        await asyncio.sleep(0.2)
        await add("a")

    caller = asyncio.create_task(database.run(work))
    await asyncio.sleep(0.05)
    caller.cancel()
    await database.close()

    again = await connected(database_url)
    assert await names(again) == ["a"]
    await again.close()


async def test_a_unit_that_fails_after_its_caller_left_is_at_least_logged(database: Database):
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        raise KeyError("a bug")

    caller = asyncio.create_task(database.run(work))
    await asyncio.sleep(0.05)
    with capture_logs() as logs:
        caller.cancel()
        go_on.set()
        await asyncio.sleep(0.1)

    assert [line["event"] for line in logs] == ["abandoned_unit_failed"]


async def test_tasks_inside_a_unit_are_refused_rather_than_left_to_hang(database: Database):
    async def work() -> None:
        await asyncio.gather(database.run(lambda: add("a")), database.run(lambda: add("b")))

    with pytest.raises(RuntimeError, match="No tasks inside a unit"):
        await database.run(work)


async def test_a_task_begun_in_a_unit_has_a_unit_of_its_own_afterwards(database: Database):
    over = asyncio.Event()
    begun: list[asyncio.Task[None]] = []

    async def later() -> None:
        await over.wait()
        await database.run(lambda: add("later"))

    async def work() -> None:
        await add("a")
        begun.append(asyncio.create_task(later()))

    await database.run(work)
    over.set()
    await begun[0]

    assert await names(database) == ["a", "later"]


async def test_what_waits_for_the_commit_is_called_after_it(database: Database):
    seen: list[str] = []

    async def work() -> None:
        database.after_commit(lambda: seen.append("committed"))
        await add("a")
        assert seen == []

    await database.run(work)
    await asyncio.sleep(0)

    assert seen == ["committed"]


async def test_what_waits_for_the_commit_is_not_called_without_one(database: Database):
    seen: list[str] = []

    async def work() -> None:
        database.after_commit(lambda: seen.append("committed"))
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await database.run(work)
    await asyncio.sleep(0)

    assert seen == []


async def test_a_reading_unit_has_no_commit_to_wait_for(database: Database):
    async def work() -> None:
        database.after_commit(lambda: None)

    with pytest.raises(RuntimeError, match="writing unit"):
        await database.read(work)


async def test_a_closed_database_is_unavailable(database_url: str):
    database = Database(database_url, [INFRA])

    with pytest.raises(Unavailable):
        await database.run(lambda: add("a"))


async def test_two_processes_that_read_before_they_write_wait_for_each_other(database_url: str):
    await migrate(database_url, [INFRA])
    first, second = await connected(database_url), await connected(database_url)
    await first.run(lambda: add("counter"))

    async def count_one_more() -> None:
        row = await TimedJobRow.get(name="counter").select_for_update()
        await TimedJobRow.filter(name="counter").update(last_error=row.last_error + "I")

    async def many(database: Database) -> None:
        for _ in range(25):
            await database.run(count_one_more)

    await asyncio.gather(many(first), many(second))
    row = await first.read(lambda: TimedJobRow.get(name="counter"))

    assert len(row.last_error) == 50
    await first.close()
    await second.close()


@pytest.mark.integration
async def test_a_database_that_was_restarted_comes_back_by_itself(postgres_url: str):
    await migrate(postgres_url, [INFRA])
    database = await connected(f"{postgres_url}?maxsize=2")
    for _ in range(5):
        await drop_connections(postgres_url)
        await until_available(database)

    assert await names(database) == []
    await database.close()


@pytest.mark.integration
async def test_a_database_that_is_away_is_unavailable_at_once():
    database = Database("postgres://postgres@127.0.0.1:1/nowhere", [INFRA])

    with pytest.raises(Unavailable):
        await database.connect()
    assert await database.ping() is False


@pytest.fixture(autouse=True)
async def _nothing_is_left_running() -> AsyncIterator[None]:
    yield
    left = [task for task in asyncio.all_tasks() if "Database" in repr(task.get_coro())]
    assert left == []


async def connected(url: str) -> Database:
    database = Database(url, [INFRA])
    await database.connect()
    return database


async def eventually_names(database: Database, count: int) -> list[str]:
    async with asyncio.timeout(5):
        found: list[str] = []
        while len(found) < count:
            found = await names(database)
    return found


async def drop_connections(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()


async def until_available(database: Database) -> None:
    async with asyncio.timeout(5):
        while True:
            try:
                await database.run(lambda: TimedJobRow.all().count())
            except Unavailable:
                continue
            return
