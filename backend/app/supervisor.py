"""Several workers behind one socket: who dies is replaced, who is told to stop may finish.

Sanic's own manager does not replace a worker that was killed, gives up on a start that takes longer
than 30 s, and can hang when it is stopped while workers are still starting. This one does three
things: start, replace, stop.

    Supervisor(sock, 4, partial(serve_socket, settings)).run()    # until SIGTERM or SIGINT
"""

from __future__ import annotations

import multiprocessing
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import TypeAlias

import structlog

# Longer than a worker's own patience with requests under way, see factory.GRACE_S.
STOP_WITHIN_S = 30.0
# A worker that lived this long did not die of how it was started.
SOUND_AFTER_S = 60.0
GIVE_UP_AFTER = 5
LONGEST_PAUSE_S = 10.0

Serve: TypeAlias = Callable[[socket.socket], None]
log = structlog.get_logger(__name__)


class WorkersKeepDying(Exception):
    """Workers die soon after they are started, one after the other; nothing is served."""


@dataclass(slots=True)
class _Worker:
    process: SpawnProcess
    started: float


class Supervisor:
    """Keeps `count` processes running `serve(sock)`; it must be picklable."""

    def __init__(self, sock: socket.socket, count: int, serve: Serve) -> None:
        self._sock = sock
        self._count = count
        self._serve = serve
        self._workers: list[_Worker] = []
        self._stopping = False
        self._early_deaths = 0

    def run(self) -> None:
        """Supervise until SIGTERM or SIGINT.

        Raises:
            WorkersKeepDying: starting again does not help.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note_signal)
        try:
            self._workers = [self._start() for _ in range(self._count)]
            while not self._stopping:
                self._replace_the_dead()
                wait([worker.process.sentinel for worker in self._workers], timeout=0.5)
        finally:
            self._stop_all()

    def _note_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def _start(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=self._serve, args=(self._sock,), daemon=True)
        process.start()
        return _Worker(process, time.monotonic())

    def _replace_the_dead(self) -> None:
        for number, worker in enumerate(self._workers):
            if worker.process.is_alive() or self._stopping:
                continue
            log.error("worker_died", pid=worker.process.pid, exit_code=worker.process.exitcode)
            self._pause_if_it_died_young(worker)
            self._workers[number] = self._start()

    def _pause_if_it_died_young(self, worker: _Worker) -> None:
        young = time.monotonic() - worker.started < SOUND_AFTER_S
        self._early_deaths = self._early_deaths + 1 if young else 0
        if self._early_deaths > GIVE_UP_AFTER * self._count:
            raise WorkersKeepDying
        if self._early_deaths > self._count:
            time.sleep(min(0.5 * self._early_deaths, LONGEST_PAUSE_S))

    def _stop_all(self) -> None:
        until = time.monotonic() + STOP_WITHIN_S
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(max(until - time.monotonic(), 0))
            if worker.process.is_alive():
                log.error("worker_killed", pid=worker.process.pid)
                worker.process.kill()
                worker.process.join()
