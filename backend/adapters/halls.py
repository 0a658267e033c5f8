"""What the bot says about halls, from the catalogue; implements `bot.engine.Halls`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import cache
from importlib.resources import files

from backend.core.clock import Clock
from backend.core.errors import Unavailable
from backend.domains.catalogue.rules import distance_km
from backend.domains.catalogue.service import CatalogueService
from backend.domains.catalogue.types import Hall
from bot.messages import Location

KEPT_FOR = timedelta(seconds=60)


class HallTalk:
    """Sentences about halls. The halls are read once a minute: the bot asks with every message."""

    def __init__(self, catalogue: CatalogueService, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._halls: tuple[Hall, ...] = ()
        self._old_at = clock.now()

    async def hours(self) -> Sequence[str]:
        """A line per hall: name and office hours; none while the database is away."""
        return [_say("hours", hall) for hall in await self._current()]

    async def nearest(self, location: Location) -> str | None:
        """A sentence about the hall nearest to a place, or None if no hall is known."""
        there = (location.latitude, location.longitude)
        halls = await self._current()
        hall = min(halls, key=lambda hall: distance_km(hall, *there), default=None)
        if hall is None:
            return None
        said = _say("nearest", hall, km=f"{distance_km(hall, *there):.1f}")
        return said + (_say("phone", hall) if hall.phone else "")

    async def _current(self) -> tuple[Hall, ...]:
        now = self._clock.now()
        if now >= self._old_at:
            self._old_at = now + KEPT_FOR
            # With the database away, what was known a minute ago is still the best answer.
            with suppress(Unavailable):
                self._halls = await self._catalogue.list_halls()
        return self._halls


def _say(sentence: str, hall: Hall, **facts: str) -> str:
    return _sentences()[sentence].format(
        name=hall.name, address=hall.address, hours=hall.hours, phone=hall.phone, **facts
    )


@cache
def _sentences() -> Mapping[str, str]:
    text = files("backend.adapters").joinpath("halls.zh.toml").read_text(encoding="utf-8")
    table: dict[str, str] = tomllib.loads(text)
    return table
