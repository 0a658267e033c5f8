"""What every way of reaching us has in common: values in, values out, no web framework.

    Incoming ──receive──► Received ──(the bot answers)──► Reply ──render──► Outgoing
                    └───► Outgoing   the platform itself spoke: a handshake, a mere event
                    └───► Refused    not genuine, not readable, too large

A new channel writes one class with the methods of `Channel` and joins
`tests/contract/test_channel.py`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot.messages import Card, Choices, Inbound, Reply, Segment
from channels.wording import sentence

PLAIN_TEXT = "text/plain; charset=utf-8"
_ZERO_WIDTH_JOINER = "\u200d"
_BREAKS = "\n。；！？"


class Refused(Exception):
    """We do not talk to this one. `reason` is for our log; outside only the status is seen."""

    def __init__(self, reason: str, *, status: int = 400) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class Incoming:
    """One call of a platform, as it came over the wire."""

    method: str
    args: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What the platform reads in return."""

    body: bytes
    content_type: str = PLAIN_TEXT
    status: int = 200


@dataclass(frozen=True, slots=True)
class Received:
    """A genuine message, and what is needed to answer it on the same line."""

    inbound: Inbound
    our_name: str = ""  # the platform's name for us, written back as the sender
    sealed: bool = False  # it came encrypted, so the answer is encrypted too


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can carry; a reply is degraded to fit."""

    max_text_bytes: int | None = None  # of one text message; None: no limit
    max_body_bytes: int = 64 * 1024  # of one call from the platform
    cards: bool = False
    buttons: bool = False


class Pusher(Protocol):
    """Tells a citizen something outside the question-and-answer exchange."""

    @property
    def is_able(self) -> bool:
        """Whether a push is worth promising: False while the platform does not let us."""

    async def push(self, *, user: str, reply: Reply) -> bool:
        """Send now; False (never an exception) when it could not be delivered."""


class Channel(Protocol):
    """One account on one platform."""

    @property
    def kind(self) -> str:
        """The platform, as it stands in the callback path."""

    @property
    def account(self) -> str:
        """Which of our accounts, as it stands in the callback path."""

    @property
    def can(self) -> Capabilities: ...

    @property
    def pusher(self) -> Pusher | None:
        """How a late answer is delivered; None: it waits for the citizen's next message."""

    def receive(self, incoming: Incoming) -> Received | Outgoing:
        """Verify and translate.

        Raises:
            Refused: not genuine or not readable; nothing else is ever raised.
        """

    def render(self, received: Received, reply: Reply) -> Outgoing:
        """The reply in the platform's form, degraded to what `can` allows."""

    def acknowledge(self, received: Received) -> Outgoing:
        """Say "got it" so that the platform does not repeat itself."""


def as_text(reply: Reply, can: Capabilities, *, home_url: str | None = None) -> str:
    """The whole reply as one text that fits, its sources last.

    A text that is too long ends with a sentence telling where the rest is. Choices at the end are
    kept whole, because the citizen has to see what a number stands for; so are the sources.
    """
    parts = [_segment_text(segment, home_url) for segment in reply.segments]
    ends_in_choices = bool(reply.segments) and isinstance(reply.segments[-1], Choices)
    last = [parts.pop()] if ends_in_choices else []
    body, tail = "\n\n".join(parts), "\n\n".join(filter(None, [*last, reply.citation]))
    whole = "\n\n".join(filter(None, [body, tail]))
    if can.max_text_bytes is None or len(whole.encode()) <= can.max_text_bytes:
        return whole
    more = _where_the_rest_is(reply, home_url)
    room = can.max_text_bytes - len(f"\n\n{tail}".encode())
    if body and tail and room > 2 * len(more.encode()):
        return f"{clip_utf8(body, room, ending=more)}\n\n{tail}"
    return clip_utf8(whole, can.max_text_bytes, ending=more)


def clip_utf8(text: str, limit: int, *, ending: str = "") -> str:
    """At most `limit` bytes of UTF-8, `ending` included; never cut inside a character.

    Where something is left out, the cut is moved back to the end of a line or sentence if one is
    near, so that "400 元" cannot become "40".
    """
    if len(text.encode()) <= limit:
        return text
    room = limit - len(ending.encode())
    if room <= 0:
        return _whole_characters(text, limit)
    return _back_to_a_break(_whole_characters(text, room)) + ending


def absolute(url: str, home_url: str | None) -> str | None:
    """The address as a citizen outside can open it; None when we do not know our own address."""
    if url.startswith(("https://", "http://")):
        return url
    return f"{home_url.rstrip('/')}/{url.lstrip('/')}" if home_url else None


def without_control_characters(text: str) -> str:
    """Only what XML 1.0 may carry: people paste the strangest things into a chat."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not _is_unfit_for_xml(c)))


def _is_unfit_for_xml(character: str) -> bool:
    return "\ud800" <= character <= "\udfff" or character in "\x7f\ufffe\uffff"


def _segment_text(segment: Segment, home_url: str | None) -> str:
    plain = segment.plain()
    if isinstance(segment, Card) and segment.url:
        url = absolute(segment.url, home_url)
        if url:
            return f"{plain}\n{sentence('reply', 'card_link', url=url)}"
    return plain


def _where_the_rest_is(reply: Reply, home_url: str | None) -> str:
    cards = (s.url for s in reply.segments if isinstance(s, Card) and s.url)
    urls = (absolute(url, home_url) for url in cards)
    url = next((url for url in urls if url), home_url)
    return sentence("reply", "more_with_url", url=url) if url else sentence("reply", "more")


def _whole_characters(text: str, limit: int) -> str:
    kept = text.encode()[:limit].decode(errors="ignore")
    while kept and _belongs_together(kept[-1], text[len(kept) : len(kept) + 1]):
        kept = kept[:-1]
    return kept


def _belongs_together(last: str, following: str) -> bool:
    """Whether a cut here would tear an emoji or an accent from its letter."""
    if not following:
        return False
    joined = _ZERO_WIDTH_JOINER in (last, following)
    return joined or unicodedata.category(following) in {"Mn", "Me", "Sk"}


def _back_to_a_break(text: str) -> str:
    at = max(text.rfind(mark) for mark in _BREAKS)
    return text[: at + 1].rstrip("\n") if at >= len(text) // 2 else text
