"""Rules about time, visits, ways to apply and money (清单质量规则 1–5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product

from knowledge.codes import ChannelKind, HandlingType, LimitKind, LimitUnit, OnlineDepth, ReviewType
from knowledge.quality.finding import Finding
from knowledge.schema import Fee, Guide, TimeLimit

ONLINE = (ChannelKind.WEB, ChannelKind.MOBILE)


def on_the_spot_means_instant(guide: Guide, _: date) -> Iterator[Finding]:
    """1: 当场办结 ⇔ 即办件 and 即审即办."""
    instant = guide.handling_type is HandlingType.INSTANT
    if instant != (guide.review_type is ReviewType.INSTANT):
        yield Finding(
            ("review_type" if instant else "handling_type",),
            f"办件类型“{guide.handling_type}”与审查类型“{guide.review_type}”不配套：“即办件”配“即审即办”",
        )
    spots = [_is_on_the_spot(limit) for limit in guide.limits if limit.value is not None]
    if instant and not any(spots):
        yield Finding(("handling_type",), "即办件要有“当场”办结的时限（value 写 0，unit 写 当场）")
    promised = [
        _is_on_the_spot(limit)
        for limit in guide.limits
        if limit.kind is LimitKind.PROMISED and limit.value is not None
    ]
    if not instant and promised and all(promised):
        yield Finding(("handling_type",), "承诺当场办结的应为“即办件”“即审即办”")


def _is_on_the_spot(limit: TimeLimit) -> bool:
    return limit.value == 0


def promise_within_statutory(guide: Guide, _: date) -> Iterator[Finding]:
    """2: a promised limit is no longer than the statutory one of the same situation.

    Units are not converted; different ones are compared only where every calendar agrees.
    """
    rows = list(enumerate(guide.limits))
    promised = [(i, limit) for i, limit in rows if limit.kind is LimitKind.PROMISED]
    statutory = [limit for _, limit in rows if limit.kind is LimitKind.STATUTORY]
    for (row, promise), law in product(promised, statutory):
        if _overlap(promise, law) and _is_longer(promise, law):
            yield Finding(
                ("limits", row),
                f"承诺时限 {promise.value} {promise.unit}超过法定时限 {law.value} {law.unit}",
            )


def _overlap(one: TimeLimit, other: TimeLimit) -> bool:
    if not one.situations or not other.situations:
        return True
    return bool(set(one.situations) & set(other.situations))


def _is_longer(promise: TimeLimit, law: TimeLimit) -> bool:
    if promise.value is None or law.value is None:
        return False
    if promise.unit is law.unit:
        return promise.value > law.value
    return _days(promise)[0] > _days(law)[1]


def _days(limit: TimeLimit) -> tuple[float, float]:
    """The least and the most natural days this can be; long holidays included."""
    n = limit.value or 0
    spans = {
        LimitUnit.HOUR: (n / 24, n / 24),
        LimitUnit.DAY: (n, n),
        LimitUnit.WORK_DAY: (n, n * 1.5 + 12),
        LimitUnit.MONTH: (n * 28, n * 31),
        LimitUnit.YEAR: (n * 365, n * 366),
    }
    return spans.get(limit.unit or LimitUnit.ON_THE_SPOT, (0, 0))


def visits_have_a_reason(guide: Guide, _: date) -> Iterator[Finding]:
    """3: a visit needs a reason, none needs none, and without a visit there must be another way."""
    visits = guide.onsite_visits
    if visits and not guide.onsite_reason:
        yield Finding(("onsite_visits",), f"到现场 {visits} 次，要写原因 onsite_reason")
    if visits == 0 and guide.onsite_reason:
        yield Finding(("onsite_reason",), "到现场 0 次，不应再写到现场的原因")
    kinds = {channel.kind for channel in guide.channels}
    ways = {*ONLINE, ChannelKind.COURIER}
    if visits == 0 and not kinds & ways and not guide.courier:
        yield Finding(("onsite_visits",), "到现场 0 次，就要能网上办或快递申请")


def full_online_needs_no_visit(guide: Guide, _: date) -> Iterator[Finding]:
    """4: depth Ⅳ means no visit."""
    if guide.online.depth is OnlineDepth.FULL and guide.onsite_visits != 0:
        yield Finding(("online",), "网办深度 Ⅳ 级是全程网办，到现场次数应为 0")


def charges_are_complete(guide: Guide, _: date) -> Iterator[Finding]:
    """5: who charges says what, how much and by which document; who does not, takes no payment."""
    own = [(row, fee) for row, fee in enumerate(guide.fees) if not fee.collected_by_others]
    if guide.charged and not own:
        yield Finding(("charged",), "写了收费，却没有政务收费项目（他人代收的不算）")
    for row, fee in own:
        if guide.charged and not fee.local and not _is_founded(fee):
            yield Finding(("fees", row), f"收费项目“{fee.name}”没有写依据 basis")
        if guide.charged is False and fee.amount_fen:
            yield Finding(("fees", row), f"写了不收费，“{fee.name}”却有金额")
    if guide.charged is False and guide.payable_online:
        yield Finding(("payable_online",), "不收费的事项不应支持网上支付")


def local_charges_have_a_basis(guide: Guide, _: date) -> Iterator[Finding]:
    """5, for charges that differ locally: their basis may be a local document."""
    for row, fee in enumerate(guide.fees):
        if guide.charged and fee.local and not fee.collected_by_others and not _is_founded(fee):
            yield Finding(("fees", row), f"各地不同的收费项目“{fee.name}”没有写依据 basis")


def _is_founded(fee: Fee) -> bool:
    """Whether it names its basis; what costs nothing needs none."""
    return fee.basis is not None or fee.amount_fen == 0
