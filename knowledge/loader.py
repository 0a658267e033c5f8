"""From a folder of YAML files to guides, with every problem reported at once as file:row: message.

A file holds one guide, or several as YAML documents separated by `---`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from knowledge.schema import Guide

MAX_FILE_BYTES = 32 * 1024 * 1024

try:
    from yaml import CSafeLoader as _YamlLoader
except ImportError:  # PyYAML without libyaml: slower, same result
    from yaml import SafeLoader as _YamlLoader  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something a clerk must mend, in words a clerk understands."""

    file: str
    row: int
    message: str
    column: str | None = None  # spreadsheets: the column's letter; YAML: None

    def __str__(self) -> str:
        place = f"{self.file}:{self.row}"
        if self.column:
            place += f":{self.column}"
        return f"{place}: {self.message}"


class BadKnowledge(Exception):
    """Content that cannot be used. Nothing was loaded; `problems` lists everything at once."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


def load_guides(folder: Path) -> tuple[Guide, ...]:
    """All guides of a folder, by service_id.

    Raises:
        BadKnowledge: a file cannot be read, a guide is not valid, or an id is used twice.
    """
    problems: list[Problem] = []
    guides: dict[str, Guide] = {}
    for path in sorted(folder.rglob("*.yaml")):
        for guide, row in read_file(path, name=str(path.relative_to(folder)), problems=problems):
            if guide.service_id in guides:
                message = f"事项编号 {guide.service_id} 重复"
                problems.append(Problem(str(path.relative_to(folder)), row, message))
            guides[guide.service_id] = guide
    if problems:
        raise BadKnowledge(sorted(problems))
    return tuple(guides[service_id] for service_id in sorted(guides))


def read_file(path: Path, *, name: str, problems: list[Problem]) -> Iterator[tuple[Guide, int]]:
    """The guides of one file with the row each begins on; what is wrong is added to `problems`."""
    try:
        text = _read_text(path)
        yield from _read_documents(text, name=name, problems=problems)
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(name, row, "文件不是 UTF-8 编码，请另存为 UTF-8"))
    except yaml.YAMLError as error:
        problems.append(Problem(name, _row_of(error), f"YAML 写法有误：{_reason_of(error)}"))
    except (OSError, ValueError) as error:
        problems.append(Problem(name, 1, f"文件读不了：{error}"))


def _read_text(path: Path) -> str:
    if path.stat().st_size > MAX_FILE_BYTES:
        raise ValueError(f"文件超过 {MAX_FILE_BYTES // 1024 // 1024} MB")
    return path.read_bytes().decode("utf-8-sig")


def _read_documents(
    text: str, *, name: str, problems: list[Problem]
) -> Iterator[tuple[Guide, int]]:
    loader = _YamlLoader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is None:  # an empty document
                continue
            row = node.start_mark.line + 1
            aliases = _alias_rows(node)
            if aliases:  # anchors and aliases can blow up ("billion laughs"); guides need none
                problems.append(Problem(name, aliases[0], "不支持 YAML 锚点与引用（& 和 *）"))
                continue
            value = loader.construct_document(node)
            try:
                yield Guide.model_validate(value), row
            except ValidationError as error:
                problems.extend(problems_of(error, node=node, name=name))
    finally:
        loader.dispose()


def _alias_rows(node: yaml.Node) -> list[int]:
    """Rows of nodes reached twice: the compose step turns an alias into the same node object."""
    seen: set[int] = set()
    repeated: list[int] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if id(current) in seen:
            repeated.append(current.start_mark.line + 1)
            break
        seen.add(id(current))
        stack.extend(_children(current))
    return repeated


def _children(node: yaml.Node) -> Iterable[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return []


def problems_of(error: ValidationError, *, node: yaml.Node, name: str) -> list[Problem]:
    """Every complaint of the schema, with the row of the very value it is about."""
    return [
        Problem(name, _row_at(node, detail["loc"]), f"{_path_of(detail)}{say(detail)}")
        for detail in error.errors(include_url=False)
    ]


def _row_at(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    row = node.start_mark.line + 1
    for step in location:
        child = _child(node, step)
        if child is None:
            break
        node = child
        row = node.start_mark.line + 1
    return row


def _child(node: yaml.Node, step: int | str) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _path_of(detail: ErrorDetails) -> str:
    path = "".join(f"[{s}]" if isinstance(s, int) else f".{s}" for s in detail["loc"]).lstrip(".")
    return f"{path}：" if path else ""


SENTENCES: dict[str, str] = {
    "missing": "必填，没有写",
    "extra_forbidden": "没有这个栏目，请检查拼写",
    "string_type": "应为文字；数字开头的编码请加引号",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数，不能有小数",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "date_type": "应为日期，写作 2026-11-22",
    "date_parsing": "应为日期，写作 2026-11-22",
    "date_from_datetime_parsing": "应为日期，写作 2026-11-22",
    "date_from_datetime_inexact": "应为日期，不带时间",
    "tuple_type": "应为列表",
    "list_type": "应为列表",
    "dict_type": "应为一组“栏目：内容”",
    "model_type": "应为一组“栏目：内容”",
    "string_too_short": "不能为空",
}


def say(detail: ErrorDetails) -> str:
    """A Chinese sentence for a schema complaint."""
    kind, facts = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(facts.get("error", "不正确"))
    if kind == "enum":
        return f"“{detail['input']}”不在可选范围：{_options(str(facts['expected']))}"
    if kind == "string_too_long":
        return f"太长，最多 {facts['max_length']} 个字"
    if kind == "string_pattern_mismatch":
        return f"“{detail['input']}”格式不对"
    if kind in ("too_short", "too_long"):
        return "至少要有一项" if kind == "too_short" else "项数太多"
    if kind in ("greater_than_equal", "less_than_equal", "greater_than", "less_than"):
        return f"数值 {detail['input']} 超出范围"
    return SENTENCES.get(kind, f"内容不对（{kind}）")


def _options(expected: str) -> str:
    return expected.replace("'", "").replace(" or ", "、").replace(", ", "、")


def _row_of(error: yaml.YAMLError) -> int:
    mark = getattr(error, "problem_mark", None)
    return mark.line + 1 if mark is not None else 1


def _reason_of(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "无法解析"
    return str(reason)


@dataclass(frozen=True, slots=True)
class FaqEntry:
    """An entry of `faq.jsonl` (contract §6). Without an answer it can still be found."""

    id: str
    question: str
    answer: str | None = None
    similar: tuple[str, ...] = ()
    service_id: str | None = None


def load_faq(folder: Path) -> tuple[FaqEntry, ...]:
    """The entries of `faq.jsonl`, in file order; empty if the folder has none.

    Raises:
        BadKnowledge: a line is not JSON, or lacks id or question.
    """
    path = folder / "faq.jsonl"
    if not path.exists():
        return ()
    problems: list[Problem] = []
    entries: list[FaqEntry] = []
    seen: set[str] = set()
    with path.open(encoding="utf-8-sig") as lines:
        for row, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                entry = _faq_entry(json.loads(line))
                if entry.id in seen:
                    raise ValueError(f"编号 {entry.id} 重复")
                seen.add(entry.id)
                entries.append(entry)
            except ValueError as error:
                problems.append(Problem("faq.jsonl", row, f"问答写法有误：{error}"))
    if problems:
        raise BadKnowledge(problems)
    return tuple(entries)


def _faq_entry(value: Any) -> FaqEntry:
    if not isinstance(value, dict) or not value.get("id") or not value.get("question"):
        raise ValueError("要有 id 和 question")
    return FaqEntry(
        id=str(value["id"]),
        question=str(value["question"]),
        answer=str(value["answer"]) if value.get("answer") else None,
        similar=tuple(str(s) for s in value.get("similar") or ()),
        service_id=str(value["service_id"]) if value.get("service_id") else None,
    )
