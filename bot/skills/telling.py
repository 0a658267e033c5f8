"""A guide's facts as sentences, one function per aspect.

Pure: a guide and a situation in, lines out. Nothing is said that the guide does not say; what
differs from place to place carries the mark, and a missing element is said to be missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.messages import Aspect
from bot.wording import say
from knowledge.codes import LimitKind, MaterialType, Necessity, OnlineDepth
from knowledge.phrases import FREE, period, yuan
from knowledge.schema import (
    Fee,
    Guide,
    Material,
    Place,
    Result,
    SituationalFact,
    TimeLimit,
    facts_for,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What was said about one aspect, and what it rests on."""

    lines: tuple[str, ...]
    facts: tuple[SituationalFact, ...] = ()

    @property
    def is_local(self) -> bool:
        return any(_differs_locally(fact) for fact in self.facts)

    @property
    def bases(self) -> tuple[str, ...]:
        """Legal bases of the facts told, each once, in order."""
        return tuple(dict.fromkeys(fact.basis for fact in self.facts if fact.basis))


def tell(guide: Guide, aspect: Aspect, situation_id: str | None) -> Told:
    """The lines for one aspect; a sentence naming whom to ask where the guide is silent."""
    told = TELLERS.get(aspect, _overview)(guide, situation_id)
    return told if told.lines else Told((say("guide.nothing", ask=guide.ask_locally),))


def _differs_locally(fact: SituationalFact) -> bool:
    waiver = fact.waiver if isinstance(fact, Material) else None
    return fact.local or (waiver is not None and waiver.local)


def _mark(fact: SituationalFact) -> str:
    return say("guide.local_mark") if _differs_locally(fact) else ""


def _labels(guide: Guide, fact: SituationalFact) -> str:
    labels = [o.label for o in guide.situations if o.situation_id in fact.situations]
    return "、".join(labels)


def _chosen(
    facts: Sequence[SituationalFact], situation_id: str | None
) -> tuple[SituationalFact, ...]:
    """Facts of the situation; with none chosen, all of them (each then says whose it is)."""
    return tuple(facts) if situation_id is None else facts_for(facts, situation_id)


def _lines(
    guide: Guide,
    facts: Sequence[SituationalFact],
    situation_id: str | None,
    sentence: Callable[..., str],
) -> Told:
    """One line a fact, introduced by its situation if the citizen has chosen none."""
    chosen = _chosen(facts, situation_id)
    lines = []
    for fact in chosen:
        line = f"{sentence(fact)}{_mark(fact)}"
        if situation_id is None and fact.situations:
            line = f"{_labels(guide, fact)}：{line}"
        lines.append(line)
    return Told(tuple(lines), chosen)


def material_line(material: Material) -> str:
    """One material as a clerk would say it: name, form and count, and how it can be spared."""
    remarks = [_copies(material)]
    if material.necessity is Necessity.LATER:
        remarks.append("可以容缺，之后补交")
    elif material.necessity is Necessity.OPTIONAL:
        remarks.append(material.applies_when or "按需提供")
    line = f"{material.name}（{'，'.join(filter(None, remarks))}）"
    notes = [material.note, material.fill_note, material.waiver.note if material.waiver else None]
    said = "；".join(dict.fromkeys(note.rstrip("。") for note in notes if note))
    return f"{line}：{said}" if said else line


def _copies(material: Material) -> str:
    if material.filled_on_site:
        return "现场填写"
    if material.type is MaterialType.COPY:
        return f"复印件 {max(material.copy_count, 1)} 份"
    said = f"原件 {material.original_count} 份" if material.original_count else ""
    if material.type is MaterialType.BOTH or material.copy_count:
        said = f"{said or '原件'}、复印件 {max(material.copy_count, 1)} 份"
    return said


def _materials(guide: Guide, situation_id: str | None) -> Told:
    if not guide.materials:
        return Told(())
    common = facts_for(guide.materials, situation_id)
    if situation_id is not None or len(common) == len(guide.materials):
        lines = _numbered(common) or (say("guide.no_materials"),)
        return Told(lines, common)
    lines = (say("guide.common"), *_numbered(common)) if common else ()
    told: list[SituationalFact] = list(common)
    key = "guide.extra" if common else "guide.only"
    for option in guide.situations:
        own = [m for m in guide.materials if option.situation_id in m.situations]
        if own:
            lines = (*lines, say(key, label=option.label), *(f"· {_named(m)}" for m in own))
            told.extend(own)
    return Told(lines, tuple(told))


def _named(material: Material) -> str:
    return f"{material_line(material)}{_mark(material)}"


def _numbered(materials: Iterable[Material]) -> tuple[str, ...]:
    return tuple(f"{n}. {_named(m)}" for n, m in enumerate(materials, start=1))


def _fee_line(fee: Fee) -> str:
    amount = fee.amount_text or ""
    if fee.amount_fen is not None:
        amount = FREE if fee.amount_fen == 0 else f"{yuan(fee.amount_fen)} 元"
        if fee.unit and fee.amount_fen:
            amount += f"/{fee.unit}"
        if fee.amount_text:
            amount += f"（{fee.amount_text}）"
    other = "，由第三方收取，不是政务收费" if fee.collected_by_others else ""
    notes = [fee.note, f"减免：{fee.reduction}" if fee.reduction else None]
    said = "；".join(note.rstrip("。") for note in notes if note)
    return f"{fee.name} {amount}{other}" + (f"；{said}" if said else "")


def _fees(guide: Guide, situation_id: str | None) -> Told:
    told = _lines(guide, guide.fees, situation_id, _fee_line)
    lines = told.lines
    if guide.charged is False:
        lines = (f"{FREE}。", *lines)
    elif guide.charged and guide.fees and not lines:
        lines = ("这种情况不收费。",)
    if guide.fee_note:
        lines = (*lines, guide.fee_note)
    return Told(lines, told.facts)


def _limit_line(limit: TimeLimit) -> str:
    name = "法定时限" if limit.kind is LimitKind.STATUTORY else "一般多久"
    if limit.value is None:
        return f"{name}：{limit.note}"
    note = f"（{limit.note}）" if limit.note else ""
    return f"{name}：{period(limit)}{note}"


def _limits(guide: Guide, situation_id: str | None) -> Told:
    promised_first = sorted(guide.limits, key=lambda limit: limit.kind is LimitKind.STATUTORY)
    return _lines(guide, promised_first, situation_id, _limit_line)


def _place_line(place: Place) -> str:
    parts = [place.name, place.address, place.window, place.phone, place.note]
    return "，".join(part.rstrip("。") for part in parts if part)


def _places(guide: Guide, situation_id: str | None) -> Told:
    return _lines(guide, guide.places, situation_id, _place_line)


def _hours(guide: Guide, situation_id: str | None) -> Told:
    places = [place for place in guide.places if place.hours]
    return _lines(guide, places, situation_id, lambda place: f"{place.name}：{place.hours}")


def _conditions(guide: Guide, situation_id: str | None) -> Told:
    told = _lines(
        guide,
        guide.conditions,
        situation_id,
        lambda c: c.text.rstrip("。") if c.accepts else f"不予受理：{c.text.rstrip('。')}",
    )
    more = [*([guide.quantity_limit] if guide.quantity_limit else []), *guide.prohibitions]
    return Told((*told.lines, *more), told.facts)


def _steps(guide: Guide, situation_id: str | None) -> Told:
    chosen = _chosen(guide.steps, situation_id)
    told = _lines(guide, chosen, situation_id, lambda step: f"{step.name}：{step.text}")
    return Told(tuple(f"{n}. {line}" for n, line in enumerate(told.lines, 1)), told.facts)


DEPTHS: Mapping[OnlineDepth, str] = {
    OnlineDepth.INFORMATION: "网上可以查询、咨询，办理要到现场。",
    OnlineDepth.FORMS: "网上可以预填或下载表格，还要到现场办。",
    OnlineDepth.PRECHECK: "网上可以申请和预审，之后可能要到现场一次。",
    OnlineDepth.FULL: "可以全程网上办，不用到现场。",
}


def _online(guide: Guide, situation_id: str | None) -> Told:
    told = _lines(
        guide,
        guide.channels,
        situation_id,
        lambda c: "，".join(filter(None, (c.name or str(c.kind), c.note, c.url))),
    )
    depth = guide.online.depth
    head = [DEPTHS[depth]] if depth and not guide.online.local else []
    if guide.online.note:
        head.append(guide.online.note)
    if not head and not told.lines:
        return Told(())
    lines = (*head, "办理渠道：", *(f"· {line}" for line in told.lines)) if told.lines else head
    return Told(tuple(lines), told.facts)


def _agents(guide: Guide, situation_id: str | None) -> Told:
    told = _lines(guide, guide.agents, situation_id, lambda rule: rule.text)
    reason = guide.onsite_reason
    lines = (*told.lines, f"要到现场的原因：{reason}。") if told.lines and reason else told.lines
    return Told(lines, told.facts)


def _result_line(result: Result) -> str:
    parts = [result.name, f"有效期：{result.validity}" if result.validity else None, result.note]
    return "；".join(part.rstrip("。") for part in parts if part)


def _results(guide: Guide, situation_id: str | None) -> Told:
    told = _lines(guide, guide.results, situation_id, _result_line)
    chosen = facts_for(guide.deliveries, situation_id)
    ways = [f"{d.kind}{f'（{d.note}）' if d.note else ''}{_mark(d)}" for d in chosen]
    lines = (*told.lines, f"领取方式：{'、'.join(ways)}") if ways else told.lines
    return Told(lines, (*told.facts, *chosen))


def _basis(guide: Guide, _situation_id: str | None) -> Told:
    return Told(
        tuple(
            f"《{law.title}》{law.document_no or ''}{law.article or ''}"
            + (f"：{law.text}" if law.text else "")
            for law in guide.legal_basis
        )
    )


def _phone(guide: Guide, _situation_id: str | None) -> Told:
    lines = [f"咨询电话：{guide.consult_phone}"] if guide.consult_phone else []
    lines += [f"监督投诉：{guide.complain_phone}"] if guide.complain_phone else []
    lines += [guide.consult_note] if guide.consult_note else []
    return Told(tuple(lines or [f"请问：{guide.ask_locally}"]))


def _progress(guide: Guide, _situation_id: str | None) -> Told:
    return Told((guide.progress_query or say("guide.progress", ask=guide.ask_locally),))


def _booking(guide: Guide, _situation_id: str | None) -> Told:
    if not guide.bookable:
        return Told(("这件事不用预约。",))
    return Told(("这件事可以先预约再来，也可以到现场取号；能约的时段以大厅公布为准。",))


def _payment(guide: Guide, situation_id: str | None) -> Told:
    told = _fees(guide, situation_id)
    if guide.charged is False:
        return told
    way = "可以网上缴费。" if guide.payable_online else "请按窗口或缴款通知的指引缴费。"
    return Told((*told.lines, way), told.facts)


def _review(guide: Guide, _situation_id: str | None) -> Told:
    phone = guide.complain_phone or "12345"
    return Told((f"办完后可以对这次服务评价；不满意可以打 {phone} 反映。",))


def _overview(guide: Guide, _situation_id: str | None) -> Told:
    return Told((guide.summary,))


TELLERS: Mapping[Aspect, Callable[[Guide, str | None], Told]] = {
    Aspect.MATERIALS: _materials,
    Aspect.FEE: _fees,
    Aspect.TIME: _limits,
    Aspect.PLACE: _places,
    Aspect.HOURS: _hours,
    Aspect.CONDITIONS: _conditions,
    Aspect.PROCESS: _steps,
    Aspect.ONLINE: _online,
    Aspect.AGENT: _agents,
    Aspect.RESULT: _results,
    Aspect.BASIS: _basis,
    Aspect.PHONE: _phone,
    Aspect.OVERVIEW: _overview,
    Aspect.PROGRESS: _progress,
    Aspect.BOOKING: _booking,
    Aspect.PAYMENT: _payment,
    Aspect.REVIEW: _review,
}
