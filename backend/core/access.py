"""Who may call a route: declared on the handler, enforced in `backend.app`, guarded by a test."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

Handler = TypeVar("Handler", bound=Callable[..., Any])


class Access(StrEnum):
    """The rule of a route. A platform's door is open, but proves each message itself."""

    PUBLIC = "public"
    PLATFORM = "platform"  # signed by WeChat, Alipay or a department
    CITIZEN = "citizen"
    STAFF = "staff"


def access(rule: Access) -> Callable[[Handler], Handler]:
    """Declare who may call this handler."""

    def declare(handler: Handler) -> Handler:
        setattr(handler, "access", rule)  # noqa: B010 - functions have no such attribute to mypy
        return handler

    return declare
