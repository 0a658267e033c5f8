"""Values of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from knowledge.schema import Condition, Fee, Guide, Material, SituationOption, TimeLimit


class AudienceGroup(StrEnum):
    """个人办事 / 企业办事: the two doors of a hall's home page."""

    PERSON = "person"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class ListedService:
    """A guide as a row of the list, and what the filters look at."""

    service_id: str
    code: str | None
    name: str
    department: str
    promised_time: str
    fee_summary: str
    bookable: bool
    payable: bool
    online_depth: str | None
    audience: frozenset[AudienceGroup]
    themes: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class ServiceQuery:
    """What to list; an empty field does not filter."""

    text: str = ""
    audience: AudienceGroup | None = None
    department: str = ""
    theme: str = ""
    page: int = 1
    page_size: int = 20

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, slots=True)
class Checklist:
    """What a citizen in this situation needs; `situation` None: what holds for everybody."""

    guide: Guide
    situation: SituationOption | None
    materials: tuple[Material, ...]
    fees: tuple[Fee, ...]
    limits: tuple[TimeLimit, ...]
    conditions: tuple[Condition, ...]

    @property
    def fee_total_fen(self) -> int | None:
        """The sum, where every charge is known and ours; None where an amount would be a guess."""
        if self.guide.charged is False:
            return 0
        amounts = [fee.amount_fen for fee in self.fees]
        unsure = any(fee.local or fee.collected_by_others for fee in self.fees)
        if not amounts or unsure or None in amounts:
            return None
        return sum(amount for amount in amounts if amount is not None)


@dataclass(frozen=True, slots=True)
class Window:
    """A window of a hall; `departments` are those whose services it takes."""

    window_no: str
    name: str
    floor: str
    departments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hall:
    """A hall citizens can go to; degrees are GCJ-02, as Chinese maps use them."""

    hall_id: str
    name: str
    address: str
    latitude: float
    longitude: float
    hours: str
    phone: str | None
    transit: str | None
    note: str | None
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True)
class Queue:
    """Who waits now. `live` False: nobody counts here yet, so the figures mean nothing."""

    waiting: int = 0
    estimated_minutes: tuple[int, int] = (0, 0)
    live: bool = False
