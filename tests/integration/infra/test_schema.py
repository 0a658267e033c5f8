"""What the models promise is what the databases really have, after migrations alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest
from tortoise.models import Model

from backend.core.errors import DomainError
from backend.infra.config import INFRA
from backend.infra.db import Database
from backend.infra.migrate import migrate, pending
from backend.infra.models import OutboxDeliveryRow, OutboxEntryRow, TimedJobRow
from tests.fakes.clock import NOON
from tests.fakes.schema import APPS, declared_indexes, models_of, real_indexes, real_tables

OFFICE = timezone(timedelta(hours=8))


async def test_every_table_unique_and_index_that_is_declared_exists(database_url: str):
    await migrate(database_url, APPS)
    database = Database(database_url, APPS)
    await database.connect()

    missing = await database.read(lambda: find_missing(models_of(database)))

    assert missing == []
    await database.close()


async def find_missing(models: list[type[Model]]) -> list[str]:
    tables = await real_tables(models[0])
    missing = [f"table {m._meta.db_table}" for m in models if m._meta.db_table not in tables]
    for model in models:
        real = await real_indexes(model)
        missing += [f"{model._meta.db_table} {index}" for index in declared_indexes(model) - real]
    return missing


async def test_migrating_twice_does_nothing_the_second_time(database_url: str):
    before = await pending(database_url, [INFRA])
    first = await migrate(database_url, [INFRA])
    second = await migrate(database_url, [INFRA])

    assert before == first != ()
    assert second == await pending(database_url, [INFRA]) == ()


@pytest.mark.integration
async def test_several_processes_may_migrate_at_the_same_time(postgres_url: str):
    applied = await asyncio.gather(*(migrate(postgres_url, [INFRA]) for _ in range(3)))

    assert sorted(map(len, applied))[:2] == [0, 0]
    assert await pending(postgres_url, [INFRA]) == ()


@pytest.mark.integration
async def test_a_database_that_is_away_is_not_taken_for_an_empty_one():
    with pytest.raises((OSError, DomainError)):
        await pending("postgres://postgres@127.0.0.1:1/nowhere", [INFRA])


async def test_a_row_stored_in_office_time_is_found_by_a_range_in_utc(database: Database):
    eight = datetime(2026, 11, 23, 8, 0, tzinfo=OFFICE)
    midnight = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)

    async def work() -> list[datetime]:
        await TimedJobRow.create(name="a", due_at=eight, leased_until=eight)
        rows = TimedJobRow.filter(
            due_at__gte=midnight - timedelta(minutes=1), due_at__lt=midnight + timedelta(minutes=1)
        )
        return [row.due_at for row in await rows]

    assert await database.run(work) == [eight]


async def test_a_range_in_office_time_finds_it_too(database: Database):
    async def work() -> int:
        await TimedJobRow.create(name="a", due_at=NOON, leased_until=NOON)
        day = datetime(2026, 11, 23, tzinfo=OFFICE)
        found = TimedJobRow.filter(due_at__range=(day, day + timedelta(days=1)))
        listed = TimedJobRow.filter(due_at__in=[NOON.astimezone(OFFICE)])
        return await found.count() + await listed.count()

    assert await database.run(work) == 2


@pytest.mark.parametrize("where", ["a column", "a filter", "an update"])
async def test_a_moment_without_zone_is_refused(database: Database, where: str):
    naive = datetime(2026, 11, 23, 8, 0)  # noqa: DTZ001 - the mistake we test for

    async def work() -> None:
        if where == "a column":
            await TimedJobRow.create(name="a", due_at=naive, leased_until=NOON)
        elif where == "a filter":
            await TimedJobRow.filter(due_at__lt=naive)
        else:
            await TimedJobRow.filter(name="a").update(due_at=naive)

    with pytest.raises(ValueError, match="naive"):
        await database.run(work)


async def test_deleting_an_event_takes_its_deliveries_along(database: Database):
    async def work() -> int:
        entry = await OutboxEntryRow.create(
            id="e", name="said", payload={}, occurred_at=NOON, added_at=NOON
        )
        await OutboxDeliveryRow.create(
            id="d", entry=entry, reaction="r", due_at=NOON, changed_at=NOON
        )
        await entry.delete()
        return await OutboxDeliveryRow.all().count()

    assert await database.run(work) == 0
