"""The one place where synchronous code (SDKs, jieba, file conversion) may run.

One door per provider (bulkhead), so that a slow one cannot starve the others:
`door = BlockingDoor("wechat", threads=4)`; `await door.call(lambda: sdk.send(x), within=3.0)`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")


class BlockingDoor:
    """A few threads of its own."""

    def __init__(self, name: str = "sdk", *, threads: int = 4) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def call(self, work: Callable[[], T], *, within: float) -> T:
        """Run `work` on a thread of this door.

        The thread itself cannot be stopped, so a timeout means "outcome unknown".

        Raises:
            TimeoutError: no result after `within` seconds, waiting for a thread included.
        """
        loop = asyncio.get_running_loop()
        context = copy_context()
        return await asyncio.wait_for(
            loop.run_in_executor(self._pool, lambda: context.run(work)), within
        )

    def close(self) -> None:
        """Take no new work; what has begun may end by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
