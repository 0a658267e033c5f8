"""The only entry: a message in, a reply out.

    read ─► intent? ─► option picked? ─► questions ─► topic + aspects + situation ─► skill ─► reply

`Engine.answer` never raises: a refusal becomes an apology, a bug one general sentence and a log
entry. The thinking (`respond`) is pure and takes about a millisecond; only the session store, the
halls and the desk are awaited.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

import structlog

from backend.core.ids import NewId, new_id
from bot.actions import HANDOFF, GuideAction, read_action
from bot.messages import (
    Aspect,
    Decision,
    Inbound,
    Location,
    Option,
    Reply,
    Segment,
    Source,
    Text,
    Understanding,
)
from bot.sessions import EMPTY, Session, SessionStore
from bot.skills import guide as guide_skill
from bot.skills import talk
from bot.understanding.aspects import find_aspects
from bot.understanding.faqs import FaqFinder
from bot.understanding.intents import Intent, find_intent, without_fillers
from bot.understanding.picking import pick_option
from bot.understanding.questions import MAX_CHARACTERS, split_questions, with_digits
from bot.understanding.topics import Calibration, Certainty, Topic, TopicFinder, goes_on
from bot.wording import say
from knowledge.base import KnowledgeBase, Question
from knowledge.normalize import normalize
from knowledge.tokens import Kind

MAX_NEAREST = 4
WEAK_SHARE = 0.55  # of the best score: below this a neighbour is not worth suggesting
LEANING = 0.25  # score from which an undecided question still is what a follow-up goes on with
OFF_TOPIC = 0.5  # share of words no guide knows: chat, not another service
HALL_SERVICE = "hall-info"
HALL_ASPECTS = ((Aspect.HOURS,), (Aspect.PLACE,), (Aspect.PHONE,))
HALL_WORDS = re.compile(
    "大厅|政务中心|政务服务中心|便民中心|服务台|办事的地方|你们(那|这|几点|在哪|电话|上班|周|星期)"
)
PROGRESS_SERVICE = "case-progress"

logger = structlog.get_logger(__name__)


class Halls(Protocol):
    """What the bot says about halls; answers come from a cache."""

    async def hours(self) -> Sequence[str]:
        """A line per hall: name and office hours."""

    async def nearest(self, location: Location) -> str | None:
        """A sentence about the hall nearest to a place, or None if no hall is known."""


class Desk(Protocol):
    """People who take over a conversation."""

    async def call(self, conversation_id: str, topic: str | None) -> int | None:
        """Queue the citizen; how many are ahead, or None while nobody staffs the desk."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What came of one message, before it gets an id."""

    segments: tuple[Segment, ...]
    understanding: Understanding
    session: Session
    sources: tuple[Source, ...] = ()
    citation: str = ""


class Engine:
    """Answers citizens from one knowledge base."""

    def __init__(
        self,
        knowledge: KnowledgeBase,
        sessions: SessionStore,
        *,
        calibration: Calibration | None = None,
        halls: Halls | None = None,
        desk: Desk | None = None,
        guide_url: Callable[[str], str | None] = lambda _service_id: None,
        make_id: NewId = new_id,
    ) -> None:
        self._knowledge = knowledge
        self._sessions = sessions
        self._topics = TopicFinder(knowledge, calibration or Calibration.load())
        self._faqs = lru_cache(256)(
            lambda service_id: FaqFinder(knowledge.guide(service_id), knowledge)
        )
        self._halls = halls
        self._desk = desk
        self._guide_url = guide_url
        self._make_id = make_id

    async def answer(self, inbound: Inbound) -> Reply:
        """The reply to a message. Never raises."""
        try:
            turn = await self._turn(inbound)
            await self._sessions.put(inbound.conversation_id, turn.session)
        except Exception:  # one of the four doors: a citizen never sees a stack trace
            logger.exception("answer_failed", channel=inbound.channel, kind=inbound.kind)
            failed = Understanding(Decision.DECLINE)
            return Reply(self._make_id(), (Text(say("conversation.failed")),), failed)
        logger.info(
            "answered",
            channel=inbound.channel,
            decision=turn.understanding.decision,
            service_id=turn.understanding.service_id,
            aspect=turn.understanding.aspect,
            confidence=turn.understanding.confidence,
        )
        return Reply(
            self._make_id(), turn.segments, turn.understanding, turn.sources, turn.citation
        )

    async def _turn(self, inbound: Inbound) -> Turn:
        session = await self._sessions.get(inbound.conversation_id)
        if inbound.kind == "location" and inbound.location and self._halls:
            nearest = await self._halls.nearest(inbound.location)
            if nearest:
                return _said(Text(nearest), session, Decision.ANSWER, Aspect.PLACE)
        halls = await self._halls.hours() if self._halls else ()
        turn = self.respond(inbound, session, halls=halls)
        if turn.understanding.decision is not Decision.HANDOFF:
            return turn
        return await self._handed_off(inbound, turn)

    async def _handed_off(self, inbound: Inbound, turn: Turn) -> Turn:
        topic = self._name(turn.session.service_id)
        calling: Awaitable[int | None] | None = (
            self._desk.call(inbound.conversation_id, topic) if self._desk else None
        )
        position = await calling if calling else None
        return replace(turn, segments=(talk.handoff(topic, position),))

    # --- thinking: no I/O below this line -------------------------------------------------------

    def respond(self, inbound: Inbound, session: Session, *, halls: Sequence[str] = ()) -> Turn:
        """What to say to a message in a conversation."""
        text = normalize(inbound.text)
        if inbound.action and (turn := self._acted(inbound.action, session, halls)):
            return turn
        if not text:
            return self._without_text(inbound, session)
        if intent := find_intent(text):
            return self._conversational(intent, session)
        if picked := pick_option(text, session.options, self._knowledge):
            return self._acted(picked.action, session, halls) or self._lost(session)
        return self._questions(text, session, halls)

    def _without_text(self, inbound: Inbound, session: Session) -> Turn:
        if inbound.kind == "text" or inbound.text.strip():  # nothing, or only emoji and marks
            return _said(Text(say("conversation.empty")), session, Decision.SMALLTALK)
        return _said(talk.no_text(inbound.kind), session, Decision.SMALLTALK)

    def _conversational(self, intent: Intent, session: Session) -> Turn:
        if intent is Intent.HANDOFF:
            return _said(talk.handoff(None, None), session, Decision.HANDOFF)
        kept = EMPTY if intent is Intent.RESTART else session
        return _said(talk.smalltalk(intent), kept, Decision.SMALLTALK)

    def _acted(self, action: str, session: Session, halls: Sequence[str]) -> Turn | None:
        """What a tapped or picked option asks for; None if the action is not ours or outdated."""
        if action == HANDOFF:
            return _said(talk.handoff(None, None), session, Decision.HANDOFF)
        wanted = read_action(action)
        if wanted is None or wanted.service_id not in self._knowledge:
            return None
        return self._from_guide(wanted, session, halls)

    def _questions(self, text: str, session: Session, halls: Sequence[str]) -> Turn:
        turns: list[Turn] = []
        for part in split_questions(without_fillers(text) or text):
            turn = self._question(part, session, halls)
            session = turn.session
            turns.append(turn)
        if not turns:
            return _said(Text(say("conversation.empty")), session, Decision.SMALLTALK)
        joined = _joined(turns)
        if len(text) > MAX_CHARACTERS:
            note = Text(say("conversation.too_long"))
            joined = replace(joined, segments=(note, *joined.segments))
        return joined

    def _question(self, text: str, session: Session, halls: Sequence[str]) -> Turn:
        text = with_digits(text)
        question = self._knowledge.read(text)
        aspects = find_aspects(text)
        topic = self._topics.find(text, question, session)
        asks_progress = aspects[:1] == (Aspect.PROGRESS,) and PROGRESS_SERVICE in self._knowledge
        if asks_progress and topic.certainty is not Certainty.SURE:
            topic = _moved(topic, PROGRESS_SERVICE)
        if topic.certainty is Certainty.UNSURE and self._is_about_the_hall(text, question, aspects):
            topic = _moved(topic, HALL_SERVICE)
        if topic.certainty is Certainty.UNSURE or topic.entry_id is None:
            return self._declined(topic, aspects, session)
        if topic.certainty is Certainty.AMBIGUOUS:
            return self._which(topic, aspects, session)
        if topic.entry_id not in self._knowledge:
            return self._from_faq(topic, aspects, session)
        return self._about(text, question, topic, aspects, session, halls)

    def _is_about_the_hall(self, text: str, question: Question, aspects: Sequence[Aspect]) -> bool:
        """Hours, way and phone of the hall itself, not of a service."""
        if HALL_SERVICE not in self._knowledge or aspects[:1] not in HALL_ASPECTS:
            return False
        names_nothing = all(kind is not Kind.WORD for kind in question.terms.values())
        return names_nothing or bool(HALL_WORDS.search(text))

    def _about(
        self,
        text: str,
        question: Question,
        topic: Topic,
        aspects: tuple[Aspect, ...],
        session: Session,
        halls: Sequence[str],
    ) -> Turn:
        service_id = topic.entry_id or ""
        faq = self._faqs(service_id).find(question.terms, topic.situation_id)
        if not aspects and (topic.carried or goes_on(text)):
            aspects = session.aspects
        if not aspects and faq:
            aspects = (Aspect.PROCESS,)
        action = GuideAction(service_id, topic.situation_id, aspects)
        turn = self._from_guide(
            action, session, halls, topic=topic, faq_of=question if faq else None
        )
        trace = {"words": question.words, "aspects": aspects, "margin": topic.ranking.margin}
        understanding = replace(turn.understanding, trace=trace)
        segments = turn.segments
        if question.corrections:
            meant = "、".join(c.meant for c in question.corrections)
            segments = (Text(say("conversation.corrected", meant=meant)), *segments)
        return replace(turn, segments=segments, understanding=understanding)

    def _from_guide(
        self,
        wanted: GuideAction,
        session: Session,
        halls: Sequence[str],
        *,
        topic: Topic | None = None,
        faq_of: Question | None = None,
    ) -> Turn:
        guide = self._knowledge.guide(wanted.service_id)
        known = guide.situation(wanted.situation_id)
        assumed = known is None and topic is not None
        known = known or (guide.usual_situation if assumed else None)
        situation_id = known.situation_id if known else None
        faq = self._faqs(guide.service_id).find(faq_of.terms, situation_id) if faq_of else None
        asked = guide.service_id in session.asked
        told = guide_skill.answer(
            guide,
            situation_id=situation_id,
            aspects=wanted.aspects,
            faq=faq,
            may_ask=not asked,
            assumed=assumed,
            halls=halls,
            url=self._guide_url(guide.service_id),
        )
        now = session.about(guide.service_id, situation_id, wanted.aspects)
        if told.asks:
            now = replace(now, asked=(*now.asked[-4:], guide.service_id))
        understanding = Understanding(
            Decision.CLARIFY if told.asks else Decision.ANSWER,
            aspect=wanted.aspects[0] if wanted.aspects else Aspect.OVERVIEW,
            service_id=guide.service_id,
            service_name=guide.name,
            situation_id=situation_id,
            confidence=round(topic.confidence, 2) if topic else 1.0,
            candidates=topic.candidates if topic else (guide.service_id,),
        )
        return Turn(
            told.segments,
            understanding,
            replace(now, options=told.options),
            told.sources,
            told.citation,
        )

    def _from_faq(self, topic: Topic, aspects: Sequence[Aspect], session: Session) -> Turn:
        entry = self._knowledge.find_faq(topic.entry_id or "")
        if entry is None:
            return self._declined(topic, aspects, session)
        understanding = Understanding(
            Decision.ANSWER if entry.answer else Decision.SUGGEST,
            aspect=aspects[0] if aspects else Aspect.OTHER,
            service_id=entry.service_id,
            service_name=self._name(entry.service_id),
            confidence=round(topic.confidence, 2),
            candidates=topic.candidates,
        )
        now = session.about(entry.service_id, None, tuple(aspects))
        return Turn((talk.faq_answer(entry),), understanding, now)

    def _which(self, topic: Topic, aspects: Sequence[Aspect], session: Session) -> Turn:
        floor = topic.confidence - 2 * self._topics.calibration.margin
        close = [hit.id for hit in topic.ranking.hits if hit.score >= floor]
        services = self._named(close)
        if len(services) < 2:
            sure = replace(topic, certainty=Certainty.SURE)
            return self._settled(sure, aspects, session)
        segments, options = talk.which(services, aspects)
        leaning = _leaning(topic, aspects)
        return self._undecided(Decision.SUGGEST, topic, aspects, segments, options, leaning)

    def _settled(self, topic: Topic, aspects: Sequence[Aspect], session: Session) -> Turn:
        if topic.entry_id not in self._knowledge:
            return self._from_faq(topic, aspects, session)
        wanted = GuideAction(topic.entry_id or "", topic.situation_id, tuple(aspects))
        return self._from_guide(wanted, session, (), topic=topic)

    def _declined(self, topic: Topic, aspects: Sequence[Aspect], session: Session) -> Turn:
        top = topic.ranking.top
        worth = [
            hit.id
            for hit in topic.ranking.hits
            if top and hit.keys >= 0.4 and hit.score >= top.score * WEAK_SHARE
        ]
        # A new subject must not be answered with the old one by the next message.
        left = topic.ranking.unknown <= OFF_TOPIC
        now = replace(_leaning(topic, aspects) if left else session, misses=session.misses + 1)
        segments, options = talk.decline(self._named(worth), misses=session.misses, aspects=aspects)
        return self._undecided(Decision.DECLINE, topic, aspects, segments, options, now)

    def _undecided(
        self,
        decision: Decision,
        topic: Topic,
        aspects: Sequence[Aspect],
        segments: tuple[Segment, ...],
        options: tuple[Option, ...],
        session: Session,
    ) -> Turn:
        understanding = Understanding(
            decision,
            aspect=aspects[0] if aspects else Aspect.OTHER,
            confidence=round(topic.confidence, 2),
            candidates=topic.candidates,
        )
        return Turn(segments, understanding, replace(session, options=options))

    def _lost(self, session: Session) -> Turn:
        return _said(Text(say("decline.plain")), session, Decision.DECLINE)

    def _name(self, service_id: str | None) -> str | None:
        known = service_id is not None and service_id in self._knowledge
        return self._knowledge.guide(service_id).name if known else None

    def _named(self, ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Guides among the ids as (id, name), at most `MAX_NEAREST`."""
        guides = [id_ for id_ in ids if id_ in self._knowledge][:MAX_NEAREST]
        return tuple((id_, self._knowledge.guide(id_).name) for id_ in guides)


def _said(
    segment: Segment, session: Session, decision: Decision, aspect: Aspect = Aspect.OTHER
) -> Turn:
    return Turn((segment,), Understanding(decision, aspect), session)


def _leaning(topic: Topic, aspects: Sequence[Aspect]) -> Session:
    """A session about the likeliest service, in case the citizen just goes on: 那多少钱."""
    top = topic.ranking.top
    if top is None or top.score < LEANING:
        return EMPTY
    return EMPTY.about(top.id, None, tuple(aspects))


def _moved(topic: Topic, service_id: str) -> Topic:
    """The same question, decided to be about another service."""
    sure = max(topic.confidence, 0.8)
    return replace(
        topic,
        entry_id=service_id,
        situation_id=None,
        certainty=Certainty.SURE,
        confidence=sure,
    )


def _joined(turns: Sequence[Turn]) -> Turn:
    """Several questions of one message as one reply; the first one understood stands for all."""
    understood = [t for t in turns if t.understanding.decision is not Decision.DECLINE] or turns[:1]
    main = understood[0]
    if len(understood) == 1:
        return replace(main, session=turns[-1].session)
    asked = next((t for t in understood if _asks_more(t, than=main)), main)
    citations = dict.fromkeys(turn.citation for turn in understood if turn.citation)
    return Turn(
        segments=tuple(segment for turn in understood for segment in turn.segments),
        understanding=asked.understanding,
        session=turns[-1].session,
        sources=tuple(dict.fromkeys(source for turn in understood for source in turn.sources)),
        citation="\n".join(citations),
    )


def _asks_more(turn: Turn, *, than: Turn) -> bool:
    """Whether a later question of a message asks something particular of a service only named."""
    only_named = than.understanding.aspect is Aspect.OVERVIEW
    same = turn.understanding.service_id == than.understanding.service_id
    return only_named and same and turn.understanding.aspect is not Aspect.OVERVIEW
