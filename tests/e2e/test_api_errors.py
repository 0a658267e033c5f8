"""What goes wrong is said in one form (contract §2), and every answer carries the same headers."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from structlog.testing import capture_logs

from backend.app import factory
from backend.app.access_log import AccessLog
from backend.app.wiring import Answer, Program
from backend.core.clock import Clock
from bot.messages import Inbound, Reply
from knowledge.base import KnowledgeBase
from tests.e2e.office import Office, an_office

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

MESSAGES = "/api/v1/bot/messages"
SECRET = "postgres://root:hunter2@db"


def build_broken_bot(_program: Program, _knowledge: KnowledgeBase) -> Answer:
    async def answer(_inbound: Inbound) -> Reply:
        raise RuntimeError(SECRET)

    return answer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with an_office(tmp_path_factory.mktemp("office"), build_bot=build_broken_bot) as office:
        yield office


def assert_is_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) - {"errors"} == {"type", "title", "status", "detail", "code", "trace_id"}
    assert (body["status"], body["code"]) == (status, code)
    assert body["trace_id"] == answer.headers["x-request-id"]
    for words in (body["title"], body["detail"]):
        assert any("\u4e00" <= sign <= "\u9fff" for sign in words)


async def test_a_page_that_does_not_exist(office: Office) -> None:
    assert_is_problem(await office.http.get("/api/v1/nothing"), 404, "http.no_such_page")


async def test_a_method_that_is_not_offered(office: Office) -> None:
    answer = await office.http.delete("/api/v1/services")

    assert_is_problem(answer, 405, "http.method_not_allowed")
    assert answer.headers["allow"] == "GET"


async def test_a_body_of_more_than_a_megabyte(office: Office) -> None:
    answer = await office.http.post(MESSAGES, content=b'{"text": "' + b"x" * 1_100_000 + b'"}')

    assert_is_problem(answer, 413, "http.payload_too_large")


async def test_an_endless_body_without_a_length_is_cut_off(office: Office) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    try:
        answer = await office.http.post(MESSAGES, content=endless())
    except httpx.TransportError:
        return  # hung up on while it was still talking
    assert_is_problem(answer, 413, "http.payload_too_large")


async def test_a_bug_is_a_general_sentence_outside_and_a_traceback_inside(office: Office) -> None:
    with capture_logs() as logs:
        answer = await office.http.post(MESSAGES, json={"text": "您好"})

    assert_is_problem(answer, 500, "unexpected")
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    (bug,) = [line for line in logs if line["event"] == "bug"]
    assert isinstance(bug["exc_info"], RuntimeError)
    assert bug["trace_id"] == answer.json()["trace_id"]


async def raw(office: Office, sent: bytes) -> bytes:
    """What comes back on a plain connection."""
    parts = urlsplit(office.address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(65_536), 5)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X-Long: " + b"y" * 20_000 + b"\r\n\r\n",
        b"POST /api/v1/bot/messages HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /api/v1/bot/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        b"GET /%zz%00%ff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/v1/services?q=%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["no http", "long header", "negative length", "huge length", "odd path", "odd query"],
)
async def test_no_request_makes_the_server_err(office: Office, sent: bytes) -> None:
    answer = await raw(office, sent)

    status = int(answer.split(b" ", 2)[1])
    assert 200 <= status < 500
    assert (await office.http.get("/health/live")).status_code == 200


async def test_a_client_that_hangs_up_is_counted_as_that(tmp_path: Path) -> None:
    heard, go_on = asyncio.Event(), asyncio.Event()

    def build_slow_bot(_program: Program, _knowledge: KnowledgeBase) -> Answer:
        async def answer(_inbound: Inbound) -> Reply:
            heard.set()
            await go_on.wait()
            raise AssertionError("nobody waits for this")

        return answer

    async with an_office(tmp_path, build_bot=build_slow_bot) as office:
        asking = asyncio.create_task(office.http.post(MESSAGES, json={"text": "您好"}))
        await heard.wait()
        asking.cancel()
        await asyncio.sleep(0.3)
        text = (await office.http.get("/metrics")).text

    assert 'route="/api/v1/bot/messages",status="499"} 1.0' in text
    assert 'status="500"' not in text


async def test_the_proxys_trace_id_is_carried_through(office: Office) -> None:
    answer = await office.http.get("/api/v1/nothing", headers={"X-Request-ID": "proxy-0001.a_b"})

    assert answer.headers["x-request-id"] == "proxy-0001.a_b"
    assert answer.json()["trace_id"] == "proxy-0001.a_b"


@pytest.mark.parametrize("forged", ["short", "x" * 65, 'a"},{"event":"root login"', "汉字汉字汉字"])
async def test_a_trace_id_that_could_forge_a_log_line_is_replaced(
    office: Office, forged: str
) -> None:
    answer = await office.http.get("/health/live", headers={"X-Request-ID": forged.encode()})

    assert answer.headers["x-request-id"] != forged
    assert len(answer.headers["x-request-id"]) == 24


@pytest.mark.parametrize("path", ["/", "/api/v1/services", "/api/v1/nothing", "/docs"])
async def test_every_answer_carries_the_security_headers(office: Office, path: str) -> None:
    headers = (await office.http.get(path)).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/docs", "/docs/problems"])
async def test_a_page_allows_nothing_from_elsewhere(office: Office, path: str) -> None:
    policy = (await office.http.get(path)).headers["content-security-policy"]

    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy


async def test_the_access_log_holds_no_words_and_no_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.BytesIO()

    def into_memory(clock: Clock) -> AccessLog:
        return AccessLog(clock, out)

    monkeypatch.setattr(factory, "AccessLog", into_memory)
    async with an_office(tmp_path) as office:
        await office.http.get("/api/v1/services", params={"q": "我是张三 13800138000"})
        await office.http.get("/api/v1/services/idcard-lost", headers={"X-Request-ID": "trace-001"})

    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["route"] for line in lines] == [
        "/api/v1/services",
        "/api/v1/services/<service_id:str>",
    ]
    assert set(lines[0]) == {
        *("timestamp", "event", "method", "route", "status", "took_ms", "trace_id"),
    }
    assert lines[1]["trace_id"] == "trace-001"
    assert lines[0]["timestamp"].endswith("+08:00")
    for personal in ("张三", "13800138000", "127.0.0.1"):
        assert personal not in out.getvalue().decode()
