"""Who is compared: the bot, and the two usual ways to put jieba before BM25.

Each lives in a process of its own, so that memory can be told apart; it times itself, so that the
pipe is not counted, with the garbage collector on.
"""

from __future__ import annotations

import gc
import multiprocessing
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.corpora import Folder, read_texts
from benchmarks.measure import megabytes

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """Ids, best first, and the milliseconds they took: of a clock, and of the processor."""

    ids: tuple[str, ...]
    took_ms: float
    cpu_ms: float


Ask = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Birth:
    """What it took to become ready: seconds, and megabytes on top of the imports."""

    seconds: float
    memory_mb: float


def build_bot(folder: Folder, cache: Path | None) -> Ask:
    """`Engine.respond`, end to end: reading, ranking, aspects, situation and composition."""
    from bot.engine import Engine
    from bot.evaluate import GoldenQuestion, Outcome
    from bot.messages import Inbound
    from bot.sessions import EMPTY, MemorySessions
    from knowledge.base import KnowledgeBase

    engine = Engine(KnowledgeBase.load(folder.guides, cache=cache), MemorySessions())

    def ask(text: str) -> Sequence[str]:
        turn = engine.respond(Inbound("bench", "main", "citizen", "", text), EMPTY)
        return Outcome(GoldenQuestion(text), turn.understanding, 0.0).ranked

    return ask


def build_finder(folder: Folder, cache: Path | None) -> Ask:
    """Reading and ranking alone: what the references do, and no more."""
    from knowledge.base import KnowledgeBase

    knowledge = KnowledgeBase.load(folder.guides, cache=cache)

    def ask(text: str) -> Sequence[str]:
        return [hit.id for hit in knowledge.rank(knowledge.read(text).terms, limit=DEPTH).hits]

    return ask


def build_bm25s(folder: Folder, _: Path | None) -> Ask:
    """jieba's search mode before bm25s."""
    import bm25s

    cut = _stock_jieba()
    ids, texts = zip(*read_texts(folder), strict=True)
    index = bm25s.BM25()
    index.index([cut(text) for text in texts], show_progress=False)
    depth = min(DEPTH, len(ids))

    def ask(text: str) -> Sequence[str]:
        found, scores = index.retrieve([cut(text)], k=depth, show_progress=False)
        return [ids[n] for n, score in zip(found[0], scores[0], strict=True) if score > 0]

    return ask


def build_rank_bm25(folder: Folder, _: Path | None) -> Ask:
    """jieba's search mode before rank-bm25."""
    import numpy as np
    from rank_bm25 import BM25Okapi

    cut = _stock_jieba()
    ids, texts = zip(*read_texts(folder), strict=True)
    index = BM25Okapi([cut(text) for text in texts])

    def ask(text: str) -> Sequence[str]:
        scores = index.get_scores(cut(text))
        return [ids[n] for n in np.argsort(-scores, kind="stable")[:DEPTH] if scores[n] > 0]

    return ask


def _stock_jieba() -> Callable[[str], list[str]]:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True  # its own cache file would lie in a shared folder
    return lambda text: [w for w in tokenizer.lcut_for_search(text.lower()) if w.strip()]


CONTENDERS: Mapping[str, Callable[[Folder, Path | None], Ask]] = {
    "banshitong": build_bot,
    "banshitong 仅检索": build_finder,
    "jieba + bm25s": build_bm25s,
    "jieba + rank-bm25": build_rank_bm25,
}
PRODUCT, FINDER, REFERENCE, SLOW = CONTENDERS


class Contender:
    """One of `CONTENDERS` in its own process; ready when constructed."""

    def __init__(self, name: str, folder: Folder, *, cache: Path | None = None) -> None:
        self.name = name
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        arguments = (name, folder, cache, theirs)
        self._process = context.Process(target=_live, args=arguments, daemon=True)
        self._process.start()
        theirs.close()
        self.birth: Birth = self._pipe.recv()

    def ask(self, text: str) -> Answer:
        """Put a question and wait for the answer."""
        self._pipe.send(text)
        answer: Answer = self._pipe.recv()
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._pipe.send(None)
        self._process.join(5)


def _live(name: str, folder: Folder, cache: Path | None, pipe: Connection) -> None:
    _import_everything(name)
    gc.collect()
    before, started = megabytes(), time.perf_counter()
    ask = CONTENDERS[name](folder, cache)
    took = time.perf_counter() - started
    gc.collect()
    pipe.send(Birth(took, megabytes() - before))
    while (text := pipe.recv()) is not None:
        pipe.send(_timed(ask, text))


def _timed(ask: Ask, text: str) -> Answer:
    asked, worked = time.perf_counter(), time.thread_time()
    found = ask(text)
    cpu_ms = (time.thread_time() - worked) * 1000
    return Answer(tuple(found), (time.perf_counter() - asked) * 1000, cpu_ms)


def _import_everything(name: str) -> None:
    """Libraries are not the index; they are counted by `bench_startup`."""
    if name in (PRODUCT, FINDER):
        import bot.engine
        import bot.evaluate  # noqa: F401
    elif name == REFERENCE:
        import bm25s  # noqa: F401
    else:
        import rank_bm25  # noqa: F401
