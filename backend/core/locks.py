"""One at a time, across processes.

`async with locks.hold("wechat-token:main", lease_s=30, wait_s=5): …` — adapters in
`backend.infra.locks` (in-process and Redis). They fail closed: without Redis nobody gets the lock.
A lease ends by itself when its holder dies; so work under a lock must be shorter than `lease_s`.
A lock spares double work; what must never happen twice is guarded by the database.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from backend.core.errors import Unavailable


class LockBusy(Unavailable):
    """Somebody else holds the lock and did not let go in time."""

    code = "lock_busy"


class Locks(Protocol):
    """Named locks."""

    def hold(
        self, name: str, *, lease_s: float, wait_s: float = 0.0
    ) -> AbstractAsyncContextManager[None]:
        """Hold `name` for the length of the block, waiting at most `wait_s` for it.

        Raises:
            LockBusy: not free within `wait_s`.
            Unavailable: nobody knows who holds it.
        """
