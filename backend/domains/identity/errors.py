"""Refusals of identity."""

from __future__ import annotations

from backend.core.errors import Conflict, InvalidInput, Unauthenticated


class LoginTaken(Conflict):
    """Another account already uses this login."""

    code = "identity.login_taken"


class WeakPassword(InvalidInput):
    """The password is too short, too common, or the login itself."""

    code = "identity.weak_password"


class WrongPassword(Unauthenticated):
    """No such account, or not its password: both are said the same way."""

    code = "identity.wrong_password"
