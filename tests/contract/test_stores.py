"""One suite per port, for the in-process adapter and for the one in Redis.

Time passes by a clock that stands still for the one, and really for the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from backend.core.cache import Cache, get_or_fetch
from backend.core.errors import Unavailable
from backend.core.locks import LockBusy, Locks
from backend.infra.cache import LocalCache, RedisCache
from backend.infra.locks import LocalLocks, RedisLocks
from backend.infra.once import LocalOnce, RedisOnce
from backend.infra.redis import connect_redis
from tests.fakes.clock import FixedClock

TTL_S = 0.3


@dataclass
class Stores:
    cache: Cache
    once: LocalOnce | RedisOnce
    locks: Locks
    let_pass: Callable[[float], Awaitable[None]]


@pytest.fixture(params=["local", pytest.param("redis", marks=pytest.mark.integration)])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "local":
        clock = FixedClock()

        async def let_pass(seconds: float) -> None:
            clock.advance(seconds=seconds)

        yield Stores(LocalCache(clock), LocalOnce(clock), LocalLocks(), let_pass)
        return
    client = connect_redis(request.getfixturevalue("redis_url"))
    yield Stores(RedisCache(client), RedisOnce(client), RedisLocks(client), asyncio.sleep)
    await client.aclose()


class TestEveryCache:
    async def test_finds_what_was_put_in(self, stores: Stores, key: str):
        await stores.cache.set(key, "号".encode(), ttl_s=5)

        assert await stores.cache.get(key) == "号".encode()

    async def test_finds_nothing_where_nothing_was_put(self, stores: Stores, key: str):
        assert await stores.cache.get(key) is None

    async def test_forgets_when_the_time_is_over(self, stores: Stores, key: str):
        await stores.cache.set(key, b"1", ttl_s=TTL_S)
        await stores.let_pass(TTL_S + 0.1)

        assert await stores.cache.get(key) is None

    async def test_forgets_when_told_to(self, stores: Stores, key: str):
        await stores.cache.set(key, b"1", ttl_s=5)
        await stores.cache.incr(key, ttl_s=5)
        await stores.cache.delete(key)

        assert await stores.cache.get(key) is None
        assert await stores.cache.incr(key, ttl_s=5) == 1

    async def test_counts_callers_who_come_at_the_same_time(self, stores: Stores, key: str):
        counts = await asyncio.gather(*(stores.cache.incr(key, ttl_s=5) for _ in range(20)))

        assert sorted(counts) == list(range(1, 21))

    async def test_counts_anew_after_the_time_of_the_first(self, stores: Stores, key: str):
        await stores.cache.incr(key, ttl_s=TTL_S)
        await stores.let_pass(TTL_S * 0.7)
        second = await stores.cache.incr(key, ttl_s=TTL_S)
        await stores.let_pass(TTL_S * 0.7)

        assert second == 2
        assert await stores.cache.incr(key, ttl_s=TTL_S) == 1

    async def test_says_that_it_answers(self, stores: Stores):
        assert await stores.cache.ping() is True


class TestEveryOnce:
    async def test_is_the_first_time_for_exactly_one_of_many(self, stores: Stores, key: str):
        firsts = await asyncio.gather(*(stores.once.first_time(key, ttl_s=5) for _ in range(20)))

        assert firsts.count(True) == 1

    async def test_is_the_first_time_again_when_forgotten(self, stores: Stores, key: str):
        await stores.once.first_time(key, ttl_s=5)
        await stores.once.forget(key)

        assert await stores.once.first_time(key, ttl_s=5) is True

    async def test_is_the_first_time_again_when_the_time_is_over(self, stores: Stores, key: str):
        await stores.once.first_time(key, ttl_s=TTL_S)
        await stores.let_pass(TTL_S + 0.1)

        assert await stores.once.first_time(key, ttl_s=5) is True

    async def test_repeats_an_answer_byte_for_byte(self, stores: Stores, key: str):
        answer = bytes(range(256))
        before = await stores.once.recall(key)
        await stores.once.remember(key, answer, ttl_s=5)

        assert before is None
        assert await stores.once.recall(key) == answer

    async def test_forgets_an_answer_when_the_time_is_over(self, stores: Stores, key: str):
        await stores.once.remember(key, b"1", ttl_s=TTL_S)
        await stores.let_pass(TTL_S + 0.1)

        assert await stores.once.recall(key) is None


class TestEveryLock:
    async def test_is_held_by_one_at_a_time(self, stores: Stores, key: str):
        inside, most = 0, 0

        async def work() -> None:
            nonlocal inside, most
            async with stores.locks.hold(key, lease_s=5, wait_s=5):
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.01)
                inside -= 1

        await asyncio.gather(*(work() for _ in range(8)))

        assert most == 1

    async def test_turns_away_who_will_not_wait(self, stores: Stores, key: str):
        async with stores.locks.hold(key, lease_s=5):
            with pytest.raises(LockBusy):
                await enter(stores.locks, key)

    async def test_turns_away_who_has_waited_long_enough(self, stores: Stores, key: str):
        async with stores.locks.hold(key, lease_s=5):
            with pytest.raises(LockBusy):
                await enter(stores.locks, key, wait_s=0.1)

    async def test_is_free_again_after_a_failure_inside(self, stores: Stores, key: str):
        async def fail() -> None:
            async with stores.locks.hold(key, lease_s=5):
                raise KeyError("a bug")

        with pytest.raises(KeyError):
            await fail()

        assert await enter(stores.locks, key) == "inside"

    async def test_one_fetches_for_eight(self, stores: Stores, key: str):
        fetched: list[str] = []

        async def fetch() -> bytes:
            fetched.append(key)
            await asyncio.sleep(0.05)
            return b"token"

        asking = (get_or_fetch(stores.cache, stores.locks, key, fetch, ttl_s=5) for _ in range(8))
        answers = await asyncio.gather(*asking)

        assert answers == [b"token"] * 8
        assert fetched == [key]


async def enter(locks: Locks, key: str, **how: Any) -> str:
    async with locks.hold(key, lease_s=5, **how):
        return "inside"


@pytest.mark.integration
async def test_a_lock_whose_lease_has_ended_belongs_to_the_next(redis_url: str, key: str):
    client = connect_redis(redis_url)
    locks = RedisLocks(client)
    async with locks.hold(key, lease_s=0.2):
        await asyncio.sleep(0.3)
        async with locks.hold(key, lease_s=5):
            pass

    assert await enter(locks, key) == "inside"
    await client.aclose()


class TestWithRedisAway:
    """Port 1 refuses at once; the address 10.255.255.1 never answers."""

    @pytest.fixture(params=["redis://127.0.0.1:1", "redis://10.255.255.1:6379"])
    async def away(self, request: pytest.FixtureRequest) -> AsyncIterator[Any]:
        client = connect_redis(request.param, patience_s=0.2)
        yield client
        await client.aclose()

    async def test_a_cache_finds_nothing_and_stops_nobody(self, away: Any, key: str):
        cache = RedisCache(away)
        async with asyncio.timeout(2):
            await cache.set(key, b"1", ttl_s=5)
            await cache.delete(key)
            found, count, answers = (
                await cache.get(key),
                await cache.incr(key, ttl_s=5),
                await cache.ping(),
            )

        assert (found, count, answers) == (None, 0, False)

    async def test_nobody_is_told_that_it_is_the_first_time(self, away: Any, key: str):
        async with asyncio.timeout(2):
            with pytest.raises(Unavailable):
                await RedisOnce(away).first_time(key, ttl_s=5)

    async def test_nobody_gets_a_lock(self, away: Any, key: str):
        async with asyncio.timeout(2):
            with pytest.raises(Unavailable):
                await enter(RedisLocks(away), key)
