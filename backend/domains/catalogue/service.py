"""Use cases of the catalogue: find a service, read its guide, prepare for it, find the hall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backend.core.paging import Page
from backend.core.tx import Units, reading, unit_of_work
from backend.domains.catalogue import rules
from backend.domains.catalogue.errors import HallNotFound, ServiceNotFound, SituationNotFound
from backend.domains.catalogue.ports import GuideBook
from backend.domains.catalogue.repository import HallRepository
from backend.domains.catalogue.types import (
    Checklist,
    Hall,
    ListedService,
    Queue,
    ServiceQuery,
)
from knowledge.schema import Guide, facts_for

# A text search never returns more than this; further hits would not be what the citizen meant.
MAX_FOUND = 100


class CatalogueService:
    """Reads the guides from memory and the halls from the database."""

    def __init__(self, *, guides: GuideBook, halls: HallRepository, units: Units) -> None:
        self._units = units
        self._guides = guides
        self._halls = halls

    def list_services(self, query: ServiceQuery) -> Page[ListedService]:
        """One page of the services that pass every filter; with a text the best match first."""
        kept = [row for row in self._candidates(query.text) if rules.is_wanted(row, query)]
        shown = kept[query.offset : query.offset + query.page_size]
        return Page(tuple(shown), len(kept), query.page, query.page_size)

    def get_guide(self, service_id: str) -> Guide:
        """The whole guide.

        Raises:
            ServiceNotFound: no guide has this id.
        """
        guide = self._guides.find_guide(service_id)
        if guide is None:
            raise ServiceNotFound(service_id=service_id)
        return guide

    def get_checklist(self, service_id: str, situation_id: str | None) -> Checklist:
        """What to bring and pay in this situation; without one: what holds for everybody.

        Raises:
            ServiceNotFound: no guide has this id.
            SituationNotFound: the guide has no such situation.
        """
        guide = self.get_guide(service_id)
        situation = guide.situation(situation_id)
        if situation_id is not None and situation is None:
            valid = [(option.situation_id, option.label) for option in guide.situations]
            raise SituationNotFound(errors=valid, situation_id=situation_id)
        return Checklist(
            guide=guide,
            situation=situation,
            materials=facts_for(guide.materials, situation_id),
            fees=facts_for(guide.fees, situation_id),
            limits=facts_for(guide.limits, situation_id),
            conditions=facts_for(guide.conditions, situation_id),
        )

    @reading
    async def list_halls(self) -> tuple[Hall, ...]:
        """Every hall, the main one first."""
        return await self._halls.list_all()

    @reading
    async def get_hall(self, hall_id: str) -> Hall:
        """One hall with its windows.

        Raises:
            HallNotFound: no hall has this id.
        """
        hall = await self._halls.find(hall_id)
        if hall is None:
            raise HallNotFound(hall_id=hall_id)
        return hall

    def queue_of(self, hall: Hall) -> Queue:
        """Who waits there now; nobody counts yet, and the answer says so."""
        return Queue()

    @unit_of_work
    async def save_halls(self, halls: Sequence[Hall]) -> None:
        """Create these halls, or bring them up to date, all or none."""
        for position, hall in enumerate(halls):
            await self._halls.save(hall, position=position)

    def _candidates(self, text: str) -> Iterable[ListedService]:
        rows = self._guides.listed
        if not text:
            return rows.values()
        return (rows[service_id] for service_id in self._guides.search(text, limit=MAX_FOUND))
