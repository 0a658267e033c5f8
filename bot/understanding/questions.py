"""Several questions in one message, and numbers written as words."""

from __future__ import annotations

import re

MAX_QUESTIONS = 3
MAX_CHARACTERS = 300  # of a message that are read; more is a story, and the topic comes first

SPLIT = re.compile(r"[?？。！!;；\n]+|(?:，|,|\s)(?=还有|另外|再问|顺便|以及|此外|对了)")
DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
NUMERAL = re.compile(
    r"([一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九])(?=周?岁|个?月|年|天|分)"
)


def split_questions(text: str) -> tuple[str, ...]:
    """The questions of a normalised message, at most `MAX_QUESTIONS`; crumbs join the next."""
    parts: list[str] = []
    crumb = ""
    for piece in SPLIT.split(text[:MAX_CHARACTERS]):
        piece = crumb + piece.strip(" ，,")
        if len(piece) < 3:
            crumb = piece
            continue
        parts.append(piece)
        crumb = ""
    if crumb and parts:
        parts[-1] += crumb
    elif crumb:
        parts.append(crumb)
    return tuple(parts[:MAX_QUESTIONS])


def with_digits(text: str) -> str:
    """Small Chinese numerals before a unit as digits: 十六岁 → 16岁."""
    return NUMERAL.sub(lambda match: str(_number(match[1])), text)


def _number(numeral: str) -> int:
    tens, ten, ones = numeral.partition("十")
    if not ten:
        return DIGITS[numeral]
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
