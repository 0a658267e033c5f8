"""Passwords that would be guessed are refused."""

from __future__ import annotations

import pytest

from backend.domains.identity.errors import WeakPassword
from backend.domains.identity.rules import ensure_strong


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short1!",
        "1234567890123",
        "aaaaaaaaaaaa",
        "Password123!",
        "wangwu2026!!",
        "changeme12345",
        "abababababab",
    ],
)
def test_what_is_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        ensure_strong(password, login="wangwu")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "窗口人员今天很忙要加班啊", "k7-Zr9_wQ2x"]
)
def test_what_is_long_and_odd_is_taken(password: str) -> None:
    ensure_strong(password, login="wangwu")
