"""Pure decisions of identity."""

from __future__ import annotations

from backend.domains.identity.errors import WeakPassword

MIN_PASSWORD = 10
# The stems of passwords that are tried first; digits and signs around them do not make them better.
_COMMON = frozenset(
    {
        *("password", "passw0rd", "admin", "administrator", "qwerty", "qwertyuiop", "abc"),
        *("abcdef", "iloveyou", "welcome", "letmein", "banshitong", "zhengwu", "changeme"),
    }
)


def ensure_strong(password: str, *, login: str) -> None:
    """Raise `WeakPassword` if it would be guessed.

    Length counts, not a mix of signs; digits only, repetitions and common words do not do.
    """
    stem = password.lower().strip("0123456789!@#$%^&*._-")
    weak = (
        len(password) < MIN_PASSWORD
        or password.isdigit()
        or len(set(password)) < 5
        or stem in _COMMON
        or stem == login.lower()
    )
    if weak:
        raise WeakPassword(min_length=MIN_PASSWORD)
