"""Settings: read once from the environment and the TOML file of accounts; all complaints at once.

`read_settings(environ)` is the only way in. Secrets have `repr=False`: a settings object may be
printed. What each name means to office IT is written in `.env.example`.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import tomllib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from backend.core.parsing import complaints

PREFIX = "BANSHITONG_"
ACCOUNT_TABLES = ("wechat", "alipay", "payments", "exchange")
MIN_SECRET_KEY = 32
# Passwords everybody tries first, and those of our own examples.
DEFAULT_PASSWORDS = frozenset(
    {
        *("123456", "12345678", "admin", "admin123", "banshitong", "change-me", "changeme"),
        *("demo", "password", "postgres", "root", "secret", "test"),
    }
)
KEY_FILE = "secret.key"

Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]
Required = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]
AesKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]{43}$")]


class BadSettings(Exception):
    """The settings cannot be used; `problems` lists everything that is wrong, in Chinese."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("配置有误：\n" + "\n".join(f"  · {problem}" for problem in problems))
        self.problems = tuple(problems)


class Mode(StrEnum):
    DEMO = "demo"
    PRODUCTION = "production"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MessageMode(StrEnum):
    """消息加解密方式; None in the file: safe as soon as an encoding_aes_key is given."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class WeChatAccount(_Frozen):
    """An official account or mini-program; `name` appears in its callback path."""

    name: Name
    app_id: Required
    app_secret: Required | None = Field(default=None, repr=False)
    token: Required = Field(repr=False)
    encoding_aes_key: AesKey | None = Field(default=None, repr=False)
    mode: MessageMode | None = None
    api_base: Url | None = None

    @model_validator(mode="after")
    def _has_its_key(self) -> Self:
        if self.mode in (MessageMode.SAFE, MessageMode.COMPATIBLE) and not self.encoding_aes_key:
            raise ValueError("安全模式和兼容模式必须填写 encoding_aes_key")
        return self


class AlipayAccount(_Frozen):
    name: Name
    app_id: Required
    private_key_file: Path
    alipay_public_key_file: Path
    gateway: Url = "https://openapi.alipay.com/gateway.do"


class WeChatPay(_Frozen):
    mch_id: Required
    api_v3_key: Annotated[str, StringConstraints(min_length=32, max_length=32)] = Field(repr=False)
    serial_no: Required
    private_key_file: Path
    public_key_id: str | None = None
    public_key_file: Path | None = None
    api_base: Url = "https://api.mch.weixin.qq.com"


class Alipay(_Frozen):
    app_id: Required
    private_key_file: Path
    alipay_public_key_file: Path
    gateway: Url = "https://openapi.alipay.com/gateway.do"
    seller_id: str | None = None


class ExchangeSystem(_Frozen):
    """A department's system that pushes progress and fee notices to us."""

    app_id: Name
    secret: Required = Field(repr=False)
    departments: tuple[str, ...] = ()


class WeChatAccounts(_Frozen):
    official_account: tuple[WeChatAccount, ...] = ()
    mini_program: tuple[WeChatAccount, ...] = ()


class AlipayAccounts(_Frozen):
    mini_program: tuple[AlipayAccount, ...] = ()


class Payments(_Frozen):
    wechatpay: WeChatPay | None = None
    alipay: Alipay | None = None


class Exchange(_Frozen):
    system: tuple[ExchangeSystem, ...] = ()


class Settings(_Frozen):
    """Everything the program must be told; nothing else reads the environment."""

    mode: Mode = Mode.DEMO
    database_url: Required = Field(default="sqlite://var/banshitong.db", repr=False)
    redis_url: str = Field(default="", repr=False)
    secret_key: str = Field(default="", repr=False)
    public_url: Url = "http://127.0.0.1:8000"
    var_dir: Path = Path("var")
    knowledge_dir: Path | None = None  # None: the guides shipped with the program
    log_format: Annotated[str, StringConstraints(pattern="^(json|console)$")] = "json"
    access_log: bool = True
    proxies_count: Annotated[int, Field(ge=0, le=10)] = 0
    real_ip_header: str | None = None
    # Per address; 0 is no limit, which is also the demo's default: it is measured and shown from
    # one machine. Hall Wi-Fi and mobile carriers put many citizens behind one address.
    bot_messages_per_minute: Annotated[int, Field(ge=0)] | None = None
    feedback_per_minute: Annotated[int, Field(ge=0)] | None = None
    reply_budget_s: Annotated[float, Field(gt=0, le=4.9)] = 4.5
    embedded_worker: bool = True
    wechat: WeChatAccounts = WeChatAccounts()
    alipay: AlipayAccounts = AlipayAccounts()
    payments: Payments = Payments()
    exchange: Exchange = Exchange()

    @property
    def cache_dir(self) -> Path:
        """Where the index of the knowledge is kept between starts."""
        return self.var_dir / "cache"

    @property
    def is_production(self) -> bool:
        return self.mode is Mode.PRODUCTION

    def limit_for(self, per_minute: int | None, *, production: int) -> int:
        """What was set, or else this many in production and no limit in the demo."""
        if per_minute is not None:
            return per_minute
        return production if self.is_production else 0


_NAMES = {
    f"{PREFIX}{field.upper()}": field
    for field in Settings.model_fields
    if field not in ACCOUNT_TABLES
}
_CONFIG = f"{PREFIX}CONFIG"


def read_settings(environ: Mapping[str, str]) -> Settings:
    """The settings of this process; in demo mode a key is made and kept under `var_dir`.

    Raises:
        BadSettings: with everything that is wrong, not only the first thing.
    """
    problems = list(_unknown_names(environ))
    given: dict[str, Any] = {
        field: environ[name] for name, field in _NAMES.items() if environ.get(name)
    }
    given |= _read_accounts(environ.get(_CONFIG, ""), problems)
    settings = _validated(given, problems)
    if settings is not None and settings.is_production:
        problems += _production_problems(settings)
    if settings is None or problems:
        raise BadSettings(problems)
    return settings if settings.secret_key else _with_own_key(settings)


def _unknown_names(environ: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(environ):
        known = name in _NAMES or name == _CONFIG or name.startswith(f"{PREFIX}TEST_")
        if name.startswith(PREFIX) and not known:
            yield f"不认识环境变量 {name}，请检查拼写（可用的名称见 .env.example）"


def _read_accounts(path: str, problems: list[str]) -> dict[str, Any]:
    if not path:
        return {}
    try:
        table = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{_CONFIG} 指向的文件读不了：{path}（{error}）")
        return {}
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{path} 不是正确的 TOML：{error}")
        return {}
    for key in sorted(set(table) - set(ACCOUNT_TABLES)):
        problems.append(f"{path}：没有“{key}”这一段，可用的有 {'、'.join(ACCOUNT_TABLES)}")
    return {key: table[key] for key in ACCOUNT_TABLES if key in table}


def _validated(given: dict[str, Any], problems: list[str]) -> Settings | None:
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        problems += [f"{_as_written(field)}：{say}" for field, say in complaints(error)]
        return None
    problems += [*_database_problems(settings), *_repeated_accounts(settings)]
    return settings


def _as_written(field: str) -> str:
    """The name as whoever wrote it knows it: a variable, or a place in the TOML."""
    head = field.split(".")[0]
    return field if head in ACCOUNT_TABLES else f"{PREFIX}{head.upper()}"


def _database_problems(settings: Settings) -> Iterator[str]:
    if not settings.database_url.startswith(("sqlite://", "postgres://")):
        yield f"{PREFIX}DATABASE_URL：应以 sqlite:// 或 postgres:// 开头"
    if settings.redis_url and not settings.redis_url.startswith(("redis://", "rediss://")):
        yield f"{PREFIX}REDIS_URL：应以 redis:// 或 rediss:// 开头，不用 Redis 时留空"


def _repeated_accounts(settings: Settings) -> Iterator[str]:
    accounts = {
        "wechat.official_account": [a.name for a in settings.wechat.official_account],
        "wechat.mini_program": [a.name for a in settings.wechat.mini_program],
        "alipay.mini_program": [a.name for a in settings.alipay.mini_program],
        "exchange.system": [s.app_id for s in settings.exchange.system],
    }
    for kind, names in accounts.items():
        for name in sorted({n for n in names if names.count(n) > 1}):
            yield f"{kind}：名称 {name} 用了两次"


def _production_problems(settings: Settings) -> Iterator[str]:
    yield from _key_problems(settings.secret_key)
    if urlsplit(settings.database_url).password in DEFAULT_PASSWORDS:
        yield f"{PREFIX}DATABASE_URL：正式环境不能使用默认密码，请改数据库密码"
    if urlsplit(settings.redis_url).password in DEFAULT_PASSWORDS:
        yield f"{PREFIX}REDIS_URL：正式环境不能使用默认密码，请改 Redis 密码"
    for place, gateway in _gateways(settings):
        if _is_sandbox(gateway):
            yield f"{place}：正式环境不能使用沙箱网关 {gateway}"
    for place, secret in _account_secrets(settings):
        if secret.lower() in DEFAULT_PASSWORDS:
            yield f"{place}：正式环境不能使用默认口令"


def _key_problems(key: str) -> Iterator[str]:
    advice = '可以这样生成：python -c "import secrets; print(secrets.token_urlsafe(48))"'
    if not key:
        yield f"{PREFIX}SECRET_KEY：正式环境必填。{advice}"
    elif len(key) < MIN_SECRET_KEY or len(set(key)) < 8:
        yield f"{PREFIX}SECRET_KEY：太短或太简单，至少 {MIN_SECRET_KEY} 个字符。{advice}"


def _gateways(settings: Settings) -> Iterator[tuple[str, str]]:
    for account in settings.alipay.mini_program:
        yield f"alipay.mini_program（{account.name}）.gateway", account.gateway
    if settings.payments.wechatpay:
        yield "payments.wechatpay.api_base", settings.payments.wechatpay.api_base
    if settings.payments.alipay:
        yield "payments.alipay.gateway", settings.payments.alipay.gateway


def _is_sandbox(gateway: str) -> bool:
    parts = urlsplit(gateway)
    host = parts.hostname or ""
    local = host == "localhost" or host.startswith("127.") or host == "::1"
    return parts.scheme != "https" or local or "sandbox" in gateway or "alipaydev" in host


def _account_secrets(settings: Settings) -> Iterator[tuple[str, str]]:
    for kind, accounts in settings.wechat:
        for account in accounts:
            yield f"wechat.{kind}（{account.name}）.token", account.token
    for system in settings.exchange.system:
        yield f"exchange.system（{system.app_id}）.secret", system.secret


def _with_own_key(settings: Settings) -> Settings:
    """The demo needs no set-up: its key is made once and kept, readable by its owner only."""
    path = settings.var_dir / KEY_FILE
    try:
        key = _kept_key(path)
    except OSError as error:
        raise BadSettings([f"演示用的密钥存不进 {path}：{error}"]) from None
    return settings.model_copy(update={"secret_key": key})


def _kept_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        # A link appears complete or not at all: of several workers exactly one makes the key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text().strip()
