"""What a guide or FAQ entry is found by: phrases (names, aliases, questions), keys and body.

A *phrase* is something a citizen might say to mean this entry; a question is compared with each of
them as a whole. The *body* is everything else, and only supports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.loader import FaqEntry
from knowledge.schema import Guide


@dataclass(frozen=True, slots=True)
class Entry:
    """One findable thing, in the words it is found by."""

    id: str
    phrases: tuple[str, ...]
    keys: tuple[str, ...]  # words that name the topic without being a phrase: situations, result
    body: tuple[tuple[float, str], ...]  # weight, text


def entry_of_guide(guide: Guide) -> Entry:
    """The phrases, keys and body of a guide."""
    return Entry(
        id=guide.service_id,
        phrases=tuple(_phrases(guide)),
        keys=tuple(_keys(guide)),
        body=tuple(_body(guide)),
    )


def entry_of_faq(entry: FaqEntry) -> Entry:
    """The phrases and body of an FAQ entry."""
    body = ((0.5, entry.answer),) if entry.answer else ()
    return Entry(entry.id, (entry.question, *entry.similar), (), body)


def _phrases(guide: Guide) -> Iterator[str]:
    yield guide.name
    yield from guide.aliases
    yield from guide.phrasings
    for faq in guide.faqs:
        yield faq.question
        yield from faq.similar


def _keys(guide: Guide) -> Iterator[str]:
    for option in guide.situations:
        yield option.label
        yield from option.aliases
    for result in guide.results:
        yield result.name


def _body(guide: Guide) -> Iterator[tuple[float, str]]:
    yield 1.0, guide.summary
    yield 0.5, guide.department
    for material in guide.materials:
        yield 1.0, material.name
    for condition in guide.conditions:
        yield 0.5, condition.text
    for faq in guide.faqs:
        yield 0.5, faq.answer
    for note in guide.notes:
        yield 0.5, note.text
    for channel in guide.channels:
        yield 0.5, channel.name or ""
    for place in guide.places:
        yield 0.5, place.name
