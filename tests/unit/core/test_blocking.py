"""Synchronous work behind its door."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest
import structlog

from backend.core.blocking import BlockingDoor


async def test_the_loop_goes_on_while_the_door_is_busy():
    door, ticks = BlockingDoor(threads=1), 0
    working = asyncio.create_task(door.call(lambda: time.sleep(0.1), within=5))
    while not working.done():
        await asyncio.sleep(0.01)
        ticks += 1
    door.close()

    assert ticks >= 3


async def test_a_slow_sdk_means_that_nobody_knows():
    door, let_go = BlockingDoor(threads=1), threading.Event()
    with pytest.raises(TimeoutError):
        await door.call(let_go.wait, within=0.05)
    let_go.set()
    door.close()


async def test_what_fails_behind_the_door_fails_before_it():
    door = BlockingDoor(threads=1)
    with pytest.raises(ZeroDivisionError):
        await door.call(lambda: 1 // 0, within=1)
    door.close()


async def test_one_busy_door_does_not_keep_another_shut():
    busy, free, let_go = BlockingDoor(threads=1), BlockingDoor(threads=1), threading.Event()
    stuck = asyncio.create_task(busy.call(let_go.wait, within=5))

    assert await free.call(lambda: "through", within=1) == "through"

    let_go.set()
    await stuck
    busy.close()
    free.close()


async def test_log_lines_behind_the_door_keep_the_trace_id():
    door = BlockingDoor(threads=1)
    with structlog.contextvars.bound_contextvars(trace_id="t-1"):
        seen = await door.call(structlog.contextvars.get_contextvars, within=1)
    door.close()

    assert seen == {"trace_id": "t-1"}
