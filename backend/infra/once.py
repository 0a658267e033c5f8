"""The ports `core.once.Once` and `core.once.Replies`, in-process and in Redis; both fail closed.

`LocalOnce(clock)` and `RedisOnce(client)` are a `Once` and a `Replies` in one. The in-process one
knows only its own process: with several, use Redis.
"""

from __future__ import annotations

from redis.asyncio import Redis

from backend.core.clock import Clock
from backend.infra.expiring import Expiring
from backend.infra.redis import closed_when_away


class LocalOnce:
    """Remembers in this process."""

    def __init__(self, clock: Clock) -> None:
        self._seen: Expiring[bool] = Expiring(clock)
        self._replies: Expiring[bytes] = Expiring(clock)

    async def first_time(self, key: str, *, ttl_s: float) -> bool:
        if self._seen.get(key):
            return False
        self._seen.put(key, True, ttl_s=ttl_s)
        return True

    async def forget(self, key: str) -> None:
        self._seen.drop(key)

    async def remember(self, key: str, value: bytes, *, ttl_s: float) -> None:
        self._replies.put(key, value, ttl_s=ttl_s)

    async def recall(self, key: str) -> bytes | None:
        return self._replies.get(key)


class RedisOnce:
    """Remembers in Redis, under `once:` and `reply:`."""

    def __init__(self, client: Redis) -> None:
        self._client = client

    async def first_time(self, key: str, *, ttl_s: float) -> bool:
        with closed_when_away():
            taken = await self._client.set(f"once:{key}", b"1", nx=True, px=int(ttl_s * 1000))
        return taken is not None

    async def forget(self, key: str) -> None:
        with closed_when_away():
            await self._client.delete(f"once:{key}")

    async def remember(self, key: str, value: bytes, *, ttl_s: float) -> None:
        with closed_when_away():
            await self._client.set(f"reply:{key}", value, px=int(ttl_s * 1000))

    async def recall(self, key: str) -> bytes | None:
        with closed_when_away():
            kept = await self._client.get(f"reply:{key}")
        return kept if isinstance(kept, bytes) else None
