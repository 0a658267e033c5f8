"""How much of the guides is filled in, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.exchange.columns import GUIDE_SHEET, PART_SHEETS
from knowledge.schema import Guide

# Single elements worth counting; the lists are all counted.
COUNTED = ("aliases", "task_code", "level", "themes", "charged", "onsite_visits", "online.depth",
           "consult_phone", "complain_phone", "progress_query", "related")  # fmt: skip


@dataclass(frozen=True, slots=True)
class CoverageLine:
    """One element over all guides."""

    element: str
    guides: int  # guides that have it
    facts: int  # how many there are in all
    local: int  # of these, marked as differing from place to place


@dataclass(frozen=True, slots=True)
class Coverage:
    """The whole picture."""

    guides: int
    lines: tuple[CoverageLine, ...]

    @property
    def local_facts(self) -> int:
        return sum(line.local for line in self.lines)

    @property
    def facts(self) -> int:
        return sum(line.facts for line in self.lines)


def measure(guides: Sequence[Guide]) -> Coverage:
    """Count what is there."""
    single = [_single(field, guides) for field in COUNTED]
    parts = [_part(sheet.title, sheet.field, guides) for sheet in PART_SHEETS]
    return Coverage(len(guides), (*single, *parts))


def _single(field: str, guides: Sequence[Guide]) -> CoverageLine:
    column = GUIDE_SHEET.column_of(field)
    filled = sum(_value(guide, field) not in (None, ()) for guide in guides)
    return CoverageLine(column.heading if column else field, filled, filled, 0)


def _value(element: object, path: str) -> object:
    for name in path.split("."):
        element = getattr(element, name)
    return element


def _part(title: str, field: str, guides: Sequence[Guide]) -> CoverageLine:
    lists = [getattr(guide, field) for guide in guides]
    return CoverageLine(
        title,
        guides=sum(bool(facts) for facts in lists),
        facts=sum(len(facts) for facts in lists),
        local=sum(getattr(fact, "local", False) for facts in lists for fact in facts),
    )
