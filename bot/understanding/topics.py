"""Which service a question is about: from its own words, or from what the conversation is about."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from bot.sessions import Session
from bot.understanding.situations import SituationFinder
from knowledge.base import KnowledgeBase, Question
from knowledge.passages import entry_of_guide
from knowledge.schema import Guide
from knowledge.search import Ranking
from knowledge.tokens import Kind

# Openings and endings that go on with what was said before.
FOLLOW_UP = re.compile(
    r"^(那|那么|还有|另外|如果|要是|假如|换成|改成|换|它|这个|这|那个|再|不是|我是|是|对了|然后)|呢$|呢[?？]$"
)
HALF = 0.5
MOSTLY = 0.45
OUTWEIGHS_OUTSIDE = 0.6  # score that outweighs a word from outside
NEARLY = 0.1
CARRIED = 0.9  # confidence of a question that only makes sense as a follow-up


def goes_on(text: str) -> bool:
    """Whether a message opens or ends like one that goes on with what was said before."""
    return bool(FOLLOW_UP.search(text))


class Certainty(StrEnum):
    SURE = "sure"
    AMBIGUOUS = "ambiguous"  # several services fit alike
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Thresholds on scores; see `calibration.toml` for where they come from."""

    answer: float  # score from which an entry is an answer
    keys: float  # share of the question that must be at home with the entry
    margin: float  # lead over the second below which the citizen is asked

    @classmethod
    def load(cls) -> Calibration:
        """The measured thresholds that ship with the bot."""
        raw = tomllib.loads(files("bot").joinpath("calibration.toml").read_text("utf-8"))
        return cls(float(raw["answer"]), float(raw["keys"]), float(raw["margin"]))


@dataclass(frozen=True, slots=True)
class Topic:
    """What a question is about: an entry of the knowledge base, and how sure we are."""

    entry_id: str | None
    situation_id: str | None
    certainty: Certainty
    confidence: float
    ranking: Ranking
    carried: bool = False  # from the conversation, not from the words

    @property
    def candidates(self) -> tuple[str, ...]:
        """Ranked ids with the chosen one in front."""
        ids = [hit.id for hit in self.ranking.hits]
        return tuple(dict.fromkeys([self.entry_id, *ids] if self.entry_id else ids))


class TopicFinder:
    """Finds the topic of a question. Pure: the same question and session give the same topic."""

    def __init__(self, knowledge: KnowledgeBase, calibration: Calibration) -> None:
        self._knowledge = knowledge
        self.calibration = calibration
        self.situations = lru_cache(256)(self._situation_finder)
        self._subject = lru_cache(256)(self._subject_terms)
        self._words_of = lru_cache(256)(self._words_of_guide)
        self._outside = knowledge.tokenizer.lexicon.outside - knowledge.things

    def find(self, text: str, question: Question, session: Session) -> Topic:
        """The topic of one question in a conversation."""
        own = self._knowledge.rank(question.terms)
        current = self._current(session)
        if current is None:
            return self._judge(text, question, own)
        return self._in_conversation(text, question, own, current, session)

    def _current(self, session: Session) -> Guide | None:
        known = session.service_id is not None and session.service_id in self._knowledge
        return self._knowledge.guide(session.service_id) if known else None

    def _in_conversation(
        self, text: str, question: Question, own: Ranking, current: Guide, session: Session
    ) -> Topic:
        topic = self._judge(text, question, own)
        described = self.situations(current.service_id).find(text, question.terms)
        opens = self._opens_topic(question, own)
        if opens and self._stands_alone(text, topic, described, current):
            if topic.entry_id == current.service_id and topic.situation_id is None:
                return self._carried(current, session.situation_id, own)
            return topic
        if opens and not self._is_covered(question, current, own):
            return topic
        return self._continued(text, question, own, current, described, session)

    @staticmethod
    def _stands_alone(text: str, topic: Topic, described: str | None, current: Guide) -> bool:
        """Whether a question that names a thing needs nothing of what was said before."""
        if topic.certainty is Certainty.UNSURE:
            return False
        follows = goes_on(text) and described is not None
        return not follows or topic.entry_id == current.service_id

    def _is_covered(self, question: Question, current: Guide, own: Ranking) -> bool:
        """Whether the current guide speaks of what the question names, about as well as any."""
        here = self._cover(question, current.service_id)
        best = own.top.id if own.top else None
        elsewhere = self._cover(question, best) if best in self._knowledge and best else 0.0
        return here >= HALF and here >= elsewhere - NEARLY

    def _cover(self, question: Question, service_id: str) -> float:
        """Share of the question's topic words that a guide contains."""
        words = {term: kind for term, kind in question.terms.items() if kind is Kind.WORD}
        named = self._knowledge.weigh(words)
        known = self._words_of(service_id)
        return sum(w for t, w in named.items() if t in known) / (sum(named.values()) or 1.0)

    def _continued(
        self,
        text: str,
        question: Question,
        own: Ranking,
        current: Guide,
        described: str | None,
        session: Session,
    ) -> Topic:
        """A question that needs what was said before: the same service, or a neighbour of it."""
        acts = self._knowledge.tokenizer.lexicon.actions.intersection(question.terms)
        if acts:
            merged = {**question.terms, **self._subject(current.service_id)}
            together = self._knowledge.rank(merged)
            found = self._judge(text, Question(question.words, merged), together)
            top = together.top
            here = next((h.keys for h in together.hits if h.id == current.service_id), 0.0)
            moved = top is not None and top.id != current.service_id and top.keys > here + 0.03
            if moved and found.certainty is not Certainty.UNSURE:
                return replace(found, certainty=Certainty.SURE)
        return self._carried(current, described or session.situation_id, own)

    def _carried(self, guide: Guide, situation_id: str | None, own: Ranking) -> Topic:
        return Topic(guide.service_id, situation_id, Certainty.SURE, CARRIED, own, carried=True)

    def _opens_topic(self, question: Question, own: Ranking) -> bool:
        """Whether the question names a thing some service is about, or things no guide knows."""
        things = self._knowledge.things
        named = (term for term, kind in question.terms.items() if kind is Kind.WORD)
        return own.unknown > MOSTLY or any(term in things for term in named)

    def _judge(self, text: str, question: Question, ranking: Ranking) -> Topic:
        top = ranking.top
        sure_enough = self.calibration
        if top is None or top.score < sure_enough.answer or top.keys < sure_enough.keys:
            confidence = top.score if top else 0.0
            return Topic(None, None, Certainty.UNSURE, confidence, ranking)
        if self._is_outside(question) and top.score < OUTWEIGHS_OUTSIDE:
            return Topic(None, None, Certainty.UNSURE, top.score, ranking)
        certainty = Certainty.SURE
        if ranking.margin < self.calibration.margin:
            certainty = Certainty.AMBIGUOUS
        situation = None
        if top.id in self._knowledge:
            situation = self.situations(top.id).find(text, question.terms)
        return Topic(top.id, situation, certainty, top.score, ranking)

    def _is_outside(self, question: Question) -> bool:
        """Whether the question names a thing that no hall handles and no service is about."""
        return not self._outside.isdisjoint(question.words)

    def _situation_finder(self, service_id: str) -> SituationFinder:
        return SituationFinder(self._knowledge.guide(service_id), self._knowledge.tokenizer)

    def _subject_terms(self, service_id: str) -> Mapping[str, Kind]:
        """The thing a guide is about, without what is done to it: 身份证, not 换领."""
        actions = self._knowledge.tokenizer.lexicon.actions
        words = self._knowledge.read(self._knowledge.guide(service_id).name).words
        subject = [word for word in words if word not in actions]
        return self._knowledge.tokenizer.terms_of_words(subject)

    def _words_of_guide(self, service_id: str) -> frozenset[str]:
        """Every word a guide is found by."""
        entry = entry_of_guide(self._knowledge.guide(service_id))
        texts = [*entry.phrases, *entry.keys, *(text for _, text in entry.body)]
        cut = self._knowledge.tokenizer.words
        return frozenset(word for text in texts for word in cut(text))
