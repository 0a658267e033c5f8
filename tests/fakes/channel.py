"""A channel without a platform, and the stores an inbox needs, kept in dictionaries."""

from __future__ import annotations

import asyncio

from backend.core.errors import Unavailable
from bot.messages import Decision, Inbound, Reply, Segment, Text, Understanding
from channels.base import (
    Capabilities,
    Incoming,
    Outgoing,
    Pusher,
    Received,
    Refused,
    as_text,
    without_control_characters,
)


def a_reply(*segments: Segment | str, message_id: str = "m1") -> Reply:
    """A reply that says this."""
    said = tuple(Text(s) if isinstance(s, str) else s for s in segments)
    return Reply(message_id, said, Understanding(Decision.ANSWER))


def a_message(text: str = "身份证丢了", *, key: str = "k1", user: str = "u1") -> Inbound:
    return Inbound("fake", "main", user, key, text=text)


class FakeChannel:
    """Body: "<password>|<key>|<text>"; genuine when the password is `open sesame`."""

    kind = "fake"
    account = "main"

    def __init__(self, *, pusher: Pusher | None = None, max_text_bytes: int = 2048) -> None:
        self.pusher = pusher
        self.can = Capabilities(max_text_bytes=max_text_bytes, max_body_bytes=10_000)

    def receive(self, incoming: Incoming) -> Received | Outgoing:
        try:
            password, key, text = incoming.body.decode().split("|", 2)
        except ValueError:
            raise Refused("bad_body") from None
        if password != "open sesame":
            raise Refused("bad_password", status=403)
        return Received(a_message(without_control_characters(text), key=key))

    def render(self, received: Received, reply: Reply) -> Outgoing:
        return Outgoing(as_text(reply, self.can).encode())

    def acknowledge(self, received: Received) -> Outgoing:
        return Outgoing(b"")


class SetOnce:
    """`core.once.Once` in a set; `away` makes it behave like a dead Redis."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.away = False

    async def first_time(self, key: str, *, ttl_s: float) -> bool:
        await self._travel()
        first = key not in self.seen
        self.seen.add(key)
        return first

    async def forget(self, key: str) -> None:
        await self._travel()
        self.seen.discard(key)

    async def _travel(self) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable


class DictReplies:
    """`core.once.Replies` in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.ttls: dict[str, float] = {}
        self.away = False

    async def remember(self, key: str, value: bytes, *, ttl_s: float) -> None:
        await self._travel()
        self.kept[key], self.ttls[key] = value, ttl_s

    async def recall(self, key: str) -> bytes | None:
        await self._travel()
        return self.kept.get(key)

    async def _travel(self) -> None:
        await asyncio.sleep(0)
        if self.away:
            raise Unavailable


class CollectingPusher:
    """A pusher that keeps what it was told, or fails if told to."""

    def __init__(self, *, works: bool = True) -> None:
        self.works = works
        self.is_able = True
        self.pushed: list[tuple[str, str]] = []

    async def push(self, *, user: str, reply: Reply) -> bool:
        if self.works:
            self.pushed.append((user, reply.plain()))
        return self.works
