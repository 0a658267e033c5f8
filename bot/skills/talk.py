"""Answers that are about the conversation: greetings, hand-off to a human, not knowing."""

from __future__ import annotations

from collections.abc import Sequence

from bot.actions import HANDOFF, GuideAction
from bot.messages import Aspect, Choices, Handoff, Option, Segment, Text
from bot.understanding.intents import Intent
from bot.wording import say
from knowledge.loader import FaqEntry

SENTENCES = {
    Intent.GREETING: "conversation.greeting",
    Intent.THANKS: "conversation.thanks",
    Intent.ACKNOWLEDGE: "conversation.acknowledge",
    Intent.GOODBYE: "conversation.goodbye",
    Intent.IDENTITY: "conversation.identity",
    Intent.RESTART: "conversation.restart",
    Intent.COMPLAINT: "conversation.complaint",
}
KINDS = {  # what a platform sent that is no text
    "image": "conversation.image",
    "voice": "conversation.voice",
    "subscribe": "conversation.welcome",
    "menu": "conversation.greeting",
    "scan": "conversation.greeting",
    "location": "conversation.no_hall",
}
MISSES_BEFORE_HUMAN = 2


def smalltalk(intent: Intent) -> Segment:
    """A sentence for a greeting, thanks and the like."""
    return Text(say(SENTENCES[intent]))


def no_text(kind: str) -> Segment:
    """A polite sentence for a message without text."""
    return Text(say(KINDS.get(kind, "conversation.other")))


def handoff(topic: str | None, position: int | None) -> Handoff:
    """To a human: the place in the queue, or whom to call while no desk is staffed."""
    if position is not None:
        return Handoff(say("conversation.handoff_queued", ahead=position), position)
    name = "conversation.handoff" if topic else "conversation.handoff_plain"
    return Handoff(say(name, topic=topic))


def decline(
    nearest: Sequence[tuple[str, str]], *, misses: int, aspects: Sequence[Aspect]
) -> tuple[tuple[Segment, ...], tuple[Option, ...]]:
    """Not knowing, said plainly, with the nearest services as (id, name) if there are any."""
    if misses >= MISSES_BEFORE_HUMAN:
        return (Text(say("decline.again")),), ()
    if not nearest:
        return (Text(say("decline.plain")),), ()
    options = (*_services(nearest, aspects), Option("都不是，转人工", HANDOFF))
    return (Choices(say("decline.suggest"), options),), options


def which(
    services: Sequence[tuple[str, str]], aspects: Sequence[Aspect]
) -> tuple[tuple[Segment, ...], tuple[Option, ...]]:
    """Several services fit alike: ask which one."""
    options = _services(services, aspects)
    return (Choices(say("decline.which"), options),), options


def _services(services: Sequence[tuple[str, str]], aspects: Sequence[Aspect]) -> tuple[Option, ...]:
    return tuple(
        Option(name, str(GuideAction(service_id, None, tuple(aspects))))
        for service_id, name in services
    )


def faq_answer(entry: FaqEntry) -> Segment:
    """A kept answer, word for word; or that the question is known and not yet answered."""
    return Text(entry.answer or say("decline.found_question", question=entry.question))
