"""Every message is answered once, in time or later, and never twice with different words.

    first try   ──► the bot is asked ──► in time: the reply goes back on the same line
                                     └─► budget over: acknowledged; pushed later, or kept for the
                                         citizen's next message where nothing can be pushed
    a retry     ──► still being answered: waits for that same answer, within its own budget
                └─► answered: gets the kept reply again
    client gone ──► the answer is finished all the same and kept for the retry
    bot failed  ──► the key is forgotten, so that the platform's own retry gets another chance

Workers share what they know through `core.once`; with that away (`Unavailable`) each worker still
knows its own messages, and would rather answer twice than never. What a worker was working on when
it was killed is lost: the citizen has to ask again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import orjson
import structlog

from backend.core.errors import Unavailable
from backend.core.once import Once, Replies
from bot.messages import Decision, Inbound, Reply, Text, Understanding
from bot.reply_json import reply_from_json, reply_to_json
from channels.base import Pusher
from channels.wording import sentence

Answer: TypeAlias = Callable[[Inbound], Awaitable[Reply]]

REPLY_BUDGET_S = 4.5  # WeChat hangs up after 5
SEEN_FOR_S = 1_200.0  # as long as a recorded message would still pass for fresh, twice over
REPLY_KEPT_FOR_S = 120.0  # a platform has given up repeating itself long before
LATE_KEPT_FOR_S = 86_400.0  # a citizen may come back tomorrow
_POLL_S = 0.1
_DELIVERED_OTHERWISE = b""

log = structlog.get_logger(__name__)


class AnswerLost(Exception):
    """The bot broke down over this message for the first time: let the platform try again."""


@dataclass(slots=True)
class _Answering:
    """One message on its way, and who waits for it in this worker."""

    task: asyncio.Task[Reply]
    waiting: int = 0
    owed: bool = False  # acknowledged: nobody waits on the line, but it was promised
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class _Late:
    """An answer that missed its line. `reply` is None while it is still being worked on."""

    key: str
    reply: Reply | None


class Inbox:
    """De-duplication, the deadline, and late answers, for all channels of this worker."""

    def __init__(
        self, *, answer: Answer, once: Once, replies: Replies, budget_s: float = REPLY_BUDGET_S
    ) -> None:
        self._answer = answer
        self._once = once
        self._replies = replies
        self._budget_s = budget_s
        self._open: dict[str, _Answering] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    async def reply_to(self, inbound: Inbound, *, pusher: Pusher | None) -> Reply | None:
        """What to say on this line now; None: acknowledge, the answer comes another way.

        Raises:
            AnswerLost: nothing was said; the same message may come again.
        """
        deadline = asyncio.get_running_loop().time() + self._budget_s
        answering = await self._take_on(inbound, pusher)
        if answering is None:
            return await self._wait_elsewhere(inbound, pusher, deadline)
        return await self._wait_here(answering, inbound, pusher, deadline)

    async def drain(self, *, within_s: float = 10.0) -> None:
        """Finish what was begun; called when the server stops."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=within_s)

    # -- who works on it -------------------------------------------------------------------------

    async def _take_on(self, inbound: Inbound, pusher: Pusher | None) -> _Answering | None:
        key = inbound.dedupe_key
        first = key not in self._open and await self._is_first(f"seen:{key}")
        if first and key not in self._open:
            self._begin(inbound, pusher)
        return self._open.get(key)

    def _begin(self, inbound: Inbound, pusher: Pusher | None) -> None:
        """Ask the bot in a task of its own: whoever hangs up cannot cancel it."""
        answering = _Answering(self._spawn(self._ask(inbound)))
        self._open[inbound.dedupe_key] = answering
        self._spawn(self._see_through(answering, inbound, pusher))

    async def _ask(self, inbound: Inbound) -> Reply:
        reply: Reply | None = None
        try:
            reply = await self._answer_with_late(inbound)
            await self._remember(f"reply:{inbound.dedupe_key}", _to_bytes(reply), REPLY_KEPT_FOR_S)
            return reply
        finally:
            if reply is None:
                await self._forget(f"seen:{inbound.dedupe_key}")

    async def _see_through(
        self, answering: _Answering, inbound: Inbound, pusher: Pusher | None
    ) -> None:
        """Once the answer is there and nobody on the line takes it, find it another way."""
        await asyncio.wait({answering.task})
        del self._open[inbound.dedupe_key]
        _log_failure(answering.task, inbound)
        if answering.waiting or answering.handed_over:
            return
        reply = _reply_of(answering.task)
        if answering.owed or await self._recall(f"owed:{inbound.dedupe_key}"):
            await self._deliver_late(inbound, reply or _saying("apology"), pusher)
        elif reply:
            await self._keep_late(inbound, reply)

    # -- waiting for it --------------------------------------------------------------------------

    async def _wait_here(
        self, answering: _Answering, inbound: Inbound, pusher: Pusher | None, deadline: float
    ) -> Reply | None:
        answering.waiting += 1
        try:
            await asyncio.wait({answering.task}, timeout=_left_until(deadline))
        finally:
            answering.waiting -= 1
        if not answering.task.done():
            answering.owed = True
            return await self._promise(inbound, pusher)
        answering.handed_over = True
        reply = _reply_of(answering.task)
        return reply if reply else await self._excuse(inbound)

    async def _wait_elsewhere(
        self, inbound: Inbound, pusher: Pusher | None, deadline: float
    ) -> Reply | None:
        """Another worker has it, or it was answered before."""
        while True:
            kept = await self._recall(f"reply:{inbound.dedupe_key}")
            if kept is not None:
                return await self._again(inbound, kept)
            if _left_until(deadline) <= _POLL_S:
                await self._remember(f"owed:{inbound.dedupe_key}", b"1", REPLY_KEPT_FOR_S)
                return await self._promise(inbound, pusher)
            await asyncio.sleep(_POLL_S)
            answering = await self._take_on(inbound, pusher)  # the other worker may have failed
            if answering:
                return await self._wait_here(answering, inbound, pusher, deadline)

    async def _again(self, inbound: Inbound, kept: bytes) -> Reply | None:
        late = await self._find_late(inbound)
        if late and late.key == inbound.dedupe_key:
            await self._drop_late(inbound)
        return None if kept == _DELIVERED_OTHERWISE else reply_from_json(orjson.loads(kept))

    async def _promise(self, inbound: Inbound, pusher: Pusher | None) -> Reply | None:
        """Out of time: say nothing if the answer can be pushed, else how to get it."""
        log.info("reply_late", channel=inbound.channel, account=inbound.account)
        if pusher and pusher.is_able:
            return None
        if await self._find_late(inbound) is None:
            await self._keep_late(inbound, None)
        return _saying("wait")

    async def _excuse(self, inbound: Inbound) -> Reply:
        if await self._is_first(f"failed:{inbound.dedupe_key}"):
            raise AnswerLost
        return _saying("apology")

    # -- late answers ----------------------------------------------------------------------------

    async def _answer_with_late(self, inbound: Inbound) -> Reply:
        late = await self._find_late(inbound)
        if late is None:
            return await self._answer(inbound)
        if inbound.text.strip() == sentence("reply", "call_for_result"):
            return await self._hand_over_late(inbound, late)
        reply = await self._answer(inbound)
        if late.reply is None:
            return reply
        await self._drop_late(inbound)
        return _both(reply, late.reply)

    async def _hand_over_late(self, inbound: Inbound, late: _Late) -> Reply:
        if late.reply is None:
            return _saying("wait")
        await self._drop_late(inbound)
        return late.reply

    async def _deliver_late(self, inbound: Inbound, reply: Reply, pusher: Pusher | None) -> None:
        pushed = pusher is not None and await pusher.push(user=inbound.user, reply=reply)
        if pushed:
            key = f"reply:{inbound.dedupe_key}"
            await self._remember(key, _DELIVERED_OTHERWISE, REPLY_KEPT_FOR_S)
        else:
            await self._keep_late(inbound, reply)
        log.info("late_answer", channel=inbound.channel, account=inbound.account, delivered=pushed)

    async def _keep_late(self, inbound: Inbound, reply: Reply | None) -> None:
        kept = {"key": inbound.dedupe_key, "reply": reply_to_json(reply, "") if reply else None}
        await self._remember(_late_key(inbound), orjson.dumps(kept), LATE_KEPT_FOR_S)

    async def _drop_late(self, inbound: Inbound) -> None:
        await self._remember(_late_key(inbound), _DELIVERED_OTHERWISE, 1.0)

    async def _find_late(self, inbound: Inbound) -> _Late | None:
        kept = await self._recall(_late_key(inbound))
        if not kept:
            return None
        late = orjson.loads(kept)
        return _Late(late["key"], reply_from_json(late["reply"]) if late["reply"] else None)

    # -- what workers share; without it each goes on alone ---------------------------------------

    async def _is_first(self, key: str) -> bool:
        try:
            return await self._once.first_time(f"inbox:{key}", ttl_s=SEEN_FOR_S)
        except Unavailable:
            log.warning("inbox_alone", doing="first_time")
            return True

    async def _forget(self, key: str) -> None:
        try:
            await self._once.forget(f"inbox:{key}")
        except Unavailable:
            log.warning("inbox_alone", doing="forget")

    async def _remember(self, key: str, value: bytes, ttl_s: float) -> None:
        try:
            await self._replies.remember(f"inbox:{key}", value, ttl_s=ttl_s)
        except Unavailable:
            log.warning("inbox_alone", doing="remember")

    async def _recall(self, key: str) -> bytes | None:
        try:
            return await self._replies.recall(f"inbox:{key}")
        except Unavailable:
            log.warning("inbox_alone", doing="recall")
            return None

    def _spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _reply_of(task: asyncio.Task[Reply]) -> Reply | None:
    """The finished task's reply; None when it has none."""
    return None if task.cancelled() or task.exception() else task.result()


def _log_failure(task: asyncio.Task[Reply], inbound: Inbound) -> None:
    if _reply_of(task) is None:
        error = None if task.cancelled() else task.exception()
        log.error("answer_lost", channel=inbound.channel, account=inbound.account, exc_info=error)


def _saying(name: str) -> Reply:
    words = Text(sentence("reply", name))
    return Reply(f"inbox:{name}", (words,), Understanding(Decision.SMALLTALK))


def _both(reply: Reply, late: Reply) -> Reply:
    """The new answer first: if the two do not fit into one message, the late one is clipped."""
    heading = Text(sentence("reply", "late"))
    citations = dict.fromkeys(filter(None, (reply.citation, late.citation)))
    segments = (*reply.segments, heading, *late.segments)
    return replace(reply, segments=segments, citation="\n".join(citations))


def _to_bytes(reply: Reply) -> bytes:
    return orjson.dumps(reply_to_json(reply, ""))


def _late_key(inbound: Inbound) -> str:
    return f"late:{inbound.conversation_id}"


def _left_until(deadline: float) -> float:
    return max(0.0, deadline - asyncio.get_running_loop().time())
