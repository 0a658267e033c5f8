"""`banshitong serve`: one process, or a manager with several workers."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from sanic import Sanic
from sanic.worker.loader import AppLoader

from backend.app.wiring import APPS
from backend.infra.migrate import migrate, pending
from backend.settings import Settings

MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"


class CannotServe(Exception):
    """The server cannot start; the message says why, in Chinese, and what to do."""


@dataclass(frozen=True, slots=True)
class Listen:
    host: str
    port: int
    workers: int = 1


def serve(settings: Settings, listen: Listen) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are answered.

    Raises:
        CannotServe: the port is taken, or the database has not been migrated.
        Unavailable: the database does not answer.
    """
    _ensure_port_is_free(listen)
    _ensure_migrated(settings)
    if listen.workers == 1:
        _serve_alone(settings, listen)
    else:
        with _shared_metrics():
            _serve_with_workers(settings, listen)


def _serve_alone(settings: Settings, listen: Listen) -> None:
    from backend.app.factory import create_app

    app = create_app(settings)
    app.run(host=listen.host, port=listen.port, single_process=True, motd=False)


def _serve_with_workers(settings: Settings, listen: Listen) -> None:
    # Imported after PROMETHEUS_MULTIPROC_DIR is set: prometheus_client looks at it only once.
    from backend.app.factory import create_app

    loader = AppLoader(factory=partial(create_app, settings))
    app = loader.load()
    app.prepare(host=listen.host, port=listen.port, workers=listen.workers, motd=False)
    Sanic.serve(primary=app, app_loader=loader)


def _ensure_port_is_free(listen: Listen) -> None:
    with socket.socket(socket.AF_INET6 if ":" in listen.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((listen.host, listen.port))
        except OSError as error:
            raise CannotServe(
                f"不能在 {listen.host}:{listen.port} 提供服务（{error.strerror}）。"
                "端口可能被占用，请用 --port 换一个。"
            ) from None


def _ensure_migrated(settings: Settings) -> None:
    """SQLite belongs to this program alone and is brought up to date; a server is asked about."""
    if settings.database_url.startswith("sqlite://"):
        asyncio.run(migrate(settings.database_url, APPS))
    elif asyncio.run(pending(settings.database_url, APPS)):
        raise CannotServe("数据库表结构不是最新，请先运行 banshitong migrate。")


@contextmanager
def _shared_metrics() -> Iterator[None]:
    """A folder in which the workers count together, fresh for each start."""
    given = os.environ.get(MULTIPROC)
    folder = given or tempfile.mkdtemp(prefix="banshitong-metrics-")
    os.environ[MULTIPROC] = folder
    try:
        yield
    finally:
        if not given:
            shutil.rmtree(folder, ignore_errors=True)
