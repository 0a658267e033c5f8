"""Measures the bot on a knowledge folder and a file of questions (contract §6).

The expected answers are read only after the bot has answered. Every question runs through
`Engine.respond`, the very code that answers citizens, with its history sent first.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.engine import Engine
from bot.messages import Decision, Inbound, Understanding
from bot.sessions import EMPTY, MemorySessions
from bot.understanding.topics import Calibration
from knowledge.base import KnowledgeBase
from knowledge.loader import BadKnowledge, Problem

CONFIDENT = frozenset({Decision.ANSWER, Decision.CLARIFY})
REFUSING = frozenset({Decision.DECLINE, Decision.SMALLTALK, Decision.HANDOFF})
DEPTH = 10


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """One line of a question file."""

    query: str
    expect: tuple[str, ...] = ()
    aspect: str | None = None
    situation: str | None = None
    history: tuple[str, ...] = ()
    answerable: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the bot made of a golden question."""

    question: GoldenQuestion
    understanding: Understanding
    took_ms: float

    @property
    def rank(self) -> int | None:
        """Position (from 1) of the first expected id, or None."""
        found = self.ranked
        return next((n for n, id_ in enumerate(found, 1) if id_ in self.question.expect), None)

    @property
    def ranked(self) -> tuple[str, ...]:
        """What was found, best first; the chosen service counts as found first."""
        chosen = self.understanding.service_id
        ids = [chosen, *self.understanding.candidates] if chosen else self.understanding.candidates
        return tuple(dict.fromkeys(id_ for id_ in ids if id_))[:DEPTH]

    @property
    def is_refused(self) -> bool:
        return self.understanding.decision in REFUSING

    @property
    def is_wrong_and_confident(self) -> bool:
        """Stated as an answer, and not what was asked."""
        if self.understanding.decision not in CONFIDENT:
            return False
        return not self.question.answerable or self.rank != 1


def read_questions(path: Path) -> tuple[GoldenQuestion, ...]:
    """The questions of a file.

    Raises:
        BadKnowledge: a line is not a question; all such lines are listed.
    """
    problems: list[Problem] = []
    questions: list[GoldenQuestion] = []
    for row, line in enumerate(path.read_text("utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError) as error:
            problems.append(Problem(path.name, row, f"问题写法有误：{error}"))
    if problems:
        raise BadKnowledge(problems)
    return tuple(questions)


def _question(value: Mapping[str, Any]) -> GoldenQuestion:
    expect = value.get("expect") or ()
    return GoldenQuestion(
        query=str(value["query"]),
        expect=(expect,) if isinstance(expect, str) else tuple(str(id_) for id_ in expect),
        aspect=value.get("aspect"),
        situation=value.get("situation"),
        history=tuple(value.get("history") or ()),
        answerable=bool(value.get("answerable", True)),
    )


def ask_all(
    knowledge: KnowledgeBase,
    questions: Iterable[GoldenQuestion],
    *,
    calibration: Calibration | None = None,
    on_progress: Callable[[], None] = lambda: None,
) -> tuple[Outcome, ...]:
    """Ask every question in a conversation of its own."""
    engine = Engine(knowledge, MemorySessions(), calibration=calibration)
    outcomes: list[Outcome] = []
    for question in questions:
        outcomes.append(_ask(engine, question))
        on_progress()
    return tuple(outcomes)


def _ask(engine: Engine, question: GoldenQuestion) -> Outcome:
    session = EMPTY
    for earlier in question.history:
        session = engine.respond(_inbound(earlier), session).session
    started = time.perf_counter()
    turn = engine.respond(_inbound(question.query), session)
    took_ms = (time.perf_counter() - started) * 1000
    return Outcome(question, turn.understanding, took_ms)


def _inbound(text: str) -> Inbound:
    return Inbound("evaluate", "main", "golden", "", text)


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of contract §6. A share over nothing is None, never 1."""

    n: int
    r_at_1: float | None
    r_at_3: float | None
    r_at_10: float | None
    mrr: float | None
    aspect_accuracy: float | None
    situation_accuracy: float | None
    refusal: Mapping[str, float | None]
    wrong_confident_rate: float | None
    latency_ms: Mapping[str, float]
    misses: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    def as_json(self) -> dict[str, Any]:
        """The object `evaluate --json` prints."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def report(outcomes: Sequence[Outcome]) -> Report:
    """Figures over all outcomes; ranks, aspects and situations over the answerable ones."""
    answerable = [o for o in outcomes if o.question.answerable and o.question.expect]
    with_aspect = [o for o in answerable if o.question.aspect]
    with_situation = [o for o in answerable if o.question.situation]
    refused = [o for o in outcomes if o.is_refused]
    off_topic = [o for o in outcomes if not o.question.answerable]
    rightly = [o for o in refused if not o.question.answerable]
    return Report(
        n=len(outcomes),
        r_at_1=_share([o.rank == 1 for o in answerable]),
        r_at_3=_share([(o.rank or 99) <= 3 for o in answerable]),
        r_at_10=_share([o.rank is not None for o in answerable]),
        mrr=_mean([1 / o.rank if o.rank else 0.0 for o in answerable]),
        aspect_accuracy=_share([_aspect_is_right(o) for o in with_aspect]),
        situation_accuracy=_share([_situation_is_right(o) for o in with_situation]),
        refusal={
            "precision": round(len(rightly) / len(refused), 4) if refused else None,
            "recall": round(len(rightly) / len(off_topic), 4) if off_topic else None,
        },
        wrong_confident_rate=_share([o.is_wrong_and_confident for o in outcomes]),
        latency_ms=_latency([o.took_ms for o in outcomes]),
        misses=[_miss(o) for o in outcomes if _is_miss(o)],
    )


def _aspect_is_right(outcome: Outcome) -> bool:
    return outcome.understanding.aspect == outcome.question.aspect


def _situation_is_right(outcome: Outcome) -> bool:
    return outcome.understanding.situation_id == outcome.question.situation


def _is_miss(outcome: Outcome) -> bool:
    question = outcome.question
    if not question.answerable:
        return not outcome.is_refused
    return bool(
        (question.expect and outcome.rank != 1)
        or (question.aspect and not _aspect_is_right(outcome))
        or (question.situation and not _situation_is_right(outcome))
    )


def _miss(outcome: Outcome) -> Mapping[str, Any]:
    question, understood = outcome.question, outcome.understanding
    return {
        "query": question.query,
        "history": list(question.history),
        "expect": list(question.expect),
        "expect_aspect": question.aspect,
        "expect_situation": question.situation,
        "answerable": question.answerable,
        "got": list(outcome.ranked[:3]),
        "aspect": str(understood.aspect),
        "situation": understood.situation_id,
        "decision": str(understood.decision),
        "confidence": understood.confidence,
    }


def _share(hits: Sequence[bool]) -> float | None:
    return round(sum(hits) / len(hits), 4) if hits else None


def _mean(values: Sequence[float]) -> float | None:
    return round(statistics.fmean(values), 4) if values else None


def _latency(times: Sequence[float]) -> Mapping[str, float]:
    if not times:
        return {"p50": 0.0, "p95": 0.0, "p99": 0.0}
    ordered = sorted(times)
    at = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
    return {name: round(ordered[int(share * (len(ordered) - 1))], 3) for name, share in at.items()}


# What a citizen suffers from each outcome: a wrong answer costs a trip to the hall.
GRID = tuple(
    Calibration(answer / 100, keys / 100, margin / 100)
    for answer in range(20, 44, 3)
    for keys in (0, 15, 25, 35)
    for margin in (0, 1, 2, 3)
)
COST_WRONG, COST_REFUSED, COST_ASKED_BACK = 3.0, 1.0, 0.4


def calibrate(
    knowledge: KnowledgeBase,
    questions: Sequence[GoldenQuestion],
    *,
    on_progress: Callable[[], None] = lambda: None,
) -> Calibration:
    """The thresholds that cost citizens least on these questions (exhaustive over `GRID`)."""

    def cost(calibration: Calibration) -> float:
        on_progress()
        return _cost(ask_all(knowledge, questions, calibration=calibration))

    return min(GRID, key=cost)


def _cost(outcomes: Sequence[Outcome]) -> float:
    cost = 0.0
    for outcome in outcomes:
        decision = outcome.understanding.decision
        if outcome.is_wrong_and_confident:
            cost += COST_WRONG
        elif decision is Decision.SUGGEST:
            cost += COST_ASKED_BACK
        elif outcome.is_refused and outcome.question.answerable:
            cost += COST_REFUSED
    return cost
