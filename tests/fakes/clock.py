"""A clock that stands still until it is told to go on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend.core.clock import to_utc

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday, 12:00 in the office


class FixedClock:
    """`clock.advance(seconds=5)` is the only way in which time passes."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = to_utc(now)

    def now(self) -> datetime:
        return self._now

    def advance(self, **how_long: float) -> None:
        """Let time pass: the keywords of `timedelta`."""
        self._now += timedelta(**how_long)

    def set(self, moment: datetime) -> None:
        """Jump to a moment."""
        self._now = to_utc(moment)
