"""The request as our handlers see it: who asks, under which trace id, since when.

Everything every request needs is computed here, lazily: a middleware that runs for each request
costs more than most of our answers do.
"""

from __future__ import annotations

import re
import secrets
from time import perf_counter
from types import SimpleNamespace
from typing import Any, TypeAlias

from sanic import Config, Request, Sanic

AppServer: TypeAlias = Sanic[Config, SimpleNamespace]

TRACE_HEADER = "x-request-id"
# What a proxy in front of us may send; anything else could forge lines of a log.
_TRACE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class AppRequest(Request):
    """A request with a trace id, a start time and the citizen's address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.started = perf_counter()
        self._trace_id = ""
        self.principal: object | None = None  # who has logged in; nobody can, yet

    @property
    def trace_id(self) -> str:
        """The proxy's id where it sent a sane one, otherwise our own; also in answer and log."""
        if not self._trace_id:
            given = self.headers.get(TRACE_HEADER, "")
            self._trace_id = given if _TRACE_ID.fullmatch(given) else secrets.token_hex(12)
        return self._trace_id

    @property
    def id(self) -> str:
        """What Sanic and blueprints know it by."""
        return self.trace_id

    @property
    def caller(self) -> str:
        """The address a limit counts by: what our own proxy reports, otherwise the connection's."""
        return self.remote_addr or self.ip

    @property
    def template(self) -> str:
        """The path with its variables' names, e.g. `/api/v1/services/<service_id:str>`."""
        return f"/{self.route.path}" if self.route else "(none)"
