"""What the contenders are asked: golden questions, aliases they have not seen, names misspelt."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.corpora import GOLDEN, SEED, Copy
from bot.evaluate import read_questions
from knowledge.schema import Guide
from knowledge.spelling import pinyin
from knowledge.tokens import Lexicon, Tokenizer

ENDINGS = ("", "怎么办", "需要什么材料", "多少钱", "去哪里办", "要多久")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, every id that answers it, and what makes it hard."""

    text: str
    expect: frozenset[str]
    kind: str


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Guides without one of their aliases each, and the alias taken away."""

    guides: tuple[Guide, ...]
    aliases: Mapping[str, str]


def golden(guides: Iterable[Guide]) -> tuple[Asked, ...]:
    """The golden questions these guides can answer, each in a conversation of its own."""
    if not GOLDEN.exists():
        return ()
    ids = {guide.service_id for guide in guides}
    return tuple(
        Asked(q.query, frozenset(q.expect), "golden")
        for q in read_questions(GOLDEN)
        if q.answerable and not q.history and ids.intersection(q.expect)
    )


def hold_out(guides: Iterable[Guide]) -> HeldOut:
    """Take the last alias of every guide that has one."""
    kept: list[Guide] = []
    taken: dict[str, str] = {}
    for guide in guides:
        if guide.aliases:
            taken[guide.service_id] = guide.aliases[-1]
        kept.append(guide.model_copy(update={"aliases": guide.aliases[:-1]}))
    return HeldOut(tuple(kept), taken)


def about(held: HeldOut, *, limit: int) -> tuple[Asked, ...]:
    """Held-out aliases, names with a typing error and names with a word left out."""
    twins = _by_name(held.guides, name=lambda guide: guide.name)
    words = _Perturber(held.guides)
    asked = [
        Asked(text, twins[guide.name], kind)
        for guide in held.guides
        for kind, text in words.of(guide, held.aliases.get(guide.service_id))
    ]
    return _some(asked, limit)


def about_copies(copies: Sequence[Copy], held: HeldOut, *, limit: int) -> tuple[Asked, ...]:
    """As `about`, with the town in front: only this town's guide is right."""
    twins = _by_name((copy.guide for copy in copies), name=lambda guide: guide.name)
    words = _Perturber(held.guides)
    asked = [
        Asked(f"{copy.town}{text}", twins[copy.guide.name], kind)
        for copy in random.Random(SEED).sample(copies, min(limit, len(copies)))
        for kind, text in words.of(copy.original, held.aliases.get(copy.original.service_id))
    ]
    return _some(asked, limit)


def _by_name(
    guides: Iterable[Guide], *, name: Callable[[Guide], str]
) -> Mapping[str, frozenset[str]]:
    ids: dict[str, set[str]] = defaultdict(set)
    for guide in guides:
        ids[name(guide)].add(guide.service_id)
    return {key: frozenset(found) for key, found in ids.items()}


def _some(asked: Sequence[Asked], limit: int) -> tuple[Asked, ...]:
    chance = random.Random(SEED)
    chosen = chance.sample(asked, min(limit, len(asked)))
    return tuple(Asked(a.text + chance.choice(ENDINGS), a.expect, a.kind) for a in chosen)


class _Perturber:
    """Makes the mistakes people make, the same ones in every run."""

    def __init__(self, guides: Iterable[Guide]) -> None:
        self._chance = random.Random(SEED)
        self._tokenizer = Tokenizer(Lexicon.load())
        self._alike: dict[str, list[str]] = defaultdict(list)
        for character in sorted({c for guide in guides for c in guide.name if pinyin(c)}):
            self._alike[pinyin(character)].append(character)

    def of(self, guide: Guide, alias: str | None) -> Iterable[tuple[str, str]]:
        """(kind, text) pairs about a guide."""
        if alias:
            yield "alias", alias
        if wrong := self._misspelt(guide.name):
            yield "typo", wrong
        if short := self._shortened(guide.name):
            yield "dropped", short

    def _misspelt(self, name: str) -> str | None:
        """One character replaced by another that sounds the same, as keyboards do."""
        places = [n for n, c in enumerate(name) if len(self._alike.get(pinyin(c), ())) > 1]
        if len(name) < 4 or not places:
            return None
        at = self._chance.choice(places)
        others = [c for c in self._alike[pinyin(name[at])] if c != name[at]]
        return name[:at] + self._chance.choice(others) + name[at + 1 :]

    def _shortened(self, name: str) -> str | None:
        words = self._tokenizer.words(name)
        if len(words) < 4:
            return None
        del words[self._chance.randrange(len(words))]
        return "".join(words)
