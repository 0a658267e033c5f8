"""Tortoise's asyncpg client, mended in one place.

A `BEGIN` that fails (the server was restarted) or is cancelled gives the connection back to the
pool; the stock one loses it, and after as many failures as the pool is large every unit waits for
ever.
"""

from __future__ import annotations

from typing import Any

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections


class SafeContext(TransactionContextPooled):
    """Takes a connection from the pool and gives it back, whatever happens in between."""

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        pool = self.client._parent._pool
        connection = await pool.acquire()
        self.client._connection = connection
        try:
            await self.client.begin()
        except BaseException:
            connection.terminate()  # nobody knows what state it is in
            await pool.release(connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client


class SafeAsyncpgClient(AsyncpgDBClient):
    """A pool of connections."""

    def _in_transaction(self) -> TransactionContext:
        return SafeContext(TransactionWrapper(self), self._pool_init_lock)


client_class = SafeAsyncpgClient
