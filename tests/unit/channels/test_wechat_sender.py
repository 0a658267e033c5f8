"""Customer-service messages, against a WeChat that answers as it is told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson
import pytest
import structlog
from structlog.testing import LogCapture

from backend.core.locks import LockBusy
from bot.messages import Reply
from channels.wechat import sender
from channels.wechat.build import build_channel
from channels.wechat.sender import AccessTokens, CustomerServiceSender
from tests.fakes.channel import a_reply
from tests.fakes.wechat import APP_ID, USER, an_account, clock_at

Answer = dict[str, Any] | httpx.Response | Exception


@dataclass
class Api:
    """api.weixin.qq.com, with its answers in order; the last one is repeated."""

    tokens: list[Answer] = field(
        default_factory=lambda: [{"access_token": "t0k3n-1", "expires_in": 7200}]
    )
    sends: list[Answer] = field(default_factory=lambda: [{"errcode": 0, "errmsg": "ok"}])
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    used_tokens: list[str] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        self.calls.append((request.url.path, orjson.loads(request.content)))
        if request.url.path == "/cgi-bin/stable_token":
            return self._next(self.tokens)
        self.used_tokens.append(request.url.params["access_token"])
        return self._next(self.sends)

    def paths(self) -> list[str]:
        return [path.rsplit("/", 1)[-1] for path, _ in self.calls]

    @staticmethod
    def _next(answers: list[Answer]) -> httpx.Response:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, httpx.Response) else httpx.Response(200, json=answer)


class DictCache:
    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.ttls: dict[str, float] = {}

    async def get(self, key: str) -> bytes | None:
        await asyncio.sleep(0)
        return self.kept.get(key)

    async def set(self, key: str, value: bytes, *, ttl_s: float) -> None:
        self.kept[key], self.ttls[key] = value, ttl_s

    async def delete(self, key: str) -> None:
        self.kept.pop(key, None)

    async def incr(self, key: str, *, ttl_s: float) -> int:
        raise NotImplementedError

    async def ping(self) -> bool:
        return True


class OneLock:
    def __init__(self, *, busy: bool = False) -> None:
        self._lock = asyncio.Lock()
        self._busy = busy

    @asynccontextmanager
    async def hold(self, name: str, *, lease_s: float, wait_s: float = 0.0) -> AsyncIterator[None]:
        if self._busy:
            raise LockBusy
        async with self._lock:
            yield


MakeSender = Callable[..., CustomerServiceSender]


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def cache() -> DictCache:
    return DictCache()


@pytest.fixture
async def make_sender(api: Api, cache: DictCache) -> AsyncIterator[MakeSender]:
    async with httpx.AsyncClient(transport=httpx.MockTransport(api)) as http:

        def make(*, busy: bool = False) -> CustomerServiceSender:
            account = an_account(secret="s3cret")
            tokens = AccessTokens(account, http=http, cache=cache, locks=OneLock(busy=busy))
            return CustomerServiceSender(account, http=http, tokens=tokens)

        yield make


async def push(sender: CustomerServiceSender, reply: Reply | None = None) -> bool:
    return await sender.push(user=USER, reply=reply or a_reply("补领需要户口簿。"))


async def test_a_message_is_sent_with_a_stable_token(api: Api, make_sender: MakeSender) -> None:
    assert await push(make_sender())

    assert api.calls == [
        (
            "/cgi-bin/stable_token",
            {"grant_type": "client_credential", "appid": APP_ID, "secret": "s3cret"},
        ),
        (
            "/cgi-bin/message/custom/send",
            {"touser": USER, "msgtype": "text", "text": {"content": "补领需要户口簿。"}},
        ),
    ]
    assert api.used_tokens == ["t0k3n-1"]


async def test_chinese_is_sent_as_it_is_because_wechat_shows_escapes(
    make_sender: MakeSender,
) -> None:
    bodies: list[bytes] = []

    async def listen(request: httpx.Request) -> httpx.Response:
        bodies.append(request.content)
        return httpx.Response(200, json={"access_token": "t", "expires_in": 7200})

    async with httpx.AsyncClient(transport=httpx.MockTransport(listen)) as http:
        tokens = AccessTokens(an_account(), http=http, cache=DictCache(), locks=OneLock())
        await push(CustomerServiceSender(an_account(), http=http, tokens=tokens))

    assert "补领需要户口簿。".encode() in bodies[-1]


async def test_many_at_once_fetch_one_token(api: Api, make_sender: MakeSender) -> None:
    sender = make_sender()

    assert all(await asyncio.gather(*(push(sender) for _ in range(8))))
    assert api.paths().count("stable_token") == 1


async def test_the_token_is_renewed_before_it_ends(
    make_sender: MakeSender, cache: DictCache
) -> None:
    await push(make_sender())

    assert list(cache.ttls.values()) == [6900]


async def test_a_lock_nobody_can_get_does_not_stop_the_message(make_sender: MakeSender) -> None:
    assert await push(make_sender(busy=True))


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_rejected_token_is_fetched_again_once(
    api: Api, make_sender: MakeSender, code: int
) -> None:
    api.tokens = [{"access_token": t, "expires_in": 7200} for t in ("old", "new")]
    api.sends = [{"errcode": code}, {"errcode": 0}]

    assert await push(make_sender())
    assert api.used_tokens == ["old", "new"]


@pytest.mark.parametrize(
    "answer",
    [
        {"errcode": 45015, "errmsg": "response out of time limit"},
        {"errcode": 45047, "errmsg": "out of response count limit"},
        {"errcode": 40001},
        {"errcode": "odd"},
        httpx.Response(500),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b"[]"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadError("gone"),
    ],
    ids=str,
)
async def test_whatever_goes_wrong_the_answer_is_no_rather_than_an_exception(
    api: Api, make_sender: MakeSender, answer: Answer
) -> None:
    api.sends = [answer]

    assert await push(make_sender()) is False


@pytest.mark.parametrize(
    "answer",
    [
        {"errcode": 40125, "errmsg": "invalid appsecret"},
        {"access_token": "", "expires_in": 7200},
        {"access_token": "t"},
        {},
        httpx.ConnectError("no route"),
    ],
    ids=str,
)
async def test_without_a_token_nothing_is_sent(
    api: Api, make_sender: MakeSender, answer: Answer
) -> None:
    api.tokens = [answer]

    assert await push(make_sender()) is False
    assert set(api.paths()) == {"stable_token"}


@pytest.mark.parametrize(("code", "is_able"), [(48001, False), (40164, False), (45015, True)])
async def test_what_only_a_human_can_change_is_not_promised_again(
    api: Api, make_sender: MakeSender, code: int, is_able: bool
) -> None:
    api.sends = [{"errcode": code}]
    sender = make_sender()
    assert sender.is_able

    await push(sender)

    assert sender.is_able is is_able


async def test_neither_secret_nor_token_nor_citizen_is_ever_logged(
    make_sender: MakeSender,
    api: Api,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    notes = LogCapture()
    monkeypatch.setattr(sender, "log", structlog.wrap_logger(None, processors=[notes]))
    api.sends = [{"errcode": 45015}]
    await push(make_sender())

    written = caplog.text + str(notes.entries)
    assert "push_failed" in written
    assert not any(secret in written for secret in ("s3cret", "t0k3n-1", USER, "户口簿"))


async def test_an_account_with_a_secret_can_push_and_one_without_cannot() -> None:
    async with httpx.AsyncClient() as http:
        for secret, can_push in (("s3cret", True), ("", False)):
            channel = build_channel(
                an_account(secret=secret),
                http=http,
                cache=DictCache(),
                locks=OneLock(),
                clock=clock_at(),
            )
            assert (channel.pusher is not None) is can_push
