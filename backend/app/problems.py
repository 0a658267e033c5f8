"""Problem details (RFC 9457) in the form of the contract (§2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson
from sanic.response import HTTPResponse

from backend.core.wording import Words

CONTENT_TYPE = "application/problem+json"


def problem(
    status: int,
    *,
    code: str,
    words: Words,
    trace_id: str,
    errors: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> HTTPResponse:
    """The answer a client can act on and a citizen can read."""
    body: dict[str, object] = {
        "type": f"/docs/problems#{code}",
        "title": words.title,
        "status": status,
        "detail": words.detail,
        "code": code,
        "trace_id": trace_id,
    }
    if errors:
        body["errors"] = [{"field": field, "message": message} for field, message in errors]
    response = HTTPResponse(
        orjson.dumps(body), status=status, headers=dict(headers or {}), content_type=CONTENT_TYPE
    )
    response.headers["Cache-Control"] = "no-store"
    return response
