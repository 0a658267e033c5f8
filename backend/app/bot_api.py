"""The bot over HTTP (contract §4): the web app and other programs talk to it here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Self, TypeAlias

import orjson
from pydantic import BaseModel, Field, StringConstraints, model_validator
from sanic import Blueprint
from sanic.response import HTTPResponse, raw

from backend.app.limits import RateLimit
from backend.app.requests import AppRequest
from backend.core.access import Access, access
from backend.core.ids import NewId
from backend.core.parsing import parse
from backend.domains.conversations.service import FeedbackService
from bot.messages import Inbound, Reply
from bot.reply_json import reply_to_json

CHANNEL, ACCOUNT = "api", "main"
JSON = "application/json"
NO_STORE = {"Cache-Control": "no-store"}

Answer: TypeAlias = Callable[[Inbound], Awaitable[Reply]]
ConversationId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]


class Message(BaseModel):
    """What a citizen wrote or tapped. The bot itself answers texts that are too long to be one."""

    text: Annotated[str, StringConstraints(max_length=5000)] | None = None
    conversation_id: ConversationId | None = None
    action: Annotated[str, StringConstraints(max_length=500)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.text is None and self.action is None:
            raise ValueError("text 与 action 至少要有一个")
        return self


class Verdict(BaseModel):
    """What the citizen thought of an answer."""

    conversation_id: ConversationId
    message_id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    useful: bool
    reason: Annotated[str, StringConstraints(max_length=500)] | None = Field(default=None)


def bot_routes(
    *,
    answer: Answer,
    feedback: FeedbackService,
    new_id: NewId,
    messages_limit: RateLimit,
    feedback_limit: RateLimit,
) -> Blueprint:
    """Ask, and say whether it helped."""
    bp = Blueprint("bot", url_prefix="/api/v1/bot")

    @bp.post("/messages")
    @access(Access.PUBLIC)
    async def receive(request: AppRequest) -> HTTPResponse:
        await messages_limit.take(request.caller)
        message = parse(Message, request.json)
        conversation_id = message.conversation_id or new_id()
        reply = await answer(_inbound(message, conversation_id, message_key=new_id()))
        body = orjson.dumps(reply_to_json(reply, conversation_id))
        return raw(body, headers=dict(NO_STORE), content_type=JSON)

    @bp.post("/feedback")
    @access(Access.PUBLIC)
    async def receive_feedback(request: AppRequest) -> HTTPResponse:
        await feedback_limit.take(request.caller)
        verdict = parse(Verdict, request.json)
        given = await feedback.give(**verdict.model_dump())
        body = {"message_id": given.message_id, "useful": given.useful}
        return raw(orjson.dumps(body), status=201, headers=dict(NO_STORE), content_type=JSON)

    return bp


def _inbound(message: Message, conversation_id: str, *, message_key: str) -> Inbound:
    return Inbound(
        channel=CHANNEL,
        account=ACCOUNT,
        user=conversation_id,
        dedupe_key=message_key,
        text=message.text or "",
        action=message.action,
    )
