"""Whether we live, whether we can work, and how we are doing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TypeAlias

import orjson
from sanic import Blueprint, Request
from sanic.response import HTTPResponse, raw

from backend.app.metrics import CONTENT_TYPE, Metrics
from backend.core.access import Access, access

JSON = "application/json"
PROBE_WITHIN_S = 2.0

Probe: TypeAlias = Callable[[], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Check:
    """Something we depend on. Without what is not `vital` we still answer, only less well."""

    probe: Probe
    vital: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    ok: bool
    vital: bool
    ms: float


def health_routes(checks: Mapping[str, Check], metrics: Metrics) -> Blueprint:
    """`/health/live`, `/health/ready`, `/metrics`."""
    bp = Blueprint("health")

    @bp.get("/health/live")
    @access(Access.PUBLIC)
    async def show_live(_: Request) -> HTTPResponse:
        return _plain_json({"status": "live"})

    @bp.get("/health/ready")
    @access(Access.PUBLIC)
    async def show_ready(_: Request) -> HTTPResponse:
        outcomes = dict(zip(checks, await asyncio.gather(*map(_try, checks.values())), strict=True))
        status = _status(outcomes)
        shown = {
            name: {"state": "ok" if outcome.ok else "down", "ms": outcome.ms}
            for name, outcome in outcomes.items()
        }
        return _plain_json(
            {"status": status, "checks": shown}, status=503 if status == "unavailable" else 200
        )

    @bp.get("/metrics")
    @access(Access.PUBLIC)
    async def show_metrics(_: Request) -> HTTPResponse:
        return raw(metrics.render(), content_type=CONTENT_TYPE)

    return bp


async def _try(check: Check) -> Outcome:
    started = perf_counter()
    try:
        ok = await asyncio.wait_for(check.probe(), PROBE_WITHIN_S)
    except TimeoutError:
        ok = False
    return Outcome(ok, check.vital, round((perf_counter() - started) * 1000, 1))


def _status(outcomes: Mapping[str, Outcome]) -> str:
    if any(outcome.vital and not outcome.ok for outcome in outcomes.values()):
        return "unavailable"
    return "ready" if all(outcome.ok for outcome in outcomes.values()) else "degraded"


def _plain_json(body: object, *, status: int = 200) -> HTTPResponse:
    return raw(
        orjson.dumps(body), status=status, headers={"Cache-Control": "no-store"}, content_type=JSON
    )
