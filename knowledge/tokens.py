"""Words of a Chinese sentence: the only door to jieba.

jieba's full dictionary costs 95 MB and a second per worker. Government questions need its common
words only, so rare ones (frequency below `MIN_FREQUENCY`) are left out and the terms of the guides
are added instead. Nothing is cached on disk: jieba's own cache file has a guessable name in a
shared folder.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import IntEnum
from importlib.resources import files

from knowledge.normalize import normalize

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # jieba 0.42.1 (2020): invalid escapes, pkg_resources
    import jieba

MIN_FREQUENCY = 10
COMMON_FREQUENCY = 200
MAX_WORD = 8
# Numbers, ages and spans of time: they choose a situation, not a topic.
QUANTITY = re.compile(
    r"\d+(?:[.\-]\d+)*|[半一二两三四五六七八九十百千万几多\d]*个?(?:年|月|日|天|周|岁|周岁|小时|星期|礼拜|块|元|毛|万|千|百|次|年前|个月)"
)
RUNS = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:[.\-][a-z0-9]+)*")


class Kind(IntEnum):
    """How much a term says about the topic of a sentence."""

    WORD = 0
    BIGRAM = 1  # two neighbouring characters of the topic: survives a wrong word boundary
    ASK = 2  # 怎么办、多少钱、材料: what is asked, not what about
    STOP = 3  # 我、的、请问: next to nothing, yet it decides between two equal phrases
    LINK = 4  # two neighbouring characters, one of them in an ASK or STOP word
    PAIR = 5  # two neighbouring characters as typed, whatever the words: see `pairs`


TOPICAL = frozenset({Kind.WORD, Kind.BIGRAM})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The hand-kept words, read once."""

    user_words: tuple[str, ...]
    canonical: Mapping[str, str]  # variant → canonical word
    stop: frozenset[str]
    ask: frozenset[str]
    actions: frozenset[str]  # what is done to a thing: opens no topic, may move to a neighbour
    outside: frozenset[str]  # things a government hall does not handle
    modifiers: frozenset[str]  # persons, places, states: open no topic either

    @classmethod
    def load(cls) -> Lexicon:
        """Read `knowledge/lexicon/*.txt`; one variant under two canonical words is an error."""
        canonical: dict[str, str] = {}
        for line in _lines("synonyms.txt"):
            word, _, variants = line.partition(":")
            for variant in variants.split():
                if canonical.setdefault(variant, word.strip()) != word.strip():
                    raise ValueError(f"synonyms.txt：“{variant}”出现在两行里")
        return cls(
            user_words=tuple(sorted(_words("userdict.txt"))),
            canonical=canonical,
            stop=_words("stopwords.txt"),
            ask=_words("askwords.txt"),
            actions=_words("actions.txt"),
            outside=_words("outside.txt"),
            modifiers=_words("modifiers.txt"),
        )


def _words(name: str) -> frozenset[str]:
    return frozenset(word for line in _lines(name) for word in line.split())


def _lines(name: str) -> Iterator[str]:
    text = files("knowledge.lexicon").joinpath(name).read_text("utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


PAIR_MARK = "‿"  # in front of a pair as typed, to tell it from a word of two characters


def pairs(text: str) -> dict[str, Kind]:
    """Neighbouring characters exactly as typed: what is left when cutting or synonyms go wrong."""
    found: dict[str, Kind] = {}
    for run in RUNS.findall(normalize(text)):
        if run[0] <= "z":
            found[PAIR_MARK + run] = Kind.PAIR
        for start in range(len(run) - 1 if run[0] > "z" else 0):
            found[PAIR_MARK + run[start : start + 2]] = Kind.PAIR
    return found


class Tokenizer:
    """Cuts sentences into canonical words and search terms. Build once per worker (about 0.4 s)."""

    def __init__(self, lexicon: Lexicon, extra_words: Iterable[str] = ()) -> None:
        self.lexicon = lexicon
        self._jieba = jieba.Tokenizer()
        self._jieba.FREQ, self._jieba.total = self._jieba.gen_pfdict(_common_words())
        self._jieba.initialized = True
        known = [*lexicon.user_words, *lexicon.canonical, *lexicon.canonical.values()]
        known += [*lexicon.stop, *lexicon.ask]
        known += [*lexicon.actions, *lexicon.modifiers, *lexicon.outside]
        for word in dict.fromkeys([*known, *extra_words]):
            self._add(word)

    def _add(self, word: str) -> None:
        if 1 < len(word) <= MAX_WORD and not self._jieba.FREQ.get(word):
            self._jieba.add_word(word, self._jieba.suggest_freq(word, tune=False) or 3)

    def is_common(self, word: str) -> bool:
        """Whether a word is ordinary Chinese, so that no guide using it makes it no error."""
        listed = word in self.lexicon.stop or word in self.lexicon.ask
        return listed or (len(word) > 1 and self._jieba.FREQ.get(word, 0) >= COMMON_FREQUENCY)

    def words(self, text: str) -> list[str]:
        """Canonical words of a sentence, without punctuation; stop words are still in."""
        canonical = self.lexicon.canonical
        found: list[str] = []
        for run in RUNS.findall(normalize(text)):
            cut = self._jieba.cut(run, HMM=False) if run[0] > "z" else (run,)
            found.extend(canonical.get(word, word) for word in cut)
        return found

    def terms(self, text: str) -> dict[str, Kind]:
        """What a sentence is searched by: words, and character pairs within and between them."""
        return self.terms_of_words(self.words(text))

    def terms_of_words(self, words: Iterable[str]) -> dict[str, Kind]:
        """As `terms`, for words already cut."""
        found: dict[str, Kind] = {}
        before, kind_before = "", Kind.STOP
        for word in words:
            kind = self._kind_of(word)
            if kind is Kind.WORD:
                found[word] = kind
            else:
                found.setdefault(word, kind)
            if word[0] > "z":
                topical = kind is Kind.WORD and kind_before is Kind.WORD
                if before:
                    found.setdefault(before[-1] + word[0], Kind.BIGRAM if topical else Kind.LINK)
                if kind is Kind.WORD and len(word) > 2:
                    for start in range(len(word) - 1):
                        found.setdefault(word[start : start + 2], Kind.BIGRAM)
            before, kind_before = (word if word[0] > "z" else ""), kind
        return found

    def _kind_of(self, word: str) -> Kind:
        if word in self.lexicon.stop or QUANTITY.fullmatch(word):
            return Kind.STOP
        return Kind.ASK if word in self.lexicon.ask else Kind.WORD


def rare_words_in(texts: Iterable[str]) -> set[str]:
    """Words of jieba's dictionary that were left out as rare, but that these texts contain."""
    stretches = {
        run[start : start + width]
        for text in texts
        for run in RUNS.findall(normalize(text))
        if run[0] > "z"
        for width in range(2, 6)
        for start in range(len(run) - width + 1)
    }
    return {
        word for word, frequency in _dictionary() if word in stretches and frequency < MIN_FREQUENCY
    }


def _common_words() -> io.BytesIO:
    """jieba's own dictionary without its rare words."""
    kept = (
        f"{word} {frequency}"
        for word, frequency in _dictionary()
        if frequency >= MIN_FREQUENCY and len(word) <= MAX_WORD
    )
    return io.BytesIO("\n".join(kept).encode())


def _dictionary() -> Iterator[tuple[str, int]]:
    for line in files("jieba").joinpath("dict.txt").read_text("utf-8").splitlines():
        word, frequency, _ = line.split(" ")
        yield word, int(frequency)
