"""Files that are either written wholly or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_file(path: Path, content: bytes) -> None:
    """Write a file by replacing it, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = _stage(path, content)
    try:
        os.replace(staged, path)
    except OSError:
        staged.unlink(missing_ok=True)
        raise


def write_files(contents: Mapping[Path, bytes]) -> None:
    """Write several files: first all of them beside their places, then replace one by one.

    If a replacement fails, those already made are undone, and the error is raised.
    """
    staged: dict[Path, Path] = {}
    before: dict[Path, bytes | None] = {}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            staged[path] = _stage(path, content)
        for path, waiting in staged.items():
            before[path] = path.read_bytes() if path.exists() else None
            os.replace(waiting, path)
    except BaseException:
        _undo(before)
        raise
    finally:
        for waiting in staged.values():
            waiting.unlink(missing_ok=True)


def _undo(before: Mapping[Path, bytes | None]) -> None:
    for path, content in before.items():
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)


def _stage(path: Path, content: bytes) -> Path:
    """The content in a new file of the same folder, safely on disk."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    staged = Path(name)
    staged.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
    return staged
