"""Pure decisions of the catalogue: what a filter keeps, and which hall is near."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

from backend.domains.catalogue.types import AudienceGroup, Hall, ListedService, ServiceQuery
from knowledge.codes import Audience, ItemStatus
from knowledge.phrases import fee_summary, promised_time
from knowledge.schema import Guide

EARTH_KM = 6371.0


def listed(guide: Guide) -> ListedService:
    """The guide as a row of the list."""
    return ListedService(
        service_id=guide.service_id,
        code=code_of(guide),
        name=guide.name,
        department=guide.department,
        promised_time=promised_time(guide),
        fee_summary=fee_summary(guide),
        bookable=guide.bookable,
        payable=guide.payable_online,
        online_depth=guide.online.depth,
        audience=frozenset(map(_group_of, guide.audience)),
        themes=guide.themes,
        active=guide.status is ItemStatus.ACTIVE,
    )


def code_of(guide: Guide) -> str | None:
    """The most exact official code the guide carries."""
    codes = (
        guide.handle_code,
        guide.task_code,
        guide.local_task_code,
        guide.catalog_code,
        guide.local_catalog_code,
    )
    return next((code for code in codes if code), None)


def _group_of(audience: Audience) -> AudienceGroup:
    """A person is a 自然人; every other audience enters by the company's door."""
    return AudienceGroup.PERSON if audience is Audience.PERSON else AudienceGroup.COMPANY


def is_wanted(row: ListedService, query: ServiceQuery) -> bool:
    """Whether the service is offered to citizens and passes every filter but the text."""
    return (
        row.active
        and (query.audience is None or query.audience in row.audience)
        and query.department in row.department
        and (not query.theme or query.theme in row.themes)
    )


def distance_km(hall: Hall, latitude: float, longitude: float) -> float:
    """Great-circle distance (haversine)."""
    up, right = radians(latitude - hall.latitude), radians(longitude - hall.longitude)
    along = cos(radians(latitude)) * cos(radians(hall.latitude)) * sin(right / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, sin(up / 2) ** 2 + along)))
