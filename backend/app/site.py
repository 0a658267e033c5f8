"""The citizens' web app at `/`: the built files of `channels/app`, in memory, pre-compressed.

Where nobody has built it, `/` is a plain page that says what is here and how to build it.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.response import HTTPResponse

from backend.app.answers import send
from backend.app.errors import complain
from backend.app.requests import AppRequest, AppServer
from backend.core.access import Access, access
from backend.core.prebuilt import THOROUGH, Prebuilt

BUILT = Path(str(files("channels"))) / "app" / "dist" / "build" / "h5"
INDEX = "index.html"
# Vite puts a digest into the names of what it builds; index.html names them, so it must be fresh.
_HASHED = "assets/"
_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL)
FOREVER, ASK_AGAIN = "public, max-age=31536000, immutable", "no-cache"
# What belongs to programs never answers with the web app, however the question was put.
NOT_PAGES = ("/api/", "/channels/", "/callbacks/", "/health/", "/metrics", "/docs")


class Site:
    """Every file of the built app by its path."""

    def __init__(self, folder: Path = BUILT) -> None:
        self.built = (folder / INDEX).is_file()
        self._pages = _load(folder) if self.built else {INDEX: _welcome()}

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self._pages)

    def show(self, request: AppRequest, path: str) -> HTTPResponse:
        """The file in the best encoding the browser takes."""
        return send(request, self._pages[path])


def site_routes(site: Site) -> Blueprint:
    """One route for each file, and `/` for the first page."""
    bp = Blueprint("site")

    def add(path: str, uri: str) -> None:
        @access(Access.PUBLIC)
        async def show(request: AppRequest) -> HTTPResponse:
            return site.show(request, path)

        name = re.sub(r"\W", "_", f"file_{uri}_{path}")
        bp.add_route(show, uri, methods=["GET", "HEAD"], name=name)

    for path in site.paths:
        add(path, f"/{path}")
    add(INDEX, "/")
    return bp


def fall_back_to(app: AppServer, site: Site) -> None:
    """A browser that asks for a page the app itself routes gets the app; programs get their 404."""

    async def show_app(request: AppRequest, error: NotFound) -> HTTPResponse:
        asks_for_page = "text/html" in request.headers.get("accept", "")
        if request.method == "GET" and asks_for_page and not request.path.startswith(NOT_PAGES):
            return site.show(request, INDEX)
        return await complain(request, error)

    app.exception(NotFound)(show_app)


def _load(folder: Path) -> Mapping[str, Prebuilt]:
    policy = {"Content-Security-Policy": _content_policy((folder / INDEX).read_bytes())}
    return {
        path.relative_to(folder).as_posix(): _prebuilt(path, folder, policy)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _prebuilt(path: Path, folder: Path, headers: Mapping[str, str]) -> Prebuilt:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind in ("application/javascript", "application/json"):
        kind += "; charset=utf-8"
    kept = FOREVER if path.relative_to(folder).as_posix().startswith(_HASHED) else ASK_AGAIN
    return Prebuilt.of(
        path.read_bytes(),
        content_type=kind,
        cache_control=kept,
        headers=headers,
        quality=THOROUGH,
    )


def _welcome() -> Prebuilt:
    page = files("backend.app").joinpath("welcome.html").read_bytes()
    return Prebuilt.of(
        page,
        content_type="text/html; charset=utf-8",
        cache_control=ASK_AGAIN,
        headers={"Content-Security-Policy": _content_policy(page)},
    )


def _content_policy(index: bytes) -> str:
    """Only our own files; an inline script of index.html by its digest."""
    digests = (hashlib.sha256(script).digest() for script in _INLINE_SCRIPT.findall(index))
    allowed = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    return (
        f"default-src 'self'; script-src 'self' {allowed}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; frame-ancestors 'none'"
    )
