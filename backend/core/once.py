"""Doors that are knocked at twice: do it once, answer the same again.

Both ports have two adapters in `backend.infra.once`: in-process (one process, no Redis) and Redis.
They fail closed: when Redis is away they raise `Unavailable`, because "perhaps already done" is
not "not yet done". A platform's inbox that would rather answer twice than never catches it.
"""

from __future__ import annotations

from typing import Protocol


class Once(Protocol):
    """Remembers which keys have been seen."""

    async def first_time(self, key: str, *, ttl_s: float) -> bool:
        """True for exactly one caller within `ttl_s` seconds, however many ask at the same time.

        Raises:
            Unavailable: nobody knows.
        """

    async def forget(self, key: str) -> None:
        """Give the key another chance: what was begun for it did not succeed.

        Raises:
            Unavailable: nobody knows.
        """


class Replies(Protocol):
    """Keeps an answer, so that the same question gets the same answer, byte for byte."""

    async def remember(self, key: str, value: bytes, *, ttl_s: float) -> None:
        """Keep `value` for `ttl_s` seconds.

        Raises:
            Unavailable: it was not kept.
        """

    async def recall(self, key: str) -> bytes | None:
        """The kept answer, or None.

        Raises:
            Unavailable: nobody knows.
        """
