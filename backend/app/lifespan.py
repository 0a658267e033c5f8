"""Starting and stopping one worker: open all before the first request, close after the last."""

from __future__ import annotations

import asyncio
import multiprocessing
import sys

import structlog

from backend.app.access_log import AccessLog
from backend.app.requests import AppServer
from backend.app.runner import run_worker_once_per_machine
from backend.app.wiring import Program

WORKER_PATIENCE_S = 10.0
log = structlog.get_logger(__name__)


class Lifespan:
    """Opens and closes `program` with the server.

    At the end: no new events are taken up, the requests under way are answered, late answers are
    finished (Sanic runs stop listeners last first), and only then the database is closed.
    """

    def __init__(self, program: Program, access_log: AccessLog | None) -> None:
        self._program = program
        self._access_log = access_log
        self._stop = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    def follow(self, app: AppServer) -> None:
        """Listen to the server's beginning and end; before any blueprint does."""
        app.register_listener(self._open, "before_server_start")
        app.register_listener(self._end_with_our_parent, "after_server_start")
        app.register_listener(self._stop_taking_events, "before_server_stop")
        app.register_listener(self._close, "after_server_stop")

    async def _open(self, _: AppServer) -> None:
        await self._program.open()
        if self._program.settings.embedded_worker:
            runner = run_worker_once_per_machine(self._program, self._stop)
            self._worker = asyncio.create_task(runner)
        if self._access_log is not None:
            self._access_log.start()
        log.info("server_started", guides=len(self._program.library.listed))

    async def _end_with_our_parent(self, app: AppServer) -> None:
        """A worker whose supervisor was killed must not hold the port for ever."""
        parent, loop = multiprocessing.parent_process(), asyncio.get_running_loop()
        if parent is None:
            return
        sentinel = parent.sentinel

        def end() -> None:
            loop.remove_reader(sentinel)  # it stays readable, and one stop is enough
            app.stop(terminate=False)

        loop.add_reader(sentinel, end)

    async def _stop_taking_events(self, _: AppServer) -> None:
        self._stop.set()
        if self._worker is not None:
            await asyncio.wait([self._worker], timeout=WORKER_PATIENCE_S)

    async def _close(self, _: AppServer) -> None:
        await self._program.close()
        if self._access_log is not None:
            await self._access_log.stop()
        log.info("server_stopped")
        sys.stdout.flush()
