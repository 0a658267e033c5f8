"""What every answer carries, and what is noted about it: one middleware, because each one costs.

The access log holds method, route template, status, time and trace id: no path variables, no query
(a search text is a citizen's words), no address.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from sanic.response import BaseHTTPResponse

from backend.app.answers import SECURITY_BY_NAME, ReadyResponse
from backend.app.metrics import Metrics
from backend.app.requests import AppRequest, AppServer

AccessNote = Callable[..., None]


def finish_every_answer(app: AppServer, *, metrics: Metrics, note: AccessNote | None) -> None:
    """Give every answer its headers, count it, and note it."""

    async def finish(request: AppRequest, response: BaseHTTPResponse) -> None:
        response.headers["X-Request-ID"] = request.trace_id
        if not isinstance(response, ReadyResponse):
            response.headers.update(SECURITY_BY_NAME)
        seconds = perf_counter() - request.started
        template = request.template
        metrics.answered(
            method=request.method, route=template, status=response.status, seconds=seconds
        )
        if note is not None:
            note(request, template, response.status, seconds)

    app.register_middleware(finish, "response")
