"""Which of a guide's situations (情形) a question describes."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.understanding.questions import with_digits
from knowledge.index import weight_of
from knowledge.schema import Guide
from knowledge.tokens import Kind, Tokenizer

NAMES_READ = 12  # aliases looked at: the first are the usual ones
OFTEN = 0.4  # share of a service's names
TELLING = 0.9  # weight of telling words that decide without a whole phrase
WORDS_COUNT = 0.5  # of telling words, beside the best phrase
CONTAINED = 0.6  # share of a phrase's weight that must stand in the question
PIECES = re.compile(r"[（）()，,、/；;。]|或者|或")
AGE_IN_QUESTION = re.compile(r"(?<![\d.])(\d{1,3})(?:周)?岁")
MONTHS_IN_QUESTION = re.compile(r"(?<![\d.])(\d{1,2})个?月(?:大|的(?:孩子|娃|宝宝))")
BELOW = re.compile(r"(?:未满|不满|小于)(\d{1,3})(?:周)?岁?")
BETWEEN = re.compile(r"(\d{1,3})(?:周?岁)?\s*(?:-|–|—|~|至|到)\s*(\d{1,3})周?岁")
FROM = re.compile(r"(?:年满|满|已满|超过)(\d{1,3})(?:周)?岁?|(\d{1,3})(?:周)?岁(?:及)?以上")


@dataclass(frozen=True, slots=True)
class _Phrase:
    weights: Mapping[str, float]
    mass: float


@dataclass(frozen=True, slots=True)
class _Option:
    situation_id: str
    phrases: tuple[_Phrase, ...]
    words: Mapping[str, float]  # every telling word of its phrases and facts
    ages: tuple[int, int] | None


class SituationFinder:
    """Compares a question with the situations of one guide. Build once per guide; it is small."""

    def __init__(self, guide: Guide, tokenizer: Tokenizer) -> None:
        texts = {
            option.situation_id: [option.label, *PIECES.split(option.label), *option.aliases]
            for option in guide.situations
        }
        cut = {
            id_: [tokenizer.terms(text) for text in phrases if text.strip()]
            for id_, phrases in texts.items()
        }
        spread = Counter(term for phrases in cut.values() for term in set().union(*phrases))
        for term in _everywhere(guide, tokenizer):
            spread[term] = len(cut)
        self._options = tuple(
            _Option(
                option.situation_id,
                tuple(_phrase(terms, spread, len(cut)) for terms in cut[option.situation_id]),
                _words(option.situation_id, cut, _facts(guide, tokenizer), spread),
                _ages(option.label.replace(" ", "")),
            )
            for option in guide.situations
        )

    def find(self, text: str, terms: Mapping[str, Kind]) -> str | None:
        """The id of the situation a question describes; None for none, or several alike."""
        if (by_age := self._by_age(text)) is not None:
            return by_age
        scored = sorted(
            ((self._score(option, terms), option.situation_id) for option in self._options),
            key=lambda pair: -pair[0],
        )
        if not scored or scored[0][0] <= 0:
            return None
        if len(scored) > 1 and scored[1][0] >= scored[0][0] * 0.98:
            return None
        return scored[0][1]

    def _by_age(self, text: str) -> str | None:
        age = _age(with_digits(text))
        if age is None:
            return None
        fitting = [o for o in self._options if o.ages and o.ages[0] <= age <= o.ages[1]]
        return fitting[0].situation_id if len(fitting) == 1 else None

    @staticmethod
    def _score(option: _Option, terms: Mapping[str, Kind]) -> float:
        """How much of the best phrase is in the question, and how many telling words beside it."""
        best = 0.0
        for phrase in option.phrases:
            shared = sum(weight for term, weight in phrase.weights.items() if term in terms)
            if phrase.mass > 0 and shared / phrase.mass >= CONTAINED:
                best = max(best, shared / phrase.mass)
        said = sum(weight for term, weight in option.words.items() if term in terms)
        total = best + WORDS_COUNT * math.log1p(said)
        return total if best > 0 or said >= TELLING else 0.0


def _words(
    situation_id: str,
    cut: Mapping[str, Sequence[Mapping[str, Kind]]],
    facts: Mapping[str, Sequence[Mapping[str, Kind]]],
    spread: Counter[str],
) -> Mapping[str, float]:
    """Telling words of an option's phrases, and at half weight of the facts only it has."""
    options = len(cut)
    found: dict[str, float] = {}
    for share, texts in ((0.5, facts.get(situation_id, ())), (1.0, cut[situation_id])):
        for terms in texts:
            for term, kind in terms.items():
                elsewhere = spread.get(term, 0)
                if kind is Kind.WORD and elsewhere <= max(1, options // 3):
                    found[term] = share * weight_of(term, kind)
    return found


def _facts(guide: Guide, tokenizer: Tokenizer) -> Mapping[str, list[Mapping[str, Kind]]]:
    """Materials and questions that belong to one situation alone, as terms."""
    texts = [(material.situations, material.name) for material in guide.materials]
    texts += [(faq.situations, faq.question) for faq in guide.faqs]
    found: dict[str, list[Mapping[str, Kind]]] = {}
    for situations, text in texts:
        if len(situations) == 1:
            found.setdefault(situations[0], []).append(tokenizer.terms(text))
    return found


def _everywhere(guide: Guide, tokenizer: Tokenizer) -> set[str]:
    """Terms in many names of the service: they say which service, not which situation."""
    names = [guide.name, *guide.aliases[:NAMES_READ]]
    counts = Counter(term for name in names for term in tokenizer.terms(name))
    return {term for term, count in counts.items() if count >= max(2, OFTEN * len(names))}


def _phrase(terms: Mapping[str, Kind], spread: Counter[str], options: int) -> _Phrase:
    """Terms weigh by how few options share them; what all options share says nothing."""
    weights = {
        term: weight_of(term, kind) * math.log((options + 0.2) / spread[term])
        for term, kind in terms.items()
        if kind in (Kind.WORD, Kind.BIGRAM)
    }
    weights = {term: weight for term, weight in weights.items() if weight > 0.2}
    if not any(terms[term] is Kind.WORD for term in weights):
        weights = {}
    return _Phrase(weights, sum(weights.values()))


def _age(text: str) -> int | None:
    if match := AGE_IN_QUESTION.search(text):
        return int(match[1])
    return 0 if MONTHS_IN_QUESTION.search(text) else None


def _ages(label: str) -> tuple[int, int] | None:
    """The ages a situation's label speaks of, inclusive."""
    if match := BELOW.search(label):
        return 0, int(match[1]) - 1
    if match := BETWEEN.search(label):
        return int(match[1]), int(match[2])
    if match := FROM.search(label):
        return int(match[1] or match[2]), 200
    return None
