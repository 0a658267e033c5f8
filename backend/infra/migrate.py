"""Migrations, from Python: the same files for SQLite and PostgreSQL.

    await migrate(url, apps)         # bring the database up to date; returns what was applied
    await pending(url, apps)         # ("infra.0001_initial", …): what `migrate` would apply
    await write_missing(apps)        # write files for changed models, to be read by a human

Two traps of Tortoise 1.1: `Meta.constraints` are silently not created, and the first line of a
model's docstring becomes a comment in the SQL, which SQLite cuts at every semicolon. Tests in
`tests/unit/infra/test_models.py` refuse both. Several processes may call `migrate` at the same
time on PostgreSQL: one works, the others wait.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor

from backend.infra.config import App, connection_name, tortoise_config

T = TypeVar("T")

# Any number will do, as long as nobody else in this database uses it: "bst" in ASCII.
ADVISORY_LOCK = 0x627374


async def migrate(url: str, apps: Sequence[App]) -> tuple[str, ...]:
    """Apply every pending migration; each is all or nothing. Returns their names."""

    async def apply(client: BaseDBAsyncClient) -> tuple[str, ...]:
        async with _alone(url, apps):
            executor = _executor(client, apps)
            plan = await executor.plan()
            await executor.migrate(direction="forward")
        return tuple(f"{step.migration.app_label}.{step.migration.name}" for step in plan)

    return await _connected(url, apps, apply)


async def pending(url: str, apps: Sequence[App]) -> tuple[str, ...]:
    """The migrations that have not been applied yet."""

    async def look(client: BaseDBAsyncClient) -> tuple[str, ...]:
        # Tortoise takes every error for "nothing applied": ask first whether the database is there.
        await client.execute_query("SELECT 1")
        plan = await _executor(client, apps).plan()
        return tuple(f"{step.migration.app_label}.{step.migration.name}" for step in plan)

    return await _connected(url, apps, look)


async def write_missing(apps: Sequence[App]) -> tuple[str, ...]:
    """Write migration files for models that have changed. Returns the paths."""
    config = tortoise_config("sqlite://:memory:", apps)
    async with TortoiseContext() as tortoise:
        await tortoise.init(config=config)
        if tortoise.apps is None:
            return ()
        return tuple(await MigrationAutodetector(tortoise.apps, config["apps"]).write())


async def _connected(
    url: str, apps: Sequence[App], work: Callable[[BaseDBAsyncClient], Awaitable[T]]
) -> T:
    """In a task of its own: it neither inherits nor leaves behind a database in the context."""

    async def body() -> T:
        async with TortoiseContext() as tortoise:
            await tortoise.init(config=_patient(url, apps))
            return await work(tortoise.db())

    return await asyncio.create_task(body())


def _patient(url: str, apps: Sequence[App]) -> dict[str, Any]:
    """No time limit: a table may be large, and another process may be at work."""
    config = tortoise_config(url, apps)
    credentials = config["connections"][connection_name(config)]["credentials"]
    if "server_settings" in credentials:
        patience = {"statement_timeout": "0", "lock_timeout": "0"}
        credentials["server_settings"] = credentials["server_settings"] | patience
    return config


def _executor(client: BaseDBAsyncClient, apps: Sequence[App]) -> MigrationExecutor:
    return MigrationExecutor(
        client, {app.label: app.to_config(client.connection_name) for app in apps}
    )


@asynccontextmanager
async def _alone(url: str, apps: Sequence[App]) -> AsyncIterator[None]:
    """Keep other processes waiting, on PostgreSQL.

    The lock has a connection of its own, because asyncpg's pool lets go of all advisory locks
    whenever a connection goes back to it.
    """
    config = _patient(url, apps)
    if connection_name(config) != "postgres":
        yield
        return
    known = config["connections"]["postgres"]["credentials"]
    names = ("host", "port", "user", "password", "database", "ssl", "server_settings")
    connection = await asyncpg.connect(**{name: known[name] for name in names if name in known})
    try:
        await connection.execute(f"SELECT pg_advisory_lock({ADVISORY_LOCK})")
        yield
    finally:
        await connection.close()
