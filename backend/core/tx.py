"""Units of work: all of it or nothing, and finished even when the citizen has hung up.

    class BookingService:
        def __init__(self, units: Units, …) -> None:
            self._units = units

        @unit_of_work
        async def book(self, *, slot_id: str) -> Booking: …     # one transaction

        @reading
        async def list_free(self) -> tuple[Slot, ...]: …         # no transaction

or, where only a part of a method is the unit: `await self._units.run(lambda: self._take(slot_id))`.

A caller that is cancelled (Sanic does it whenever a client disconnects) leaves the unit running to
its end. A unit inside a unit joins it as a savepoint: if it fails, only its own part is undone.
There is no other way to the database; a query outside a unit raises at once. Never await the
network inside a unit. Tasks started inside a unit must be awaited in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

T = TypeVar("T")
P = ParamSpec("P")


class Units(Protocol):
    """Runs units of work: `backend.infra.db.Database`, or `NoUnits` in tests of pure services."""

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work` in one transaction; commit when it returns, roll back when it raises."""

    async def read(self, work: Callable[[], Awaitable[T]]) -> T:
        """Run `work`, which only reads, without a transaction."""

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call this once the present unit has committed; never, if it rolls back."""


class NoUnits:
    """No transaction at all: for tests whose repositories are fakes."""

    async def run(self, work: Callable[[], Awaitable[T]]) -> T:
        return await work()

    async def read(self, work: Callable[[], Awaitable[T]]) -> T:
        return await work()

    def after_commit(self, call: Callable[[], object]) -> None:
        call()


class HasUnits(Protocol):
    """A service whose methods are units of work."""

    _units: Units


Self = TypeVar("Self", bound=HasUnits)


def unit_of_work(
    method: Callable[Concatenate[Self, P], Awaitable[T]],
) -> Callable[Concatenate[Self, P], Coroutine[Any, Any, T]]:
    """Make a service method one transaction."""

    @wraps(method)
    async def in_unit(self: Self, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._units.run(lambda: method(self, *args, **kwargs))

    return in_unit


def reading(
    method: Callable[Concatenate[Self, P], Awaitable[T]],
) -> Callable[Concatenate[Self, P], Coroutine[Any, Any, T]]:
    """Make a service method a reading unit."""

    @wraps(method)
    async def in_unit(self: Self, /, *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._units.read(lambda: method(self, *args, **kwargs))

    return in_unit
