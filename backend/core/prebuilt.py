"""A response body made once and served many times: bytes, a strong ETag, and compressed variants.

`Prebuilt.of(body)` compresses once; `Prebuilt.choose(accept_encoding, if_none_match)` says what to
send without any further work. It knows no web framework: routes turn a `Choice` into a response.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import brotli

# Below this, headers weigh more than what compression saves.
MIN_COMPRESSED = 500


@dataclass(frozen=True, slots=True)
class Choice:
    """What to send: 304 has no body."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Prebuilt:
    """One resource in every encoding we offer, by name of the encoding; "" is the plain one."""

    content_type: str
    etag: str
    _variants: Mapping[str, Choice]
    _unchanged: Choice

    @classmethod
    def of(cls, body: bytes, *, content_type: str, cache_control: str) -> Prebuilt:
        """Compress and sign `body`."""
        etag = hashlib.sha256(body).hexdigest()[:32]
        common = {"Cache-Control": cache_control, "Vary": "Accept-Encoding"}
        variants = {
            encoding: Choice(200, packed, common | _labels(etag, encoding))
            for encoding, packed in _packed(body).items()
        }
        return cls(content_type, etag, variants, Choice(304, b"", common | {"ETag": f'"{etag}"'}))

    def choose(self, *, accept_encoding: str, if_none_match: str) -> Choice:
        """The smallest variant the client accepts, or 304 where it already holds one."""
        if if_none_match and self._is_held(if_none_match):
            return self._unchanged
        for encoding in _accepted(accept_encoding):
            if encoding in self._variants:
                return self._variants[encoding]
        return self._variants[""]

    def _is_held(self, if_none_match: str) -> bool:
        # Every variant's tag begins with the same digest (`"digest"`, `"digest-br"`).
        return if_none_match.strip() == "*" or self.etag in if_none_match


def _labels(etag: str, encoding: str) -> dict[str, str]:
    if not encoding:
        return {"ETag": f'"{etag}"'}
    # A strong tag names exact bytes, so each encoding has its own.
    return {"ETag": f'"{etag}-{encoding}"', "Content-Encoding": encoding}


def _packed(body: bytes) -> dict[str, bytes]:
    packed = {"": body}
    if len(body) >= MIN_COMPRESSED:
        packed["br"] = brotli.compress(body, quality=9)
        packed["gzip"] = gzip.compress(body, compresslevel=9, mtime=0)
    return packed


@lru_cache(maxsize=256)
def _accepted(header: str) -> tuple[str, ...]:
    """Our encodings the client accepts, the better one first (RFC 9110 §12.5.3)."""
    weights: dict[str, float] = {}
    for part in header.lower().split(","):
        name, _, parameters = part.strip().partition(";")
        weights[name.strip()] = _weight(parameters)
    wildcard = weights.get("*", 0.0)
    offered = {name: weights.get(name, wildcard) for name in ("br", "gzip")}
    return tuple(sorted((n for n, w in offered.items() if w > 0), key=lambda n: -offered[n]))


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
