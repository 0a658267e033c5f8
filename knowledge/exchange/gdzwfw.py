"""Items crawled from 广东政务服务网 (JSON lines) as guides: what is stated, and nothing more.

What the source does not say (fees, process, number of copies) stays unsaid, the confidence is 低,
and `ask_locally` names the department. A value that cannot be understood is kept as text and told.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.codes import Level, handle_code_problem, task_code_problem
from knowledge.exchange.safety import Unsafe, read_bytes
from knowledge.loader import Problem, say
from knowledge.normalize import normalize
from knowledge.schema import Guide

CRAWLED_ON = date(2021, 5, 31)
SOURCE = {"name": "广东政务服务网（2021 年 5 月采集）", "url": "https://www.gdzwfw.gov.cn"}
NO_WINDOW = "无线下办理窗口"
# What the pages write where there is nothing to say.
NO_CONDITION = frozenset({"无", "无受理条件", "无条件受理", "无条件办理"})
LIMIT = re.compile(r"([0-9]+)\s*\((工作日|自然日)\)")
PHONE_LABEL = re.compile(r"^(?:咨询电话|投诉电话|电话咨询|电话投诉|电话):")
PHONE = re.compile(r"[0-9(][0-9()\-–— 、/；;，,或转]{2,99}")
MAX_DAYS = 3650
MATERIALS_NOTE = "材料只有名称，份数、形式和是否必须请向受理部门核实"


def read_items(
    path: Path, *, problems: list[Problem], warnings: list[Problem]
) -> Iterator[tuple[Guide, str, int]]:
    """The guides of a file, with its name and their rows."""
    name = path.name
    try:
        lines = read_bytes(path).decode("utf-8-sig").split("\n")
    except (Unsafe, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, Unsafe) else "文件不是 UTF-8 编码"
        problems.append(Problem(name, 1, said))
        return
    items = list(_items(lines, name=name, problems=problems))
    shared = _shared_words([item for _, item in items])
    if shared:
        said = f"{len(shared)} 个叫法同时属于几个不同事项，不能当作别名，没有采用："
        said += "、".join(sorted(shared)[:20])
        warnings.append(Problem(name, 1, said))
    for row, item in items:
        try:
            told: list[str] = []
            guide = Guide.model_validate(_plain(item, shared=shared, told=told))
            warnings.extend(Problem(name, row, text) for text in told)
            yield guide, name, row
        except ValidationError as error:
            problems.extend(
                Problem(name, row, f"{'.'.join(map(str, detail['loc']))}：{say(detail)}")
                for detail in error.errors(include_url=False)
            )


def _items(
    lines: Sequence[str], *, name: str, problems: list[Problem]
) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for row, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            item = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            problems.append(Problem(name, row, "这一行不是 JSON"))
            continue
        lacking = [k for k in ("task_code", "name", "dept", "type") if not _text(item, k)]
        lacking += [] if _words(item, "served") else ["served"]
        if lacking:
            problems.append(Problem(name, row, f"缺少 {'、'.join(lacking)}，不是事项数据"))
            continue
        yield row, item


def _text(item: Any, key: str) -> str:
    value = item.get(key) if isinstance(item, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _words(item: Any, key: str) -> tuple[str, ...]:
    value = item.get(key) if isinstance(item, dict) else None
    words = [w.strip() for w in value if isinstance(w, str)] if isinstance(value, list) else []
    return tuple(dict.fromkeys(word for word in words if word))


def _shared_words(items: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    """Short names that belong to items of different names: key words, but no aliases."""
    pairs = {(normalize(a), normalize(i["name"])) for i in items for a in _words(i, "aliases")}
    names = {(normalize(i["name"]),) * 2 for i in items}
    counts = Counter(alias for alias, _ in pairs | names)
    return frozenset(alias for alias, count in counts.items() if count > 1)


def _plain(item: Mapping[str, Any], *, shared: frozenset[str], told: list[str]) -> dict[str, Any]:
    notes: list[str] = []
    guide: dict[str, Any] = {
        "service_id": item["task_code"].strip(),
        "name": item["name"],
        "aliases": _aliases(item, shared=shared),
        "summary": _summary(item),
        "department": item["dept"],
        "item_type": item["type"],
        "audience": _words(item, "served"),
        "themes": _words(item, "themes"),
        "checked_on": CRAWLED_ON,
        "sources": [SOURCE],
        "confidence": "低",
        **_codes(item, told=told),
        **_requirements(item, notes=notes, told=told),
        **_ways(item, notes=notes, told=told),
        **_phones(item, notes=notes, told=told),
    }
    return guide | {"notes": [{"text": note} for note in notes]}


def _aliases(item: Mapping[str, Any], *, shared: frozenset[str]) -> list[str]:
    own = normalize(item["name"])
    return [a for a in _words(item, "aliases") if normalize(a) not in {own} | shared]


def _summary(item: Mapping[str, Any]) -> str:
    catalog = _text(item, "catalog")
    part = f"“{catalog}”中的一项，" if catalog and catalog != item["name"] else ""
    return f"{item['name']}：{part}{item['type']}，由{item['dept']}办理。"


def _codes(item: Mapping[str, Any], *, told: list[str]) -> dict[str, Any]:
    """A code of the national form goes to its own field, any other is kept as the local code."""
    code = _text(item, "task_code")
    handle = len(code) == 33
    problem = handle_code_problem(code) if handle else task_code_problem(code)
    if problem:
        told.append(f"{problem}；作为地方实施编码保留")
        return {"local_task_code": code, "level": _text(item, "level") or None}
    known = {"task_code": code[:31], "catalog_code": code[19:31], "level": _level(item, code[18])}
    return known | ({"handle_code": code} if handle else {})


def _level(item: Mapping[str, Any], digit: str) -> str:
    return _text(item, "level") or Level.from_code(digit).value


def _requirements(item: Mapping[str, Any], *, notes: list[str], told: list[str]) -> dict[str, Any]:
    """Conditions, materials and time limits."""
    condition = _text(item, "accept_condition")
    materials = _words(item, "materials")
    if materials:
        notes.append(MATERIALS_NOTE)
    found: dict[str, Any] = {
        "conditions": [{"text": condition}] if condition and condition not in NO_CONDITION else [],
        "materials": [{"name": name} for name in materials],
    }
    limits = [
        _limit(_text(item, key), kind=kind, notes=notes, told=told)
        for key, kind in (("legal_time_limit", "法定"), ("promised_time_limit", "承诺"))
    ]
    found["limits"] = [limit for limit in limits if limit]
    if {"kind": "承诺", "value": 0, "unit": "当场"} in found["limits"]:
        found |= {"handling_type": "即办件", "review_type": "即审即办"}
    return found


def _limit(text: str, *, kind: str, notes: list[str], told: list[str]) -> dict[str, Any] | None:
    if not text:
        return None
    match = LIMIT.fullmatch(unicodedata.normalize("NFKC", text))
    if match is None or int(match[1]) > MAX_DAYS:
        told.append(f"{kind}时限“{text}”看不懂，作为提示保留")
        notes.append(f"{kind}办结时限：{text}")
        return None
    value = int(match[1])
    return {"kind": kind, "value": value, "unit": match[2] if value else "当场"}


def _ways(item: Mapping[str, Any], *, notes: list[str], told: list[str]) -> dict[str, Any]:
    """Where and how to apply, and how often one has to come."""
    address = _text(item, "location")
    has_window = bool(address) and address != NO_WINDOW
    region = _text(item, "area_code") or None
    place = {"name": "办理窗口", "address": address, "region_code": region}
    channels: list[dict[str, str | None]] = [{"kind": "窗口"}] if has_window else []
    platform = _text(item, "platform") or None
    if url := _url(item, "url", told=told):
        channels.append({"kind": "电脑端网办", "name": platform, "url": url})
    elif platform:
        notes.append(f"办理系统：{platform}")
    if booking := _url(item, "booking_url", told=told):
        channels.append({"kind": "其他", "name": "网上预约", "url": booking})
    return {
        "places": [place] if has_window else [],
        "channels": channels,
        "in_hall": has_window,
        "bookable": has_window and _text(item, "online_booking") == "是",
        "courier": _text(item, "courier") == "是",
        "onsite_visits": _visits(item, told=told),
    }


def _url(item: Mapping[str, Any], key: str, *, told: list[str]) -> str | None:
    url = _text(item, key)
    if not url:
        return None
    if not url.startswith(("http://", "https://")) or len(url) > 500 or len(url.split()) > 1:
        told.append(f"网址“{url[:60]}”不能用，没有采用")
        return None
    return url


def _visits(item: Mapping[str, Any], *, told: list[str]) -> int | None:
    text = str(item.get("onsite_visits") or "").strip()
    if text.isdecimal() and int(text) <= 20:
        return int(text)
    if text:
        told.append(f"到现场次数“{text}”看不懂，没有采用")
    return None


def _phones(item: Mapping[str, Any], *, notes: list[str], told: list[str]) -> dict[str, Any]:
    """A field that is a phone number is one; a longer text about asking is kept as a text."""
    found: dict[str, Any] = {"ask_locally": f"{item['dept']}或 12345 热线"}
    for key, label in (("consult_phone", "咨询"), ("complain_phone", "投诉")):
        text = _text(item, key)
        phone = PHONE_LABEL.sub("", unicodedata.normalize("NFKC", text)).rstrip("。; ")
        if PHONE.fullmatch(phone):
            found[key] = phone
        elif text:
            told.append(f"{label}电话“{text[:40]}”不是单纯的电话号码，作为说明保留")
            notes.append(f"{label}方式：{text}")
    return found
