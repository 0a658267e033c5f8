"""The database: units of work that finish what they began.

    db = Database(url, apps=[INFRA, App("catalogue", "backend.domains.catalogue.models")])
    await db.connect()
    booking = await db.run(lambda: bookings.take(slot))     # one transaction
    slots = await db.read(lambda: slots.list_free(day))     # no transaction
    db.after_commit(nudge)                                  # inside a unit
    await db.close()                                        # waits for units under way

`Database` is the `core.tx.Units` of the program. What a caller may rely on:

* Each unit runs in a task of its own, shielded: a caller that is cancelled (a client hung up, a
  timeout) gets its CancelledError at once, and the unit runs to its end regardless.
* Outside a unit there is no database: a query there raises RuntimeError. So nothing can slip past.
* A unit inside a unit is a savepoint of the outer one.
* What the database cannot do now is `Unavailable`; IntegrityError comes through as it is.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from typing import Any, TypeVar

import asyncpg
import structlog
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.transactions import in_transaction  # noqa: TID251 - the one place

from backend.core.errors import DomainError, Unavailable
from backend.infra.config import App, connection_name, tortoise_config

T = TypeVar("T")
log = structlog.get_logger(__name__)

DRAIN_S = 20.0
OUTAGES = (
    DBConnectionError,
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.TooManyConnectionsError,
)


@dataclass(slots=True)
class _Unit:
    """What is known about the unit under way."""

    writes: bool
    task: asyncio.Task[Any] | None = None
    over: bool = False
    hooks: list[Callable[[], object]] = field(default_factory=list)


_current: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


class Database:
    """One database, for one event loop."""

    def __init__(self, url: str, apps: Sequence[App]) -> None:
        self._config = tortoise_config(url, apps)
        self._name = connection_name(self._config)
        self._tortoise: TortoiseContext | None = None
        self._client: BaseDBAsyncClient | None = None
        self._pending: set[asyncio.Task[Any]] = set()

    async def connect(self) -> None:
        """Open the database and try one statement.

        Raises:
            Unavailable: it does not answer.
        """
        tortoise = TortoiseContext()
        with tortoise:
            await tortoise.init(config=self._config)
            self._client = tortoise.db(self._name)
        self._tortoise = tortoise
        await self.read(self._probe)

    async def close(self, *, within: float = DRAIN_S) -> None:
        """Wait for the units under way, then close the connections."""
        if self._pending:
            _, late = await asyncio.wait(self._pending, timeout=within)
            if late:
                log.error("units_abandoned", count=len(late))
        client, self._client, self._tortoise = self._client, None, None
        if client is not None:
            await client.close()

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` in one transaction, to its end, whatever becomes of the caller.

        Raises:
            Unavailable: the database does not answer; nothing was changed, or nobody knows.
        """
        outer = self._unit_to_join()
        if outer is not None:
            return await self._savepoint(work, outer)
        unit = _Unit(writes=True)
        return await self._shielded(self._transaction(work, unit), unit)

    async def read(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work`, which only reads, without a transaction.

        Raises:
            Unavailable: the database does not answer.
        """
        if self._unit_to_join() is not None:
            return await work()
        unit = _Unit(writes=False)
        return await self._shielded(self._plain(work, unit), unit)

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call this once the unit under way has committed; never, if it rolls back.

        Raises:
            RuntimeError: there is no writing unit under way.
        """
        unit = self._unit_to_join()
        if unit is None or not unit.writes:
            raise RuntimeError("Only inside a writing unit of work")
        unit.hooks.append(call)

    async def ping(self) -> bool:
        """Whether the database answers now."""
        try:
            await self.read(self._probe)
        except Unavailable:
            return False
        return True

    def _unit_to_join(self) -> _Unit | None:
        unit = _current.get()
        if unit is None or unit.over:
            return None
        if unit.task is not asyncio.current_task():
            raise RuntimeError("No tasks inside a unit of work (gather, wait_for): await in turn")
        return unit

    async def _shielded(self, body: Coroutine[Any, Any, T], unit: _Unit) -> T:
        task = self._start(body, unit)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                task.add_done_callback(_report)
            raise

    def _start(self, body: Coroutine[Any, Any, T], unit: _Unit) -> asyncio.Task[T]:
        if self._tortoise is None or self._client is None:
            body.close()
            raise Unavailable
        context = _fresh_context(self._tortoise, self._client, unit)
        task = asyncio.create_task(body, context=context)
        unit.task = task
        self._pending.add(task)
        task.add_done_callback(self._pending.discard)
        return task

    async def _transaction(self, work: Callable[[], Awaitable[T]], unit: _Unit) -> T:
        with _ending(unit):
            async with in_transaction(self._name):
                result = await work()
        for call in unit.hooks:
            asyncio.get_running_loop().call_soon(call)
        return result

    async def _savepoint(self, work: Callable[[], Awaitable[T]], outer: _Unit) -> T:
        writes, hooks = outer.writes, len(outer.hooks)
        outer.writes = True
        try:
            async with in_transaction(self._name):
                return await work()
        except BaseException:
            del outer.hooks[hooks:]
            raise
        finally:
            outer.writes = writes

    async def _plain(self, work: Callable[[], Awaitable[T]], unit: _Unit) -> T:
        with _ending(unit):
            return await work()

    async def _probe(self) -> None:
        if self._client is not None:
            await self._client.execute_query("SELECT 1")


def _fresh_context(tortoise: TortoiseContext, client: BaseDBAsyncClient, unit: _Unit) -> Context:
    """The caller's context (trace id and so on), with the database, outside any older unit."""
    context = copy_context()
    context.run(tortoise.__enter__)
    context.run(tortoise.connections.set, client.connection_name, client)
    context.run(_current.set, unit)
    return context


@contextmanager
def _ending(unit: _Unit) -> Iterator[None]:
    """Mark the unit as over, and say what the database cannot do in our words."""
    try:
        yield
    except OUTAGES as error:
        raise Unavailable from error
    except OperationalError as error:
        if "locked" not in str(error):
            raise
        raise Unavailable from error
    finally:
        unit.over = True


def _report(task: asyncio.Task[Any]) -> None:
    """Nobody waits for this unit any more: say at least in the log that it failed."""
    error = None if task.cancelled() else task.exception()
    if error is not None and not isinstance(error, DomainError):
        log.error("abandoned_unit_failed", exc_info=error)
