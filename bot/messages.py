"""The contract between channels and the bot: what a citizen said, and what we say back.

Every value is frozen and knows no platform. Every segment has `plain()`, so a channel that can
only show text shows all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Location:
    """Where the citizen says they are; WGS-84 or GCJ-02 degrees as the platform sent them."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Inbound:
    """Something a citizen said or did, in no platform's words."""

    channel: str
    account: str  # which of our accounts received it
    user: str  # the platform's id of the citizen; opaque to us
    dedupe_key: str  # the same for every retry of the same message
    text: str = ""
    action: str | None = None  # a tapped choice, e.g. "guide:idcard-lost:materials"
    location: Location | None = None
    kind: str = "text"  # text voice image location subscribe menu scan other

    @property
    def conversation_id(self) -> str:
        """One conversation per person and account; retries and channels cannot mix them."""
        return f"{self.channel}:{self.account}:{self.user}"


class Aspect(StrEnum):
    """What a question is about (contract §4)."""

    MATERIALS = "materials"
    FEE = "fee"
    TIME = "time"
    PLACE = "place"
    HOURS = "hours"
    CONDITIONS = "conditions"
    PROCESS = "process"
    ONLINE = "online"
    AGENT = "agent"
    RESULT = "result"
    BASIS = "basis"
    PHONE = "phone"
    OVERVIEW = "overview"
    PROGRESS = "progress"
    BOOKING = "booking"
    PAYMENT = "payment"
    REVIEW = "review"
    OTHER = "other"


class Decision(StrEnum):
    """What the bot made of a message (contract §4)."""

    ANSWER = "answer"
    CLARIFY = "clarify"
    SUGGEST = "suggest"
    DECLINE = "decline"
    HANDOFF = "handoff"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Text:
    text: str

    def plain(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Choices:
    prompt: str
    options: tuple[Option, ...]

    def plain(self) -> str:
        lines = [f"{n}. {option.label}" for n, option in enumerate(self.options, start=1)]
        return "\n".join([self.prompt, *lines, "回复数字即可选择。"])


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    fields: tuple[tuple[str, str], ...]
    action: str | None = None
    url: str | None = None

    def plain(self) -> str:
        lines = [f"{name}：{value}" for name, value in self.fields]
        return "\n".join([f"【{self.title}】", *lines])


@dataclass(frozen=True, slots=True)
class Handoff:
    """The citizen asked for a human. `queue_position` is None while nobody staffs the desk."""

    text: str
    queue_position: int | None = None

    def plain(self) -> str:
        return self.text


Segment: TypeAlias = Text | Choices | Card | Handoff


@dataclass(frozen=True, slots=True)
class Source:
    """Which guide, which section of it, in which version, and when the office last confirmed it."""

    service_id: str
    version: int
    checked_on: str
    section: str


@dataclass(frozen=True, slots=True)
class Understanding:
    decision: Decision
    aspect: Aspect = Aspect.OTHER
    service_id: str | None = None
    service_name: str | None = None
    situation_id: str | None = None
    confidence: float = 0.0
    # Ranked ids (guides, FAQ entries), best first: for measuring and staff, not for citizens.
    candidates: tuple[str, ...] = ()
    # Why: matched terms, scores, margin. Shown to staff only.
    trace: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    message_id: str
    segments: tuple[Segment, ...]
    understanding: Understanding
    sources: tuple[Source, ...] = ()
    citation: str = ""  # the sources as a sentence, for channels that can only show text

    def body(self) -> str:
        """The segments as one text, without the citation."""
        return "\n\n".join(segment.plain() for segment in self.segments)

    def plain(self) -> str:
        """The whole reply as one text, for channels that know nothing else."""
        return "\n\n".join(filter(None, (self.body(), self.citation)))
