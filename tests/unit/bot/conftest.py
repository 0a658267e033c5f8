"""A bot on the shipped guides, and a way to talk to it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from bot.engine import Engine
from bot.messages import Inbound, Reply
from bot.sessions import MemorySessions
from knowledge.base import KnowledgeBase

Say = Callable[..., Reply]


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    """The shipped guides, loaded once for all tests of a worker."""
    cache: Path = tmp_path_factory.getbasetemp().parent / "knowledge-cache"
    return KnowledgeBase.load(cache=cache)


@pytest.fixture
def say(knowledge: KnowledgeBase) -> Iterator[Say]:
    """Send a message in one conversation; returns the reply."""
    engine = Engine(knowledge, MemorySessions())
    numbers = count()
    with asyncio.Runner() as runner:

        def send(text: str = "", **facts: object) -> Reply:
            inbound = Inbound("test", "main", "citizen", str(next(numbers)), text, **facts)  # type: ignore[arg-type]
            return runner.run(engine.answer(inbound))

        yield send
