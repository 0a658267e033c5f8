"""Every message is answered once: in time, later, or again with the same words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import structlog
from structlog.testing import LogCapture

from bot.messages import Choices, Inbound, Option, Reply
from channels import inbox as inbox_module
from channels.base import Pusher
from channels.inbox import REPLY_BUDGET_S, SEEN_FOR_S, AnswerLost, Inbox
from channels.wechat.signature import FRESHNESS_S
from tests.fakes.channel import CollectingPusher, DictReplies, SetOnce, a_message, a_reply

PATIENT_S = 3.0
HASTY_S = 0.15
hasty = pytest.mark.parametrize("budget_s", [HASTY_S])  # where the test is about running out of it


@dataclass
class Bot:
    """Answers when it is let; counts how often it was asked."""

    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    failures_left: int = 0

    async def answer(self, inbound: Inbound) -> Reply:
        self.asked.append(inbound.text)
        await self.may_answer.wait()
        if self.failures_left:
            self.failures_left -= 1
            raise RuntimeError("a bug in the bot")
        return a_reply(f"第 {len(self.asked)} 次答复：{inbound.text}")


@dataclass
class Worker:
    """One worker process: its own inbox over stores it shares with the others."""

    inbox: Inbox

    async def hear(
        self, inbound: Inbound | None = None, pusher: Pusher | None = None
    ) -> str | None:
        reply = await self.inbox.reply_to(inbound or a_message(), pusher=pusher)
        return reply.plain() if reply else None


@pytest.fixture
def bot() -> Bot:
    quick = Bot()
    quick.may_answer.set()
    return quick


@pytest.fixture
def once() -> SetOnce:
    return SetOnce()


@pytest.fixture
def replies() -> DictReplies:
    return DictReplies()


@pytest.fixture
def budget_s() -> float:
    return PATIENT_S


@pytest.fixture(autouse=True)
def notes(monkeypatch: pytest.MonkeyPatch) -> LogCapture:
    capture = LogCapture()
    monkeypatch.setattr(inbox_module, "log", structlog.wrap_logger(None, processors=[capture]))
    return capture


@pytest.fixture
async def worker(
    bot: Bot, once: SetOnce, replies: DictReplies, budget_s: float
) -> AsyncIterator[Worker]:
    inbox = Inbox(answer=bot.answer, once=once, replies=replies, budget_s=budget_s)
    yield Worker(inbox)
    await inbox.drain(within_s=1)


@pytest.fixture
async def other_worker(
    bot: Bot, once: SetOnce, replies: DictReplies, budget_s: float
) -> AsyncIterator[Worker]:
    inbox = Inbox(answer=bot.answer, once=once, replies=replies, budget_s=budget_s)
    yield Worker(inbox)
    await inbox.drain(within_s=1)


async def settled(worker: Worker) -> None:
    await worker.inbox.drain(within_s=1)


def test_the_budget_is_below_the_five_seconds_after_which_wechat_hangs_up() -> None:
    assert REPLY_BUDGET_S < 5


def test_a_key_is_kept_for_as_long_as_a_recording_would_pass_for_fresh() -> None:
    assert SEEN_FOR_S >= 2 * FRESHNESS_S


async def test_a_quick_answer_goes_back_on_the_same_line(worker: Worker) -> None:
    assert await worker.hear() == "第 1 次答复：身份证丢了"


# -- duplicates ----------------------------------------------------------------------------------


async def test_three_tries_at_the_same_time_are_one_question(worker: Worker, bot: Bot) -> None:
    answers = await asyncio.gather(*(worker.hear() for _ in range(3)))

    assert answers == ["第 1 次答复：身份证丢了"] * 3
    assert len(bot.asked) == 1


async def test_three_tries_one_after_the_other_are_one_question(worker: Worker, bot: Bot) -> None:
    answers = [await worker.hear() for _ in range(3)]

    assert answers == ["第 1 次答复：身份证丢了"] * 3
    assert len(bot.asked) == 1


async def test_three_tries_at_two_workers_are_one_question(
    worker: Worker, other_worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    tries = [asyncio.ensure_future(w.hear()) for w in (worker, other_worker, other_worker)]
    await asyncio.sleep(0.05)
    bot.may_answer.set()

    assert await asyncio.gather(*tries) == ["第 1 次答复：身份证丢了"] * 3
    assert len(bot.asked) == 1


async def test_a_retry_at_another_worker_gets_the_same_answer(
    worker: Worker, other_worker: Worker, bot: Bot
) -> None:
    assert await worker.hear() == await other_worker.hear()
    assert len(bot.asked) == 1


async def test_different_messages_are_different_questions(worker: Worker, bot: Bot) -> None:
    await asyncio.gather(*(worker.hear(a_message(key=f"k{n}")) for n in range(5)))

    assert len(bot.asked) == 5


async def test_without_the_guard_a_retry_is_asked_again(
    worker: Worker, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the tests above rest on: de-duplication switched off makes them fail."""

    async def always(self: SetOnce, key: str, *, ttl_s: float) -> bool:
        return True

    monkeypatch.setattr(SetOnce, "first_time", always)
    first = await worker.hear()
    await settled(worker)

    assert await worker.hear() != first
    assert len(bot.asked) == 2


# -- late answers --------------------------------------------------------------------------------


@hasty
async def test_a_slow_answer_is_acknowledged_in_time_and_pushed(worker: Worker, bot: Bot) -> None:
    bot.may_answer.clear()
    pusher = CollectingPusher()
    started = asyncio.get_running_loop().time()

    assert await worker.hear(pusher=pusher) is None
    assert asyncio.get_running_loop().time() - started < HASTY_S + 0.5
    assert pusher.pushed == []

    bot.may_answer.set()
    await settled(worker)
    assert pusher.pushed == [("u1", "第 1 次答复：身份证丢了")]


@hasty
async def test_a_retry_after_the_push_is_only_acknowledged(worker: Worker, bot: Bot) -> None:
    bot.may_answer.clear()
    pusher = CollectingPusher()
    await worker.hear(pusher=pusher)
    bot.may_answer.set()
    await settled(worker)

    assert await worker.hear(pusher=pusher) is None
    assert len(pusher.pushed) == len(bot.asked) == 1


@hasty
async def test_a_retry_that_still_waits_gets_the_answer_instead_of_a_push(
    worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    pusher = CollectingPusher()
    await worker.hear(pusher=pusher)
    retry = asyncio.ensure_future(worker.hear(pusher=pusher))
    await asyncio.sleep(0.01)
    bot.may_answer.set()

    assert await retry == "第 1 次答复：身份证丢了"
    await settled(worker)
    assert pusher.pushed == []


@hasty
async def test_what_another_worker_promised_is_pushed_by_the_one_who_knows(
    worker: Worker, other_worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    pusher = CollectingPusher()
    first = asyncio.ensure_future(worker.hear(pusher=pusher))
    await asyncio.sleep(0.01)
    first.cancel()  # the client hung up; its retry reaches the other worker
    assert await other_worker.hear(pusher=pusher) is None

    bot.may_answer.set()
    await settled(worker)

    assert pusher.pushed == [("u1", "第 1 次答复：身份证丢了")]


@hasty
@pytest.mark.parametrize("pusher", [None, CollectingPusher(works=False)], ids=["none", "broken"])
async def test_what_cannot_be_pushed_comes_with_the_next_answer(
    worker: Worker, bot: Bot, pusher: Pusher | None
) -> None:
    bot.may_answer.clear()
    await worker.hear(a_message("第一问", key="k1"), pusher)
    bot.may_answer.set()
    await settled(worker)

    answer = await worker.hear(a_message("第二问", key="k2"), pusher)

    assert answer == "第 2 次答复：第二问\n\n您上一个问题的答复：\n\n第 1 次答复：第一问"
    assert await worker.hear(a_message("第三问", key="k3"), pusher) == "第 3 次答复：第三问"
    assert await worker.hear(a_message("第二问", key="k2"), pusher) == answer


@hasty
async def test_without_a_push_the_citizen_is_told_how_to_get_the_answer(
    worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    assert "回复“结果”" in (await worker.hear(a_message("第一问", key="k1")) or "")
    assert "回复“结果”" in (await worker.hear(a_message("结果", key="k2")) or "")
    bot.may_answer.set()
    await settled(worker)

    assert await worker.hear(a_message(" 结果 ", key="k3")) == "第 1 次答复：第一问"
    assert bot.asked == ["第一问"]


@hasty
async def test_nothing_is_promised_that_the_platform_does_not_allow(
    worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    pusher = CollectingPusher(works=False)
    pusher.is_able = False

    assert "回复“结果”" in (await worker.hear(a_message(), pusher) or "")
    bot.may_answer.set()


@hasty
async def test_a_late_answer_goes_to_nobody_else(worker: Worker, bot: Bot) -> None:
    bot.may_answer.clear()
    await worker.hear(a_message("第一问", key="k1", user="u1"))
    bot.may_answer.set()
    await settled(worker)

    assert await worker.hear(a_message("问", key="k2", user="u2")) == "第 2 次答复：问"


# -- clients that hang up ------------------------------------------------------------------------


async def test_a_client_that_hangs_up_does_not_cancel_the_answer(worker: Worker, bot: Bot) -> None:
    bot.may_answer.clear()
    line = asyncio.ensure_future(worker.hear())
    await asyncio.sleep(0.01)
    line.cancel()
    bot.may_answer.set()
    await settled(worker)

    assert await worker.hear() == "第 1 次答复：身份证丢了"
    assert len(bot.asked) == 1
    assert await worker.hear(a_message("再问", key="k2")) == "第 2 次答复：再问"


async def test_the_answer_of_a_client_that_never_returns_comes_with_the_next(
    worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    line = asyncio.ensure_future(worker.hear())
    await asyncio.sleep(0.01)
    line.cancel()
    bot.may_answer.set()
    await settled(worker)

    assert (await worker.hear(a_message("再问", key="k2")) or "").endswith("：身份证丢了")


# -- failures ------------------------------------------------------------------------------------


async def test_after_a_failure_the_retry_gets_another_chance(
    worker: Worker, bot: Bot, notes: LogCapture
) -> None:
    bot.failures_left = 1
    with pytest.raises(AnswerLost):
        await worker.hear()

    assert await worker.hear() == "第 2 次答复：身份证丢了"
    assert [note["event"] for note in notes.entries] == ["answer_lost"]
    assert "身份证" not in str(notes.entries)


async def test_after_two_failures_the_citizen_gets_an_apology(worker: Worker, bot: Bot) -> None:
    bot.failures_left = 2
    with pytest.raises(AnswerLost):
        await worker.hear()

    assert "抱歉" in (await worker.hear() or "")


@hasty
async def test_a_promise_the_bot_cannot_keep_ends_in_an_apology(worker: Worker, bot: Bot) -> None:
    bot.may_answer.clear()
    bot.failures_left = 1
    pusher = CollectingPusher()
    await worker.hear(pusher=pusher)
    bot.may_answer.set()
    await settled(worker)

    assert "抱歉" in pusher.pushed[0][1]


async def test_a_failure_at_one_worker_is_made_good_by_the_other(
    worker: Worker, other_worker: Worker, bot: Bot
) -> None:
    bot.may_answer.clear()
    bot.failures_left = 1
    first = asyncio.ensure_future(worker.hear())
    await asyncio.sleep(0.01)
    retry = asyncio.ensure_future(other_worker.hear())
    await asyncio.sleep(0.01)
    bot.may_answer.set()

    with pytest.raises(AnswerLost):
        await first
    assert await retry == "第 2 次答复：身份证丢了"


async def test_with_the_shared_store_away_people_are_still_answered(
    worker: Worker, bot: Bot, once: SetOnce, replies: DictReplies
) -> None:
    once.away = replies.away = True

    answers = await asyncio.gather(*(worker.hear() for _ in range(3)))

    assert answers == ["第 1 次答复：身份证丢了"] * 3
    assert len(bot.asked) == 1


@hasty
async def test_with_the_shared_store_away_a_slow_answer_is_still_pushed(
    worker: Worker, bot: Bot, once: SetOnce, replies: DictReplies
) -> None:
    once.away = replies.away = True
    bot.may_answer.clear()
    pusher = CollectingPusher()
    assert await worker.hear(pusher=pusher) is None
    bot.may_answer.set()
    await settled(worker)

    assert len(pusher.pushed) == 1


@hasty
async def test_nothing_is_kept_for_ever(worker: Worker, bot: Bot, replies: DictReplies) -> None:
    bot.may_answer.clear()
    await worker.hear()
    bot.may_answer.set()
    await settled(worker)

    assert replies.ttls
    assert all(60 <= ttl <= 86_400 for ttl in replies.ttls.values())
    assert worker.inbox._open == {}
    assert worker.inbox._tasks == set()


async def test_choices_are_still_choices_when_they_come_from_the_store(
    once: SetOnce, replies: DictReplies
) -> None:
    asked = a_reply(Choices("哪种？", (Option("补领", "a"),)))

    async def answer(inbound: Inbound) -> Reply:
        return asked

    inbox = Inbox(answer=answer, once=once, replies=replies)
    await inbox.reply_to(a_message(), pusher=None)

    assert await inbox.reply_to(a_message(), pusher=None) == asked
