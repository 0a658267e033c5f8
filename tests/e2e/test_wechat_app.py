"""The whole program behind an official account: real guides, real bot, two workers over Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from redis.asyncio import Redis
from sanic import Sanic

from backend.app.factory import create_app
from backend.app.wiring import APPS
from backend.core.ids import new_id
from backend.infra.migrate import migrate
from backend.infra.once import RedisOnce
from backend.settings import Settings
from channels.inbox import Inbox
from channels.wechat.account import OfficialAccount
from channels.wechat.adapter import WeChatChannel
from tests.e2e.door import Bot, a_door, serving
from tests.fakes.wechat import (
    APP_ID,
    KEY,
    TOKEN,
    FakeWeChat,
    event,
    path_of,
    read_answer,
    text_message,
)

pytestmark = pytest.mark.e2e


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    url = f"sqlite://{tmp_path}/test.db"
    await migrate(url, APPS)
    account = {"name": "main", "app_id": APP_ID, "app_secret": "s", "token": TOKEN}
    accounts = {"official_account": [account | {"encoding_aes_key": KEY}]}
    settings = Settings(
        database_url=url, var_dir=tmp_path, public_url="https://bst.example.gov.cn", wechat=accounts
    )
    app = create_app(settings, name=f"wechat-{new_id()}")
    async with serving(app) as address, httpx.AsyncClient(base_url=address) as client:
        yield client
    Sanic.unregister_app(app)


async def ask(door: httpx.AsyncClient, xml: str) -> str:
    wechat = FakeWeChat(at=int(time.time()))
    push = wechat.sealed(xml)
    answer = await door.post(path_of(push), content=push.body)
    assert answer.status_code == 200, answer.text
    return read_answer(wechat.decrypt(answer.content))["Content"]


async def test_a_citizen_asks_the_real_bot_and_picks_a_number(program: httpx.AsyncClient) -> None:
    first = await ask(program, text_message("身份证丢了要带什么", message_id="1"))
    second = await ask(program, text_message("2", message_id="2"))

    assert "户口簿" in first
    assert "2. 在异地补领" in first
    assert "居住证" in second
    assert "依据：《" in second
    assert "核对日期" in second


async def test_a_code_on_the_wall_of_the_hall_opens_a_guide(program: httpx.AsyncClient) -> None:
    scanned = await ask(program, event("SCAN", EventKey="guide:idcard-lost:-:materials"))
    tapped = await ask(program, event("CLICK", EventKey="guide:idcard-lost:-:fee"))

    assert "要带的材料" in scanned
    assert "40 元" in tapped


async def test_a_new_follower_is_welcomed(program: httpx.AsyncClient) -> None:
    assert "欢迎" in await ask(program, event("subscribe", EventKey=""))


async def test_a_forger_learns_nothing_from_the_whole_program(program: httpx.AsyncClient) -> None:
    forged = FakeWeChat(token="guessed", at=int(time.time())).sealed(text_message())

    answer = await program.post(path_of(forged), content=forged.body)

    assert answer.status_code == 403
    assert answer.json()["title"] == "未通过验证"
    assert "Traceback" not in answer.text


@pytest.mark.integration
async def test_retries_that_reach_different_workers_get_one_answer(redis: Redis) -> None:
    bot, account = Bot(thinks_s=0.3), OfficialAccount(new_id(), APP_ID, TOKEN, encoding_aes_key=KEY)
    async with AsyncExitStack() as stack:
        doors = []
        for _ in range(2):
            once = RedisOnce(redis)
            inbox = Inbox(answer=bot.answer, once=once, replies=once)
            address = await stack.enter_async_context(
                a_door([WeChatChannel(account)], bot, inbox=inbox)
            )
            doors.append(await stack.enter_async_context(httpx.AsyncClient(base_url=address)))
        wechat = FakeWeChat(at=int(time.time()))
        pushes = [wechat.sealed(text_message()) for _ in range(4)]
        answers = await asyncio.gather(
            *(
                doors[n % 2].post(path_of(push, account.name), content=push.body)
                for n, push in enumerate(pushes)
            )
        )

    contents = {read_answer(wechat.decrypt(answer.content))["Content"] for answer in answers}
    assert contents == {"第 1 次：text 身份证丢了怎么补"}
    assert len(bot.heard) == 1
