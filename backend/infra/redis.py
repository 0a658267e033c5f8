"""The Redis client: answers within half a second or says that it cannot.

`connect_redis(url)` gives a client for the adapters in `cache.py`, `once.py` and `locks.py`;
`await client.aclose()` at the end. The library's own retries cost 2–4 s per command when Redis is
dead, too long for WeChat's 5 s: so there are none. Callers beyond the pool's size wait their turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from backend.core.errors import Unavailable

PATIENCE_S = 0.5
CONNECTIONS = 50


def connect_redis(url: str, *, patience_s: float = PATIENCE_S) -> Redis:
    """A client; it connects when it is first used, and again after Redis has been away."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=patience_s,
        socket_timeout=patience_s,
        socket_connect_timeout=patience_s,
        retry=Retry(NoBackoff(), 0),
        health_check_interval=30,
    )
    return Redis.from_pool(pool)


@contextmanager
def closed_when_away() -> Iterator[None]:
    """Turn every failure of Redis into `Unavailable`."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise Unavailable from error
