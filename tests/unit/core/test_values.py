"""Money, time, ids and pages."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from backend.core.clock import SystemClock, from_rfc3339, office_day, to_office, to_rfc3339, to_utc
from backend.core.ids import new_id
from backend.core.money import Money
from backend.core.paging import Page, PageWish


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12.30", 1230), ("0.1", 10), ("40", 4000), (Decimal("-5.55"), -555), (3, 300)],
)
def test_yuan_are_read_exactly(text: str | int | Decimal, fen: int):
    assert Money.from_yuan(text) == Money(fen)


@pytest.mark.parametrize("text", ["0.001", "十元", "", "NaN", "Infinity", "1e-9"])
def test_what_is_not_a_whole_number_of_fen_is_no_money(text: str):
    with pytest.raises(ValueError, match=r"not a"):
        Money.from_yuan(text)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_what_is_written_is_read_back(fen: int):
    assert Money.from_yuan(str(Money(fen))) == Money(fen)


@pytest.mark.parametrize(
    ("fen", "words"), [(4000, "40 元"), (50, "0.50 元"), (0, "0 元"), (-400, "-4 元")]
)
def test_money_is_said_as_a_citizen_reads_it(fen: int, words: str):
    assert Money(fen).to_words() == words


def test_money_adds_up():
    assert Money(30) + Money(12) - Money(2) == Money(40)
    assert sum([Money(1), Money(2)], start=Money(0)) == Money(3)


def test_times_are_written_with_the_offset_of_the_office():
    assert (
        to_rfc3339(datetime(2026, 11, 22, 0, 0, 5, 999, tzinfo=UTC)) == "2026-11-22T08:00:05+08:00"
    )


def test_times_are_read_with_any_offset():
    assert from_rfc3339("2026-11-22T08:00:00+08:00") == from_rfc3339("2026-11-22T00:00:00Z")


def test_a_time_without_offset_is_refused():
    with pytest.raises(ValueError, match="naive"):
        from_rfc3339("2026-11-22T08:00:00")


def test_the_day_of_the_office_begins_at_its_own_midnight():
    assert office_day(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == date(2026, 11, 22)
    assert office_day(datetime(2026, 11, 22, 16, 0, tzinfo=UTC)) == date(2026, 11, 23)


@given(st.datetimes(timezones=st.just(UTC)).filter(lambda d: 1900 < d.year < 9999))
def test_zones_change_the_writing_not_the_moment(moment: datetime):
    assert to_utc(to_office(moment)) == moment


def test_the_clock_of_the_machine_tells_utc():
    assert SystemClock().now().tzinfo is UTC


def test_ids_sort_by_time_and_never_repeat():
    first = new_id()
    time.sleep(0.002)
    later = [new_id() for _ in range(1000)]

    assert all(first < one for one in later)
    assert len({first, *later}) == 1001
    assert {len(one) for one in later} == {32}


def test_pages_count_from_one():
    assert PageWish(page=3, page_size=20).offset == 40


@pytest.mark.parametrize("wish", [{"page": 0}, {"page_size": 101}, {"page_size": 0}, {"page": "x"}])
def test_a_page_that_cannot_be_is_refused(wish: dict[str, object]):
    with pytest.raises(ValidationError):
        PageWish.model_validate(wish)


def test_a_page_keeps_its_place_when_its_items_change():
    assert Page((1, 2), total=9, page=4, page_size=2).map(str) == Page(("1", "2"), 9, 4, 2)
