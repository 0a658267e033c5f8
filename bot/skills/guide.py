"""Answers from a service guide: the facts, whose they are, and where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions import GuideAction
from bot.messages import Aspect, Card, Choices, Option, Segment, Source, Text
from bot.skills.telling import Told, tell
from bot.wording import aspect_name, say
from knowledge.codes import Confidence
from knowledge.phrases import fee_summary, promised_time
from knowledge.schema import Faq, Guide, facts_for

MOST_MATERIALS_AT_ONCE = 9  # more than a phone shows: then only what is common, and the question
NEXT_ASPECTS = (Aspect.MATERIALS, Aspect.FEE, Aspect.TIME, Aspect.PLACE, Aspect.PROCESS)


@dataclass(frozen=True, slots=True)
class Answer:
    """Segments ready to send; `asks` says that the last one is a question back."""

    segments: tuple[Segment, ...]
    sources: tuple[Source, ...]
    citation: str
    options: tuple[Option, ...] = ()
    asks: bool = False


def answer(
    guide: Guide,
    *,
    situation_id: str | None,
    aspects: Sequence[Aspect],
    faq: Faq | None = None,
    may_ask: bool = True,
    assumed: bool = False,
    halls: Sequence[str] = (),
    url: str | None = None,
) -> Answer:
    """Tell the aspects of a guide; ask for the situation where the materials depend on it.

    With `assumed` the situation is only the usual one: said so, with the others to choose from.
    """
    aspects = tuple(aspects) or (Aspect.OVERVIEW,)
    told = {aspect: _told(guide, aspect, situation_id, halls) for aspect in aspects}
    segments: list[Segment] = []
    if faq:
        segments.append(Text(faq.answer))
    if aspects == (Aspect.OVERVIEW,):
        segments += _overview(guide, situation_id, url)
    elif not (faq and aspects == (Aspect.PROCESS,)):
        segments.append(Text(_body(guide, situation_id, told)))
    depends = may_ask and _materials_depend(guide, aspects)
    asks = depends and situation_id is None
    options = _situations(guide, aspects) if asks or (depends and assumed) else ()
    if asks:
        segments.append(Choices(guide.situation_groups[0].question, options))
    elif options:
        segments.append(Choices(say("guide.other_situation"), options))
    elif aspects == (Aspect.OVERVIEW,):
        options = _next_aspects(guide, situation_id)
        segments.append(Choices(say("guide.know_more"), options))
    sections = _sections(aspects, faq)
    return Answer(
        tuple(segments), _sources(guide, sections), _citation(guide, sections), options, asks
    )


def _told(guide: Guide, aspect: Aspect, situation_id: str | None, halls: Sequence[str]) -> Told:
    told = tell(guide, aspect, situation_id)
    if aspect is Aspect.HOURS and halls and guide.in_hall and not told.facts:
        return Told(tuple(halls))
    return told


def _materials_depend(guide: Guide, aspects: Sequence[Aspect]) -> bool:
    return (
        Aspect.MATERIALS in aspects
        and len(guide.situations) > 1
        and any(material.situations for material in guide.materials)
    )


def _body(guide: Guide, situation_id: str | None, told: dict[Aspect, Told]) -> str:
    parts: list[str] = []
    situation = guide.situation(situation_id)
    if situation and any(fact.situations for part in told.values() for fact in part.facts):
        parts.append(say("guide.answer_for", label=situation.label))
    for aspect, part in told.items():
        lines = _shortened(guide, aspect, situation_id, part)
        parts.append(_headed(guide, aspect, lines))
    parts += _hints(guide, list(told.values()))
    return "\n".join(parts)


def _headed(guide: Guide, aspect: Aspect, lines: Sequence[str]) -> str:
    return f"【{guide.name}·{aspect_name(aspect)}】\n" + "\n".join(lines)


def _shortened(
    guide: Guide, aspect: Aspect, situation_id: str | None, told: Told
) -> tuple[str, ...]:
    """All materials of all situations only where they fit; otherwise what is common to all."""
    many = len(guide.materials) > MOST_MATERIALS_AT_ONCE
    if aspect is not Aspect.MATERIALS or situation_id or not many:
        return told.lines
    common = facts_for(guide.materials, None)
    if len(common) == len(guide.materials) or not common:
        return told.lines
    return told.lines[: len(common) + 1]


def _hints(guide: Guide, told: Sequence[Told]) -> list[str]:
    hints: list[str] = []
    if any(part.is_local for part in told):
        hints.append(say("guide.local_hint", ask=guide.ask_locally))
    elif guide.confidence is not Confidence.HIGH and any(part.facts for part in told):
        hints.append(say("guide.draft_hint", ask=guide.ask_locally))
    bases = dict.fromkeys(basis for part in told for basis in part.bases)
    if bases:
        hints.append(say("guide.legal", basis="；".join(list(bases)[:3])))
    return hints


def _overview(guide: Guide, situation_id: str | None, url: str | None) -> list[Segment]:
    materials = facts_for(guide.materials, situation_id)
    names = "、".join(material.name for material in materials[:4])
    places = "、".join(place.name for place in facts_for(guide.places, situation_id)[:2])
    fees = None if situation_id is None else facts_for(guide.fees, situation_id)
    limits = None if situation_id is None else facts_for(guide.limits, situation_id)
    rows = [
        ("要带", f"{names}等" if len(materials) > 4 else names),
        ("收费", fee_summary(guide, fees)),
        ("多久", promised_time(guide, limits)),
        ("去哪", places),
    ]
    fields = tuple((name, value) for name, value in rows if value)
    card = Card(guide.name, fields, str(GuideAction(guide.service_id, situation_id)), url)
    return [Text(guide.summary), card]


def _situations(guide: Guide, aspects: Sequence[Aspect]) -> tuple[Option, ...]:
    return tuple(
        Option(o.label, str(GuideAction(guide.service_id, o.situation_id, tuple(aspects))))
        for o in guide.situation_groups[0].options
    )


def _next_aspects(guide: Guide, situation_id: str | None) -> tuple[Option, ...]:
    return tuple(
        Option(aspect_name(aspect), str(GuideAction(guide.service_id, situation_id, (aspect,))))
        for aspect in NEXT_ASPECTS
    )


def _sections(aspects: Sequence[Aspect], faq: Faq | None) -> tuple[str, ...]:
    return (*(["faqs"] if faq else []), *(str(aspect) for aspect in aspects))


def _sources(guide: Guide, sections: Sequence[str]) -> tuple[Source, ...]:
    checked_on = guide.checked_on.isoformat()
    return tuple(
        Source(guide.service_id, guide.version, checked_on, section) for section in sections
    )


def _citation(guide: Guide, sections: Sequence[str]) -> str:
    names = ["常见问题" if name == "faqs" else aspect_name(Aspect(name)) for name in sections]
    return say(
        "guide.source",
        name=guide.name,
        version=guide.version,
        sections="、".join(names),
        checked_on=guide.checked_on.isoformat(),
    )
