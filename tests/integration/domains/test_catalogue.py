"""Halls in the database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from backend.app.seeding import demo_halls
from backend.app.wiring import APPS
from backend.domains.catalogue.errors import HallNotFound
from backend.domains.catalogue.repository import HallRepository
from backend.domains.catalogue.service import CatalogueService
from backend.infra.db import Database
from backend.infra.migrate import migrate


class NoGuides:
    """A knowledge base nobody has written anything into."""

    def __init__(self) -> None:
        self.listed: dict[str, object] = {}

    def find_guide(self, service_id: str) -> None:
        return None

    def search(self, text: str, *, limit: int) -> tuple[str, ...]:
        return ()


@pytest.fixture
async def catalogue(database_url: str) -> AsyncIterator[CatalogueService]:
    await migrate(database_url, APPS)
    database = Database(database_url, APPS)
    await database.connect()
    yield CatalogueService(guides=NoGuides(), halls=HallRepository(), units=database)
    await database.close()


async def test_halls_come_back_as_they_were_saved(catalogue: CatalogueService) -> None:
    await catalogue.save_halls(demo_halls())

    assert await catalogue.list_halls() == demo_halls()
    assert await catalogue.get_hall("demo-east") == demo_halls()[1]


async def test_saving_again_replaces_what_was_known(catalogue: CatalogueService) -> None:
    county = demo_halls()[0]
    await catalogue.save_halls([county])
    await catalogue.save_halls([replace(county, name="新名称", windows=county.windows[:2])])

    (hall,) = await catalogue.list_halls()
    assert hall.name == "新名称"
    assert [window.window_no for window in hall.windows] == ["A01", "A02"]


async def test_a_hall_that_cannot_be_saved_leaves_all_as_it_was(
    catalogue: CatalogueService,
) -> None:
    county, east, _ = demo_halls()
    await catalogue.save_halls([county])
    twice = replace(east, windows=(*east.windows, east.windows[0]))

    with pytest.raises(Exception, match=r"(?i)unique"):
        await catalogue.save_halls([replace(county, name="改了一半"), twice])

    assert await catalogue.list_halls() == (county,)


async def test_an_unknown_hall_is_not_found(catalogue: CatalogueService) -> None:
    with pytest.raises(HallNotFound):
        await catalogue.get_hall("nowhere")
