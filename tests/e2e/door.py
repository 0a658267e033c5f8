"""The conversation door on a real port, with a bot that does as it is told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from sanic import Sanic

from backend.core.clock import SystemClock
from backend.infra.once import LocalOnce
from bot.messages import Inbound, Reply
from channels.base import Channel
from channels.blueprint import channel_routes
from channels.inbox import Inbox
from tests.fakes.channel import a_reply

_names = count(1)


@dataclass
class Bot:
    """Repeats what it heard, after as long as it is told to think."""

    thinks_s: float = 0.0
    heard: list[Inbound] = field(default_factory=list)

    async def answer(self, inbound: Inbound) -> Reply:
        self.heard.append(inbound)
        await asyncio.sleep(self.thinks_s)
        return a_reply(f"第 {len(self.heard)} 次：{inbound.kind} {inbound.text or inbound.action}")


@asynccontextmanager
async def a_door(
    channels: Iterable[Channel], bot: Bot, *, budget_s: float = 4.5, inbox: Inbox | None = None
) -> AsyncIterator[str]:
    """The base address of a server with nothing but this door."""
    once = LocalOnce(SystemClock())
    inbox = inbox or Inbox(answer=bot.answer, once=once, replies=once, budget_s=budget_s)
    app: Sanic = Sanic(f"door-{next(_names)}", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = 1_000_000
    app.config.AUTO_EXTEND = False
    app.blueprint(channel_routes(channels=channels, inbox=inbox))
    async with serving(app) as address:
        yield address
    Sanic.unregister_app(app)


@asynccontextmanager
async def serving(app: Sanic) -> AsyncIterator[str]:
    """The base address of a server that lives as long as the block, listeners included."""
    app.config.TOUCHUP = False  # it rewrites the class, so a second app in one process breaks
    with socket.create_server(("127.0.0.1", 0)) as sock:
        host, port = sock.getsockname()
        server = await app.create_server(sock=sock, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            yield f"http://{host}:{port}"
        finally:
            await server.before_stop()
            await server.close()
            await server.after_stop()
