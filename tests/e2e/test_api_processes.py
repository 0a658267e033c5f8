"""`banshitong serve` as operators run it: stopping, several workers, workers that die."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.e2e.office import ROOT, Server, a_server, environment

pytestmark = pytest.mark.e2e

BODY = json.dumps({"text": "身份证丢了怎么补"}).encode()


def begin_question(server: Server) -> socket.socket:
    """A request the server has begun to read and cannot answer yet."""
    connection = socket.create_connection(("127.0.0.1", server.port), 20)
    head = f"POST /api/v1/bot/messages HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\n\r\n"
    connection.sendall(head.encode() + BODY[:10])
    time.sleep(0.5)
    return connection


def finish_question(connection: socket.socket) -> bytes:
    connection.sendall(BODY[10:])
    answer = b""
    while part := connection.recv(65_536):
        answer += part
        head, _, body = answer.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        if length and len(body) >= int(length[1]):
            break
    return answer


def wait_for(happens: Callable[[], bool], *, within_s: float = 120.0) -> None:
    until = time.monotonic() + within_s
    while not happens():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.1)


def events(server: Server, name: str) -> list[dict[str, object]]:
    lines = [line for line in server.said().splitlines() if line.startswith("{")]
    return [line for line in map(json.loads, lines) if line["event"] == name]


@pytest.mark.parametrize("workers", ["1", "2"])
def test_what_was_begun_is_answered_before_the_server_stops(tmp_path: Path, workers: str) -> None:
    with a_server(tmp_path, "--workers", workers) as server:
        with begin_question(server) as connection:
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            still_running = server.process.poll() is None
            answer = finish_question(connection)
        code = server.process.wait(60)

    assert still_running
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"idcard-lost" in answer
    assert code == 0
    started, stopped = (len(events(server, f"server_{word}")) for word in ("started", "stopped"))
    assert started == stopped >= 1
    assert "Traceback" not in server.said()


def test_a_stopped_server_takes_no_new_calls(tmp_path: Path) -> None:
    with a_server(tmp_path) as server, begin_question(server) as connection:
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{server.address}/health/live", trust_env=False)
        finish_question(connection)


def test_an_idle_server_stops_at_once(tmp_path: Path) -> None:
    with a_server(tmp_path) as server, httpx.Client(trust_env=False) as client:
        client.get(f"{server.address}/health/live")  # kept alive
        started = time.monotonic()
        assert server.terminate() == 0
        took = time.monotonic() - started

    assert took < 5


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two workers; the tests that share them wait until both are there again."""
    with a_server(tmp_path_factory.mktemp("pair"), "--workers", "2") as server:
        wait_for(lambda: len(events(server, "server_started")) == 2)
        yield server


def test_of_several_workers_exactly_one_runs_the_jobs_and_another_takes_over(
    pair: Server,
) -> None:
    time.sleep(3)  # longer than the loser's next try
    first = events(pair, "worker_started")
    runner = _holder_of_the_lock(pair.log.parent / "var" / "worker.lock")
    os.kill(runner, signal.SIGKILL)
    wait_for(lambda: len(events(pair, "worker_started")) == 2)
    heir = _holder_of_the_lock(pair.log.parent / "var" / "worker.lock")
    wait_for(lambda: len(events(pair, "server_started")) == 3)

    assert len(first) == 1
    assert heir != runner
    assert len(_workers(pair)) == 2  # the dead one was replaced
    assert httpx.get(f"{pair.address}/health/ready", trust_env=False).status_code == 200


def test_the_workers_metrics_are_added_up(pair: Server) -> None:
    for _ in range(40):  # a new connection each: the kernel spreads them
        httpx.get(f"{pair.address}/api/v1/halls", trust_env=False)
    text = httpx.get(f"{pair.address}/metrics", trust_env=False).text

    (count,) = re.findall(r'requests_total\{[^}]*route="/api/v1/halls"[^}]*\} (\d+)', text)
    assert count == "40"


def _holder_of_the_lock(lock: Path) -> int:
    inode = str(lock.stat().st_ino)
    for line in Path("/proc/locks").read_text().splitlines():
        fields = line.split()
        if fields[1] == "FLOCK" and fields[5].endswith(f":{inode}"):
            return int(fields[4])
    raise AssertionError(f"nobody holds {lock}")


def _workers(server: Server) -> list[int]:
    children = psutil.Process(server.process.pid).children(recursive=True)
    return sorted(
        child.pid
        for child in children
        if child.status() != psutil.STATUS_ZOMBIE and "spawn_main" in " ".join(child.cmdline())
    )


def test_a_server_that_is_stopped_while_it_starts_stops(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "serve", "--port", "0", "--workers", "2"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=log,
            stderr=log,
        )
    wait_for(lambda: len(psutil.Process(process.pid).children()) >= 2)
    time.sleep(1)
    process.terminate()

    assert process.wait(60) == 0


def test_workers_end_with_the_supervisor_that_was_killed(tmp_path: Path) -> None:
    with a_server(tmp_path, "--workers", "2") as server:
        wait_for(lambda: len(events(server, "server_started")) == 2)
        server.process.kill()
        server.process.wait()
        wait_for(lambda: len(events(server, "server_stopped")) == 2)

        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{server.address}/health/live", trust_env=False)


def run(tmp_path: Path, *command: str, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "backend.cli", *command],
        cwd=ROOT,
        env=environment(tmp_path, **given),
        capture_output=True,
        text=True,
        timeout=180,
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_a_port_that_is_taken_is_said_in_chinese(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ended = run(tmp_path, "serve", "--port", str(taken.getsockname()[1]))

    assert ended.returncode == 1
    assert "端口可能被占用" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_production_does_not_start_with_what_belongs_to_a_demo(tmp_path: Path) -> None:
    accounts = tmp_path / "accounts.toml"
    accounts.write_text(
        '[payments.alipay]\napp_id = "1"\nprivate_key_file = "a"\nalipay_public_key_file = "b"\n'
        'gateway = "https://openapi-sandbox.dl.alipaydev.com/gateway.do"\n'
    )
    ended = run(
        tmp_path,
        "serve",
        mode="production",
        config=str(accounts),
        database_url="postgres://postgres:postgres@127.0.0.1:1/x",
    )

    assert ended.returncode == 1
    for complaint in (
        "SECRET_KEY：正式环境必填",
        "沙箱网关",
        "DATABASE_URL：正式环境不能使用默认密码",
    ):
        assert complaint in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_is_away_is_said_in_chinese(tmp_path: Path) -> None:
    ended = run(tmp_path, "serve", database_url="postgres://bst:x@127.0.0.1:1/x")

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert any("\u4e00" <= sign <= "\u9fff" for sign in ended.stderr)


@pytest.mark.integration
def test_a_database_without_tables_asks_for_the_migration(
    tmp_path: Path, postgres_url: str
) -> None:
    before = run(tmp_path, "serve", database_url=postgres_url)
    migrated = run(tmp_path, "migrate", database_url=postgres_url)
    with a_server(tmp_path, database_url=postgres_url) as server:
        ready = httpx.get(f"{server.address}/health/ready", trust_env=False)

    assert (before.returncode, migrated.returncode) == (1, 0)
    assert "banshitong migrate" in before.stderr
    assert ready.status_code == 200


def test_the_worker_alone_stops_when_it_is_told_to(tmp_path: Path) -> None:
    run(tmp_path, "migrate")
    log = tmp_path / "worker.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.cli", "worker"],
            cwd=ROOT,
            env=environment(tmp_path),
            stdout=out,
            stderr=out,
        )
    wait_for(lambda: "worker_started" in log.read_text())
    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 0
    assert "worker_stopped" in log.read_text()
    assert "Traceback" not in log.read_text()
