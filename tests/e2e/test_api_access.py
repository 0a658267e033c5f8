"""No route without a rule, and no rule that is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import httpx
import pytest
from sanic import Blueprint, Sanic
from sanic.response import HTTPResponse, text

from backend.app.errors import say_errors
from backend.app.requests import AppRequest, AppServer
from backend.app.routes import UndeclaredAccess, mount
from backend.core.access import Access, access
from tests.e2e.door import serving

pytestmark = pytest.mark.e2e
_names = count(1)


@pytest.fixture
def app() -> Iterator[AppServer]:
    app: AppServer = Sanic(
        f"routes-{next(_names)}", request_class=AppRequest, configure_logging=False
    )
    app.config.AUTO_EXTEND = False
    yield app
    Sanic.unregister_app(app)


def test_a_route_without_a_rule_is_refused_at_the_start(app: AppServer) -> None:
    bp = Blueprint("forgetful")

    @bp.get("/secrets")
    async def show(_: AppRequest) -> HTTPResponse:
        return text("!")

    with pytest.raises(UndeclaredAccess, match="/secrets"):
        mount(app, [bp])


@pytest.mark.parametrize(
    ("rule", "status"),
    [(Access.PUBLIC, 200), (Access.PLATFORM, 200), (Access.CITIZEN, 401), (Access.STAFF, 401)],
)
async def test_who_has_not_logged_in_sees_only_what_is_open(
    app: AppServer, rule: Access, status: int
) -> None:
    bp = Blueprint("door")

    @bp.get("/door/<number:int>")
    @access(rule)
    async def show(_: AppRequest, number: int) -> HTTPResponse:
        return text(f"room {number}")

    say_errors(app)
    mount(app, [bp])
    async with serving(app) as address, httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(f"{address}/door/7")

    assert answer.status_code == status
    if status == 401:
        assert answer.json()["code"] == "unauthenticated"
        assert answer.headers["www-authenticate"] == "Bearer"
    else:
        assert answer.text == "room 7"
