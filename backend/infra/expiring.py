"""A dictionary whose entries end: what the in-process adapters keep things in.

One process, one event loop: no await happens inside, so nothing can come in between.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Generic, TypeVar

from backend.core.clock import Clock

V = TypeVar("V")

SWEEP_EVERY = 1000


class Expiring(Generic[V]):
    """Values that are gone after their time; what is gone takes no memory for long."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[V, datetime]] = {}
        self._writes = 0

    def get(self, key: str) -> V | None:
        """The value, or None."""
        found = self._kept.get(key)
        if found is None or found[1] <= self._clock.now():
            return None
        return found[0]

    def put(self, key: str, value: V, *, ttl_s: float) -> None:
        """Keep it for `ttl_s` seconds from now."""
        self._sweep_now_and_then()
        self._kept[key] = (value, self._clock.now() + timedelta(seconds=ttl_s))

    def replace(self, key: str, value: V) -> None:
        """Change the value, not the time it ends."""
        self._kept[key] = (value, self._kept[key][1])

    def drop(self, key: str) -> None:
        """Forget it."""
        self._kept.pop(key, None)

    def _sweep_now_and_then(self) -> None:
        self._writes += 1
        if self._writes % SWEEP_EVERY == 0:
            now = self._clock.now()
            self._kept = {k: kept for k, kept in self._kept.items() if kept[1] > now}
