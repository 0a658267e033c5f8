"""The port `core.cache.Cache`, in-process and in Redis; both fail open.

`LocalCache(clock)` for one process; `RedisCache(client)` for many. With Redis away a cache finds
nothing, keeps nothing and counts 0, and logs `cache_unavailable`.
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TypeVar

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from backend.core.clock import Clock
from backend.infra.expiring import Expiring

T = TypeVar("T")
log = structlog.get_logger(__name__)

# The count and the end of its time in one step, so that no count can stay for ever.
COUNT_ONE_MORE = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return count
"""


class LocalCache:
    """Kept in this process."""

    def __init__(self, clock: Clock) -> None:
        self._kept: Expiring[bytes] = Expiring(clock)
        self._counts: Expiring[int] = Expiring(clock)

    async def get(self, key: str) -> bytes | None:
        return self._kept.get(key)

    async def set(self, key: str, value: bytes, *, ttl_s: float) -> None:
        self._kept.put(key, value, ttl_s=ttl_s)

    async def delete(self, key: str) -> None:
        self._kept.drop(key)
        self._counts.drop(key)

    async def incr(self, key: str, *, ttl_s: float) -> int:
        count = (self._counts.get(key) or 0) + 1
        if count == 1:
            self._counts.put(key, count, ttl_s=ttl_s)
        else:
            self._counts.replace(key, count)
        return count

    async def ping(self) -> bool:
        return True


class RedisCache:
    """Kept in Redis, under keys that begin with `cache:`."""

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._count = client.register_script(COUNT_ONE_MORE)

    async def get(self, key: str) -> bytes | None:
        kept = await _or(self._client.get(f"cache:{key}"), None)
        return kept if isinstance(kept, bytes) else None

    async def set(self, key: str, value: bytes, *, ttl_s: float) -> None:
        await _or(self._client.set(f"cache:{key}", value, px=int(ttl_s * 1000)), None)

    async def delete(self, key: str) -> None:
        await _or(self._client.delete(f"cache:{key}", f"count:{key}"), 0)

    async def incr(self, key: str, *, ttl_s: float) -> int:
        return int(await _or(self._count(keys=[f"count:{key}"], args=[int(ttl_s * 1000)]), 0))

    async def ping(self) -> bool:
        return bool(await _or(self._client.ping(), False))


async def _or(answer: Awaitable[T], otherwise: T) -> T:
    """What Redis says, or `otherwise` when it is away."""
    try:
        return await answer
    except (RedisError, OSError) as error:
        log.warning("cache_unavailable", reason=type(error).__name__)
        return otherwise
