"""Citizens hang up in the middle of a transaction; the worker must not suffer from it."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from backend.infra.config import INFRA
from backend.infra.migrate import migrate

ROOT = Path(__file__).parents[3]
CITIZENS = 200
PATIENCE_S = 20.0  # what was begun is finished first, however slow the machine
SILENCE_S = 5.0  # without a shield nothing is finished: nobody waits for anything but the leak


@pytest.fixture
def url(database_url: str) -> str:
    """The smallest pool, so that the first leak shows."""
    return database_url if database_url.startswith("sqlite") else f"{database_url}?maxsize=1"


@pytest.mark.parametrize("mode", ["ours", "stock-shielded"])
async def test_a_worker_answers_after_two_hundred_citizens_hung_up(url: str, mode: str):
    async with server(url, mode) as port:
        await hang_up_many_times(port)
        half, whole = await ask_for_count(port)

    assert half == 0
    assert whole > 0


async def test_without_our_guards_the_same_citizens_silence_the_worker(url: str):
    async with server(url, "stock") as port:
        with pytest.raises(httpx.TimeoutException):
            await hang_up_until_silent(port)


@asynccontextmanager
async def server(url: str, mode: str) -> AsyncIterator[int]:
    await migrate(url, [INFRA])
    port = free_port()
    script = str(Path(__file__).with_name("hangup_server.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        script,
        url,
        str(port),
        mode,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await until_open(port)
        yield port
    finally:
        process.kill()
        await process.wait()


async def hang_up_many_times(port: int) -> None:
    for _ in range(CITIZENS // 10):
        await asyncio.gather(*(ask_and_hang_up(port) for _ in range(10)))


async def hang_up_until_silent(port: int) -> None:
    for _ in range(10):
        await hang_up_many_times(port)
        await ask_for_count(port, patience_s=SILENCE_S)


async def ask_and_hang_up(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /slow HTTP/1.1\r\nHost: hall\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(random.uniform(0, 0.010))
    writer.transport.abort()


async def ask_for_count(port: int, *, patience_s: float = PATIENCE_S) -> tuple[int, int]:
    async with httpx.AsyncClient(timeout=patience_s) as client:
        answer = await client.get(f"http://127.0.0.1:{port}/count")
    half, whole = answer.text.split()
    return int(half), int(whole)


async def until_open(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
