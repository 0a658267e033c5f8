"""What runs beside the web server: outbox and timed jobs, in one process of a machine.

The outbox and the jobs share their work by the database; one runner a machine merely spares the
others' looking. The lock is the kernel's: whoever dies lets go of it, and another takes over.
"""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import structlog

from backend.app.wiring import Program

RETRY_S = 2.0
log = structlog.get_logger(__name__)


async def run_worker(program: Program, stop: asyncio.Event) -> None:
    """Deliver events and run jobs until `stop` is set; finish what was begun."""
    log.info("worker_started", jobs=len(program.jobs))
    await asyncio.gather(program.dispatcher.run(stop), program.job_runner.run(stop))
    log.info("worker_stopped")


async def run_worker_once_per_machine(program: Program, stop: asyncio.Event) -> None:
    """The same, in whichever process first gets the lock; the others stand by."""
    path = program.settings.var_dir / "worker.lock"
    while not stop.is_set():
        with _try_lock(path) as held:
            if held:
                await run_worker(program, stop)
                return
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), RETRY_S)


@contextmanager
def _try_lock(path: Path) -> Iterator[bool]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        yield _take(file)


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
