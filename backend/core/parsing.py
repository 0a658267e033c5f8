"""From what a client sent to a value, or to one refusal that names every wrong field in Chinese.

`parse(Model, data)` returns the validated model or raises `InvalidInput` with
`errors=[(field, message)]`. The sentences stand in `parsing.zh.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from backend.core.errors import InvalidInput

Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], data: object) -> Model:
    """The model made of `data`.

    Raises:
        InvalidInput: with one (field, sentence) for each complaint.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(errors=complaints(error)) from None


def complaints(error: ValidationError) -> list[tuple[str, str]]:
    """Every complaint as (field, Chinese sentence); the field is dotted: `items.0.name`."""
    return [
        (".".join(str(step) for step in detail["loc"]) or "body", say(detail))
        for detail in error.errors(include_url=False)
    ]


def say(detail: ErrorDetails) -> str:
    """A Chinese sentence for one complaint of pydantic."""
    kind, facts = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        return str(facts.get("error", _sentences()["other"]))
    template = _sentences().get(kind, _sentences()["other"])
    return template.format_map({name: _readable(value) for name, value in facts.items()})


def _readable(value: object) -> str:
    return str(value).replace("'", "").replace(" or ", "、").replace(", ", "、")


@cache
def _sentences() -> Mapping[str, str]:
    text = files("backend.core").joinpath("parsing.zh.toml").read_text(encoding="utf-8")
    table: dict[str, str] = tomllib.loads(text)
    return table
