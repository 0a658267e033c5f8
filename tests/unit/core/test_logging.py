"""Whatever is logged, by whomever: nobody's personal data gets into the log."""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
import structlog

from backend.core.logging import SANIC, configure_logging

SECRETS = ["张三", "11010519491231002X", "13800138000", "6222021234567890128", "geheim", "我被邻居"]


@dataclass
class Citizen:
    name: str
    phone: str


@pytest.fixture(params=[True, False], ids=["json", "console"])
def log(request: pytest.FixtureRequest) -> Iterator[StringIO]:
    yield from configured(as_json=request.param)


@pytest.fixture
def json_log() -> Iterator[StringIO]:
    yield from configured(as_json=True)


def configured(*, as_json: bool) -> Iterator[StringIO]:
    root, stream = logging.getLogger(), StringIO()
    handlers, level = root.handlers[:], root.level
    configure_logging(as_json=as_json, stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def lines_of(log: StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_facts_about_persons_are_not_written(log: StringIO):
    structlog.get_logger("t").info(
        "said",
        name="张三",
        phone="13800138000",
        phone_number=13800138000,
        openid="geheim",
        access_token="geheim",
        text="我被邻居打了",
        note="身份证 11010519491231002X",
        amount=6222021234567890128,
        nested={
            "applicant": {"name": "张三", "id_number": "11010519491231002X", "text": "我被邻居"}
        },
        listed=["13800138000", ("6222021234567890128",)],
        raw=b"13800138000",
    )
    written = log.getvalue()

    assert [secret for secret in SECRETS if secret in written] == []
    assert "said" in written


def test_an_object_is_not_written_with_its_secrets(log: StringIO):
    structlog.get_logger("t").info("seen", who=Citizen("某人", "13800138000"))

    assert "13800138000" not in log.getvalue()


def test_a_traceback_is_written_without_what_it_quotes(log: StringIO):
    try:
        try:
            raise ValueError("卡号 6222021234567890128")
        except ValueError as error:
            raise KeyError("手机 13800138000, token=geheim") from error
    except KeyError:
        structlog.get_logger("t").exception("failed", id_number="11010519491231002X")
    written = log.getvalue()

    assert "Traceback" in written
    assert "KeyError" in written
    assert [secret for secret in SECRETS if secret in written] == []


@pytest.mark.parametrize("name", [*SANIC, "asyncio", "some.library"])
def test_lines_of_libraries_go_the_same_way(name: str, json_log: StringIO):
    logging.getLogger(name).error("citizen %s, token=%s", "13800138000", "geheim")
    (line,) = lines_of(json_log)

    assert line["event"] == "citizen 138****8000, token=***"
    assert (line["logger"], line["level"]) == (name, "error")


def test_a_traceback_of_a_library_is_made_harmless_too(json_log: StringIO):
    try:
        raise ValueError("手机 13800138000")
    except ValueError:
        logging.getLogger("sanic.error").exception("Exception occurred")
    (line,) = lines_of(json_log)

    assert line["exception"].endswith("ValueError: 手机 138****8000")


def test_warnings_go_the_same_way(json_log: StringIO):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("citizen 13800138000", stacklevel=1)
    (line,) = lines_of(json_log)

    assert "citizen 138****8000" in line["event"]


def test_libraries_that_talk_of_every_value_are_kept_quiet(json_log: StringIO):
    logging.getLogger("tortoise.db_client").info("INSERT … 张三")
    logging.getLogger("httpx").info("GET https://api/?who=张三")

    assert json_log.getvalue() == ""


def test_facts_bound_for_a_request_are_on_every_line(json_log: StringIO):
    with structlog.contextvars.bound_contextvars(trace_id="t-1"):
        structlog.get_logger("t").info("reply_sent", took_ms=12)
    (line,) = lines_of(json_log)

    assert (line["event"], line["trace_id"], line["took_ms"]) == ("reply_sent", "t-1", 12)


def test_a_newline_in_a_fact_cannot_forge_a_line(json_log: StringIO):
    structlog.get_logger("t").info("seen", path='/x\n{"event":"forged"}')

    assert [line["event"] for line in lines_of(json_log)] == ["seen"]
