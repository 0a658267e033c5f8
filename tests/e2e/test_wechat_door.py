"""The official account's server address over real HTTP: citizens, forgers, and bad lines."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import httpx
import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import LogCapture

from channels import blueprint
from channels.base import Incoming
from channels.wechat import signature
from channels.wechat.account import OfficialAccount
from channels.wechat.adapter import WeChatChannel
from tests.e2e.door import Bot, a_door
from tests.fakes.channel import CollectingPusher
from tests.fakes.wechat import (
    APP_ID,
    KEY,
    TOKEN,
    USER,
    FakeWeChat,
    event,
    path_of,
    read_answer,
    text_message,
    xml_of,
)

pytestmark = pytest.mark.e2e

BUDGET_S = 0.4
NOW = int(time.time())
BOMB = (
    '<!DOCTYPE b [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY b{n} "{f"&b{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9))
    + "]><xml><MsgType>&b8;</MsgType></xml>"
)
XXE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Content>&e;</Content></xml>'


@pytest.fixture
def bot() -> Bot:
    return Bot()


@pytest.fixture
def pusher() -> CollectingPusher:
    return CollectingPusher()


@pytest.fixture
async def door(bot: Bot, pusher: CollectingPusher) -> AsyncIterator[httpx.AsyncClient]:
    plain = OfficialAccount("plain", APP_ID, TOKEN)
    safe = OfficialAccount("safe", APP_ID, TOKEN, encoding_aes_key=KEY)
    channels = [WeChatChannel(account, pusher=pusher) for account in (plain, safe)]
    async with (
        a_door(channels, bot, budget_s=BUDGET_S) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as client,
    ):
        yield client


def wechat(**changed: object) -> FakeWeChat:
    return FakeWeChat(**{"at": NOW, **changed})  # type: ignore[arg-type]


async def knock(
    door: httpx.AsyncClient, incoming: Incoming, account: str = "plain"
) -> httpx.Response:
    path = path_of(incoming, account)
    return await door.request(incoming.method, path, content=incoming.body)


async def said(door: httpx.AsyncClient, xml: str) -> str:
    answer = await knock(door, wechat().plain(xml))
    assert answer.status_code == 200
    return read_answer(answer.content)["Content"]


# -- citizens ------------------------------------------------------------------------------------


async def test_the_console_of_wechat_can_verify_the_address(door: httpx.AsyncClient) -> None:
    for account in ("plain", "safe"):
        answer = await knock(door, wechat().handshake("5837397520665436492"), account)

        assert (answer.status_code, answer.text) == (200, "5837397520665436492")
        assert answer.headers["content-type"].startswith("text/plain")


async def test_a_citizen_asks_and_is_answered(door: httpx.AsyncClient) -> None:
    answer = await knock(door, wechat().plain(text_message("身份证丢了")))

    fields = read_answer(answer.content)
    assert (fields["ToUserName"], fields["Content"]) == (USER, "第 1 次：text 身份证丢了")
    assert answer.headers["content-type"].startswith("application/xml")


async def test_a_sealed_question_gets_a_sealed_answer(door: httpx.AsyncClient) -> None:
    answer = await knock(door, wechat().sealed(text_message("身份证丢了")), "safe")

    assert "身份证" not in answer.text
    assert read_answer(wechat().decrypt(answer.content))["Content"] == "第 1 次：text 身份证丢了"


@pytest.mark.parametrize(
    ("xml", "heard"),
    [
        (xml_of(MsgType="voice", MsgId="1", Recognition="办身份证"), "voice 办身份证"),
        (xml_of(MsgType="image", MsgId="2", PicUrl="http://x", MediaId="m"), "image None"),
        (xml_of(MsgType="location", MsgId="3", Location_X="23", Location_Y="113"), "location None"),
        (xml_of(MsgType="link", MsgId="4", Title="t", Url="http://x"), "other None"),
        (xml_of(MsgType="shortvideo", MsgId="5", MediaId="m"), "other None"),
        (event("subscribe", EventKey="qrscene_hall-1"), "subscribe hall-1"),
        (event("SCAN", EventKey="guide:idcard-lost"), "scan guide:idcard-lost"),
        (event("CLICK", EventKey="guide:idcard-lost"), "menu guide:idcard-lost"),
    ],
)
async def test_whatever_a_citizen_does_is_answered(
    door: httpx.AsyncClient, xml: str, heard: str
) -> None:
    assert await said(door, xml) == f"第 1 次：{heard}"


@pytest.mark.parametrize("name", ["unsubscribe", "VIEW", "LOCATION", "TEMPLATESENDJOBFINISH"])
async def test_an_event_without_a_question_is_only_acknowledged(
    door: httpx.AsyncClient, bot: Bot, name: str
) -> None:
    answer = await knock(door, wechat().plain(event(name, EventKey="https://x")))

    assert (answer.status_code, answer.text, bot.heard) == (200, "success", [])


# -- retries and bad lines -----------------------------------------------------------------------


async def test_three_tries_are_answered_once_with_the_same_words(
    door: httpx.AsyncClient, bot: Bot
) -> None:
    bot.thinks_s = 0.05
    together = await asyncio.gather(*(said(door, text_message()) for _ in range(3)))
    afterwards = [await said(door, text_message()) for _ in range(3)]

    assert {*together, *afterwards} == {"第 1 次：text 身份证丢了怎么补"}
    assert len(bot.heard) == 1


async def test_a_retry_of_a_sealed_message_is_the_same_message(
    door: httpx.AsyncClient, bot: Bot
) -> None:
    answers = [await knock(door, wechat().sealed(text_message()), "safe") for _ in range(3)]

    contents = {read_answer(wechat().decrypt(answer.content))["Content"] for answer in answers}
    assert (len(contents), len(bot.heard)) == (1, 1)


async def test_a_slow_answer_is_acknowledged_within_the_budget_and_pushed(
    door: httpx.AsyncClient, bot: Bot, pusher: CollectingPusher
) -> None:
    bot.thinks_s = BUDGET_S * 2
    started = time.monotonic()

    answer = await knock(door, wechat().plain(text_message("慢")))

    assert (answer.status_code, answer.text) == (200, "success")
    assert time.monotonic() - started < BUDGET_S + 0.5
    await asyncio.sleep(BUDGET_S * 1.5)
    assert pusher.pushed == [(USER, "第 1 次：text 慢")]


async def hang_up(door: httpx.AsyncClient, incoming: Incoming) -> None:
    """Send a whole message and close the line before the answer."""
    where = urlsplit(str(door.base_url))
    _, line = await asyncio.open_connection(where.hostname, where.port)
    head = f"POST {path_of(incoming, 'plain')} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(incoming.body)}\r\n\r\n"
    line.write(head.encode() + incoming.body)
    await line.drain()
    await asyncio.sleep(0.05)
    line.transport.abort()


async def test_citizens_whose_lines_break_get_their_answers_on_the_retry(
    door: httpx.AsyncClient, bot: Bot
) -> None:
    bot.thinks_s = 0.15
    messages = [text_message(f"问题 {n}", message_id=str(9000 + n)) for n in range(50)]
    await asyncio.gather(*(hang_up(door, wechat().plain(xml)) for xml in messages))

    # The platform repeats itself seconds later; by then everything has been thought about, even on
    # a machine under load, and one retry after the other is answered at once.
    for _ in range(200):
        await asyncio.sleep(2 * bot.thinks_s)
        if len(bot.heard) == len(messages):
            break
    await asyncio.sleep(4 * bot.thinks_s)
    answers = [await said(door, xml) for xml in messages]

    assert len(bot.heard) == 50
    assert all(f"text 问题 {n}" in answer for n, answer in enumerate(answers))


# -- forgers -------------------------------------------------------------------------------------


def forged_signature() -> Incoming:
    return wechat(token="guessed").plain(text_message())


def without(name: str) -> Incoming:
    push = wechat().plain(text_message())
    args = {key: value for key, value in push.args.items() if key != name}
    return Incoming("POST", args, {}, push.body)


FORGERIES = {
    "forged signature": ("plain", forged_signature()),
    "forged seal": ("safe", wechat(token="guessed").sealed(text_message())),
    "forged handshake": ("plain", wechat(token="guessed").handshake()),
    "recording of yesterday": ("plain", wechat(at=NOW - 86_400).plain(text_message())),
    "sealed recording": ("safe", wechat(at=NOW - 86_400).sealed(text_message())),
    "sealed for another app": ("safe", wechat().sealed(text_message(), app_id="wx" + "f" * 16)),
    "plain message to a safe account": ("safe", wechat().plain(text_message())),
    "sealed message to a plain account": ("plain", wechat().sealed(text_message())),
    "xml bomb": ("plain", wechat().plain(BOMB)),
    "sealed xml bomb": ("safe", wechat().sealed(BOMB)),
    "external entity": ("plain", wechat().plain(XXE)),
    "sealed external entity": ("safe", wechat().sealed(XXE)),
    "broken utf-8": ("plain", wechat().plain(text_message("身份证").encode("gbk"))),
    "ciphertext cut short": (
        "safe",
        wechat().sealed_raw(wechat().encrypt(text_message(), APP_ID)[:40]),
    ),
    "ciphertext that is no base64": ("safe", wechat().sealed_raw("不是密文")),
    "no signature": ("plain", without("signature")),
    "no timestamp": ("plain", without("timestamp")),
    "no nonce": ("plain", without("nonce")),
    "no echostr": ("plain", Incoming("GET", wechat().query())),
    "no parameters": ("plain", Incoming("POST", {}, {}, text_message().encode())),
    "no body": ("plain", wechat().plain("")),
    "no xml": ("plain", wechat().plain('{"MsgType": "text"}')),
    "two types": ("plain", wechat().plain(text_message().replace("</xml>", "<MsgType/></xml>"))),
    "too long": ("plain", wechat().plain(text_message("长" * 30_000))),
    "unknown account": ("nobody", wechat().plain(text_message())),
    "unknown account, traversing": ("..%2f..%2fetc", wechat().plain(text_message())),
}


@pytest.mark.parametrize("name", FORGERIES)
async def test_what_is_not_genuine_is_refused_and_noted_and_learns_nothing(
    door: httpx.AsyncClient, bot: Bot, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    account, forgery = FORGERIES[name]
    notes = LogCapture()
    monkeypatch.setattr(blueprint, "log", structlog.wrap_logger(None, processors=[notes]))
    answer = await knock(door, forgery, account)

    assert 400 <= answer.status_code < 500
    assert bot.heard == []
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.content) < 400
    for trace in ("Traceback", "File", "Error", "xml", TOKEN, KEY, APP_ID, "root:"):
        assert trace not in answer.text
    refusals = [note for note in notes.entries if note["event"] == "channel_refused"]
    assert [note["status"] for note in refusals] == [answer.status_code]
    assert not any(secret in str(refusals) for secret in (USER, TOKEN, KEY, "身份证"))


async def test_ten_megabytes_are_refused_before_they_are_read(
    door: httpx.AsyncClient, bot: Bot
) -> None:
    where = urlsplit(str(door.base_url))
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    path = path_of(wechat().plain(""), "plain")
    writer.write(f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000\r\n\r\n".encode())
    writer.write(b"x" * 1000)
    answer = await reader.read()
    writer.close()

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Traceback" not in answer
    assert bot.heard == []


async def test_another_method_is_refused(door: httpx.AsyncClient) -> None:
    assert (await door.put("/channels/wechat/plain")).status_code == 405


async def test_the_forged_message_would_get_through_without_the_check(
    door: httpx.AsyncClient, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard is what the tests above see: with it gone they would be red."""
    monkeypatch.setattr(signature, "ensure_signed", lambda given, expected: None)

    answer = await knock(door, forged_signature())

    assert (answer.status_code, len(bot.heard)) == (200, 1)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    body=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text_message(text).encode(errors="replace"))
    | st.dictionaries(
        st.sampled_from(["MsgType", "Event", "EventKey", "Content", "MsgId", "Encrypt"]),
        st.text("<>&]![CDATAeventxsubcri一\x00", max_size=20),
    ).map(lambda fields: xml_of(**fields).encode()),
    account=st.sampled_from(["plain", "safe"]),
    args=st.dictionaries(st.sampled_from(["encrypt_type", "echostr", "x"]), st.text(max_size=9)),
)
def test_no_body_and_no_parameter_makes_the_server_fail(
    body: bytes, account: str, args: dict[str, str]
) -> None:
    asyncio.run(_never_a_server_error(body, account, args))


async def _never_a_server_error(body: bytes, account: str, args: dict[str, str]) -> None:
    clean = {key: value.encode(errors="ignore").decode() for key, value in args.items()}
    channels = [
        WeChatChannel(OfficialAccount("plain", APP_ID, TOKEN)),
        WeChatChannel(OfficialAccount("safe", APP_ID, TOKEN, encoding_aes_key=KEY)),
    ]
    signed = wechat(extra=clean)
    async with (
        a_door(channels, Bot()) as address,
        httpx.AsyncClient(base_url=address, trust_env=False) as door,
    ):
        for method in ("POST", "GET"):
            incoming = Incoming(method, signed.query(), {}, body)
            answer = await knock(door, incoming, account)
            assert answer.status_code < 500
            assert "Traceback" not in answer.text
