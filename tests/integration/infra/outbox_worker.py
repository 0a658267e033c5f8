"""A worker process for `test_outbox_workers.py`: `outbox_worker.py URL LOG PAUSE_S`.

It appends a line to LOG for every event it begins to handle, and keeps what it handled in the
table `timed_job`, in the same unit of work.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from backend.core.clock import SystemClock
from backend.core.events import Event, Reaction
from backend.infra.config import INFRA
from backend.infra.db import Database
from backend.infra.dispatcher import Dispatcher, Policy
from backend.infra.models import TimedJobRow
from backend.infra.outbox import DatabaseOutbox


async def main(url: str, log: Path, pause_s: float) -> None:
    clock, database = SystemClock(), Database(url, [INFRA])
    await database.connect()

    async def handle(event: Event) -> None:
        with log.open("a") as file:
            file.write(f"{event.payload['n']}\n")
        await asyncio.sleep(pause_s)
        now = clock.now()
        # The primary key refuses a second effect of the same event.
        await TimedJobRow.create(name=str(event.payload["n"]), due_at=now, leased_until=now)

    dispatcher = Dispatcher(
        DatabaseOutbox(database, clock),
        database,
        {"counted": [Reaction("keep", handle)]},
        clock,
        policy=Policy(lease_s=1.5, poll_s=0.1, first_retry_s=0.1),
    )
    await dispatcher.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])))
