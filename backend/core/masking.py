"""Personal data, made harmless: the one family of functions that does it.

For people to recognise their own: `mask_name`, `mask_id_number`, `mask_phone`, `mask_card`,
`mask_address`. For text nobody has looked at (log lines, tracebacks): `mask_text`, which finds
identity numbers, phones, bank cards, openids and secrets; names it cannot find.
"""

from __future__ import annotations

import re
from collections.abc import Callable

STARS = "***"

_ID_NUMBER = re.compile(
    r"(?<!\d)([1-9]\d{5})(?:(?:18|19|20)\d{2}|\d{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"\d{2}(?:\d[\dXx]|\d)(?![\dXx])"
)
_PHONE = re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?P<gap>[- ]?)\d{4}(?P=gap)\d{4}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,17}\d(?!\d)|(?<!\d)\d(?:[ -]?\d){18}(?!\d)")
_WECHAT_USER = re.compile(r"(?<![A-Za-z0-9_-])o[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])")
_SECRET = re.compile(
    r"(?i)([a-z0-9_]*(?:openid|unionid|token|secret|session_key|password|passwd|authorization|"
    r"api_key|private_key|aes_key)[\"']?\s*[:=]\s*[\"']?(?:bearer\s+)?)([^\s\"'&,;<>)}\]]+)"
)
_BEARER = re.compile(r"(?i)(bearer\s+)[A-Za-z0-9._~+/=-]+")
_URL_PASSWORD = re.compile(r"(?<=://)([^:/@\s]*):([^@\s/]+)@")
# What pydantic, and a database whose constraint was violated, quote of the input.
_QUOTED_INPUT = re.compile(r"(input_value=).*?(?=, input_type=|\n|$)")
_QUOTED_KEY = re.compile(r"(Key \([^)]*\)=\()[^\n]*?(?=\) |\)$|\n|$)|(Failing row contains \().*")
_STREET = re.compile(r"^(.*?(?:街道|镇|乡|苏木|村|社区|大道|路|街|巷))")
_COUNTY = re.compile(r"^(.*(?:区|县|旗|市|州))")


def mask_name(name: str) -> str:
    """`*三`, `欧*锋`: two characters keep the last, longer names the first and the last."""
    if len(name) < 2:
        return "*" * len(name)
    if len(name) == 2:
        return "*" + name[1]
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id_number(number: str) -> str:
    """`110105********002X`: the first six and the last four."""
    return _middle(number, 6, 4)


def mask_phone(phone: str) -> str:
    """`138****8000`: the first three and the last four."""
    return _middle(phone, 3, 4)


def mask_card(number: str) -> str:
    """`622202*********0123`: the first six and the last four."""
    return _middle(number, 6, 4)


def mask_address(address: str) -> str:
    """Down to the street or village; the rest is nobody's business."""
    found = _STREET.match(address) or _COUNTY.match(address)
    return (found.group(1) if found else "") + STARS


def mask_text(text: str) -> str:
    """The text with everything masked that looks like personal data or a secret."""
    for pattern, harmless in _RULES:
        text = pattern.sub(harmless, text)
    return text


def _middle(value: str, first: int, last: int) -> str:
    if len(value) <= first + last:
        return "*" * len(value)
    return value[:first] + "*" * (len(value) - first - last) + value[-last:]


def _card_if_genuine(found: re.Match[str]) -> str:
    """Order numbers are long too: mask what passes the check digit of cards, and Alipay users."""
    digits = re.sub(r"\D", "", found.group())
    if digits.startswith("2088") or _passes_luhn(digits):
        return mask_card(digits)
    return found.group()


def _passes_luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if n % 2 else 1) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (_QUOTED_INPUT, rf"\1{STARS}"),
    (_QUOTED_KEY, lambda found: (found.group(1) or found.group(2)) + STARS),
    (_URL_PASSWORD, rf"\1:{STARS}@"),
    (_SECRET, rf"\1{STARS}"),
    (_BEARER, rf"\1{STARS}"),
    (_ID_NUMBER, lambda found: mask_id_number(found.group())),
    (_CARD, _card_if_genuine),
    (_PHONE, lambda found: mask_phone(re.sub(r"[ -]|^\+?86", "", found.group()))),
    (_WECHAT_USER, lambda found: found.group()[:3] + STARS),
)
