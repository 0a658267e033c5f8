"""Logging: facts, not prose; and nobody's personal data.

`configure_logging(as_json=True, level="INFO")` once per process, before anything logs; create the
Sanic app with `configure_logging=False`. Then `log = structlog.get_logger(__name__)` and
`log.info("reply_sent", skill="guide", took_ms=12)`: a constant event, facts as keywords. Every line
of every library (stdlib, Sanic, warnings) goes the same way, and through `harmless`:

* values under keys of people and secrets (`phone`, `openid`, `token`, `name`…) become `***`;
* free text of citizens (`text`, `comment`…) is dropped;
* everything else, tracebacks included, has identity numbers, phones, cards and secrets masked.

It backs the rule, it does not replace it: a name inside a sentence cannot be found.
"""

from __future__ import annotations

import logging
import logging.config
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from backend.core.masking import STARS, mask_text

DROPPED = frozenset(["text", "utterance", "question", "comment", "content", "body", "transcript"])
SECRET_KEY = re.compile(
    r"(?i)(open_?id|union_?id|token|secret|passw|authorization|cookie|session_key|api_?key|"
    r"private_key|aes_key|id_?number|id_?card|phone|mobile|bank_?card|card_no|address)"
)
PERSONS = ("real", "full", "nick", "citizen", "applicant", "payer", "contact", "owner", "agent")
NAME_KEYS = frozenset(["name", "nickname", "姓名", *(f"{person}_name" for person in PERSONS)])
# These speak of every value they store or every address they call.
TOO_TALKATIVE = ("tortoise", "httpx", "httpcore", "aiosqlite", "jieba")
SANIC = ("sanic.root", "sanic.error", "sanic.access", "sanic.server", "sanic.websockets")


def configure_logging(*, as_json: bool, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard error), made harmless."""
    config = _stdlib_config(as_json=as_json, level=level)
    config["handlers"]["stderr"]["stream"] = stream or sys.stderr
    logging.config.dictConfig(config)
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_common(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


def harmless(_logger: WrappedLogger, _method: str, event_dict: EventDict) -> EventDict:
    """The last processor before the renderer: a line without personal data."""
    return {key: _without_persons(key, value) for key, value in event_dict.items() if _kept(key)}


def _kept(key: str) -> bool:
    return key.lower() not in DROPPED


def _without_persons(key: str, value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if SECRET_KEY.search(key) or key.lower() in NAME_KEYS:
        return STARS
    if isinstance(value, Mapping):
        return {str(k): _without_persons(str(k), v) for k, v in value.items() if _kept(str(k))}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_without_persons("", item) for item in value]
    return _masked_scalar(value)


def _masked_scalar(value: object) -> object:
    text = value if isinstance(value, str) else str(value) if _is_number(value) else repr(value)
    masked = mask_text(text)
    return value if _is_number(value) and masked == text else masked


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float))


def _common() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
    ]


def _formatter(*, as_json: bool) -> dict[str, Any]:
    return {
        "()": ProcessorFormatter,
        "foreign_pre_chain": _common(),
        "processors": [
            ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            harmless,
            _to_json if as_json else structlog.dev.ConsoleRenderer(colors=False),
        ],
    }


def _to_json(_logger: WrappedLogger, _method: str, event_dict: MutableMapping[str, Any]) -> str:
    return orjson.dumps(event_dict, default=repr).decode()


def _stdlib_config(*, as_json: bool, level: str) -> dict[str, Any]:
    quiet = {name: {"level": "WARNING"} for name in TOO_TALKATIVE}
    routed = {name: {"handlers": [], "propagate": True} for name in SANIC}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"harmless": _formatter(as_json=as_json)},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "harmless"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": quiet | routed,
    }
