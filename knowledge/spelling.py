"""Typing errors: words that sound alike, words with one wrong character, and words typed as pinyin.

Only words the guides use are ever proposed, and only for a stretch no guide knows.
"""

from __future__ import annotations

import bisect
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

# pypinyin's own switch: its dictionary of phrases costs 44 MB, and we only read single characters.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

LONGEST = 8
LETTERS = re.compile(r"[a-z]{2,}")
# What many speakers, and so many keyboards, do not tell apart.
ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


@cache
def _syllables() -> Mapping[str, str]:
    """Character → its most usual reading without tone."""
    return {chr(code): to_normal(readings.split(",")[0]) for code, readings in _readings()}


def _readings() -> Iterable[tuple[int, str]]:
    return ((code, readings) for code, readings in PINYIN_DICT.items() if 0x4E00 <= code <= 0x9FFF)


def pinyin(text: str) -> str:
    """Toneless pinyin of the Chinese characters of a text, run together: 身份证 → shenfenzheng."""
    table = _syllables()
    return "".join(table.get(character, "") for character in text)


def initials(text: str) -> str:
    """First letters of the pinyin: 身份证 → sfz."""
    table = _syllables()
    return "".join(table.get(character, "")[:1] for character in text)


@lru_cache(16_384)
def _sound(text: str) -> str | None:
    """What a text sounds like to somebody who does not tell `ALIKE` apart; None outside Chinese."""
    table = _syllables()
    heard: list[str] = []
    for character in text:
        syllable = table.get(character)
        if syllable is None:
            return None
        for careful, careless in ALIKE:
            syllable = syllable.replace(careful, careless)
        heard.append(syllable)
    return " ".join(heard)


@dataclass(frozen=True, slots=True)
class Correction:
    """What was typed and what we read it as."""

    typed: str
    meant: str


class Speller:
    """Proposes words of the guides for stretches that no guide knows."""

    def __init__(
        self,
        words: Mapping[str, int],
        is_common: Callable[[str], bool] = lambda _word: False,
        variants: Mapping[str, str] | None = None,
    ) -> None:
        """`words` with how often the guides use them; a common word is never taken for an error.

        `variants` are other words for some of them: a mistyped variant is mended to its word.
        """
        variants = variants or {}
        ranked = sorted(words, key=lambda word: words[word], reverse=True)
        self._words = frozenset(words)
        self._is_common = is_common
        self._by_sound: dict[str, str] = {}
        self._by_gap: dict[str, str] = {}
        self._by_letters: dict[str, str] = {}
        for word in ranked:
            self._learn(word)
        for variant, word in variants.items():
            if word in words and len(variant) >= 3:
                self._by_sound.setdefault(_sound(variant) or variant, word)

    def _learn(self, word: str) -> None:
        sound = _sound(word)
        if sound is None or not 2 <= len(word) <= LONGEST:
            return
        self._by_sound.setdefault(sound, word)
        self._by_letters.setdefault(pinyin(word), word)
        if len(word) >= 3:
            self._by_letters.setdefault(initials(word), word)
            for gap in _gaps(word):
                self._by_gap.setdefault(gap, word)

    def correct(self, words: Sequence[str]) -> tuple[list[str], tuple[Correction, ...]]:
        """Replace unknown stretches of a cut sentence; returns the words and what was replaced."""
        fixed: list[str] = []
        corrections: list[Correction] = []
        position = 0
        while position < len(words):
            width, meant = self._at(words, position)
            if meant is None:
                fixed.append(words[position])
            else:
                corrections.append(Correction("".join(words[position : position + width]), meant))
                fixed.append(meant)
            position += width
        return fixed, tuple(corrections)

    def _is_known(self, word: str) -> bool:
        return word in self._words or self._is_common(word)

    def _at(self, words: Sequence[str], position: int) -> tuple[int, str | None]:
        """The longest stretch from here that can be mended: its width in words, and its word."""
        if self._is_common(words[position]):
            return 1, None
        for width in range(min(5, len(words) - position), 0, -1):
            stretch = words[position : position + width]
            typed = "".join(stretch)
            if len(typed) <= LONGEST and (meant := self._mended(stretch, typed)):
                return width, meant
        return 1, None

    def _mended(self, stretch: Sequence[str], typed: str) -> str | None:
        """What a stretch was meant to be; None if it is right, or nothing comes near.

        Lone characters are a sign that the cut went wrong; whole words that guides know are not.
        """
        if typed in self._words or self._is_common(stretch[-1]):
            return None
        if LETTERS.fullmatch(typed):
            return self._by_letters.get(typed)
        strange = any(not self._is_known(word) for word in stretch)
        broken = len(stretch) > 1 and any(len(word) == 1 for word in stretch)
        if len(typed) < 2 or not (strange or broken):
            return None
        # Two characters sound like something too easily: both must stand alone, or be one word.
        if len(typed) == 2 and not strange:
            return None
        sound = _sound(typed)
        meant = self._by_sound.get(sound) if sound else None
        if meant is None and strange and len(typed) >= 3:
            meant = next((self._by_gap[g] for g in _gaps(typed) if g in self._by_gap), None)
        return meant


def _gaps(word: str) -> Iterable[str]:
    """The word with each character left open in turn."""
    return (f"{word[:n]}?{word[n + 1 :]}" for n in range(len(word)))


class Initials:
    """Finds names by their pinyin or its first letters while they are still being typed."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        """`names` are (name, id) pairs."""
        typed = ((letters(name), id_) for name, id_ in names for letters in (initials, pinyin))
        self._sorted = sorted({pair for pair in typed if pair[0]})

    def find(self, typed: str, *, limit: int) -> tuple[str, ...]:
        """Ids of names whose pinyin or initials begin with `typed`, shortest name first."""
        found: dict[str, int] = {}
        start = bisect.bisect_left(self._sorted, (typed, ""))
        for letters, id_ in self._sorted[start:]:
            if not letters.startswith(typed):
                break
            found.setdefault(id_, len(letters))
        return tuple(sorted(found, key=lambda id_: found[id_])[:limit])
