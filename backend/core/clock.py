"""Time: where it comes from, what zone it is in, how it is written.

A `Clock` is given by constructor; `clock.now()` is always aware and in UTC. Days are days of the
office (`office_day`). Outside, times are RFC 3339 with +08:00 (`to_rfc3339`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

OFFICE_ZONE = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time; tests use `tests.fakes.clock.FixedClock`."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place where time enters


def to_utc(moment: datetime) -> datetime:
    """The same moment in UTC.

    Raises:
        ValueError: the moment has no time zone, so nobody knows when it is.
    """
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError(f"naive datetime: {moment.isoformat()}")
    return moment.astimezone(UTC)


def to_office(moment: datetime) -> datetime:
    """The same moment as the clock on the office's wall shows it."""
    return to_utc(moment).astimezone(OFFICE_ZONE)


def office_day(moment: datetime) -> date:
    """The calendar day it is in the office at that moment."""
    return to_office(moment).date()


def to_rfc3339(moment: datetime) -> str:
    """`2026-11-22T08:00:00+08:00`, whole seconds."""
    return to_office(moment).isoformat(timespec="seconds")


def from_rfc3339(text: str) -> datetime:
    """The moment in UTC.

    Raises:
        ValueError: not a date and time with an offset.
    """
    return to_utc(datetime.fromisoformat(text))
