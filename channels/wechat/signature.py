"""Is this really WeChat? The checks every call passes before anybody reads it.

A call is genuine when its signature was made with our token (compared in constant time), when its
time stamp is at most `FRESHNESS_S` from our clock, and, for an encrypted message, when the
ciphertext is covered by `msg_signature` and was made for our app id. Ten minutes because a county's
server clock drifts further than anybody admits; within them the inbox knows a message it has seen.

In plain mode the signature covers the time stamp and the nonce, *not the body*: that is WeChat's
design and the reason to prefer safe mode. Once an account is in safe mode, plain messages are
refused.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from backend.core.clock import Clock
from channels.base import Incoming, Refused
from channels.wechat.account import Mode, OfficialAccount
from channels.wechat.xml import read_fields

FRESHNESS_S = 600
_BAD_CIPHERTEXT = (ValueError, IndexError, struct.error, InvalidAppIdException)
_ENVELOPE = """<xml>
<Encrypt><![CDATA[{encrypt}]]></Encrypt>
<MsgSignature><![CDATA[{signature}]]></MsgSignature>
<TimeStamp>{timestamp}</TimeStamp>
<Nonce><![CDATA[{nonce}]]></Nonce>
</xml>"""


@dataclass(frozen=True, slots=True)
class Opened:
    """The message in the clear."""

    content: bytes
    sealed: bool


class Seal:
    """The checks and the cipher of one account."""

    def __init__(self, account: OfficialAccount, *, clock: Clock) -> None:
        self._account = account
        self._mode = account.agreed_mode
        self._clock = clock
        self._key = _read_key(account)

    def check_handshake(self, incoming: Incoming) -> bytes:
        """The `echostr` to give back when the account's console verifies our address.

        Raises:
            Refused: not signed with our token, stale, or nothing to echo.
        """
        self._check_plain(incoming.args)
        return _needed(incoming.args, "echostr").encode()

    def open(self, incoming: Incoming) -> Opened:
        """The message itself, once it has proven genuine.

        Raises:
            Refused: forged, stale, encrypted for somebody else, or plain where we agreed on safe.
        """
        if incoming.args.get("encrypt_type", "").lower() == "aes":
            return Opened(self._decrypt(incoming), sealed=True)
        if self._mode is Mode.SAFE:
            raise Refused("plain_message_to_safe_account", status=403)
        self._check_plain(incoming.args)
        return Opened(incoming.body, sealed=False)

    def close(self, xml: str) -> str:
        """Encrypt an answer, so that only WeChat can read it."""
        encrypted = encrypt(self._need_key(), xml, self._account.app_id)
        timestamp, nonce = str(self._now()), secrets.token_hex(8)
        signature = sign(self._account.token, timestamp, nonce, encrypted)
        return _ENVELOPE.format(
            encrypt=encrypted, signature=signature, timestamp=timestamp, nonce=nonce
        )

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _check_plain(self, args: Mapping[str, str]) -> None:
        timestamp, nonce = _needed(args, "timestamp"), _needed(args, "nonce")
        expected = sign(self._account.token, timestamp, nonce)
        ensure_signed(_needed(args, "signature"), expected)
        ensure_fresh(timestamp, self._now())

    def _decrypt(self, incoming: Incoming) -> bytes:
        key = self._need_key()
        args, encrypted = incoming.args, read_fields(incoming.body).get("Encrypt", "")
        timestamp, nonce = _needed(args, "timestamp"), _needed(args, "nonce")
        expected = sign(self._account.token, timestamp, nonce, encrypted)
        ensure_signed(_needed(args, "msg_signature"), expected)
        ensure_fresh(timestamp, self._now())
        return decrypt(key, encrypted, self._account.app_id)

    def _need_key(self) -> bytes:
        if self._key is None or self._mode is Mode.PLAIN:
            raise Refused("encrypted_message_to_plain_account", status=403)
        return self._key


def sign(*parts: str) -> str:
    """WeChat's signature: SHA-1 over the sorted parts, the token among them."""
    joined = b"".join(sorted(part.encode(errors="replace") for part in parts))
    return hashlib.sha1(joined).hexdigest()


def ensure_signed(given: str, expected: str) -> None:
    """Raise `Refused` unless the signatures agree; takes the same time either way."""
    if not hmac.compare_digest(given.encode(errors="replace"), expected.encode()):
        raise Refused("bad_signature", status=403)


def ensure_fresh(timestamp: str, now: int) -> None:
    """Raise `Refused` for a message recorded long ago, or dated in the future."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        raise Refused("bad_timestamp", status=400)
    if abs(now - int(timestamp)) > FRESHNESS_S:
        raise Refused("stale_timestamp", status=403)


def encrypt(key: bytes, text: str, app_id: str, *, prefix: str | None = None) -> str:
    """WeChat's AES form; the 16 random characters in front come from the system's generator."""
    cipher = PrpCrypto(key)
    cipher.get_random_string = lambda: prefix or secrets.token_hex(8)
    return bytes(cipher.encrypt(text, app_id)).decode()


def decrypt(key: bytes, encrypted: str, app_id: str) -> bytes:
    """The plain text of a ciphertext made for this app id.

    Raises:
        Refused: cut off, damaged, or made for another app id.
    """
    try:
        return str(PrpCrypto(key).decrypt(encrypted, app_id)).encode()
    except InvalidAppIdException:
        raise Refused("wrong_app_id", status=403) from None
    except _BAD_CIPHERTEXT:
        raise Refused("bad_ciphertext") from None


def _read_key(account: OfficialAccount) -> bytes | None:
    if not account.encoding_aes_key:
        if account.agreed_mode is not Mode.PLAIN:
            raise ValueError(f"{account.name}: {account.agreed_mode} mode needs encoding_aes_key")
        return None
    try:
        key = base64.b64decode(account.encoding_aes_key + "=")
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ValueError(f"{account.name}: encoding_aes_key must be 43 letters and digits")
    return key


def _needed(args: Mapping[str, str], name: str) -> str:
    value = args.get(name, "")
    if not value:
        raise Refused(f"missing_{name}")
    return value
