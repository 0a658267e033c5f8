"""`create_app(settings)`: the server, with every door mounted and nothing opened yet."""

from __future__ import annotations

from types import SimpleNamespace

import orjson
from sanic import Config, Sanic

from backend.app.access_log import AccessLog
from backend.app.errors import say_errors
from backend.app.lifespan import Lifespan
from backend.app.middleware import finish_every_answer
from backend.app.requests import AppRequest, AppServer
from backend.app.routes import doors, mount
from backend.app.site import Site, fall_back_to
from backend.app.wiring import Program
from backend.core.logging import configure_logging
from backend.settings import Settings

NAME = "banshitong"
MAX_BODY = 1024 * 1024
GRACE_S = 20


def create_app(
    settings: Settings,
    *,
    program: Program | None = None,
    site: Site | None = None,
    name: str = NAME,
) -> AppServer:
    """A server for these settings; tests pass a `program` with doubles in it."""
    configure_logging(as_json=settings.log_format == "json")
    program = program or Program(settings)
    site = site or Site()
    app: AppServer = Sanic(
        name,
        config=_config(settings),
        ctx=SimpleNamespace(),
        request_class=AppRequest,
        dumps=orjson.dumps,
        loads=orjson.loads,
        configure_logging=False,
    )
    access_log = AccessLog(program.clock) if settings.access_log else None
    Lifespan(program, access_log).follow(app)
    finish_every_answer(app, metrics=program.metrics, note=access_log.note if access_log else None)
    say_errors(app)
    fall_back_to(app, site)
    mount(app, doors(program, site))
    return app


def _config(settings: Settings) -> Config:
    config = Config(env_prefix="")
    config.AUTO_EXTEND = False
    config.ACCESS_LOG = False  # ours holds no personal data
    config.MOTD = False
    config.REQUEST_MAX_SIZE = MAX_BODY
    config.REQUEST_TIMEOUT = 30
    config.RESPONSE_TIMEOUT = 30
    config.KEEP_ALIVE_TIMEOUT = 75  # longer than the 60 s of a proxy in front
    config.GRACEFUL_SHUTDOWN_TIMEOUT = GRACE_S
    config.FALLBACK_ERROR_FORMAT = "json"
    if settings.proxies_count:
        config.PROXIES_COUNT = settings.proxies_count
    if settings.real_ip_header:
        config.REAL_IP_HEADER = settings.real_ip_header
    return config
