"""WeChat's messages and events, translated into an `Inbound`. Translation is two tables.

A message of a type nobody knows becomes kind "other" and gets a polite answer; an event nobody
knows is only acknowledged, because nobody said anything.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.messages import Inbound, Location
from channels.base import Refused

Fields = Mapping[str, str]

# What WeChat writes in place of a sticker or another thing it does not forward.
_NOT_FORWARDED = "【收到不支持的消息类型，暂无法显示】"
_MAX_NAME = 128  # an openid has 28 characters


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says, before we know whose it is."""

    kind: str
    text: str = ""
    action: str | None = None
    location: Location | None = None


def read_inbound(fields: Fields, *, channel: str, account: str) -> Inbound | None:
    """What the citizen said or did; None when there is nothing to answer.

    Raises:
        Refused: a part every message has is missing or makes no sense.
    """
    message_type = _needed(fields, "MsgType").lower()
    user = _needed(fields, "FromUserName")
    said = _read_said(message_type, fields)
    if said is None:
        return None
    return Inbound(
        channel=channel,
        account=account,
        user=user,
        dedupe_key=f"{channel}:{account}:{read_identity(fields)}",
        text=said.text,
        action=said.action,
        location=said.location,
        kind=said.kind,
    )


def read_our_name(fields: Fields) -> str:
    """How WeChat calls the account; it stands as the sender of a passive reply."""
    return _needed(fields, "ToUserName")


def read_identity(fields: Fields) -> str:
    """The same for every retry of the same message, and for nothing else.

    Messages have a `MsgId`. Events have none: who, when, which event and which key stand in, hashed
    because a platform's id of a citizen does not belong into the names of cache entries.
    """
    message_id = fields.get("MsgId", "")
    if message_id.isascii() and message_id.isdigit() and int(message_id[:20]) > 0:
        return message_id[:20]
    names = ("FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "Content")
    parts = "\n".join(fields.get(name, "") for name in names)
    return hashlib.sha256(parts.encode(errors="replace")).hexdigest()[:32]


def _read_said(message_type: str, fields: Fields) -> Said | None:
    if message_type == "event":
        read_event = EVENTS.get(_needed(fields, "Event").lower())
        return read_event(fields) if read_event else None
    read_message = MESSAGES.get(message_type, _other)
    return read_message(fields)


def _text(fields: Fields) -> Said:
    content = fields.get("Content", "")
    return Said("other") if content == _NOT_FORWARDED else Said("text", text=content)


def _voice(fields: Fields) -> Said:
    return Said("voice", text=fields.get("Recognition", ""))


def _image(_: Fields) -> Said:
    return Said("image")


def _other(_: Fields) -> Said:
    return Said("other")


def _place(fields: Fields) -> Said:
    return Said("location", location=_location(fields, ""))


def _picked_place(fields: Fields) -> Said:
    return Said("location", location=_location(fields, "SendLocationInfo."))


def _location(fields: Fields, prefix: str) -> Location:
    return Location(
        latitude=_degrees(fields, f"{prefix}Location_X", limit=90),
        longitude=_degrees(fields, f"{prefix}Location_Y", limit=180),
        label=fields.get(f"{prefix}Label", ""),
    )


def _subscribed(fields: Fields) -> Said:
    scene = fields.get("EventKey", "").removeprefix("qrscene_")
    return Said("subscribe", action=scene or None)


def _scanned(fields: Fields) -> Said:
    return Said("scan", action=fields.get("EventKey") or None)


def _clicked(fields: Fields) -> Said:
    return Said("menu", action=_needed(fields, "EventKey"))


def _degrees(fields: Fields, name: str, *, limit: int) -> float:
    try:
        degrees = float(_needed(fields, name))
    except ValueError:
        raise Refused("bad_location") from None
    if not math.isfinite(degrees) or abs(degrees) > limit:
        raise Refused("bad_location")
    return degrees


def _needed(fields: Fields, name: str) -> str:
    value = fields.get(name, "")
    if not value or (name.endswith("UserName") and len(value) > _MAX_NAME):
        raise Refused(f"bad_{name.lower()}")
    return value


MESSAGES: Mapping[str, Callable[[Fields], Said]] = {
    "text": _text,
    "voice": _voice,
    "image": _image,
    "location": _place,
    "video": _other,
    "shortvideo": _other,
    "link": _other,
    "file": _other,
    "miniprogrampage": _other,
}

# Missing on purpose, hence only acknowledged: unsubscribe (nobody is left to read an answer), view
# (the citizen is reading a page), location (reported by the phone every few seconds, unasked), and
# the reports on what became of a message of ours (templatesendjobfinish and its like).
EVENTS: Mapping[str, Callable[[Fields], Said]] = {
    "subscribe": _subscribed,
    "scan": _scanned,
    "click": _clicked,
    "location_select": _picked_place,
}
