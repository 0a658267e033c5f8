"""The inverted index: everything a query needs is computed here, once.

Four sets of postings, each a pair of flat arrays (offsets, targets):

* phrases: term → phrases that contain it; a phrase belongs to one entry, and phrases lie in the
  order of their entries, so that "best phrase per entry" is one `maximum.reduceat`;
* keys: term → entries whose phrases or keys contain it;
* body: term → entries, with the BM25 share of that term in the entry's body;
* pairs: characters as typed → entries, with their BM25 share in its phrases and keys. Words and
  synonyms are clever and sometimes wrong; pairs are dumb and always there.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.passages import Entry
from knowledge.tokens import Kind, Tokenizer, pairs

WEIGHT_OF = {
    Kind.WORD: 1.0,
    Kind.BIGRAM: 0.5,
    Kind.ASK: 0.3,
    Kind.STOP: 0.15,
    Kind.LINK: 0.5,
}
SINGLE_CHARACTER = 0.6  # a lone character is a weak word
OFTEN = 1.5  # phrases from which a term is at home with an entry
BODY_BM25 = (1.2, 0.6)  # k1, b
PAIRS_BM25 = (1.5, 0.75)

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Postings:
    """Targets of term t: `targets[offsets[t]:offsets[t + 1]]`, with optional shares beside them."""

    offsets: Ints
    targets: Ints
    shares: Floats

    def of(self, term: int) -> Ints:
        return self.targets[self.offsets[term] : self.offsets[term + 1]]

    def shares_of(self, term: int) -> Floats:
        return self.shares[self.offsets[term] : self.offsets[term + 1]]


@dataclass(frozen=True, slots=True)
class Index:
    """Frozen arrays; `ids[e]` names entry e. Memory is about 250 bytes a phrase."""

    ids: tuple[str, ...]
    vocabulary: dict[str, int]
    idf: Floats
    phrases: Postings
    keys: Postings
    body: Postings
    pair_vocabulary: dict[str, int]
    pair_idf: Floats
    pairs: Postings
    phrase_mass: Floats  # weight of all terms of a phrase
    first_phrase: Ints  # of each entry

    def unknown_idf(self) -> float:
        """What a word weighs that no entry contains: as much as the rarest one."""
        return math.log(1 + (len(self.ids) + 0.5) / 0.5)


def weight_of(term: str, kind: Kind) -> float:
    """How much a term counts, before its rarity."""
    weight = WEIGHT_OF[kind]
    return weight * SINGLE_CHARACTER if kind is Kind.WORD and len(term) == 1 else weight


def build_index(entries: Sequence[Entry], tokenizer: Tokenizer) -> Index:
    """Index entries; the order of `entries` breaks ties in ranking."""
    draft = _Draft()
    for number, entry in enumerate(entries):
        draft.add(number, entry, tokenizer)
    return draft.finish([entry.id for entry in entries])


@dataclass(slots=True)
class _Pairs:
    """(term, target, share) triples in the order they were met."""

    terms: array[int] = field(default_factory=lambda: array("i"))
    targets: array[int] = field(default_factory=lambda: array("i"))
    shares: array[float] = field(default_factory=lambda: array("f"))

    def add(self, term: int, target: int, share: float) -> None:
        self.terms.append(term)
        self.targets.append(target)
        self.shares.append(share)

    def postings(self, vocabulary_size: int) -> Postings:
        terms = np.frombuffer(self.terms, dtype=np.int32)
        order = np.argsort(terms, kind="stable")
        counts = np.bincount(terms, minlength=vocabulary_size)
        offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
        return Postings(
            offsets,
            np.frombuffer(self.targets, dtype=np.int32)[order],
            np.frombuffer(self.shares, dtype=np.float32)[order],
        )


@dataclass(slots=True)
class _Draft:
    vocabulary: dict[str, int] = field(default_factory=dict)
    phrases: _Pairs = field(default_factory=_Pairs)
    keys: _Pairs = field(default_factory=_Pairs)
    body: _Pairs = field(default_factory=_Pairs)
    phrase_count: int = 0
    first_phrase: array[int] = field(default_factory=lambda: array("i"))
    body_length: array[float] = field(default_factory=lambda: array("f"))
    pair_vocabulary: dict[str, int] = field(default_factory=dict)
    pairs: _Pairs = field(default_factory=_Pairs)
    pairs_length: array[float] = field(default_factory=lambda: array("f"))

    def _term(self, term: str) -> int:
        return self.vocabulary.setdefault(term, len(self.vocabulary))

    def add(self, number: int, entry: Entry, tokenizer: Tokenizer) -> None:
        counts: Counter[int] = Counter()
        self.first_phrase.append(self.phrase_count)
        for phrase in entry.phrases:
            counts.update(self._add_phrase(tokenizer.terms(phrase)))
        for key in entry.keys:
            counts.update(map(self._term, tokenizer.terms(key)))
        for term, count in counts.items():
            self.keys.add(term, number, count / (count + OFTEN))
        self._add_body(number, entry.body, tokenizer)
        self._add_pairs(number, (*entry.phrases, *entry.keys))

    def _add_pairs(self, number: int, texts: Iterable[str]) -> None:
        counts = Counter(pair for text in texts for pair in pairs(text))
        for pair, count in counts.items():
            term = self.pair_vocabulary.setdefault(pair, len(self.pair_vocabulary))
            self.pairs.add(term, number, count)
        self.pairs_length.append(float(sum(counts.values())))

    def _add_phrase(self, terms: dict[str, Kind]) -> list[int]:
        """Add a phrase; the numbers of its terms."""
        numbers = [self._term(term) for term in terms]
        for term, kind in zip(numbers, terms.items(), strict=True):
            self.phrases.add(term, self.phrase_count, weight_of(*kind))
        self.phrase_count += 1
        return numbers

    def _add_body(
        self, number: int, body: Iterable[tuple[float, str]], tokenizer: Tokenizer
    ) -> None:
        counts: Counter[int] = Counter()
        for weight, text in body:
            for term, kind in tokenizer.terms(text).items():
                counts[self._term(term)] += weight * weight_of(term, kind)  # type: ignore[assignment]
        for term_id, count in counts.items():
            self.body.add(term_id, number, count)
        self.body_length.append(float(sum(counts.values())))

    def finish(self, ids: Sequence[str]) -> Index:
        size = len(self.vocabulary)
        keys = self.keys.postings(size)
        phrases = self.phrases.postings(size)
        body = self.body.postings(size)
        idf = _idf(len(ids), keys, body)
        pair_postings = self.pairs.postings(len(self.pair_vocabulary))
        return Index(
            ids=tuple(ids),
            vocabulary=self.vocabulary,
            idf=idf,
            phrases=phrases,
            keys=keys,
            body=_bm25(body, _floats(self.body_length), *BODY_BM25),
            pair_vocabulary=self.pair_vocabulary,
            pair_idf=_rarity(len(ids), np.diff(pair_postings.offsets)),
            pairs=_bm25(pair_postings, _floats(self.pairs_length), *PAIRS_BM25),
            phrase_mass=_mass(phrases, idf, self.phrase_count),
            first_phrase=np.frombuffer(self.first_phrase, dtype=np.int32),
        )


def _floats(values: array[float]) -> Floats:
    return np.frombuffer(values, dtype=np.float32)


def _idf(entries: int, keys: Postings, body: Postings) -> Floats:
    """Rarity among entries. What names an entry counts fully, what its body mentions a third."""
    return _rarity(entries, np.diff(keys.offsets) + np.diff(body.offsets) / 3)


def _rarity(entries: int, frequency: NDArray[np.generic]) -> Floats:
    seen = np.minimum(frequency.astype(np.float32), np.float32(entries))
    return np.log(1 + (entries - seen + np.float32(0.5)) / (seen + np.float32(0.5)))


def _mass(phrases: Postings, idf: Floats, count: int) -> Floats:
    rarity = np.repeat(idf, np.diff(phrases.offsets))
    return np.bincount(phrases.targets, weights=phrases.shares * rarity, minlength=count).astype(
        np.float32
    )


def _bm25(postings: Postings, lengths: Floats, k1: float, b: float) -> Postings:
    """Turn counts into BM25 saturation in 0…1, so that a query only adds."""
    average = float(lengths.mean()) if lengths.size and lengths.mean() > 0 else 1.0
    norm = k1 * (1 - b + b * lengths[postings.targets] / average)
    shares = postings.shares / (postings.shares + norm)
    return Postings(postings.offsets, postings.targets, shares.astype(np.float32))


def save_index(index: Index, path: Path) -> None:
    """Write the index as plain arrays: no pickle."""
    arrays: dict[str, NDArray[np.generic]] = {
        "ids": _packed(index.ids),
        "vocabulary": _packed(index.vocabulary),
        "pair_vocabulary": _packed(index.pair_vocabulary),
    }
    for name in ("phrases", "keys", "body", "pairs"):
        postings: Postings = getattr(index, name)
        for part in fields(Postings):
            arrays[f"{name}.{part.name}"] = getattr(postings, part.name)
    for name in ("idf", "pair_idf", "phrase_mass", "first_phrase"):
        arrays[name] = getattr(index, name)
    np.savez(path, **arrays)  # type: ignore[arg-type]


def load_index(path: Path) -> Index:
    """The inverse of `save_index`; `OSError`, `ValueError` or `KeyError` on anything else."""
    with np.load(path, allow_pickle=False) as arrays:
        postings = {
            name: Postings(*(arrays[f"{name}.{part.name}"] for part in fields(Postings)))
            for name in ("phrases", "keys", "body", "pairs")
        }
        return Index(
            ids=tuple(_unpacked(arrays["ids"])),
            vocabulary={term: n for n, term in enumerate(_unpacked(arrays["vocabulary"]))},
            idf=arrays["idf"],
            pair_vocabulary={p: n for n, p in enumerate(_unpacked(arrays["pair_vocabulary"]))},
            pair_idf=arrays["pair_idf"],
            phrase_mass=arrays["phrase_mass"],
            first_phrase=arrays["first_phrase"],
            **postings,
        )


def _packed(words: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)


def _unpacked(packed: NDArray[np.uint8]) -> list[str]:
    text = packed.tobytes().decode()
    return text.split("\n") if text else []
