"""Refusals, outages and the words for neither: one family of errors, two doors that say them.

    DomainError                     a refusal or an outage a citizen may read; `code` is stable
    ├── InvalidInput       INVALID          "invalid_input", errors=[(field, sentence), …]
    ├── Unauthenticated    UNAUTHENTICATED  "unauthenticated"
    ├── Forbidden          FORBIDDEN        "forbidden"
    ├── NotFound           NOT_FOUND        "not_found"
    ├── Conflict           CONFLICT         "conflict"
    ├── TooManyRequests    TOO_MANY         "too_many_requests", retry_after_s
    └── Unavailable        UNAVAILABLE      "unavailable"
        └── (locks.py) LockBusy             "lock_busy"

A domain derives its own refusals from one of these, sets `code` ("<domain>.<refusal>"), and adds a
title and a detail to `wording.zh.toml`; a test fails while they are missing. Whatever is not a
DomainError is a bug: a general sentence for the citizen, the traceback for us.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """What sort of refusal it is; doors translate it (HTTP status, apology, exit code)."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal the citizen may read.

    `facts` fill the sentence in `wording.zh.toml` and go to the client: no personal data in them.
    """

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = ""

    def __init__(self, *, errors: Sequence[tuple[str, str]] = (), **facts: object) -> None:
        super().__init__(self.code)
        self.errors = tuple(errors)
        self.facts = facts

    @property
    def is_outage(self) -> bool:
        """Whether trying again later may help without the citizen changing anything."""
        return self.kind is Kind.UNAVAILABLE


class InvalidInput(DomainError):
    """Something sent cannot be used; `errors` names each field with a Chinese sentence."""

    kind, code = Kind.INVALID, "invalid_input"


class Unauthenticated(DomainError):
    """Nobody is logged in, or the login has ended."""

    kind, code = Kind.UNAUTHENTICATED, "unauthenticated"


class Forbidden(DomainError):
    """Logged in, but not allowed to do this."""

    kind, code = Kind.FORBIDDEN, "forbidden"


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's: both are said the same way."""

    kind, code = Kind.NOT_FOUND, "not_found"


class Conflict(DomainError):
    """Somebody was quicker, or the thing is no longer in a state that allows this."""

    kind, code = Kind.CONFLICT, "conflict"


class TooManyRequests(DomainError):
    """The caller must wait `retry_after_s` seconds."""

    kind, code = Kind.TOO_MANY, "too_many_requests"

    def __init__(self, *, retry_after_s: int) -> None:
        super().__init__(retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class Unavailable(DomainError):
    """Something we depend on does not answer; the outcome is unknown, trying again may help."""

    kind, code = Kind.UNAVAILABLE, "unavailable"
