"""Every door of the program, in one list. Who may call a route stands on the route (`@access`).

/health, /metrics        everybody (the proxy in front keeps /metrics inside the house)
/docs                    everybody
/api/v1/services, halls  everybody: the catalogue has no login
/api/v1/bot              everybody, so many times a minute
/channels                platforms: each message proves itself
/                        everybody: the web app
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import wraps

from sanic import Blueprint
from sanic.response import HTTPResponse

from backend.app.answers import send
from backend.app.bot_api import bot_routes
from backend.app.docs import docs_routes
from backend.app.health import Check, health_routes
from backend.app.limits import RateLimit
from backend.app.requests import AppRequest, AppServer
from backend.app.site import Site, site_routes
from backend.app.wiring import Program
from backend.core.access import Access
from backend.core.errors import Unauthenticated
from backend.core.ids import new_id
from backend.domains.catalogue.routes import catalogue_routes
from channels.blueprint import channel_routes

OPEN = frozenset({Access.PUBLIC, Access.PLATFORM})


class UndeclaredAccess(RuntimeError):
    """A route does not say who may call it."""


def doors(program: Program, site: Site) -> Sequence[Blueprint]:
    """All blueprints."""
    settings, cache = program.settings, program.cache
    messages = settings.limit_for(settings.bot_messages_per_minute, production=600)
    verdicts = settings.limit_for(settings.feedback_per_minute, production=60)
    checks = {
        "database": Check(program.database.ping),
        "cache": Check(cache.ping, vital=False),
        "knowledge": Check(program.library.ping),
    }
    return (
        health_routes(checks, program.metrics),
        docs_routes(),
        catalogue_routes(program.catalogue, send),
        bot_routes(
            answer=program.answer,
            feedback=program.feedback,
            new_id=new_id,
            messages_limit=RateLimit("bot", messages, cache),
            feedback_limit=RateLimit("feedback", verdicts, cache),
        ),
        channel_routes(channels=program.channels, inbox=program.inbox),
        site_routes(site),
    )


def mount(app: AppServer, blueprints: Sequence[Blueprint]) -> None:
    """Register the doors and put the guard at those that are not open.

    Raises:
        UndeclaredAccess: a route does not say who may call it.
    """
    for blueprint in blueprints:
        app.blueprint(blueprint)
    for route in app.router.routes:
        rule = getattr(route.handler, "access", None)
        if rule is None:
            raise UndeclaredAccess(f"/{route.path}")
        if rule not in OPEN:
            route.handler = _guarded(route.handler)


Handler = Callable[..., Awaitable[HTTPResponse]]


def _guarded(handler: Handler) -> Handler:
    """Let nobody in who has not logged in; roles come with the first login."""

    @wraps(handler)
    async def guard(request: AppRequest, *args: object, **kwargs: object) -> HTTPResponse:
        if request.principal is None:
            raise Unauthenticated
        return await handler(request, *args, **kwargs)

    return guard
