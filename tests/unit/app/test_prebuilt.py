"""Answers made once: what is chosen for whom."""

from __future__ import annotations

import gzip

import brotli
import pytest

from backend.core.prebuilt import Choice, Prebuilt

BODY = "办事指南".encode() * 200


def prebuilt(body: bytes = BODY) -> Prebuilt:
    return Prebuilt.of(body, content_type="text/plain", cache_control="no-cache")


def headers_of(choice: Choice) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in choice.headers}


def encoding_for(accept_encoding: str, body: bytes = BODY) -> str | None:
    choice = prebuilt(body).choose(accept_encoding=accept_encoding, if_none_match="")
    return headers_of(choice).get("Content-Encoding")


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", None),
        ("gzip, deflate, br, zstd", "br"),
        ("GZIP", "gzip"),
        ("gzip;q=1.0, br;q=0.5", "gzip"),
        ("br;q=0", None),
        ("*;q=0.5", "br"),
        ("*, br;q=0", "gzip"),
        ("br;q=nonsense", None),
        ("identity;q=1, *;q=0", None),
    ],
)
def test_the_header_decides(header: str, encoding: str | None) -> None:
    assert encoding_for(header) == encoding


def test_a_small_body_is_not_compressed() -> None:
    assert encoding_for("br, gzip", b"short") is None


def test_every_variant_unpacks_to_the_same() -> None:
    page = prebuilt()

    packed = page.choose(accept_encoding="br", if_none_match="").body
    zipped = page.choose(accept_encoding="gzip", if_none_match="").body
    assert brotli.decompress(packed) == gzip.decompress(zipped) == BODY
    assert max(len(packed), len(zipped)) < len(BODY)


def test_the_same_body_has_the_same_tags_on_every_worker() -> None:
    one, other = prebuilt(), prebuilt()

    for accepts in ("", "gzip", "br"):
        tags = {
            headers_of(page.choose(accept_encoding=accepts, if_none_match=""))["ETag"]
            for page in (one, other)
        }
        assert len(tags) == 1


@pytest.mark.parametrize("form", ['"{}"', 'W/"{}"', '"{}-br"', '"other", "{}-gzip"', "*"])
def test_who_holds_any_variant_need_not_fetch_it_again(form: str) -> None:
    page = prebuilt()

    choice = page.choose(accept_encoding="br", if_none_match=form.format(page.etag))

    assert (choice.status, choice.body) == (304, b"")
    assert page.etag in headers_of(choice)["ETag"]


def test_who_holds_something_else_gets_it_all() -> None:
    choice = prebuilt().choose(accept_encoding="", if_none_match=f'"{prebuilt(b"x").etag}"')

    assert (choice.status, choice.body) == (200, BODY)
