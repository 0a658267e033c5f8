"""The worker: outbox and timed jobs in a process of their own (`banshitong worker`)."""

from __future__ import annotations

import asyncio
import signal

from backend.app.runner import run_worker
from backend.app.wiring import Program
from backend.core.logging import configure_logging
from backend.settings import Settings


async def work(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; finish what was begun.

    Raises:
        Unavailable: the database does not answer at the start.
    """
    configure_logging(as_json=settings.log_format == "json")
    program = Program(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await program.database.connect()
    try:
        await run_worker(program, stop)
    finally:
        await program.close()
