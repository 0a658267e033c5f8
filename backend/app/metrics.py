"""What `/metrics` tells Prometheus. With several workers each process counts into a shared folder.

`prometheus_client` looks at PROMETHEUS_MULTIPROC_DIR when it is imported; `backend.cli serve` sets
it before the workers start.
"""

from __future__ import annotations

import os

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"
CONTENT_TYPE = CONTENT_TYPE_LATEST
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 4.5)


class Metrics:
    """The counters of one application; each has its own registry, so that tests do not share."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "banshitong_requests_total",
            "Answered requests.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "banshitong_request_seconds",
            "Time from the first byte of a request to its answer.",
            ("route",),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._replies = Counter(
            "banshitong_bot_replies_total",
            "What the bot decided.",
            ("channel", "decision"),
            registry=self._registry,
        )
        # labels() takes a lock and a dict of its own; a request must not pay for it each time.
        self._seen: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        key = (method, route, status)
        pair = self._seen.get(key)
        if pair is None:
            counter = self._requests.labels(method, route, str(status))
            pair = self._seen[key] = (counter, self._seconds.labels(route))
        pair[0].inc()
        pair[1].observe(seconds)

    def replied(self, *, channel: str, decision: str) -> None:
        """Count one reply of the bot."""
        self._replies.labels(channel, decision).inc()

    def render(self) -> bytes:
        """The text Prometheus scrapes, of all workers together."""
        if MULTIPROC not in os.environ:
            return generate_latest(self._registry)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
        return generate_latest(everybody)
