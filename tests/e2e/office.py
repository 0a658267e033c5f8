"""A whole office on a real port: the real program on a small knowledge folder, in this process.

    async with an_office(tmp_path) as office:
        answer = await office.http.get("/api/v1/services")

`a_server(…)` is the same as citizens get it: `banshitong serve` in a process of its own.
"""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path

import httpx
from sanic import Sanic

from backend.app.factory import create_app
from backend.app.library import Library
from backend.app.requests import AppServer
from backend.app.seeding import demo_halls
from backend.app.site import Site
from backend.app.wiring import APPS, BuildBot, Program
from backend.core.clock import Clock
from backend.infra.migrate import migrate
from backend.settings import Settings, read_settings
from knowledge.base import GUIDES_DIR
from tests.e2e.door import serving

ROOT = Path(__file__).parents[2]
GUIDES = ("idcard-lost", "idcard-renew", "passport-first", "annual-report", "sscard-lost")
_names = count(1)


@dataclass
class Office:
    """A running program, and a client at its door."""

    program: Program
    app: AppServer
    http: httpx.AsyncClient
    address: str


def a_folder_of_guides(tmp_path: Path) -> Path:
    """A few real guides: enough to search in, quick to load."""
    folder = tmp_path / "guides"
    folder.mkdir(exist_ok=True)
    for name in GUIDES:
        shutil.copy(GUIDES_DIR / f"{name}.yaml", folder)
    return folder


def some_settings(tmp_path: Path, **given: str) -> Settings:
    """Settings of a demo that lives in `tmp_path`."""
    environ = {
        "BANSHITONG_VAR_DIR": str(tmp_path / "var"),
        "BANSHITONG_DATABASE_URL": f"sqlite://{tmp_path}/var/office.db",
        "BANSHITONG_KNOWLEDGE_DIR": str(a_folder_of_guides(tmp_path)),
    }
    return read_settings(environ | {f"BANSHITONG_{name.upper()}": v for name, v in given.items()})


@cache
def a_library() -> Library:
    """The knowledge of all offices of a test run: loading jieba takes longer than most tests."""
    folder = Path(tempfile.mkdtemp(prefix="banshitong-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library = Library(folder=a_folder_of_guides(folder), cache=folder / "cache")
    library.open()
    return library


@cache
def a_site() -> Site:
    """The web app, compressed once."""
    return Site()


@asynccontextmanager
async def an_office(
    tmp_path: Path,
    *,
    build_bot: BuildBot | None = None,
    clock: Clock | None = None,
    site: Site | None = None,
    **given: str,
) -> AsyncIterator[Office]:
    """The program with every door, migrated and with the example halls."""
    settings = some_settings(tmp_path, **given)
    await migrate(settings.database_url, APPS)
    program = Program(settings, library=a_library(), build_bot=build_bot, clock=clock)
    app = create_app(
        settings, program=program, site=site or a_site(), name=f"office-{next(_names)}"
    )
    async with serving(app) as address:
        await program.catalogue.save_halls(demo_halls())
        async with httpx.AsyncClient(base_url=address, trust_env=False) as http:
            yield Office(program, app, http, address)
    Sanic.unregister_app(app)


@dataclass
class Server:
    """`banshitong serve` as a process."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def terminate(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def said(self) -> str:
        return self.log.read_text()


@contextmanager
def a_server(tmp_path: Path, *options: str, **given: str) -> Iterator[Server]:
    """A server that answers; ended hard if a test left it running."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    log = tmp_path / "server.log"
    command = [sys.executable, "-m", "backend.cli", "serve", "--port", str(port), *options]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment(tmp_path, **given), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    server = Server(process, port, log)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def environment(tmp_path: Path, **given: str) -> Mapping[str, str]:
    """The environment of a command whose data live in `tmp_path`."""
    settings = some_settings(tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANSHITONG_")}
    return {
        **kept,
        "BANSHITONG_VAR_DIR": str(settings.var_dir),
        "BANSHITONG_DATABASE_URL": settings.database_url,
        "BANSHITONG_KNOWLEDGE_DIR": str(settings.knowledge_dir),
        **{f"BANSHITONG_{name.upper()}": value for name, value in given.items()},
    }


def _wait_until_ready(server: Server) -> None:
    until = time.monotonic() + 180  # a machine may be busy with other tests
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if httpx.get(f"{server.address}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{server.said()}")
