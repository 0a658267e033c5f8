"""Several worker processes on one outbox: everything once, and nothing lost when one is killed."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from backend.core.clock import SystemClock
from backend.core.events import Event
from backend.infra.config import INFRA
from backend.infra.db import Database
from backend.infra.migrate import migrate
from backend.infra.models import OutboxDeliveryRow, TimedJobRow
from backend.infra.outbox import DatabaseOutbox

ROOT = Path(__file__).parents[3]


@pytest.mark.integration
async def test_two_workers_handle_five_hundred_events_exactly_once(
    postgres_url: str, tmp_path: Path
):
    database = await filled(postgres_url, events=500)
    log = tmp_path / "handled"
    workers = [await start_worker(postgres_url, log, pause_s=0) for _ in range(2)]
    try:
        await until_kept(database, 500)
    finally:
        await kill(workers)

    begun = log.read_text().split()
    attempts = await database.read(lambda: OutboxDeliveryRow.all().values_list("attempts"))
    assert sorted(map(int, begun)) == list(range(500))
    assert set(attempts) == {(1,)}
    await database.close()


async def test_nothing_is_lost_when_a_worker_is_killed_in_the_middle(
    database_url: str, tmp_path: Path
):
    database = await filled(database_url, events=12)
    log = tmp_path / "handled"
    victim = await start_worker(database_url, log, pause_s=0.2)
    await until_begun(log, 2)
    await kill([victim])
    kept_before = await database.read(lambda: TimedJobRow.all().count())

    heir = await start_worker(database_url, log, pause_s=0)
    try:
        await until_kept(database, 12)
    finally:
        await kill([heir])

    assert kept_before < 12
    assert len(log.read_text().split()) > 12  # what the victim had begun was begun again
    await database.close()


async def filled(url: str, *, events: int) -> Database:
    await migrate(url, [INFRA])
    database, clock = Database(url, [INFRA]), SystemClock()
    await database.connect()
    outbox = DatabaseOutbox(database, clock)

    async def add_all() -> None:
        for n in range(events):
            await outbox.add(Event("counted", {"n": n}, clock.now()))

    await database.run(add_all)
    return database


async def start_worker(url: str, log: Path, *, pause_s: float) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("outbox_worker.py")),
        url,
        str(log),
        str(pause_s),
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.DEVNULL,
    )


async def kill(workers: list[Process]) -> None:
    for worker in workers:
        worker.kill()
        await worker.wait()


async def until_kept(database: Database, count: int) -> None:
    async with asyncio.timeout(40):
        kept = 0
        while kept < count:
            kept = await database.read(lambda: TimedJobRow.all().count())
            await asyncio.sleep(0.05)


async def until_begun(log: Path, count: int) -> None:
    async with asyncio.timeout(20):
        begun = 0
        while begun < count:
            begun = count_lines(log)
            await asyncio.sleep(0.02)


def count_lines(log: Path) -> int:
    return len(log.read_text().split()) if log.exists() else 0
