"""What every test may ask for.

`database_url`   an empty database, once on SQLite and once on PostgreSQL
`sqlite_url`, `postgres_url`   the same, of one kind only
`database`       a connected `Database` with the infrastructure's tables
`redis_url`, `redis`, `key`   a Redis, and a key nobody else uses
`clock`          a `FixedClock`

PostgreSQL and Redis are those of BANSHITONG_TEST_DATABASE_URL and BANSHITONG_TEST_REDIS_URL, or
those that answer at the standard local ports. Where one is missing the test is skipped, visibly;
with CI=true it fails. All other BANSHITONG_ variables are wiped: no test depends on a developer's.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from redis.asyncio import Redis

from backend.core.ids import new_id
from backend.infra.config import INFRA
from backend.infra.db import Database
from backend.infra.migrate import migrate
from backend.infra.redis import connect_redis
from tests.fakes.clock import FixedClock

POSTGRES = os.environ.get("BANSHITONG_TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/test")
REDIS = os.environ.get("BANSHITONG_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


@pytest.fixture(autouse=True, scope="session")
def _no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith("BANSHITONG_") and not name.startswith("BANSHITONG_TEST_"):
                patch.delenv(name)
        yield


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite://{tmp_path}/data/test.db"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    _require("PostgreSQL", POSTGRES)
    name = f"banshitong_test_{new_id()}"
    _administer(f'CREATE DATABASE "{name}"')
    yield urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}"))
    _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.integration)],
)
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await migrate(database_url, [INFRA])
    database = Database(database_url, [INFRA])
    await database.connect()
    yield database
    await database.close()


@pytest.fixture
def redis_url() -> str:
    _require("Redis", REDIS)
    return REDIS


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = connect_redis(redis_url)
    yield client
    await client.aclose()


@pytest.fixture
def key() -> str:
    """A key nobody else uses: several test runs may share one Redis."""
    return f"test:{new_id()}"


def _require(service: str, url: str) -> None:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname or "127.0.0.1", parts.port or 5432), 2).close()
    except OSError:
        word = f"{service} does not answer at {parts.hostname}:{parts.port}"
        if os.environ.get("CI") == "true":
            pytest.fail(word, pytrace=False)
        pytest.skip(word)


def _administer(statement: str) -> None:
    async def execute() -> None:
        connection = await asyncpg.connect(POSTGRES)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(execute())
