"""JSON of the catalogue (contract §3). The models are also the schemas of `/docs/openapi.json`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, StringConstraints

from backend.core.paging import Page, PageWish
from backend.domains.catalogue.rules import code_of
from backend.domains.catalogue.types import (
    AudienceGroup,
    Checklist,
    Hall,
    ListedService,
    Queue,
    ServiceQuery,
)
from knowledge.phrases import fee_summary, promised_time
from knowledge.schema import Condition, Fee, Guide, Material, TimeLimit

Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]


class ServiceSearch(PageWish):
    """The query string of the list; unknown parameters (`utm_source`…) are ignored."""

    q: Words = ""
    audience: AudienceGroup | None = None
    department: Words = ""
    theme: Words = ""

    def to_query(self) -> ServiceQuery:
        given = self.model_dump(exclude={"q"})
        return ServiceQuery(text=self.q, **given)


class ChecklistQuery(BaseModel):
    situation: Annotated[str, StringConstraints(max_length=64)] | None = None


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class ServiceItem(_Out):
    """A row of the list."""

    service_id: str
    code: str | None
    name: str
    department: str
    promised_time: str
    fee_summary: str
    bookable: bool
    payable: bool
    online_depth: str | None

    @classmethod
    def of(cls, row: ListedService) -> ServiceItem:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class ServiceList(_Out):
    items: tuple[ServiceItem, ...]
    total: int
    page: int
    page_size: int

    @classmethod
    def of(cls, page: Page[ListedService]) -> ServiceList:
        items = tuple(map(ServiceItem.of, page.items))
        return cls(items=items, total=page.total, page=page.page, page_size=page.page_size)


class Situation(_Out):
    """A situation to choose from; `group` is the question it answers."""

    situation_id: str
    label: str
    group: str
    note: str | None = None


class ChecklistOut(_Out):
    """What one situation needs."""

    service_id: str
    name: str
    version: int
    checked_on: str
    situation: Situation | None
    situations: tuple[Situation, ...]
    conditions: tuple[Condition, ...]
    materials: tuple[Material, ...]
    fees: tuple[Fee, ...]
    fee_total_fen: int | None
    fee_summary: str
    limits: tuple[TimeLimit, ...]
    promised_time: str
    ask_locally: str

    @classmethod
    def of(cls, checklist: Checklist) -> ChecklistOut:
        guide = checklist.guide
        situations = situations_of(guide)
        chosen = checklist.situation.situation_id if checklist.situation else None
        return cls(
            service_id=guide.service_id,
            name=guide.name,
            version=guide.version,
            checked_on=guide.checked_on.isoformat(),
            situation=next((s for s in situations if s.situation_id == chosen), None),
            situations=situations,
            conditions=checklist.conditions,
            materials=checklist.materials,
            fees=checklist.fees,
            fee_total_fen=checklist.fee_total_fen,
            fee_summary=fee_summary(guide, checklist.fees),
            limits=checklist.limits,
            promised_time=promised_time(guide, checklist.limits),
            ask_locally=guide.ask_locally,
        )


class WindowOut(_Out):
    window_no: str
    name: str
    floor: str
    departments: tuple[str, ...]


class MapOut(_Out):
    """Where it is, in GCJ-02 degrees, and a link every phone opens."""

    latitude: float
    longitude: float
    url: str


class QueueOut(_Out):
    """`live` false: nobody counts here yet; do not show the figures."""

    waiting: int
    estimated_minutes: tuple[int, int]
    live: bool


class HallOut(_Out):
    hall_id: str
    name: str
    address: str
    hours: str
    phone: str | None
    transit: str | None
    note: str | None
    map: MapOut
    windows: tuple[WindowOut, ...]
    queue: QueueOut

    @classmethod
    def of(cls, hall: Hall, queue: Queue) -> HallOut:
        return cls(
            hall_id=hall.hall_id,
            name=hall.name,
            address=hall.address,
            hours=hall.hours,
            phone=hall.phone,
            transit=hall.transit,
            note=hall.note,
            map=MapOut(latitude=hall.latitude, longitude=hall.longitude, url=map_url(hall)),
            windows=tuple(WindowOut(**_fields(window)) for window in hall.windows),
            queue=QueueOut(**_fields(queue)),
        )


class HallList(_Out):
    items: tuple[HallOut, ...]
    total: int
    page: int = 1
    page_size: int


def guide_to_json(guide: Guide) -> dict[str, Any]:
    """Every element of the guide by its own name, enumerations as their Chinese labels."""
    whole = guide.model_dump(mode="json")
    return whole | {
        "code": code_of(guide),
        "situations": [s.model_dump(mode="json") for s in situations_of(guide)],
        "fee_summary": fee_summary(guide),
        "promised_time": promised_time(guide),
    }


def situations_of(guide: Guide) -> tuple[Situation, ...]:
    return tuple(
        Situation(
            situation_id=option.situation_id,
            label=option.label,
            group=group.question,
            note=option.note,
        )
        for group in guide.situation_groups
        for option in group.options
    )


def map_url(hall: Hall) -> str:
    """A marker on the Amap page, which opens the app where it is installed."""
    place = {"position": f"{hall.longitude},{hall.latitude}", "name": hall.name}
    return f"https://uri.amap.com/marker?{urlencode(place)}"


def _fields(value: object) -> Mapping[str, Any]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]
