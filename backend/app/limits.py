"""How often one address may knock; counted in the cache, so it fails open."""

from __future__ import annotations

from dataclasses import dataclass

from backend.core.cache import Cache
from backend.core.errors import TooManyRequests

WINDOW_S = 60


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `per_minute` calls of one caller; 0 means no limit."""

    name: str
    per_minute: int
    cache: Cache

    async def take(self, caller: str) -> None:
        """Count one call.

        Raises:
            TooManyRequests: the caller has used up this minute.
        """
        if not self.per_minute:
            return
        count = await self.cache.incr(f"limit:{self.name}:{caller}", ttl_s=WINDOW_S)
        if count > self.per_minute:
            raise TooManyRequests(retry_after_s=WINDOW_S)
