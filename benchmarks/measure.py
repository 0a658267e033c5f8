"""Repeated figures, and where they are printed and kept."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import psutil
from rich.console import Console

from benchmarks.corpora import VAR

console = Console(width=None if os.isatty(1) else 140)


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of repeated figures, with the smallest and the largest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """From at least one figure."""
        return cls(statistics.median(figures), min(figures), max(figures))

    def __format__(self, spec: str) -> str:
        kind = spec or ".3g"
        return f"{self.median:{kind}} ({self.low:{kind}}–{self.high:{kind}})"


def percentile(figures: Sequence[float], percent: int) -> float:
    """Of at least one figure; interpolated."""
    if len(figures) == 1:
        return figures[0]
    return statistics.quantiles(figures, n=100, method="inclusive")[percent - 1]


def machine() -> dict[str, Any]:
    """Where and when the figures were taken."""
    return {
        "taken_at": time.strftime("%Y-%m-%d %H:%M"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
    }


def keep(name: str, figures: object) -> Path:
    """Write the figures of a benchmark to `var/bench/<name>.json`."""
    VAR.mkdir(parents=True, exist_ok=True)
    path = VAR / f"{name}.json"
    found = {"machine": machine(), "figures": figures}
    path.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2))
    return path


def megabytes(process: psutil.Process | None = None) -> float:
    """Resident memory of a process, of this one by default."""
    return float((process or psutil.Process()).memory_info().rss) / 1e6
