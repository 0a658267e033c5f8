"""Tortoise's SQLite client, mended in three places.

* A transaction begins IMMEDIATE: several processes wait for each other instead of failing with
  "database is locked" at the first write after a read.
* A `BEGIN` that fails or is cancelled gives the connection back; the stock one keeps it for ever.
* A transaction that is over refuses further statements; the stock one runs them unprotected.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Any

from tortoise.backends.base.client import ConnectionWrapper, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError, TransactionManagementError


class ImmediateTransaction(SqliteTransactionWrapper):
    """The connection as seen inside one transaction."""

    async def begin(self) -> None:
        try:
            await self._connection.commit()
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise OperationalError(error) from error

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        if self._finalized:
            raise TransactionManagementError("This unit of work is over; await its tasks inside it")
        return super().acquire_connection()


class SafeContext(SqliteTransactionContext):
    """Takes the connection and gives it back, whatever happens in between."""

    async def __aenter__(self) -> Any:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            with suppress(sqlite3.Error, TransactionManagementError, AttributeError, ValueError):
                await self.connection.rollback()
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection


class SafeSqliteClient(SqliteClient):
    """One connection per process, taken in turns."""

    def _in_transaction(self) -> TransactionContext:
        return SafeContext(ImmediateTransaction(self), self._lock)


client_class = SafeSqliteClient
