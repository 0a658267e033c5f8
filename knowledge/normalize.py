"""One written form for what citizens type: width, case, script and blanks.

Questions and guides pass through the same door, so that ＡＢＣ meets abc and 身份證 meets 身份证.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

BLANKS = re.compile(r"\s+")
# Zero-width, direction and variation marks, and control characters other than tab and newline.
INVISIBLE = re.compile(
    "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f\x00-\x08\x0b-\x1f\x7f]"
)
# What is neither a letter, a digit, a blank nor ordinary punctuation: emoji, box drawing, …
SYMBOLS = re.compile(r"[^\w\s，。？！、；：,.?!;:%/+\-·…（）()《》“”\"'‘’〔〕]")


@cache
def _simplified() -> dict[int, str]:
    """Traditional → simplified by character: keyboards mix single ones into a sentence.

    OpenCC's own table; where a character has several simplified forms, the first is the usual one.
    """
    table = files("opencc").joinpath("dictionary/TSCharacters.txt").read_text("utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {ord(old): new.split(" ")[0] for old, new in pairs if len(old) == 1}


def normalize(text: str) -> str:
    """Full width → half width, traditional → simplified, lower case, single blanks, no emoji."""
    text = unicodedata.normalize("NFKC", text)
    text = INVISIBLE.sub("", text).translate(_simplified())
    return BLANKS.sub(" ", SYMBOLS.sub(" ", text)).strip().lower()
