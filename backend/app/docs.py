"""`/docs` and `/docs/openapi.json`: what the program offers, from our own machine alone.

The page is plain HTML made on the server: no script, no font, nothing from elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from html import escape
from importlib import metadata
from importlib.resources import files
from typing import Any

import orjson
import yaml
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema
from sanic import Blueprint
from sanic.response import HTTPResponse

from backend.app.answers import send
from backend.app.bot_api import Message, Verdict
from backend.app.requests import AppRequest
from backend.core.access import Access, access
from backend.core.prebuilt import Prebuilt
from backend.core.wording import all_words
from backend.domains.catalogue.schemas import ChecklistOut, HallList, HallOut, ServiceList
from knowledge.schema import Guide

Json = dict[str, Any]
REF = "#/components/schemas/"
# The name in the document → the model that describes it.
MODELS: Mapping[str, type[BaseModel]] = {
    "Guide": Guide,
    "ServiceList": ServiceList,
    "Checklist": ChecklistOut,
    "Hall": HallOut,
    "HallList": HallList,
    "Message": Message,
    "Verdict": Verdict,
}
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
ASK_AGAIN = "no-cache"


def version() -> str:
    """Of the installed program; a tree that was never installed has none."""
    try:
        return metadata.version("banshitong")
    except metadata.PackageNotFoundError:
        return "0"


@cache
def openapi() -> Json:
    """The whole document."""
    text = files("backend.app").joinpath("openapi.yaml").read_text(encoding="utf-8")
    document: Json = yaml.safe_load(text)
    document["info"]["version"] = version()
    document["components"]["schemas"] |= _model_schemas()
    return document


def _model_schemas() -> Json:
    mode: JsonSchemaMode = "serialization"
    pairs = [(model, mode) for model in MODELS.values()]
    where, definitions = models_json_schema(pairs, ref_template=REF + "{model}")
    schemas: Json = definitions.get("$defs", {})
    for name, model in MODELS.items():
        reference = where[(model, mode)]
        target = reference["$ref"].removeprefix(REF)
        if target != name:
            schemas[name] = {"$ref": REF + target}
    _add_what_routes_add(schemas["Guide"]["properties"])
    return schemas


def _add_what_routes_add(guide: Json) -> None:
    """What `guide_to_json` adds to the guide's own elements."""
    text_or_none = {"anyOf": [{"type": "string"}, {"type": "null"}]}
    guide |= {
        "code": text_or_none,
        "situations": {"type": "array", "items": {"$ref": REF + "Situation"}},
        "fee_summary": {"type": "string"},
        "promised_time": {"type": "string"},
    }


def docs_routes() -> Blueprint:
    """The page for people, the document for programs, the list of problems for both."""
    bp = Blueprint("docs", url_prefix="/docs")
    shown: dict[str, Prebuilt] = {}

    def take(request: AppRequest, path: str) -> HTTPResponse:
        if not shown:
            shown.update(_pages())
        return send(request, shown[path])

    @bp.get("/")
    @access(Access.PUBLIC)
    async def show_docs(request: AppRequest) -> HTTPResponse:
        return take(request, "docs")

    @bp.get("/problems")
    @access(Access.PUBLIC)
    async def show_problems(request: AppRequest) -> HTTPResponse:
        return take(request, "problems")

    @bp.get("/openapi.json")
    @access(Access.PUBLIC)
    async def show_openapi(request: AppRequest) -> HTTPResponse:
        return take(request, "openapi")

    return bp


def _pages() -> dict[str, Prebuilt]:
    html = "text/html; charset=utf-8"
    made = {
        "docs": (_docs_page(openapi()).encode(), html),
        "problems": (_problems_page().encode(), html),
        "openapi": (orjson.dumps(openapi()), "application/json"),
    }
    return {
        name: Prebuilt.of(
            body,
            content_type=kind,
            cache_control=ASK_AGAIN,
            headers={"Content-Security-Policy": POLICY},
        )
        for name, (body, kind) in made.items()
    }


def _page(title: str, body: str) -> str:
    frame = files("backend.app").joinpath("docs.html").read_text(encoding="utf-8")
    return frame.replace("{{title}}", escape(title)).replace("{{body}}", body)


def _problems_page() -> str:
    rows = "".join(
        f'<tr id="{escape(code)}"><td><code>{escape(code)}</code></td>'
        f"<td>{escape(said.title)}</td><td>{escape(said.detail)}</td></tr>"
        for code, said in sorted(all_words().items())
    )
    head = "<tr><th>代码</th><th>发生了什么</th><th>怎么办</th></tr>"
    return _page("错误代码", f"<h1>错误代码</h1><table>{head}{rows}</table>")


def _docs_page(document: Json) -> str:
    return _page(document["info"]["title"], "".join(_sections(document)))


def _sections(document: Json) -> Iterator[str]:
    info = document["info"]
    yield f"<h1>{escape(info['title'])} <small>{escape(info['version'])}</small></h1>"
    yield f"<p>{escape(info['description']).replace(chr(10), '<br>')}</p>"
    yield '<p><a href="/docs/openapi.json">openapi.json</a> · '
    yield '<a href="/docs/problems">错误代码</a></p>'
    for tag in document["tags"]:
        yield f"<h2>{escape(tag['name'])}</h2><p>{escape(tag['description'])}</p>"
        for path, methods in document["paths"].items():
            for method, operation in methods.items():
                if tag["name"] in operation["tags"]:
                    yield _operation(document, f"{method.upper()} {path}", operation)
    yield "<h2>数据结构</h2>"
    for name, schema in sorted(document["components"]["schemas"].items()):
        body = escape(orjson.dumps(schema, option=orjson.OPT_INDENT_2).decode())
        yield f'<details id="{escape(name)}"><summary>{escape(name)}</summary>'
        yield f"<pre>{body}</pre></details>"


def _operation(document: Json, call: str, operation: Json) -> str:
    parts = [f"<section><h3><code>{escape(call)}</code> {escape(operation['summary'])}</h3>"]
    parts.append(f"<p>{escape(operation.get('description', ''))}</p>")
    if parameters := operation.get("parameters"):
        rows = "".join(_parameter(_resolved(document, given)) for given in parameters)
        parts.append(f"<table><tr><th>参数</th><th>位置</th><th>说明</th></tr>{rows}</table>")
    if body := operation.get("requestBody"):
        parts.append(f"<p>请求内容：{_links(body['content'])}</p>")
    for status, answer in operation["responses"].items():
        answer = _resolved(document, answer)
        links = _links(answer.get("content", {}))
        parts.append(f"<p><b>{escape(status)}</b> {escape(answer['description'])} {links}</p>")
    return "".join(parts) + "</section>"


def _parameter(given: Json) -> str:
    must = "（必填）" if given.get("required") else ""
    return (
        f"<tr><td><code>{escape(given['name'])}</code></td><td>{escape(given['in'])}</td>"
        f"<td>{escape(given.get('description', ''))}{must}</td></tr>"
    )


def _resolved(document: Json, node: Json) -> Json:
    reference = node.get("$ref")
    if reference is None:
        return node
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    resolved: Json = found
    return resolved


def _links(content: Json) -> str:
    names = (
        media["schema"]["$ref"].removeprefix(REF)
        for media in content.values()
        if "$ref" in media["schema"]
    )
    return " ".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in names)
