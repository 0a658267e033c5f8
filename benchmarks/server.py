"""The real `banshitong serve`, and a bare Sanic server to compare it with, as processes."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.corpora import ROOT

PATIENCE_S = 300.0
POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and the seconds from its start to its first 200."""

    process: psutil.Process
    port: int
    ready_s: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_s(self) -> float:
        """Processor time used so far, by all its processes."""
        everybody = {self.process, *self.workers()}
        return sum(p.cpu_times().user + p.cpu_times().system for p in everybody)

    def workers(self) -> list[psutil.Process]:
        """The processes that serve: the only one, or the children of the manager."""
        return self.process.children(recursive=True) or [self.process]


@contextmanager
def product(
    var: Path, *, guides: Path | None = None, workers: int = 1, access_log: bool = True
) -> Iterator[Server]:
    """`banshitong serve` as it ships, with `var` for everything it keeps."""
    port = free_port()
    settings = {
        "VAR_DIR": str(var),
        "DATABASE_URL": f"sqlite://{var}/bench.db",
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BOT_MESSAGES_PER_MINUTE": "0",  # the load comes from one address
        "ACCESS_LOG": str(access_log).lower(),
        **({"KNOWLEDGE_DIR": str(guides)} if guides else {}),
    }
    given = {name: value for name, value in os.environ.items() if "BANSHITONG" not in name}
    environ = given | {f"BANSHITONG_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "backend.cli", "serve", "--port", str(port)]
    command += ["--workers", str(workers)]
    with _running(command, environ, port=port, path="/health/ready", log=var / "log") as server:
        yield server


@contextmanager
def bare(*arguments: str, log: Path) -> Iterator[Server]:
    """`benchmarks.bare_sanic` in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_sanic", str(port), *arguments]
    with _running(command, dict(os.environ), port=port, path="/ready", log=log) as server:
        yield server


@contextmanager
def _running(
    command: list[str], environ: Mapping[str, str], *, port: int, path: str, log: Path
) -> Iterator[Server]:
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out)
        try:
            _wait_until_ready(process, port=port, path=path, log=log)
            ready_s = time.perf_counter() - started
            yield Server(psutil.Process(process.pid), port, ready_s)
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=25)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)


def _wait_until_ready(process: subprocess.Popen[bytes], *, port: int, path: str, log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"服务没有启动，见 {log}：\n{log.read_text()[-2000:]}")
        try:
            if get(port, path)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(POLL_S)
    raise RuntimeError(f"服务 {PATIENCE_S:.0f} 秒没有就绪，见 {log}")


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(port: int, path: str) -> tuple[int, bytes, str]:
    """Status, body and content type of a GET."""
    return _ask(port, "GET", path, None)


def post(port: int, path: str, body: bytes) -> tuple[int, bytes, str]:
    """Status, body and content type of a POST of JSON."""
    return _ask(port, "POST", path, body)


def _ask(port: int, method: str, path: str, body: bytes | None) -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("content-type", "")
    finally:
        connection.close()
