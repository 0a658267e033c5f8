"""The access log: one JSON line an answer, written in batches: no citizen waits for a disk."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import BinaryIO

import orjson

from backend.app.requests import AppRequest
from backend.core.clock import Clock, to_rfc3339

FLUSH_EVERY_S = 0.5
MAX_WAITING = 500


class AccessLog:
    """Collects lines and writes them every half second, or as soon as many wait."""

    def __init__(self, clock: Clock, out: BinaryIO | None = None) -> None:
        self._clock = clock
        self._out = out or sys.stdout.buffer
        self._waiting: list[tuple[str, str, int, float, str]] = []
        self._task: asyncio.Task[None] | None = None

    def note(self, request: AppRequest, template: str, status: int, seconds: float) -> None:
        """Remember one answer."""
        self._waiting.append((request.method, template, status, seconds, request.trace_id))
        if len(self._waiting) >= MAX_WAITING:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        lines, self._waiting = self._waiting, []
        if not lines:
            return
        # One stamp a batch: at most half a second late, and only one clock reading for all.
        at = to_rfc3339(self._clock.now())
        self._out.write(
            b"".join(
                orjson.dumps(
                    {
                        "timestamp": at,
                        "event": "request",
                        "method": method,
                        "route": route,
                        "status": status,
                        "took_ms": round(seconds * 1000, 2),
                        "trace_id": trace_id,
                    },
                    option=orjson.OPT_APPEND_NEWLINE,
                )
                for method, route, status, seconds, trace_id in lines
            )
        )
        self._out.flush()

    def start(self) -> None:
        """Flush every half second from now on."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Write what is left."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        self.flush()

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY_S)
            self.flush()
