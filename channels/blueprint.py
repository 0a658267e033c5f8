"""The conversation door: one route for every platform.

    inbox = Inbox(answer=engine.answer, once=once, replies=replies)
    app.blueprint(channel_routes(channels=[WeChatChannel(account), …], inbox=inbox))

`GET|POST /channels/{kind}/{account}`: verify → parse → answer once → render, or acknowledge.
Whatever is refused gets a short problem document that says no more than its status, and a line in
our log.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import structlog
from orjson import dumps
from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.response import raw

from backend.core.access import Access, access
from channels.base import Channel, Incoming, Outgoing, Refused
from channels.inbox import AnswerLost, Inbox
from channels.wording import sentence

Doors: TypeAlias = Mapping[tuple[str, str], Channel]

PROBLEM = "application/problem+json"

log = structlog.get_logger(__name__)


def channel_routes(*, channels: Iterable[Channel], inbox: Inbox) -> Blueprint:
    """All accounts on all platforms, told apart by the path."""
    doors: Doors = {(channel.kind, channel.account): channel for channel in channels}
    bp = Blueprint("channels", url_prefix="/channels")

    @access(Access.PLATFORM)
    async def receive(request: Request, kind: str, account: str) -> HTTPResponse:
        try:
            said = await _converse(_find(doors, kind, account), inbox, _incoming(request))
        except Refused as refusal:
            _log_refusal(kind, account, refusal)
            return _problem(refusal.status, request)
        except AnswerLost:
            return _problem(503, request)
        return raw(said.body, status=said.status, content_type=said.content_type)

    bp.add_route(receive, "/<kind:str>/<account:str>", methods=["GET", "POST"])

    @bp.after_server_stop
    async def finish(_: Sanic[Any, Any]) -> None:
        await inbox.drain()

    return bp


async def _converse(channel: Channel, inbox: Inbox, incoming: Incoming) -> Outgoing:
    if len(incoming.body) > channel.can.max_body_bytes:
        raise Refused("body_too_large", status=413)
    received = channel.receive(incoming)
    if isinstance(received, Outgoing):
        return received
    reply = await inbox.reply_to(received.inbound, pusher=channel.pusher)
    return channel.render(received, reply) if reply else channel.acknowledge(received)


def _find(doors: Doors, kind: str, account: str) -> Channel:
    channel = doors.get((kind, account))
    if channel is None:
        raise Refused("no_such_account", status=404)
    return channel


def _incoming(request: Request) -> Incoming:
    args = {name: values[0] for name, values in request.args.items() if values}
    return Incoming(request.method, args, dict(request.headers), request.body)


def _log_refusal(kind: str, account: str, refusal: Refused) -> None:
    log.warning(
        "channel_refused",
        channel=kind[:32],
        account=account[:64],
        reason=refusal.reason,
        status=refusal.status,
    )


def _problem(status: int, request: Request) -> HTTPResponse:
    title = sentence("refusal", str(status))
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": title,
        "code": f"channels.refused_{status}",
        "trace_id": str(request.id),
    }
    return raw(dumps(body), status=status, content_type=PROBLEM)
