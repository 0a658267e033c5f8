"""Rules about legal basis, dates and codes, and about how well a guide can be found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from stdnum.cn import uscc

from knowledge.codes import ItemType
from knowledge.normalize import normalize
from knowledge.quality.finding import Finding, Where
from knowledge.schema import Guide

FRESH_FOR = timedelta(days=365)
NAMED = 4  # so many guides are named in a message


def licence_has_a_legal_basis(guide: Guide, _: date) -> Iterator[Finding]:
    """A licence without a law behind it is not allowed."""
    if guide.item_type is ItemType.LICENSE and not guide.legal_basis:
        yield Finding(("item_type",), "行政许可必须写设定依据 legal_basis")


def is_in_force(guide: Guide, today: date) -> Iterator[Finding]:
    if guide.effective_to and guide.effective_to < today:
        yield Finding(("effective_to",), f"指南已于 {guide.effective_to} 失效")


def was_checked_lately(guide: Guide, today: date) -> Iterator[Finding]:
    if guide.checked_on + FRESH_FOR < today:
        yield Finding(("checked_on",), f"最后核对是 {guide.checked_on}，超过一年，请部门重新核对")


def was_not_checked_in_the_future(guide: Guide, today: date) -> Iterator[Finding]:
    if guide.checked_on > today:
        yield Finding(("checked_on",), f"核对日期 {guide.checked_on} 在今天（{today}）之后")


def department_code_is_valid(guide: Guide, _: date) -> Iterator[Finding]:
    if guide.department_uscc and not uscc.is_valid(guide.department_uscc):
        yield Finding(("department_uscc",), f"“{guide.department_uscc}”未通过统一社会信用代码校验")


def situations_have_aliases(guide: Guide, _: date) -> Iterator[Finding]:
    """Without everyday words the bot cannot hear which situation a citizen is in."""
    for g, group in enumerate(guide.situation_groups):
        for o, option in enumerate(group.options):
            if not option.aliases:
                where = ("situation_groups", g, "options", o)
                yield Finding(where, f"情形“{option.label}”没有写群众的说法 aliases")


def faqs_are_distinct(guide: Guide, _: date) -> Iterator[Finding]:
    """The same question twice has two answers."""
    seen: set[str] = set()
    for row, faq in enumerate(guide.faqs):
        wordings = {normalize(text): text for text in (faq.question, *faq.similar)}
        if repeated := [text for key, text in wordings.items() if key in seen]:
            yield Finding(("faqs", row), f"常见问题重复：“{'”“'.join(repeated)}”")
        seen |= set(wordings)


def related_guides_exist(guides: Sequence[Guide]) -> Iterator[tuple[int, Finding]]:
    known = {guide.service_id for guide in guides}
    for index, guide in enumerate(guides):
        for row, service_id in enumerate(guide.related):
            if service_id not in known:
                yield index, Finding(("related", row), f"相关事项“{service_id}”不存在")


def aliases_belong_to_one_guide(guides: Sequence[Guide]) -> Iterator[tuple[int, Finding]]:
    """A name that means two guides means neither. The same item at two authorities is one item."""
    owners: dict[str, dict[int, tuple[Where, str]]] = defaultdict(dict)
    for index, guide in enumerate(guides):
        owners[normalize(guide.name)].setdefault(index, (("name",), guide.name))
        for row, alias in enumerate(guide.aliases):
            owners[normalize(alias)].setdefault(index, (("aliases", row), alias))
    for claims in owners.values():
        members = [guides[index] for index in claims]
        if len(claims) > 1 and not _are_one_item(members):
            index, (where, word) = list(claims.items())[-1]
            named = "、".join(f"{g.service_id}（{g.name}）" for g in members[:NAMED])
            more = f"等 {len(members)} 个" if len(members) > NAMED else ""
            yield index, Finding(where, f"“{word}”同时属于 {named}{more}，应只属于其中一个")


def _are_one_item(guides: Sequence[Guide]) -> bool:
    """The same name at different departments: a province and its cities."""
    names = {normalize(guide.name) for guide in guides}
    return len(names) == 1 and len({guide.department for guide in guides}) == len(guides)


def questions_belong_to_one_guide(guides: Sequence[Guide]) -> Iterator[tuple[int, Finding]]:
    """The same question in two guides: the bot cannot tell which is meant."""
    owners: dict[str, dict[int, tuple[int, str]]] = defaultdict(dict)
    for index, guide in enumerate(guides):
        for row, faq in enumerate(guide.faqs):
            owners[normalize(faq.question)].setdefault(index, (row, faq.question))
    for claims in owners.values():
        if len(claims) > 1:
            named = "、".join(guides[index].service_id for index in list(claims)[:NAMED])
            index, (row, question) = list(claims.items())[-1]
            yield index, Finding(("faqs", row), f"“{question}”在 {named} 里都有，请问得更具体")
