"""`banshitong user …`, `outbox …`, `check`, `migrate`, `seed`: looking after an installation."""

from __future__ import annotations

import asyncio
import getpass
import secrets
import sys
from typing import Annotated

import typer
from rich.table import Table

from backend.app.checks import Finding, check_everything
from backend.app.commands.terminal import fail, out, run, settings
from backend.app.seeding import seed_demo
from backend.app.wiring import APPS, Program
from backend.core.clock import to_rfc3339
from backend.domains.identity.types import Role
from backend.infra.migrate import migrate as apply_migrations

users = typer.Typer(help="工作人员账号。", no_args_is_help=True)
outbox = typer.Typer(help="没有送达的事件。", no_args_is_help=True)

ROLE_HELP = (
    "admin 系统管理、editor 指南维护、window 窗口、hotline 热线坐席、supervisor 值班主任；可写多次"
)


def migrate() -> None:
    """把数据库表结构更新到最新。"""
    applied = asyncio.run(apply_migrations(settings().database_url, APPS))
    for name in applied:
        out.print(f"已更新 {name}", highlight=False)
    out.print(f"数据库已是最新（本次更新 {len(applied)} 项）", highlight=False)


def seed(
    demo: Annotated[bool, typer.Option("--demo", help="写入示例大厅和演示账号")] = False,
) -> None:
    """写入示例数据（仅演示模式）。"""
    if not demo:
        fail("请写明要什么数据：banshitong seed --demo", code=2)
    if settings().is_production:
        fail("正式环境不写入示例数据和演示账号；请用 banshitong user add 建立账号")
    seeded = run(seed_demo)
    out.print(f"示例大厅 {seeded.halls} 个", highlight=False)
    out.print(
        f"演示账号 {seeded.login}，密码 {seeded.password}（存于 {seeded.kept_in}）", highlight=False
    )


def check() -> None:
    """逐项检查：是否配置、能否连上、凭据是否有效。"""
    findings = run(_all_findings, database=False)
    table = Table("项目", "已配置", "能连上", "凭据有效", "说明")
    for finding in findings:
        table.add_row(
            finding.what,
            "是" if finding.configured else "否",
            _mark(finding.reachable),
            _mark(finding.accepted),
            finding.advice,
        )
    out.print(table)
    if bad := [finding.what for finding in findings if not finding.is_good]:
        fail(f"需要处理：{'、'.join(bad)}")
    out.print("全部正常")


async def _all_findings(program: Program) -> list[Finding]:
    return [finding async for finding in check_everything(program)]


def _mark(answer: bool | None) -> str:
    return {True: "是", False: "[red]否[/red]", None: "—"}[answer]


@users.command("add")
def add_user(
    login: Annotated[str, typer.Argument(help="登录名")],
    name: Annotated[str, typer.Option("--name", help="姓名；不写则同登录名")] = "",
    role: Annotated[list[Role] | None, typer.Option("--role", help=ROLE_HELP)] = None,
    generate: Annotated[bool, typer.Option("--generate", help="由程序生成密码并显示一次")] = False,
) -> None:
    """建立工作人员账号；密码从键盘或标准输入读取，不写在命令行上。"""
    password = secrets.token_urlsafe(12) if generate else _read_password()
    roles = role or [Role.WINDOW]
    run(
        lambda program: program.staff.add(
            login=login, name=name or login, roles=roles, password=password
        )
    )
    out.print(f"已建立账号 {login}（{'、'.join(roles)}）", highlight=False)
    if generate:
        out.print(f"密码（只显示这一次）：{password}", highlight=False)


@users.command("password")
def change_password(login: Annotated[str, typer.Argument(help="登录名")]) -> None:
    """更换一个账号的密码。"""
    password = _read_password()

    async def change(program: Program) -> None:
        if await program.staff.find(login) is None:
            fail(f"没有账号 {login}")
        await program.staff.set_password(login=login, password=password)

    run(change)
    out.print(f"已更换 {login} 的密码", highlight=False)


def _read_password() -> str:
    """Never from the command line: other users of the machine see it there."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("密码（不显示）：")
    if getpass.getpass("再输一次：") != password:
        fail("两次输入的密码不同")
    return password


@outbox.command("list")
def list_dead(limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 100) -> None:
    """列出多次失败、等人处理的事件。"""
    letters = run(lambda program: program.outbox.list_dead(limit=limit))
    table = Table("编号", "事件", "处理", "次数", "最后失败", "原因")
    for letter in letters:
        reason = letter.reason.strip().splitlines()[-1] if letter.reason.strip() else ""
        failed_at = to_rfc3339(letter.failed_at)
        tried = str(letter.attempts)
        table.add_row(
            letter.letter_id, letter.event.name, letter.reaction, tried, failed_at, reason
        )
    out.print(table if letters else "没有等待处理的事件")


@outbox.command("replay")
def replay(
    letter_id: Annotated[str | None, typer.Argument(help="编号，见 outbox list")] = None,
    everything: Annotated[bool, typer.Option("--all", help="全部重试")] = False,
) -> None:
    """把失败的事件再送一次。"""
    if bool(letter_id) == everything:
        fail("请写一个编号，或写 --all 全部重试", code=2)

    async def again(program: Program) -> int:
        letters = await program.outbox.list_dead(limit=100_000) if everything else ()
        ids = [letter.letter_id for letter in letters] if everything else [letter_id or ""]
        for one in ids:
            await program.outbox.replay(one)
        return len(ids)

    out.print(f"已安排重试 {run(again)} 件", highlight=False)
