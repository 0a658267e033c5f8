"""What Tortoise is told: which database, which tables.

`tortoise_config(url, apps)` is a Tortoise configuration; `App` names one part's tables and
migrations; `INFRA` is ours. URLs: `sqlite://var/x.db` (relative), `sqlite:///abs/x.db`,
`sqlite://:memory:`, `postgres://user:password@host:5432/name?maxsize=20`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.backends.base.config_generator import expand_db_url

MEMORY = ":memory:"
SQLITE_WAIT_MS = 10_000
POSTGRES_POOL = 10
# Nobody waits longer than this for a statement, a lock, or a colleague who forgot to commit.
POSTGRES_LIMITS = {
    "timezone": "UTC",
    "application_name": "banshitong",
    "statement_timeout": "30000",
    "lock_timeout": "10000",
    "idle_in_transaction_session_timeout": "60000",
}


@dataclass(frozen=True, slots=True)
class App:
    """One part's tables: `App("catalogue", "backend.domains.catalogue.models")`.

    The label is what models and foreign keys say (`"catalogue.Hall"`). Migrations stand beside the
    module of the models, in a package `migrations`, unless said otherwise.
    """

    label: str
    models: str
    migrations: str = ""

    def to_config(self, connection: str) -> dict[str, Any]:
        """As Tortoise wants it."""
        beside = f"{self.models.rpartition('.')[0]}.migrations"
        return {
            "models": [self.models],
            "default_connection": connection,
            "migrations": self.migrations or beside,
        }


INFRA = App("infra", "backend.infra.models")


def tortoise_config(url: str, apps: Sequence[App]) -> dict[str, Any]:
    """The configuration for Tortoise; creates the directory of a SQLite file.

    Raises:
        tortoise.exceptions.ConfigurationError: not a database URL.
    """
    # Tortoise caches SQL by the name of the connection: the dialect is part of it.
    name, connection = _connection(url)
    return {
        "connections": {name: connection},
        "apps": {app.label: app.to_config(name) for app in apps},
        "use_tz": True,
        "timezone": "UTC",
    }


def connection_name(config: dict[str, Any]) -> str:
    """The name of the only connection of a configuration."""
    (name,) = config["connections"]
    return str(name)


def _connection(url: str) -> tuple[str, dict[str, Any]]:
    found = expand_db_url(url)
    if "sqlite" in found["engine"]:
        return "sqlite", _sqlite(found["credentials"])
    return "postgres", _postgres(found["credentials"])


def _sqlite(credentials: dict[str, Any]) -> dict[str, Any]:
    path = credentials["file_path"]
    if path != MEMORY:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # busy_timeout comes first: switching to WAL may itself have to wait for another process.
    pragmas = {"busy_timeout": SQLITE_WAIT_MS, "journal_mode": "WAL", "foreign_keys": "ON"}
    return {"engine": "backend.infra.sqlite_engine", "credentials": pragmas | credentials}


def _postgres(credentials: dict[str, Any]) -> dict[str, Any]:
    credentials.setdefault("maxsize", POSTGRES_POOL)
    credentials["server_settings"] = POSTGRES_LIMITS | credentials.get("server_settings", {})
    return {"engine": "backend.infra.asyncpg_engine", "credentials": credentials}
