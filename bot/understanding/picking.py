"""Which of the offered options a citizen means: by number, by ordinal, or in their own words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages import Option
from bot.understanding.aspects import find_aspects
from bot.understanding.questions import DIGITS
from knowledge.base import KnowledgeBase
from knowledge.index import weight_of
from knowledge.tokens import TOPICAL, Kind

NUMBER = re.compile(
    r"(?:我?选|第|回复|选择)*\s*(\d{1,2}|[一二三四五六七八九十])\s*(?:个|项|种|条|号|、|\.)?(?:吧|的|那个)?"
)
CLEAR = 0.5  # share of the answer's words that must stand in one option's label


def pick_option(text: str, options: Sequence[Option], knowledge: KnowledgeBase) -> Option | None:
    """The option meant, or None if the message is something else."""
    if not options:
        return None
    if match := NUMBER.fullmatch(text.strip(" 。.，,!！")):
        number = _value(match[1])
        return options[number - 1] if 1 <= number <= len(options) else None
    return _by_words(text, options, knowledge)


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    return 10 if numeral == "十" else DIGITS[numeral]


def _by_words(text: str, options: Sequence[Option], knowledge: KnowledgeBase) -> Option | None:
    said = {t: k for t, k in knowledge.read(text).terms.items() if k in TOPICAL}
    mass = sum(weight_of(term, kind) for term, kind in said.items())
    if not mass or len(text) > 20 or find_aspects(text):  # then it is a question of its own
        return None
    shares = sorted(
        ((_shared(said, option, knowledge) / mass, n) for n, option in enumerate(options)),
        key=lambda pair: -pair[0],
    )
    best, position = shares[0]
    alone = len(shares) == 1 or shares[1][0] < best
    return options[position] if best >= CLEAR and alone else None


def _shared(said: dict[str, Kind], option: Option, knowledge: KnowledgeBase) -> float:
    label = knowledge.read(option.label).terms
    return sum(weight_of(term, kind) for term, kind in said.items() if term in label)
