"""A small Sanic server for `test_hangups.py`: `hangup_server.py URL PORT MODE`.

MODE `ours` is the Database as it is; `stock` is Tortoise as it comes: its own engines, no shield.
`stock-shielded` and `unshielded` have one of our two guards each.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Any

from sanic import Request, Sanic, text
from sanic.response import HTTPResponse

from backend.core.clock import SystemClock
from backend.core.ids import new_id
from backend.infra import db as db_module
from backend.infra.config import INFRA, tortoise_config
from backend.infra.db import Database
from backend.infra.models import TimedJobRow


class UnshieldedDatabase(Database):
    """Runs a unit where the caller is, so that it dies with the caller."""

    async def _shielded(self, body: Coroutine[Any, Any, Any], unit: Any) -> Any:
        return await self._start(body, unit)


def stock_config(url: str, apps: Any) -> dict[str, Any]:
    config = tortoise_config(url, apps)
    for name, connection in config["connections"].items():
        kind = "sqlite" if name == "sqlite" else "asyncpg"
        connection["engine"] = f"tortoise.backends.{kind}"
    return config


def build(url: str, mode: str) -> Sanic:
    if mode.startswith("stock"):
        db_module.tortoise_config = stock_config
    kind = Database if mode in ("ours", "stock-shielded") else UnshieldedDatabase
    database, clock = kind(url, [INFRA]), SystemClock()
    app = Sanic("hangups")

    async def slow_work() -> None:
        name, now = new_id(), clock.now()
        await TimedJobRow.create(name=name, due_at=now, leased_until=now, last_error="half")
        await asyncio.sleep(0.003)
        await TimedJobRow.filter(name=name).update(last_error="whole")

    @app.get("/slow")
    async def slow(_: Request) -> HTTPResponse:
        await database.run(slow_work)
        return text("done")

    @app.get("/count")
    async def count(_: Request) -> HTTPResponse:
        async def work() -> str:
            rows = await TimedJobRow.all().values_list("last_error", flat=True)
            return f"{rows.count('half')} {rows.count('whole')}"

        return text(await database.run(work))

    @app.before_server_start
    async def open_database(*_: object) -> None:
        await database.connect()

    @app.after_server_stop
    async def close_database(*_: object) -> None:
        await database.close()

    return app


if __name__ == "__main__":
    build(sys.argv[1], sys.argv[3]).run(
        port=int(sys.argv[2]), single_process=True, motd=False, access_log=False
    )
