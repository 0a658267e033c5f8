"""Starting and stopping one worker: open all before the first request, close after the last."""

from __future__ import annotations

import asyncio
import sys

import structlog

from backend.app.access_log import AccessLog
from backend.app.requests import AppServer
from backend.app.runner import run_worker_once_per_machine
from backend.app.wiring import Program

WORKER_PATIENCE_S = 10.0
log = structlog.get_logger(__name__)


def follow(app: AppServer, program: Program, access_log: AccessLog | None) -> None:
    """Open and close `program` with the server.

    Order at the end (Sanic runs stop listeners last first): no new events are taken up, the
    requests under way are answered, late answers are finished, then the database is closed.
    """
    stop = asyncio.Event()
    tasks: list[asyncio.Task[None]] = []

    async def start(_: AppServer) -> None:
        await program.open()
        if program.settings.embedded_worker:
            tasks.append(asyncio.create_task(run_worker_once_per_machine(program, stop)))
        if access_log is not None:
            access_log.start()
        log.info("server_started", guides=len(program.library.listed))

    async def stop_taking_events(_: AppServer) -> None:
        stop.set()
        if tasks:
            await asyncio.wait(tasks, timeout=WORKER_PATIENCE_S)

    async def close(_: AppServer) -> None:
        await program.close()
        if access_log is not None:
            await access_log.stop()
        log.info("server_stopped")
        sys.stdout.flush()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop_taking_events, "before_server_stop")
    app.register_listener(close, "after_server_stop")
