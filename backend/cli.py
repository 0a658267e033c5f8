"""`banshitong`: every command, and how what goes wrong is said to whoever sits there."""

from __future__ import annotations

import asyncio
import sys
import tomllib
from importlib.resources import files
from typing import Annotated

import typer
from typer.exceptions import TyperException

from backend.app.commands import content, office
from backend.app.commands.terminal import err, out, settings
from backend.app.server import CannotServe, Listen
from backend.app.server import serve as serve_until_stopped
from backend.core.errors import DomainError
from backend.core.wording import words_for
from backend.settings import BadSettings
from backend.worker import work
from channels.base import Refused
from knowledge.loader import BadKnowledge

app = typer.Typer(
    help="办事通：政务服务中心的导办、预约、缴费、进度与热线后台。",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(content.group, name="knowledge")
app.add_typer(office.users, name="user")
app.add_typer(office.outbox, name="outbox")
app.command("migrate")(office.migrate)
app.command("seed")(office.seed)
app.command("check")(office.check)
app.command("ask")(content.ask)
app.command("evaluate")(content.evaluate)


@app.command()
def serve(
    host: Annotated[str, typer.Option("--host", help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="端口，0 为任选")] = 8000,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="进程数")] = 1,
) -> None:
    """提供网页、接口和渠道回调；Ctrl-C 停止。"""
    chosen = settings()
    if workers > 1 and not chosen.redis_url:
        err.print("提醒：多进程没有配置 Redis，各进程的对话与限流互不相通。", style="yellow")
    serve_until_stopped(chosen, Listen(host, port, workers))


@app.command()
def worker() -> None:
    """单独运行事件投递与定时任务（serve 默认已内置）。"""
    asyncio.run(work(settings()))


def main() -> None:
    """The entry point: 0 done, 1 it went wrong, 2 it was called wrongly."""
    sys.exit(_run())


def _run() -> int:
    try:
        code = app(standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except TyperException as error:
        return _say(_usage(error), code=2)
    except (BadSettings, BadKnowledge, CannotServe, DomainError, Refused, OSError) as error:
        return _say(_words(error))
    return code if isinstance(code, int) else 0  # a command that ended early gives its code


def _say(message: str, *, code: int = 1) -> int:
    out.file.flush()
    if message:
        err.print(message, style="red", markup=False, highlight=False, soft_wrap=True)
    return code


def _words(error: Exception) -> str:
    match error:
        case DomainError():
            said = words_for(error)
            return f"{said.title}：{said.detail}"
        case Refused():
            return "没有内容可问。"
        case FileNotFoundError():
            return f"没有这个文件：{error.filename}"
        case PermissionError():
            return f"没有权限读写：{error.filename}"
        case OSError():
            return f"系统报告错误：{error}"
        case _:
            return str(error)


def _usage(error: TyperException) -> str:
    message = error.format_message().rstrip(".")
    if not message:  # no arguments at all: the help has been printed
        return ""
    text = files("backend.app.commands").joinpath("usage.zh.toml").read_text(encoding="utf-8")
    said = (words for start, words in tomllib.loads(text).items() if message.startswith(start))
    return f"{next(said, '命令写法不对')}（{message}）。加上 --help 可以看用法。"


if __name__ == "__main__":
    main()
