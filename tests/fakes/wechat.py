"""Plays WeChat: signs, encrypts and decrypts on its own, without a line of the code under test."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.etree import ElementTree

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from channels.base import Incoming
from channels.wechat.account import Mode, OfficialAccount
from tests.fakes.clock import NOON, FixedClock

NOW = int(NOON.timestamp())
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TOKEN = "a-token-for-tests"
APP_ID = "wx0123456789abcdef"
USER = "oAbCdEfGhIjKlMnOpQrStUvWxYz0"
OURS = "gh_0123456789ab"


def clock_at(at: float = NOW) -> FixedClock:
    return FixedClock(datetime.fromtimestamp(at, UTC))


def an_account(
    *, safe: bool = False, mode: Mode | None = None, secret: str = ""
) -> OfficialAccount:
    key = KEY if safe or mode in (Mode.SAFE, Mode.COMPATIBLE) else ""
    return OfficialAccount(
        "main", APP_ID, TOKEN, app_secret=secret, encoding_aes_key=key, mode=mode
    )


def xml_of(**fields: str) -> str:
    """A push as WeChat writes it; names are WeChat's own."""
    everything = {"ToUserName": OURS, "FromUserName": USER, "CreateTime": str(NOW)} | fields
    body = "".join(f"<{name}><![CDATA[{value}]]></{name}>" for name, value in everything.items())
    return f"<xml>{body}</xml>"


def text_message(content: str = "身份证丢了怎么补", *, message_id: str = "7001") -> str:
    return xml_of(MsgType="text", Content=content, MsgId=message_id)


def event(name: str, **fields: str) -> str:
    return xml_of(MsgType="event", Event=name, **fields)


@dataclass
class FakeWeChat:
    """The platform's side of one account."""

    token: str = TOKEN
    app_id: str = APP_ID
    key: str = KEY
    at: int = NOW
    nonce: str = "1320562132"
    extra: dict[str, str] = field(default_factory=dict)

    def query(self, *signed: str) -> dict[str, str]:
        stamp = str(self.at)
        return {
            "signature": self.sign(stamp, self.nonce),
            "timestamp": stamp,
            "nonce": self.nonce,
            **self.extra,
        }

    def plain(self, xml: str | bytes) -> Incoming:
        body = xml if isinstance(xml, bytes) else xml.encode()
        return Incoming("POST", self.query(), {}, body)

    def sealed(self, xml: str, *, app_id: str | None = None) -> Incoming:
        encrypted = self.encrypt(xml, app_id or self.app_id)
        return self.sealed_raw(encrypted)

    def sealed_raw(self, encrypted: str) -> Incoming:
        args = self.query() | {
            "encrypt_type": "aes",
            "msg_signature": self.sign(str(self.at), self.nonce, encrypted),
        }
        body = f"<xml><ToUserName><![CDATA[{OURS}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
        return Incoming("POST", args, {}, body.encode())

    def handshake(self, echostr: str = "5837397520665436492") -> Incoming:
        return Incoming("GET", self.query() | {"echostr": echostr})

    def sign(self, *parts: str) -> str:
        return hashlib.sha1("".join(sorted([self.token, *parts])).encode()).hexdigest()

    def encrypt(self, text: str, app_id: str) -> str:
        raw = text.encode()
        whole = os.urandom(16) + struct.pack(">I", len(raw)) + raw + app_id.encode()
        pad = 32 - len(whole) % 32
        encryptor = self._cipher().encryptor()
        return base64.b64encode(encryptor.update(whole + bytes([pad]) * pad)).decode()

    def decrypt(self, envelope: bytes) -> str:
        """Read our sealed answer; fails if its signature or its app id is wrong."""
        fields = read_answer(envelope)
        signed = self.sign(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])
        assert signed == fields["MsgSignature"], "the answer is not signed with our token"
        decryptor = self._cipher().decryptor()
        whole = decryptor.update(base64.b64decode(fields["Encrypt"]))
        whole = whole[: -whole[-1]]
        (length,) = struct.unpack(">I", whole[16:20])
        assert whole[20 + length :].decode() == self.app_id
        return whole[20 : 20 + length].decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def read_answer(xml: bytes | str) -> dict[str, str]:
    """Our answer's elements, as WeChat would read them."""
    root = ElementTree.fromstring(xml)
    return {element.tag: element.text or "" for element in root.iter() if element is not root}


def path_of(incoming: Incoming, account: str = "main") -> str:
    return f"/channels/wechat/{account}?{urlencode(incoming.args)}"
