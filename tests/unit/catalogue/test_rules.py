"""What a filter keeps, what a checklist adds up to, and which hall is near."""

from __future__ import annotations

from typing import Any

import pytest

from backend.domains.catalogue.rules import distance_km, is_wanted, listed
from backend.domains.catalogue.types import AudienceGroup, Checklist, Hall, ServiceQuery
from tests.unit.catalogue.test_phrases import a_guide, fee


@pytest.mark.parametrize(
    ("audience", "persons", "companies"),
    [
        (["自然人"], True, False),
        (["企业法人"], False, True),
        (["事业法人", "社会组织法人"], False, True),
        (["自然人", "企业法人"], True, True),
    ],
)
def test_persons_and_companies_have_their_own_doors(
    audience: list[str], persons: bool, companies: bool
) -> None:
    row = listed(a_guide(audience=audience))

    assert is_wanted(row, ServiceQuery(audience=AudienceGroup.PERSON)) is persons
    assert is_wanted(row, ServiceQuery(audience=AudienceGroup.COMPANY)) is companies
    assert is_wanted(row, ServiceQuery())


@pytest.mark.parametrize("status", ["草稿", "暂停", "取消"])
def test_what_is_not_offered_is_not_listed(status: str) -> None:
    assert not is_wanted(listed(a_guide(status=status)), ServiceQuery())


def test_a_department_is_found_by_a_part_of_its_name_and_a_theme_by_all_of_it() -> None:
    row = listed(a_guide(department="公安机关（户政）", themes=["户籍办理"]))

    assert is_wanted(row, ServiceQuery(department="户政"))
    assert not is_wanted(row, ServiceQuery(department="民政"))
    assert is_wanted(row, ServiceQuery(theme="户籍办理"))
    assert not is_wanted(row, ServiceQuery(theme="户籍"))


@pytest.mark.parametrize(
    ("charged", "fees", "total"),
    [
        (True, [fee(1000), fee(4000)], 5000),
        (False, [], 0),
        (True, [], None),
        (None, [], None),
        (True, [fee(1000), fee(None)], None),
        (True, [fee(1000, local=True)], None),
        (True, [fee(1000, collected_by_others=True)], None),
    ],
)
def test_a_total_is_given_only_where_nothing_is_guessed(
    charged: bool | None, fees: list[dict[str, Any]], total: int | None
) -> None:
    guide = a_guide(charged=charged, fees=fees)

    assert Checklist(guide, None, (), guide.fees, (), ()).fee_total_fen == total


def a_hall(latitude: float, longitude: float) -> Hall:
    return Hall("h", "大厅", "某处", latitude, longitude, "全天", None, None, None, ())


@pytest.mark.parametrize(
    ("there", "km"),
    [((39.9042, 116.4074), 0.0), ((31.2304, 121.4737), 1067.0), ((-39.9042, -63.5926), 20015.0)],
    ids=["here", "Beijing to Shanghai", "the other side of the earth"],
)
def test_distances_are_those_of_the_globe(there: tuple[float, float], km: float) -> None:
    assert distance_km(a_hall(39.9042, 116.4074), *there) == pytest.approx(km, abs=2)
