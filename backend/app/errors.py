"""Errors on their way out: refusals, Sanic's own complaints, and bugs.

A refusal is expected and logged in one quiet line; an outage is a warning; a bug is a general
sentence for the citizen and the whole traceback for us.
"""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from sanic.exceptions import RequestCancelled, SanicException
from sanic.response import HTTPResponse

from backend.app.problems import problem
from backend.app.requests import AppRequest, AppServer
from backend.core.errors import DomainError, Kind, TooManyRequests
from backend.core.wording import GENERAL, words, words_for

HTTP_STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
CLIENT_GONE = 499  # nginx's number for it
# What Sanic itself refuses, by status; the words stand beside those of our own refusals.
HTTP_CODES: Mapping[int, str] = {
    400: "http.bad_request",
    404: "http.no_such_page",
    405: "http.method_not_allowed",
    408: "http.request_timeout",
    413: "http.payload_too_large",
    414: "http.bad_request",
    415: "http.unsupported_media_type",
    416: "http.bad_request",
    417: "http.bad_request",
    431: "http.headers_too_large",
    503: "unavailable",
}
# Headers of Sanic's own errors that a client needs.
_KEPT_HEADERS = ("allow", "www-authenticate", "retry-after", "content-range")

log = structlog.get_logger(__name__)


def say_errors(app: AppServer) -> None:
    """Turn every error of `app` into a problem."""
    app.exception(RequestCancelled)(note_hangup)  # type: ignore[arg-type]  # a BaseException
    app.exception(DomainError)(refuse)
    app.exception(SanicException)(complain)
    app.exception(Exception)(apologise)


async def note_hangup(request: AppRequest, error: RequestCancelled) -> HTTPResponse:
    """The client went away: nobody reads this, but the log and the metrics count it as that."""
    return HTTPResponse(status=CLIENT_GONE)


async def refuse(request: AppRequest, error: DomainError) -> HTTPResponse:
    """A refusal the citizen may read."""
    if error.is_outage:
        log.warning("outage", code=error.code, route=request.template, trace_id=request.trace_id)
    headers = {}
    if isinstance(error, TooManyRequests):
        headers["Retry-After"] = str(error.retry_after_s)
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    return problem(
        HTTP_STATUS[error.kind],
        code=error.code,
        words=words_for(error),
        trace_id=request.trace_id,
        errors=error.errors,
        headers=headers,
    )


async def complain(request: AppRequest, error: SanicException) -> HTTPResponse:
    """Something HTTP itself refuses: no such page, broken JSON, a body too large."""
    status = error.status_code or 500
    code = HTTP_CODES.get(status, GENERAL)
    if code == GENERAL:
        return await apologise(request, error)
    given = {str(name).lower(): str(value) for name, value in (error.headers or {}).items()}
    headers = {name.title(): given[name] for name in _KEPT_HEADERS if name in given}
    return problem(status, code=code, words=words(code), trace_id=request.trace_id, headers=headers)


async def apologise(request: AppRequest, error: Exception) -> HTTPResponse:
    """A bug: nothing of it leaves the house."""
    log.error("bug", route=request.template, trace_id=request.trace_id, exc_info=error)
    return problem(500, code=GENERAL, words=words(GENERAL), trace_id=request.trace_id)
