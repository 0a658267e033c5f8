"""`banshitong check`: each adapter — configured? reachable? credentials accepted?"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

from backend.app.site import Site
from backend.app.wiring import APPS, Program, official_account
from backend.core.errors import Unavailable
from backend.infra.migrate import pending
from channels.wechat.sender import AccessTokens, WeChatError
from knowledge.loader import BadKnowledge


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table. None: the question does not arise. `advice`: what to do now."""

    what: str
    configured: bool
    reachable: bool | None = None
    accepted: bool | None = None
    advice: str = ""
    needed: bool = True

    @property
    def is_good(self) -> bool:
        if not self.configured:
            return not self.needed
        return self.reachable is not False and self.accepted is not False


async def check_everything(program: Program) -> AsyncIterator[Finding]:
    """Ask each adapter, one after the other."""
    yield await _database(program)
    yield await _redis(program)
    yield _knowledge(program)
    yield _web_app()
    async for finding in _official_accounts(program):
        yield finding
    for finding in (*_key_files(program), *_exchange(program)):
        yield finding


async def _database(program: Program) -> Finding:
    try:
        waiting = await pending(program.settings.database_url, APPS)
    except (Unavailable, OSError) as error:
        reason = (
            f"连不上（{type(error).__name__}），请检查 BANSHITONG_DATABASE_URL 与数据库是否启动"
        )
        return Finding("数据库", True, reachable=False, advice=reason)
    if waiting:
        return Finding(
            "数据库",
            True,
            True,
            False,
            f"表结构不是最新，请运行 banshitong migrate（{len(waiting)} 项）",
        )
    return Finding("数据库", True, True, True)


async def _redis(program: Program) -> Finding:
    if program.redis is None:
        advice = "没有配置：只能单进程运行；多进程请填写 BANSHITONG_REDIS_URL"
        return Finding("Redis", False, advice=advice, needed=False)
    if await program.cache.ping():
        return Finding("Redis", True, True, True)
    return Finding("Redis", True, False, advice="连不上，请检查 BANSHITONG_REDIS_URL 与密码")


def _knowledge(program: Program) -> Finding:
    try:
        program.library.open()
    except BadKnowledge as error:
        advice = f"有 {len(error.problems)} 处问题，请运行 banshitong knowledge check 查看"
        return Finding("办事指南", True, accepted=False, advice=advice)
    count = len(program.library.listed)
    return Finding("办事指南", count > 0, accepted=True, advice=f"{count} 份")


def _web_app() -> Finding:
    built = Site().built
    return Finding(
        "群众网页", built, advice="" if built else "还没有构建，请运行 make app", needed=False
    )


async def _official_accounts(program: Program) -> AsyncIterator[Finding]:
    accounts = program.settings.wechat.official_account
    if not accounts:
        advice = "没有配置公众号，见 docs/wechat-official-account.md"
        yield Finding("微信公众号", False, advice=advice, needed=False)
    for account in accounts:
        what = f"微信公众号 {account.name}"
        if not account.app_secret:
            advice = "没有 app_secret：超时的回答不能主动发送"
            yield Finding(what, True, advice=advice)
            continue
        yield await _token(
            program,
            AccessTokens(
                official_account(account),
                http=program.http,
                cache=program.cache,
                locks=program.locks,
            ),
            what,
        )


async def _token(program: Program, tokens: AccessTokens, what: str) -> Finding:
    try:
        await tokens.get()
    except WeChatError as error:
        if error.code in ("network", "no_json"):
            return Finding(what, True, False, advice="连不上微信接口，请检查出口网络或 api_base")
        advice = f"微信不认这组 app_id / app_secret（{error.code}）；也请检查 IP 白名单"
        return Finding(what, True, True, False, advice)
    return Finding(what, True, True, True)


def _key_files(program: Program) -> Iterator[Finding]:
    """Payments and Alipay are not connected yet; their key files must be readable already."""
    settings = program.settings
    wanted: list[tuple[str, tuple[Path | None, ...]]] = [
        (f"支付宝小程序 {account.name}", (account.private_key_file, account.alipay_public_key_file))
        for account in settings.alipay.mini_program
    ]
    if pay := settings.payments.wechatpay:
        wanted.append(("微信支付", (pay.private_key_file, pay.public_key_file)))
    if ali := settings.payments.alipay:
        wanted.append(("支付宝支付", (ali.private_key_file, ali.alipay_public_key_file)))
    for what, paths in wanted:
        missing = [str(path) for path in paths if path is not None and not path.is_file()]
        advice = f"找不到密钥文件：{'、'.join(missing)}" if missing else "密钥文件齐全"
        yield Finding(what, True, accepted=not missing, advice=advice)


def _exchange(program: Program) -> Iterator[Finding]:
    for system in program.settings.exchange.system:
        weak = len(system.secret) < 16
        advice = "secret 太短，至少 16 个字符" if weak else "、".join(system.departments)
        yield Finding(f"部门系统 {system.app_id}", True, accepted=not weak, advice=advice)
