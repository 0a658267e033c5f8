"""Timed jobs: what the program does by itself, once however many processes run.

    jobs = [Every("outbox.purge", 3600, purge), Daily("payments.reconcile", time(2, 30), reconcile)]
    runner = JobRunner(jobs, db, clock)
    await runner.run(stop)              # until `stop` is set; lets the running job finish
    await runner.run_due()              # one round, for tests; returns the names of what ran

The table `timed_job` is memory and lock: whoever moves a row's lease runs the job; if he dies, the
lease ends after `lease_s` and somebody else does. A job that fails is logged and runs again at its
next time. A job that was missed while nothing ran is done once, not once for each time missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

import structlog
from tortoise.exceptions import IntegrityError

from backend.core.clock import OFFICE_ZONE, Clock, to_office
from backend.core.tx import Units
from backend.infra.dispatcher import reason_of
from backend.infra.models import TimedJobRow

log = structlog.get_logger(__name__)

Work = Callable[[], Awaitable[object]]


class Job(Protocol):
    """Something done at certain times. `name` is stable: it is stored."""

    @property
    def name(self) -> str: ...

    @property
    def work(self) -> Work: ...

    def next_after(self, moment: datetime) -> datetime:
        """The first time after `moment` at which it is due, in UTC."""


@dataclass(frozen=True, slots=True)
class Every:
    """Done again so many seconds after the last time it was begun."""

    name: str
    seconds: float
    work: Work

    def next_after(self, moment: datetime) -> datetime:
        return moment + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """Done once a day, at this time on the office's clock."""

    name: str
    at: time
    work: Work

    def next_after(self, moment: datetime) -> datetime:
        here = to_office(moment)
        today = datetime.combine(here.date(), self.at, tzinfo=OFFICE_ZONE)
        due = today if today > here else today + timedelta(days=1)
        return due.astimezone(UTC)


class JobRunner:
    """Runs what is due, one job after the other."""

    def __init__(
        self,
        jobs: Sequence[Job],
        units: Units,
        clock: Clock,
        *,
        poll_s: float = 1.0,
        lease_s: float = 600.0,
    ) -> None:
        self._jobs = tuple(jobs)
        self._units = units
        self._clock = clock
        self._poll_s = poll_s
        self._lease = timedelta(seconds=lease_s)

    async def run(self, stop: asyncio.Event) -> None:
        """Run jobs until `stop` is set. No error ends it."""
        while not stop.is_set():
            try:
                await self.run_due()
            except Exception:
                log.exception("job_round_failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), self._poll_s)

    async def run_due(self) -> tuple[str, ...]:
        """Run every job that is due and that nobody else is running. Returns their names."""
        due = await self._units.read(self._list_due)
        return tuple([job.name for job in due if await self._run_one(job)])

    async def _list_due(self) -> list[Job]:
        now = self._clock.now()
        rows = {row.name: row for row in await TimedJobRow.all()}
        for job in self._jobs:
            if job.name not in rows:
                rows[job.name] = await self._register(job, now)
        return [
            job
            for job in self._jobs
            if rows[job.name].due_at <= now and rows[job.name].leased_until <= now
        ]

    async def _register(self, job: Job, now: datetime) -> TimedJobRow:
        row = TimedJobRow(name=job.name, due_at=job.next_after(now), leased_until=now)
        with suppress(IntegrityError):  # another process was quicker
            await row.save(force_create=True)
        return row

    async def _run_one(self, job: Job) -> bool:
        if not await self._units.run(lambda: self._take_lease(job)):
            return False
        problem = ""
        try:
            await job.work()
        except Exception as error:
            log.exception("job_failed", job=job.name)
            problem = reason_of(error)
        await self._units.run(lambda: self._finish(job, problem))
        return True

    async def _take_lease(self, job: Job) -> bool:
        now = self._clock.now()
        free = TimedJobRow.filter(name=job.name, due_at__lte=now, leased_until__lte=now)
        taken = await free.update(
            leased_until=now + self._lease, last_started_at=now, due_at=job.next_after(now)
        )
        return taken == 1

    async def _finish(self, job: Job, problem: str) -> None:
        now = self._clock.now()
        await TimedJobRow.filter(name=job.name).update(
            leased_until=now, last_finished_at=now, last_error=problem
        )
