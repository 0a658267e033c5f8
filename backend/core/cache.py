"""A cache: may lose anything at any time, never refuses, never delays an answer by more than 0.5 s.

Adapters in `backend.infra.cache` fail open: with Redis away `get` finds nothing, `set` and `delete`
do nothing, `incr` returns 0 (a rate limit then lets everybody through, and a warning is logged).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from backend.core.locks import Locks


class Cache(Protocol):
    """Bytes under a key, for a while."""

    async def get(self, key: str) -> bytes | None:
        """What is kept, or None."""

    async def set(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep it for `ttl_s` seconds."""

    async def delete(self, key: str) -> None:
        """Forget it."""

    async def incr(self, key: str, *, ttl_s: float) -> int:
        """Count one more; the count starts again `ttl_s` seconds after its first. 0 = unknown."""

    async def ping(self) -> bool:
        """Whether the store behind answers now."""


async def get_or_fetch(
    cache: Cache,
    locks: Locks,
    key: str,
    fetch: Callable[[], Awaitable[bytes]],
    *,
    ttl_s: float,
    wait_s: float = 5.0,
) -> bytes:
    """What is kept under `key`, or what one caller fetches for everybody (single flight).

    Raises:
        LockBusy: somebody has been fetching for longer than `wait_s`.
        Unavailable: the lock cannot be had because Redis is away.
    """
    kept = await cache.get(key)
    if kept is not None:
        return kept
    async with locks.hold(f"fetch:{key}", lease_s=30.0, wait_s=wait_s):
        kept = await cache.get(key)
        if kept is None:
            kept = await fetch()
            await cache.set(key, kept, ttl_s=ttl_s)
        return kept
