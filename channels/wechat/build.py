"""An official account, built from what it needs."""

from __future__ import annotations

import httpx

from backend.core.cache import Cache
from backend.core.clock import Clock
from backend.core.locks import Locks
from channels.wechat.account import OfficialAccount
from channels.wechat.adapter import WeChatChannel
from channels.wechat.sender import AccessTokens, CustomerServiceSender


def build_channel(
    account: OfficialAccount,
    *,
    http: httpx.AsyncClient,
    cache: Cache,
    locks: Locks,
    clock: Clock,
    home_url: str | None = None,
) -> WeChatChannel:
    """The account as a channel; late answers are pushed if it has an `app_secret`.

    Raises:
        ValueError: `encoding_aes_key` is malformed, or missing where `mode` needs it.
    """
    pusher = None
    if account.app_secret:
        tokens = AccessTokens(account, http=http, cache=cache, locks=locks)
        pusher = CustomerServiceSender(account, http=http, tokens=tokens, home_url=home_url)
    return WeChatChannel(account, pusher=pusher, home_url=home_url, clock=clock)
