"""Somebody else's implementation of WeChat's encryption talks to us: npm's wechat-crypto.

Ours and theirs agree only if both follow WeChat. Needs node and npm; where they are missing the
test is skipped, visibly, and fails with CI=true.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

import orjson
import pytest

from channels.wechat.account import OfficialAccount
from channels.wechat.adapter import WeChatChannel
from tests.e2e.door import Bot, a_door
from tests.fakes.wechat import APP_ID, KEY, TOKEN, event, read_answer, text_message

pytestmark = pytest.mark.e2e

PEER = Path(__file__).parent / "wechat_peer"
INSTALL_WITHIN_S = 120
TALK_WITHIN_S = 30


async def run(*command: str, said: bytes = b"", within_s: float) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *command, cwd=PEER, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    written, complaint = await asyncio.wait_for(process.communicate(said), within_s)
    assert process.returncode == 0, complaint.decode(errors="replace")
    return written


def missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI must run this test")
    pytest.skip(what)


@pytest.fixture
async def peer() -> str:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing("node and npm are not installed")
        raise AssertionError
    if not (PEER / "node_modules" / "wechat-crypto").is_dir():
        try:
            await run(npm, "ci", "--no-audit", "--no-fund", within_s=INSTALL_WITHIN_S)
        except (AssertionError, TimeoutError) as problem:
            missing(f"npm ci failed: {str(problem)[:200]}")
    return node


async def talk(node: str, account: OfficialAccount, *xmls: str) -> list[dict[str, object]]:
    pushes = b"\n".join(orjson.dumps({"account": account.name, "xml": xml}) for xml in xmls)
    async with a_door([WeChatChannel(account)], Bot()) as address:
        arguments = (address, TOKEN, KEY, APP_ID)
        written = await run(node, "peer.js", *arguments, said=pushes, within_s=TALK_WITHIN_S)
    return [orjson.loads(line) for line in written.splitlines()]


def a_safe_account(app_id: str = APP_ID) -> OfficialAccount:
    return OfficialAccount("main", app_id, TOKEN, encoding_aes_key=KEY)


async def test_another_implementation_understands_us_and_we_understand_it(peer: str) -> None:
    lengths = range(1, 70)  # every padding from 1 to 32 bytes, twice
    texts = ["身份证丢了怎么补 🙂", *("长" * n + "短" * (n % 3) for n in lengths)]
    pushes = [text_message(text, message_id=str(8000 + n)) for n, text in enumerate(texts)]

    answers = await talk(peer, a_safe_account(), *pushes)

    assert [answer["status"] for answer in answers] == [200] * len(texts)
    contents = [read_answer(str(answer["xml"]))["Content"] for answer in answers]
    assert contents == [f"第 {n} 次：text {text}" for n, text in enumerate(texts, start=1)]


async def test_another_implementation_sees_an_acknowledgement(peer: str) -> None:
    answers = await talk(peer, a_safe_account(), event("unsubscribe"))

    assert answers == [{"status": 200, "xml": None}]


async def test_another_implementation_is_refused_when_it_means_another_account(peer: str) -> None:
    answers = await talk(peer, a_safe_account("wx" + "0" * 16), text_message())

    assert answers == [{"status": 403, "xml": None}]
