"""Ranking: which entries a question is about, and how sure that is.

A score is made of four shares of the question's weight, each between 0 and 1:

* `phrase`: likeness to the best phrases of the entry (a Tversky index: what the question has too
  much hurts more than what it leaves out), half the best alone and half the best few;
* `keys`: how much of the question the names, aliases and situations of the entry cover together;
* `body`: how much of it the rest of the guide supports;
* `pairs`: how much of it the phrases and keys support, character pair by character pair as typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from knowledge.index import Floats, Index, Postings, weight_of
from knowledge.tokens import TOPICAL, Kind

UNKNOWN_PAIR = 0.3  # of the rarest: many pairs of a strange sentence are mere chance
SEVERAL = 0.5  # share of the few best phrases beside the very best
PHRASES_COUNTED = 4
LOOKED_AT_CLOSELY = 16  # entries
COMMON_PHRASES = 2_000  # a question word in more phrases than this is not looked up
SENTENCE = 14.0  # weight of the words of an ordinary question
QUESTION_SHARE = 0.6  # of the Tversky index; the phrase has the rest
PHRASE, KEYS, BODY, PAIRS = 0.45, 0.23, 0.08, 0.24


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry with its score and the three shares it is made of."""

    id: str
    score: float
    phrase: float
    keys: float
    body: float
    pairs: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits, best first, and the part of the question that no entry knows."""

    hits: tuple[Hit, ...]
    unknown: float = 0.0  # share of the topic's weight in words no entry contains
    matched: tuple[str, ...] = ()  # terms found in the vocabulary

    @property
    def top(self) -> Hit | None:
        return self.hits[0] if self.hits else None

    @property
    def margin(self) -> float:
        """How far the best is ahead of the second."""
        if not self.hits:
            return 0.0
        return self.hits[0].score - (self.hits[1].score if len(self.hits) > 1 else 0.0)


def search(index: Index, terms: Mapping[str, Kind], *, limit: int = 10) -> Ranking:
    """Rank all entries for the terms of a question; those sharing nothing are left out."""
    question = _weigh(index, terms)
    if not question.known:
        return Ranking(hits=(), unknown=1.0 if terms else 0.0)
    shares = _shares(index, question)
    phrase = np.maximum.reduceat(shares.likeness, index.first_phrase)
    scores = PHRASE * phrase + KEYS * shares.keys + BODY * shares.body + PAIRS * shares.pairs
    close = _best(scores, max(limit, LOOKED_AT_CLOSELY))
    hits = [_hit(index, entry, shares) for entry in close if scores[entry] > 0]
    hits.sort(key=lambda hit: -hit.score)
    unknown = question.unknown / max(question.topic, 1e-6)
    known = tuple(term for term in terms if term in index.vocabulary)
    return Ranking(tuple(hits[:limit]), unknown, known)


@dataclass(frozen=True, slots=True)
class _Shares:
    likeness: Floats  # of every phrase
    keys: Floats  # of every entry, as the others
    body: Floats
    pairs: Floats


def _hit(index: Index, entry: int, shares: _Shares) -> Hit:
    """An entry looked at closely: one phrase may match by chance, several do not."""
    start = index.first_phrase[entry]
    last = entry + 1 == len(index.first_phrase)
    likeness = shares.likeness
    own = likeness[start:] if last else likeness[start : index.first_phrase[entry + 1]]
    best = sorted(own.tolist(), reverse=True)[:PHRASES_COUNTED]
    phrase = (1 - SEVERAL) * best[0] + SEVERAL * sum(best) / len(best)
    keys, body = float(shares.keys[entry]), float(shares.body[entry])
    pairs = float(shares.pairs[entry])
    score = PHRASE * phrase + KEYS * keys + BODY * body + PAIRS * pairs
    return Hit(index.ids[entry], score, phrase, keys, body, pairs)


@dataclass(slots=True)
class _Question:
    """The weights of a question's terms: all that are known, and those that name its topic."""

    known: dict[int, float]
    topical: dict[int, float]
    total: float = 0.0
    topic: float = 0.0
    unknown: float = 0.0  # words no entry contains
    pairs: dict[int, float] = field(default_factory=dict)
    paired: float = 0.0  # weight of all pairs as typed


def _weigh(index: Index, terms: Mapping[str, Kind]) -> _Question:
    """Weigh every term. A pair of characters that no entry contains says nothing; a word does."""
    question = _Question({}, {})
    rarest = index.unknown_idf()
    for term, kind in terms.items():
        if kind is Kind.PAIR:
            _weigh_pair(index, term, question)
            continue
        number = index.vocabulary.get(term)
        if number is not None:
            weight = question.known[number] = weight_of(term, kind) * float(index.idf[number])
            question.total += weight
            if kind in TOPICAL:
                question.topical[number] = weight
                question.topic += weight
        elif kind is Kind.WORD:
            question.unknown += weight_of(term, kind) * rarest
    question.total += question.unknown
    question.topic += question.unknown
    return question


def _weigh_pair(index: Index, pair: str, question: _Question) -> None:
    number = index.pair_vocabulary.get(pair)
    if number is None:
        question.paired += index.unknown_idf() * UNKNOWN_PAIR
        return
    question.pairs[number] = float(index.pair_idf[number])
    question.paired += question.pairs[number]


def _shares(index: Index, question: _Question) -> _Shares:
    """How much of the question every phrase and entry covers."""
    entries, phrases = len(index.ids), len(index.phrase_mass)
    overlap = _sum(index.phrases, _worth_looking_up(index, question), phrases)
    keys = _sum(index.keys, question.topical, entries, shared=True)
    body = _sum(index.body, question.topical, entries, shared=True)
    said = _bounded(question.total)
    mass = QUESTION_SHARE * said + (1 - QUESTION_SHARE) * index.phrase_mass
    topic = max(_bounded(question.topic), 1e-6)
    paired = max(_bounded(question.paired), 1e-6)
    return _Shares(
        likeness=np.minimum(overlap / mass, 1.0),
        keys=np.minimum(keys / topic, 1.0),
        body=body / topic,
        pairs=_sum(index.pairs, question.pairs, entries, shared=True) / paired,
    )


def _bounded(mass: float) -> float:
    """Long stories are not held against a citizen: beyond a sentence, weight counts a quarter."""
    return mass if mass <= SENTENCE else SENTENCE + (mass - SENTENCE) * 0.25


def _worth_looking_up(index: Index, question: _Question) -> Mapping[int, float]:
    """All terms but question words that stand nearly everywhere: they cost most and say least."""
    offsets = index.phrases.offsets
    return {
        term: weight
        for term, weight in question.known.items()
        if term in question.topical or offsets[term + 1] - offsets[term] <= COMMON_PHRASES
    }


def _sum(
    postings: Postings, weights: Mapping[int, float], size: int, *, shared: bool = False
) -> Floats:
    """The weights of the terms, added up for every target that has them."""
    if not weights:
        return np.zeros(size, dtype=np.float32)
    targets = [postings.of(term) for term in weights]
    counts = [len(hit) for hit in targets]
    values = np.repeat(np.fromiter(weights.values(), dtype=np.float64, count=len(counts)), counts)
    if shared:
        values *= np.concatenate([postings.shares_of(term) for term in weights])
    return np.bincount(np.concatenate(targets), values, size).astype(np.float32)


def _best(scores: Floats, limit: int) -> list[int]:
    """Positions of the highest scores, best first; equal scores in the order of the entries."""
    if len(scores) > limit:
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        candidates = np.flatnonzero(scores >= cut)
    else:
        candidates = np.arange(len(scores))
    order = np.lexsort((candidates, -scores[candidates]))
    return [int(position) for position in candidates[order][:limit]]
