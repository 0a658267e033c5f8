"""An official account as a `Channel`."""

from __future__ import annotations

from backend.core.clock import Clock, SystemClock
from bot.messages import Reply
from channels.base import PLAIN_TEXT, Capabilities, Incoming, Outgoing, Pusher, Received
from channels.wechat.account import OfficialAccount
from channels.wechat.parser import read_inbound, read_our_name
from channels.wechat.renderer import WECHAT_CAN, render_passive
from channels.wechat.signature import Seal
from channels.wechat.xml import read_fields

XML = "application/xml; charset=utf-8"
ACKNOWLEDGED = Outgoing(b"success", PLAIN_TEXT)


class WeChatChannel:
    """Verify, translate, render; see the neighbouring files for each."""

    kind = "wechat"
    can: Capabilities = WECHAT_CAN

    def __init__(
        self,
        account: OfficialAccount,
        *,
        pusher: Pusher | None = None,
        home_url: str | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.account = account.name
        self.pusher = pusher
        self._home_url = home_url
        self._clock = clock or SystemClock()
        self._seal = Seal(account, clock=self._clock)

    def receive(self, incoming: Incoming) -> Received | Outgoing:
        if incoming.method == "GET":
            return Outgoing(self._seal.check_handshake(incoming), PLAIN_TEXT)
        opened = self._seal.open(incoming)
        fields = read_fields(opened.content)
        inbound = read_inbound(fields, channel=self.kind, account=self.account)
        if inbound is None:
            return ACKNOWLEDGED
        return Received(inbound, our_name=read_our_name(fields), sealed=opened.sealed)

    def render(self, received: Received, reply: Reply) -> Outgoing:
        xml = render_passive(
            reply,
            to_user=received.inbound.user,
            from_account=received.our_name,
            at=int(self._clock.now().timestamp()),
            home_url=self._home_url,
        )
        sealed = self._seal.close(xml) if received.sealed else xml
        return Outgoing(sealed.encode(), XML)

    def acknowledge(self, received: Received) -> Outgoing:
        return ACKNOWLEDGED
