"""Short sentences about a guide, said the same way by the API, the web app and the bot.

Pure functions over a `Guide`: no amount and no time is ever invented; what differs from place to
place is said as such.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.codes import LimitKind, LimitUnit
from knowledge.schema import Fee, Guide, TimeLimit

FREE = "不收费"
LOCAL = "各地不同"


def yuan(fen: int) -> str:
    """`4000` → `40`, `1050` → `10.50`: yuan without needless decimals."""
    whole, rest = divmod(fen, 100)
    return str(whole) if rest == 0 else f"{whole}.{rest:02d}"


def fee_summary(guide: Guide, fees: Sequence[Fee] | None = None) -> str:
    """`不收费`, `40 元`, `10–40 元`, `各地不同`; pass `fees` to speak of one situation only."""
    if guide.charged is False:
        return FREE
    ours = [fee for fee in (guide.fees if fees is None else fees) if not fee.collected_by_others]
    amounts = [fee.amount_fen for fee in ours if fee.amount_fen is not None]
    if not amounts:
        return _without_amount(guide, ours)
    said = _range(min(amounts), max(amounts))
    if fees_add_up(ours) and said != FREE:
        said = f"每项 {said}"  # several charges at once: a range of them is no total
    unsure = any(fee.amount_fen is None or fee.local for fee in ours)
    return f"{said}（以当地为准）" if unsure else said


def fees_add_up(fees: Sequence[Fee]) -> bool:
    """Whether some citizen may meet two of these charges at once."""
    seen: set[str] = set()
    for fee in fees:
        if len(fees) > 1 and (not fee.situations or seen & set(fee.situations)):
            return True
        seen |= set(fee.situations)
    return False


def _range(low: int, high: int) -> str:
    if high == 0:
        return FREE
    return f"{yuan(low)} 元" if low == high else f"{yuan(low)}–{yuan(high)} 元"


def _without_amount(guide: Guide, fees: Sequence[Fee]) -> str:
    if guide.charged and fees and not any(fee.local for fee in fees):
        return "按规定标准收取"
    return LOCAL


def promised_time(guide: Guide, limits: Sequence[TimeLimit] | None = None) -> str:
    """`当场办结`, `20 个工作日内`, `法定 60 日内`; pass `limits` to speak of one situation only."""
    known = guide.limits if limits is None else limits
    promised = [limit for limit in known if limit.kind is LimitKind.PROMISED]
    said = _longest(promised)
    if said:
        return f"{said}（以当地为准）" if any(limit.local for limit in promised) else said
    statutory = _longest([limit for limit in known if limit.kind is LimitKind.STATUTORY])
    if not statutory:
        return LOCAL
    return f"法定 {statutory}，承诺时间各地不同" if promised else f"法定 {statutory}"


_PERIODS = {
    LimitUnit.HOUR: ("个小时", 1),
    LimitUnit.DAY: ("日", 24),
    LimitUnit.WORK_DAY: ("个工作日", 34),  # only to find the longest; never shown converted
    LimitUnit.MONTH: ("个月", 730),
    LimitUnit.YEAR: ("年", 8760),
}


def _longest(limits: Sequence[TimeLimit]) -> str | None:
    """The longest of the limits that have a value: what a citizen must reckon with."""
    valued = [limit for limit in limits if limit.value is not None and limit.unit is not None]
    if not valued:
        return None
    return period(max(valued, key=_hours))


def _hours(limit: TimeLimit) -> int:
    if limit.unit is None or limit.unit is LimitUnit.ON_THE_SPOT:
        return 0
    return (limit.value or 0) * _PERIODS[limit.unit][1]


def period(limit: TimeLimit) -> str:
    """One limit in its own unit: `当场办结`, `60 日内`; never converted into another unit."""
    if limit.unit is None or limit.value is None:
        return limit.note or LOCAL
    if limit.unit is LimitUnit.ON_THE_SPOT:
        return "当场办结"
    return f"{limit.value} {_PERIODS[limit.unit][0]}内"
