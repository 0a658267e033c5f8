"""What a rule finds, and what a rule is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from knowledge.schema import Guide

Where = tuple[str | int, ...]


class Severity(StrEnum):
    ERROR = "错误"  # must be mended
    WARNING = "提醒"  # imperfect


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about one element of a guide; `where` is its path, e.g. ("materials", 2)."""

    where: Where
    message: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule every guide keeps by itself."""

    rule_id: str
    severity: Severity
    demand: str  # what it asks for, for clerks
    source: str  # the standard or law it comes from
    find: Callable[[Guide, date], Iterable[Finding]]
    once: bool = False  # told once for the whole folder, not guide by guide


@dataclass(frozen=True, slots=True)
class FolderRule:
    """A rule the guides of a folder keep together. Yields the guide's index with each finding."""

    rule_id: str
    severity: Severity
    demand: str
    source: str
    find: Callable[[Sequence[Guide]], Iterable[tuple[int, Finding]]]
