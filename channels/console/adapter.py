"""The terminal as a `Channel`: a line in, a text out."""

from __future__ import annotations

import secrets

from bot.messages import Inbound, Reply
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


class ConsoleChannel:
    """One conversation on one terminal; nobody to verify, nothing too long."""

    kind = "console"
    can = Capabilities()
    pusher: Pusher | None = None

    def __init__(self, *, account: str = "local", home_url: str | None = None) -> None:
        self.account = account
        self._home_url = home_url
        self._user = secrets.token_hex(8)
        self._lines = 0

    def receive(self, incoming: Incoming) -> Received | Outgoing:
        return Received(self.read_line(_decode(incoming.body)))

    def read_line(self, line: str) -> Inbound:
        """A typed line as a message of its own, even if it says the same as the one before.

        Raises:
            Refused: nothing was typed.
        """
        text = without_control_characters(line).strip()
        if not text:
            raise Refused("empty_line")
        self._lines += 1
        key = f"{self.kind}:{self._user}:{self._lines}"
        return Inbound(self.kind, self.account, self._user, key, text=text)

    def render(self, received: Received, reply: Reply) -> Outgoing:
        return Outgoing(as_text(reply, self.can, home_url=self._home_url).encode())

    def acknowledge(self, received: Received) -> Outgoing:
        return Outgoing(b"")


def _decode(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise Refused("not_utf8") from None
