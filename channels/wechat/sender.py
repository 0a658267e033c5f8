"""Customer-service messages: telling a citizen something after the 5 seconds are over.

WeChat allows 5 of them within 48 hours of the citizen's last message. Everything that can go wrong
ends in `False` and a line in the log; the caller then keeps the answer for the next message.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from typing import Any

import httpx
import orjson
import structlog

from backend.core.cache import Cache
from backend.core.errors import Unavailable
from backend.core.locks import Locks
from bot.messages import Reply
from channels.wechat.account import OfficialAccount
from channels.wechat.renderer import render_customer_service

TIMEOUT = httpx.Timeout(5.0, connect=2.0)
_RENEW_EARLY_S = 300  # both tokens work during WeChat's last five minutes of the old one
_SHORTEST_S = 30
_TOKEN_REJECTED = frozenset({40001, 40014, 42001})
# Wrong app id, wrong secret, our address not on the list, no such permission for this account: only
# a human can change that, so nothing is promised for a while.
_NOT_ALLOWED = frozenset({40013, 40125, 40164, 48001})
_NOT_ALLOWED_FOR_S = 600.0

log = structlog.get_logger(__name__)


class WeChatError(Exception):
    """WeChat said no; `code` is its errcode, or a word of ours when it said nothing useful."""

    def __init__(self, code: int | str) -> None:
        super().__init__(str(code))
        self.code = code


class AccessTokens:
    """The account's access token, shared by all workers, fetched by one of them."""

    def __init__(
        self, account: OfficialAccount, *, http: httpx.AsyncClient, cache: Cache, locks: Locks
    ) -> None:
        self._account = account
        self._http = http
        self._cache = cache
        self._locks = locks
        self._key = f"wechat-token:{account.app_id}"

    async def get(self) -> str:
        """A token that still works for a while.

        Raises:
            WeChatError: WeChat gives none.
        """
        kept = await self._cache.get(self._key)
        if kept:
            return kept.decode()
        try:
            async with self._locks.hold(self._key, lease_s=15.0, wait_s=8.0):
                kept = await self._cache.get(self._key)
                return kept.decode() if kept else await self._fetch()
        except Unavailable:
            return await self._fetch()  # two tokens at once do no harm: stable_token repeats itself

    async def drop(self, token: str) -> None:
        """Do not use this one again."""
        if await self._cache.get(self._key) == token.encode():
            await self._cache.delete(self._key)

    async def _fetch(self) -> str:
        answer = await call(
            self._http,
            f"{self._account.api_base}/cgi-bin/stable_token",
            {
                "grant_type": "client_credential",
                "appid": self._account.app_id,
                "secret": self._account.app_secret,
            },
        )
        token, lives_for = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lives_for, int):
            raise WeChatError("no_token")
        ttl_s = max(lives_for - _RENEW_EARLY_S, _SHORTEST_S)
        await self._cache.set(self._key, token.encode(), ttl_s=ttl_s)
        return token


class CustomerServiceSender:
    """A `Pusher` over `message/custom/send`."""

    def __init__(
        self,
        account: OfficialAccount,
        *,
        http: httpx.AsyncClient,
        tokens: AccessTokens,
        home_url: str | None = None,
    ) -> None:
        self._account = account
        self._http = http
        self._tokens = tokens
        self._home_url = home_url
        self._not_before = 0.0
        # httpx logs every address at INFO, and these carry the access token.
        logging.getLogger("httpx").setLevel(logging.WARNING)

    @property
    def is_able(self) -> bool:
        return time.monotonic() >= self._not_before

    async def push(self, *, user: str, reply: Reply) -> bool:
        message = render_customer_service(reply, to_user=user, home_url=self._home_url)
        try:
            await self._send(message)
        except WeChatError as error:
            log.warning("push_failed", account=self._account.name, code=error.code)
            if error.code in _NOT_ALLOWED:
                self._not_before = time.monotonic() + _NOT_ALLOWED_FOR_S
            return False
        return True

    async def _send(self, message: Mapping[str, Any]) -> None:
        """Send; once more with a new token if WeChat no longer accepts the old one."""
        token = await self._tokens.get()
        try:
            await self._post(token, message)
        except WeChatError as error:
            if error.code not in _TOKEN_REJECTED:
                raise
            await self._tokens.drop(token)
            await self._post(await self._tokens.get(), message)

    async def _post(self, token: str, message: Mapping[str, Any]) -> None:
        url = f"{self._account.api_base}/cgi-bin/message/custom/send"
        await call(self._http, url, message, params={"access_token": token})


async def call(
    http: httpx.AsyncClient,
    url: str,
    body: Mapping[str, Any],
    *,
    params: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """POST JSON to WeChat and read its answer.

    Raises:
        WeChatError: no answer, no JSON, or an errcode other than 0.
    """
    try:
        # Bytes, not `json=`: WeChat shows \\uXXXX to the citizen as it stands.
        response = await http.post(url, content=orjson.dumps(body), params=params, timeout=TIMEOUT)
        response.raise_for_status()
        answer = orjson.loads(response.content)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise WeChatError("network") from None
    except orjson.JSONDecodeError:
        raise WeChatError("no_json") from None
    if not isinstance(answer, dict):
        raise WeChatError("no_json")
    if answer.get("errcode", 0) != 0:
        raise WeChatError(answer["errcode"])
    return answer
