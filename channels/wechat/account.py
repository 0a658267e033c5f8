"""What we know about one official account."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

DEFAULT_API_BASE = "https://api.weixin.qq.com"


class Mode(StrEnum):
    """How the account was told, in its console, to talk to us (消息加解密方式)."""

    PLAIN = "plain"  # 明文模式
    COMPATIBLE = "compatible"  # 兼容模式
    SAFE = "safe"  # 安全模式


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """One `[[wechat.official_account]]` of the settings; `name` stands in the callback path."""

    name: str
    app_id: str
    token: str = field(repr=False)
    app_secret: str = field(default="", repr=False)
    encoding_aes_key: str = field(default="", repr=False)
    mode: Mode | None = None  # None: safe where there is a key, plain where there is none
    api_base: str = DEFAULT_API_BASE

    @property
    def agreed_mode(self) -> Mode:
        """With a key nothing unencrypted is accepted, unless somebody said so."""
        return self.mode or (Mode.SAFE if self.encoding_aes_key else Mode.PLAIN)
