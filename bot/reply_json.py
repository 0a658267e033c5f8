"""A `Reply` as the JSON of the contract (§4), and back.

Every door that speaks JSON uses this one form: the API, `banshitong ask --json`, and the channels'
cache of replies. The trace of the understanding and its candidates are for staff and stay inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.messages import (
    Aspect,
    Card,
    Choices,
    Decision,
    Handoff,
    Option,
    Reply,
    Segment,
    Source,
    Text,
    Understanding,
)

JsonObject = dict[str, Any]


def reply_to_json(reply: Reply, conversation_id: str) -> JsonObject:
    """The contract's object, plus `message_id`, which feedback refers to."""
    return {
        "conversation_id": conversation_id,
        "message_id": reply.message_id,
        "segments": [_segment_to_json(segment) for segment in reply.segments],
        "plain": reply.plain(),
        "understanding": _understanding_to_json(reply.understanding),
        "sources": [_source_to_json(source) for source in reply.sources],
    }


def reply_from_json(given: Mapping[str, Any]) -> Reply:
    """The reply again, without what only staff may see.

    Raises:
        KeyError, ValueError: it was not written by `reply_to_json`.
    """
    reply = Reply(
        message_id=given["message_id"],
        segments=tuple(_segment_from_json(segment) for segment in given["segments"]),
        understanding=_understanding_from_json(given["understanding"]),
        sources=_sources_from_json(given["sources"]),
    )
    citation = given["plain"].removeprefix(reply.body()).removeprefix("\n\n")
    return replace(reply, citation=citation)


def _segment_to_json(segment: Segment) -> JsonObject:
    match segment:
        case Text():
            return {"type": "text", "text": segment.text}
        case Choices():
            options = [{"label": o.label, "action": o.action} for o in segment.options]
            return {"type": "choices", "prompt": segment.prompt, "options": options}
        case Card():
            return _card_to_json(segment)
        case Handoff():
            place = segment.queue_position
            return {"type": "handoff", "queue_position": place, "text": segment.text}


def _card_to_json(card: Card) -> JsonObject:
    fields = [[name, value] for name, value in card.fields]
    return {
        "type": "card",
        "title": card.title,
        "fields": fields,
        "action": card.action,
        "url": card.url,
    }


def _understanding_to_json(understanding: Understanding) -> JsonObject:
    return {
        "service_id": understanding.service_id,
        "service_name": understanding.service_name,
        "situation_id": understanding.situation_id,
        "aspect": understanding.aspect.value,
        "confidence": understanding.confidence,
        "decision": understanding.decision.value,
    }


def _source_to_json(source: Source) -> JsonObject:
    return {
        "service_id": source.service_id,
        "version": source.version,
        "checked_on": source.checked_on,
        "section": source.section,
    }


def _segment_from_json(given: Mapping[str, Any]) -> Segment:
    match given["type"]:
        case "text":
            return Text(given["text"])
        case "choices":
            options = tuple(Option(o["label"], o["action"]) for o in given["options"])
            return Choices(given["prompt"], options)
        case "card":
            fields = tuple((name, value) for name, value in given["fields"])
            return Card(given["title"], fields, given["action"], given["url"])
        case "handoff":
            return Handoff(given["text"], given["queue_position"])
        case unknown:
            raise ValueError(f"no such segment: {unknown}")


def _understanding_from_json(given: Mapping[str, Any]) -> Understanding:
    return Understanding(
        decision=Decision(given["decision"]),
        aspect=Aspect(given["aspect"]),
        service_id=given["service_id"],
        service_name=given["service_name"],
        situation_id=given["situation_id"],
        confidence=given["confidence"],
    )


def _sources_from_json(given: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    return tuple(
        Source(s["service_id"], s["version"], s["checked_on"], s["section"]) for s in given
    )
