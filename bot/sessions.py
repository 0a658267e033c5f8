"""What a conversation remembers between two messages, and the port that keeps it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from bot.messages import Aspect, Option

SESSION_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Session:
    """The topic of a conversation and the options that were offered last."""

    service_id: str | None = None
    situation_id: str | None = None
    aspects: tuple[Aspect, ...] = ()
    options: tuple[Option, ...] = ()
    misses: int = 0  # declined questions in a row: after two, a human is offered first
    asked: tuple[str, ...] = ()  # services whose situation was asked once already

    def about(
        self, service_id: str | None, situation_id: str | None, aspects: tuple[Aspect, ...]
    ) -> Session:
        """The same conversation, now about this service."""
        return replace(
            self,
            service_id=service_id,
            situation_id=situation_id,
            aspects=aspects,
            options=(),
            misses=0,
        )


EMPTY = Session()


def session_to_json(session: Session) -> dict[str, Any]:
    """For stores that keep bytes."""
    return asdict(session)


def session_from_json(value: dict[str, Any]) -> Session:
    """The inverse of `session_to_json`; raises `KeyError` or `ValueError` on something else."""
    return Session(
        service_id=value["service_id"],
        situation_id=value["situation_id"],
        aspects=tuple(Aspect(aspect) for aspect in value["aspects"]),
        options=tuple(Option(o["label"], o["action"]) for o in value["options"]),
        misses=int(value["misses"]),
        asked=tuple(value["asked"]),
    )


class SessionStore(Protocol):
    """Keeps sessions for `SESSION_SECONDS` after the last message; losing one is no harm."""

    async def get(self, conversation_id: str) -> Session:
        """The session, or an empty one."""

    async def put(self, conversation_id: str, session: Session) -> None:
        """Keep it until the next message."""


class MemorySessions:
    """Sessions of one process, oldest forgotten first: for terminal, evaluation and tests."""

    def __init__(self, *, limit: int = 10_000) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Session] = OrderedDict()

    async def get(self, conversation_id: str) -> Session:
        return self._kept.get(conversation_id, EMPTY)

    async def put(self, conversation_id: str, session: Session) -> None:
        self._kept[conversation_id] = session
        self._kept.move_to_end(conversation_id)
        while len(self._kept) > self._limit:
            self._kept.popitem(last=False)
