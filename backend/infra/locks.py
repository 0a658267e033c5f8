"""The port `core.locks.Locks`, in-process and in Redis; both fail closed.

`LocalLocks()` for one process; `RedisLocks(client)` for many. The Redis lock is redis-py's own:
it carries a token, so that nobody releases what has meanwhile become somebody else's.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.asyncio import Redis

from backend.core.errors import Unavailable
from backend.core.locks import LockBusy
from backend.infra.redis import closed_when_away


class LocalLocks:
    """Locks of this process. A holder cannot die alone here, so leases do not end."""

    def __init__(self) -> None:
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._users: defaultdict[str, int] = defaultdict(int)

    @asynccontextmanager
    async def hold(self, name: str, *, lease_s: float, wait_s: float = 0.0) -> AsyncIterator[None]:
        lock = self._locks[name]
        self._users[name] += 1
        try:
            await _acquire(lock, wait_s)
            try:
                yield
            finally:
                lock.release()
        finally:
            self._users[name] -= 1
            if not self._users[name]:
                del self._users[name], self._locks[name]


class RedisLocks:
    """Locks in Redis, under `lock:`."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    @asynccontextmanager
    async def hold(self, name: str, *, lease_s: float, wait_s: float = 0.0) -> AsyncIterator[None]:
        lock = self._client.lock(f"lock:{name}", timeout=lease_s, sleep=0.05)
        with closed_when_away():
            taken = await lock.acquire(blocking=wait_s > 0, blocking_timeout=wait_s)
        if not taken:
            raise LockBusy
        try:
            yield
        finally:
            # The lease has ended, or Redis is away and the lease will end: nothing left to do.
            with suppress(Unavailable), closed_when_away():
                await lock.release()


async def _acquire(lock: asyncio.Lock, wait_s: float) -> None:
    try:
        async with asyncio.timeout(wait_s):
            await lock.acquire()
    except TimeoutError:
        raise LockBusy from None
