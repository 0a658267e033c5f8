"""`banshitong knowledge …`, `ask` and `evaluate`: content, and what the bot makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.progress import Progress
from rich.table import Table

from backend.app.commands.terminal import err, fail, out, run, settings
from backend.app.wiring import Program
from backend.core.logging import configure_logging
from bot.evaluate import GRID, GoldenQuestion, Report, ask_all, calibrate, read_questions, report
from bot.messages import Inbound, Reply
from channels.console.conversation import ask as ask_once
from channels.console.conversation import converse
from knowledge.base import GUIDES_DIR, KnowledgeBase
from knowledge.check import check_folder, print_report
from knowledge.exchange.exporting import export_folder
from knowledge.exchange.importing import import_files
from knowledge.exchange.template import write_template

group = typer.Typer(help="办事指南：导入、导出、检查。", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--into", "--folder", help="指南文件夹；不写则用配置的那个")
]


@group.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="YAML、XLSX、CSV、ZIP")], into: Folder = None
) -> None:
    """把文件里的指南导入；有一处不对就什么都不改。"""
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("导入", total=None)
        report = import_files(
            files,
            into or _folder(),
            progress=lambda done, total: bar.update(task, completed=done, total=total or None),
        )
    for warning in report.warnings:
        err.print(str(warning), markup=False, highlight=False)
    out.print(str(report), highlight=False)


@group.command("export")
def export(
    to: Annotated[Path, typer.Argument(help=".xlsx、.zip、.csv、.yaml，或一个文件夹")],
    folder: Folder = None,
) -> None:
    """把指南导出成表格或 YAML。"""
    try:
        count = export_folder(folder or _folder(), to)
    except ValueError as error:
        fail(str(error))
    out.print(f"已导出 {count} 份指南到 {to}", highlight=False)


@group.command("template")
def template(to: Annotated[Path, typer.Argument(help="例如 办事指南模板.xlsx")]) -> None:
    """写出一份空白表格，带填写说明与示例。"""
    try:
        write_template(to)
    except ValueError as error:
        fail(str(error))
    out.print(f"模板已写到 {to}", highlight=False)


@group.command("check")
def check(folder: Annotated[Path | None, typer.Argument(help="指南文件夹")] = None) -> None:
    """检查指南，每个问题写明文件与行号。"""
    chosen = folder or _folder()
    if not chosen.is_dir():
        fail(f"没有文件夹 {chosen}")
    report = check_folder(chosen)
    print_report(report, to=out)
    if not report.is_good:
        raise typer.Exit(1)


def ask(
    question: Annotated[str | None, typer.Argument(help="要问的话；不写则连续对话")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="打印接口格式的回答")] = False,
) -> None:
    """在终端上问机器人一句，或连续对话。"""
    if question is not None and not question.strip():
        fail("请写上要问的话，例如：banshitong ask 身份证丢了怎么办", code=2)

    async def talk(program: Program) -> None:
        program.open_knowledge()

        async def answer(inbound: Inbound) -> Reply:
            return await program.answer(inbound)

        if question is None:
            await converse(answer, screen=out)
        else:
            await ask_once(answer, question, as_json=as_json, screen=out)

    run(talk, database=False)


def evaluate(
    questions: Annotated[Path, typer.Option("--questions", help="问题文件（JSON Lines）")],
    knowledge: Annotated[Path | None, typer.Option("--knowledge", help="指南文件夹")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只打印 JSON")] = False,
    choose: Annotated[bool, typer.Option("--calibrate", help="找出最合适的门槛")] = False,
) -> None:
    """用一批问题测量机器人。"""
    configure_logging(as_json=False, level="WARNING")
    asked = read_questions(questions)
    base = KnowledgeBase.load(knowledge or _folder(), cache=settings().cache_dir)
    if choose:
        _calibrate(base, asked)
        return
    with Progress(console=err, transient=True, disable=as_json) as bar:
        task = bar.add_task("提问", total=len(asked))
        found = report(ask_all(base, asked, on_progress=lambda: bar.advance(task)))
    if as_json:
        out.file.write(orjson.dumps(found.as_json(), option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        out.print(_figures(found))


def _calibrate(base: KnowledgeBase, asked: Sequence[GoldenQuestion]) -> None:
    """Print the best thresholds in the form of `bot/calibration.toml`."""
    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("试门槛", total=len(GRID))
        best = calibrate(base, asked, on_progress=lambda: bar.advance(task))
    out.print(f"answer = {best.answer}\nkeys = {best.keys}\nmargin = {best.margin}")


def _figures(found: Report) -> Table:
    table = Table("指标", "数值")
    for name, value in found.as_json().items():
        if name == "misses":
            table.add_row(name, str(len(value)))
        elif isinstance(value, dict):
            for inner, figure in value.items():
                table.add_row(f"{name}.{inner}", str(figure))
        else:
            table.add_row(name, str(value))
    return table


def _folder() -> Path:
    return settings().knowledge_dir or GUIDES_DIR
