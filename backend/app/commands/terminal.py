"""What all commands share: settings, one program for one coroutine, and how errors are said."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer
from rich.console import Console

from backend.app.wiring import Program
from backend.core.logging import configure_logging
from backend.settings import Settings, read_settings

T = TypeVar("T")

UNWRAPPED = 200  # columns where nobody looks on: a log or a pipe should not break sentences

out = Console(width=None if sys.stdout.isatty() else UNWRAPPED)
err = Console(stderr=True, width=None if sys.stderr.isatty() else UNWRAPPED)


def settings() -> Settings:
    """The settings of this process.

    Raises:
        BadSettings: with everything that is wrong.
    """
    return read_settings(os.environ)


def fail(message: str, *, code: int = 1) -> NoReturn:
    """Say what is wrong and end."""
    err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    raise typer.Exit(code)


def run(work: Callable[[Program], Awaitable[T]], *, database: bool = True) -> T:
    """Run `work` with a program of its own, its database connected."""

    async def body() -> T:
        program = Program(settings())
        try:
            if database:
                await program.database.connect()
            return await work(program)
        finally:
            await program.close()

    configure_logging(as_json=False, level="WARNING")
    return asyncio.run(body())
