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

from backend.app.supervisor import Supervisor, WorkersKeepDying
from backend.app.wiring import APPS
from backend.core.logging import configure_logging
from backend.infra.migrate import migrate, pending
from backend.settings import Settings
from knowledge.base import GUIDES_DIR
from knowledge.content import load_content

MULTIPROC = "PROMETHEUS_MULTIPROC_DIR"
BACKLOG = 1024


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
        CannotServe: the port is taken, the database has not been migrated, or workers keep dying.
        BadKnowledge: the guides cannot be used; every problem is listed.
        Unavailable: the database does not answer.
    """
    with _bound(listen) as sock:
        _ensure_migrated(settings)
        _index_knowledge(settings)
        if listen.workers == 1:
            serve_socket(settings, sock)
            return
        configure_logging(as_json=settings.log_format == "json")
        with _shared_metrics():
            try:
                Supervisor(sock, listen.workers, partial(serve_socket, settings)).run()
            except WorkersKeepDying:
                raise CannotServe("工作进程一启动就退出，原因见上面的日志。") from None


def serve_socket(settings: Settings, sock: socket.socket) -> None:
    """One worker, in this process."""
    # Imported here: prometheus_client looks at PROMETHEUS_MULTIPROC_DIR only once, on import.
    from backend.app.factory import create_app

    app = create_app(settings)
    app.run(sock=sock, single_process=True, motd=False)


def _bound(listen: Listen) -> socket.socket:
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        return socket.create_server(
            (listen.host, listen.port), family=family, backlog=BACKLOG, reuse_port=False
        )
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


def _index_knowledge(settings: Settings) -> None:
    """Once, before any worker starts: bad guides are said here, and workers find the cache."""
    load_content(settings.knowledge_dir or GUIDES_DIR, cache=settings.cache_dir)


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
