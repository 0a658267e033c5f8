"""Timed jobs: once, at their time, whoever runs them."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta

from backend.core.clock import SystemClock
from backend.infra.db import Database
from backend.infra.jobs import Daily, Every, JobRunner
from backend.infra.models import TimedJobRow
from tests.fakes.clock import FixedClock


class Counter:
    def __init__(self, *, fails: bool = False) -> None:
        self.runs, self.fails = 0, fails

    async def __call__(self) -> None:
        self.runs += 1
        if self.fails:
            raise KeyError("a bug")


async def test_a_job_runs_when_its_time_has_come(database: Database, clock: FixedClock):
    work = Counter()
    runner = JobRunner([Every("tidy", 60, work)], database, clock)

    ran = [await runner.run_due()]
    for _ in range(4):
        clock.advance(seconds=30)
        ran.append(await runner.run_due())

    assert ran == [(), (), ("tidy",), (), ("tidy",)]
    assert work.runs == 2


async def test_two_processes_run_a_job_once(database: Database, clock: FixedClock):
    work = Counter()
    runners = [JobRunner([Every("tidy", 60, work)], database, clock) for _ in range(2)]
    await runners[0].run_due()
    clock.advance(seconds=61)

    await asyncio.gather(*(runner.run_due() for runner in runners))

    assert work.runs == 1


async def test_a_job_that_fails_runs_again_next_time_and_says_why(
    database: Database, clock: FixedClock
):
    bad, good = Counter(fails=True), Counter()
    runner = JobRunner([Every("bad", 60, bad), Every("good", 60, good)], database, clock)
    for _ in range(3):
        await runner.run_due()
        clock.advance(seconds=61)

    row = await database.read(lambda: TimedJobRow.get(name="bad"))
    assert (bad.runs, good.runs) == (2, 2)
    assert "KeyError" in row.last_error


async def test_a_job_whose_runner_died_is_taken_over_when_the_lease_ends(
    database: Database, clock: FixedClock
):
    work = Counter()
    runner = JobRunner([Every("tidy", 60, work)], database, clock, lease_s=600)
    await runner.run_due()
    clock.advance(seconds=61)
    died_at = clock.now()
    await database.run(
        lambda: TimedJobRow.filter(name="tidy").update(leased_until=died_at + timedelta(minutes=10))
    )

    clock.advance(minutes=9)
    assert await runner.run_due() == ()
    clock.advance(minutes=2)
    assert await runner.run_due() == ("tidy",)


async def test_a_job_missed_for_days_runs_once(database: Database, clock: FixedClock):
    work = Counter()
    runner = JobRunner([Daily("report", time(2, 30), work)], database, clock)
    await runner.run_due()
    clock.advance(days=5)

    for _ in range(3):
        await runner.run_due()

    assert work.runs == 1


async def test_no_failure_ends_the_runner(database: Database):
    runner = JobRunner([], database, SystemClock(), poll_s=0.01)
    stop = asyncio.Event()
    await database.close()

    running = asyncio.create_task(runner.run(stop))
    await asyncio.sleep(0.1)
    still_running = not running.done()
    stop.set()
    await asyncio.wait_for(running, 5)

    assert still_running


def test_a_daily_job_goes_by_the_clock_of_the_office():
    job = Daily("report", time(2, 30), Counter())
    evening_before = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)  # 02:00 on the 23rd in the office

    assert job.next_after(evening_before) == datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert job.next_after(evening_before + timedelta(hours=1)) == datetime(
        2026, 11, 23, 18, 30, tzinfo=UTC
    )
