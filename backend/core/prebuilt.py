"""A response body made once and served many times: bytes, a strong ETag, and compressed variants.

`Prebuilt.of(body, …)` signs it; `choose(accept_encoding, if_none_match)` says what to send, its
headers already in bytes. An encoding is made when it is first asked for, and kept. Nothing here
knows a web framework: `backend.app.answers` turns a `Choice` into a response.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import brotli

# Below this, headers weigh more than what compression saves.
MIN_COMPRESSED = 500
# The first to ask waits for the compression: quick for what is made on the fly, thorough for files.
QUICK, THOROUGH = 5, 9

HeaderBytes: TypeAlias = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What to send: 304 has no body."""

    status: int
    body: bytes
    headers: HeaderBytes


@dataclass(slots=True)
class Prebuilt:
    """One resource in every encoding we offer, by name of the encoding; "" is the plain one."""

    etag: str
    _body: bytes
    _common: dict[str, str]
    _quality: int
    _made: dict[str, Choice] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        body: bytes,
        *,
        content_type: str,
        cache_control: str,
        headers: Mapping[str, str] | None = None,
        quality: int = QUICK,
    ) -> Prebuilt:
        """Sign `body`; `headers` are sent with it besides those of caching."""
        common = {
            "Content-Type": content_type,
            "Cache-Control": cache_control,
            "Vary": "Accept-Encoding",
            **(headers or {}),
        }
        return cls(hashlib.sha256(body).hexdigest()[:32], body, common, quality)

    def choose(self, *, accept_encoding: str, if_none_match: str) -> Choice:
        """The variant the client likes best, or 304 where it already holds one."""
        if if_none_match and self._is_held(if_none_match):
            return self._variant("unchanged")
        if accept_encoding and len(self._body) >= MIN_COMPRESSED:
            accepted = _accepted(accept_encoding)
            if accepted:
                return self._variant(accepted[0])
        return self._variant("")

    def _is_held(self, if_none_match: str) -> bool:
        # Every variant's tag begins with the same digest (`"digest"`, `"digest-br"`).
        return if_none_match.strip() == "*" or self.etag in if_none_match

    def _variant(self, name: str) -> Choice:
        made = self._made.get(name)
        if made is None:
            made = self._made[name] = self._make(name)
        return made

    def _make(self, name: str) -> Choice:
        if name == "unchanged":
            kept = {key: value for key, value in self._common.items() if key != "Content-Type"}
            return Choice(304, b"", _in_bytes(kept | {"ETag": f'"{self.etag}"'}))
        if not name:
            return Choice(200, self._body, _in_bytes(self._common | {"ETag": f'"{self.etag}"'}))
        # A strong tag names exact bytes, so each encoding has its own.
        labels = {"ETag": f'"{self.etag}-{name}"', "Content-Encoding": name}
        packed = _PACKERS[name](self._body, self._quality)
        return Choice(200, packed, _in_bytes(self._common | labels))


def _in_bytes(headers: Mapping[str, str]) -> HeaderBytes:
    return tuple((name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items())


def _brotli(body: bytes, quality: int) -> bytes:
    packed: bytes = brotli.compress(body, quality=quality)
    return packed


def _gzip(body: bytes, quality: int) -> bytes:
    return gzip.compress(body, compresslevel=quality, mtime=0)


_PACKERS: Mapping[str, Callable[[bytes, int], bytes]] = {"br": _brotli, "gzip": _gzip}


@lru_cache(maxsize=256)
def _accepted(header: str) -> tuple[str, ...]:
    """Our encodings the client accepts, the better one first (RFC 9110 §12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    wildcard = weights.get("*", 0.0)
    offered = {name: weights.get(name, wildcard) for name in _PACKERS}
    return tuple(sorted((n for n, w in offered.items() if w > 0), key=lambda n: -offered[n]))


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
