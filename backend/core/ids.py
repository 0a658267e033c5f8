"""Ids: opaque, sortable by time of creation, impossible to guess.

`new_id()` gives 32 hexadecimal characters: 12 of milliseconds, 20 random (80 bits). Services take
`new_id: NewId` by constructor, so that a test can count.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import TypeAlias

NewId: TypeAlias = Callable[[], str]


def new_id() -> str:
    """A fresh id; ids made in different milliseconds sort in the order they were made."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
