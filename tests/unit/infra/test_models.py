"""Traps of the ORM that no migration would ever tell of, refused in every table of the program."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from tortoise.fields import DatetimeField, DecimalField
from tortoise.models import Model

from backend.app.wiring import APPS
from backend.infra.fields import UtcDatetimeField

ROOT = Path(__file__).parents[3]


def every_model() -> list[type[Model]]:
    modules = [import_module(app.models) for app in APPS]
    return [
        thing
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Model) and thing is not Model
    ]


MODELS = pytest.mark.parametrize("model", every_model(), ids=lambda model: model.__name__)


@MODELS
def test_no_model_has_constraints_that_would_silently_not_be_created(model: type[Model]):
    assert model._meta.constraints == ()


@MODELS
def test_no_comment_has_a_semicolon_at_which_sqlite_would_cut_the_statement(model: type[Model]):
    fields = model._meta.fields_map.values()
    comments = [model._meta.table_description, *(field.description or "" for field in fields)]

    assert [comment for comment in comments if ";" in comment] == []


@MODELS
def test_every_moment_is_kept_in_utc(model: type[Model]):
    plain = [
        name
        for name, field in model._meta.fields_map.items()
        if isinstance(field, DatetimeField) and not isinstance(field, UtcDatetimeField)
    ]

    assert plain == []


@MODELS
def test_no_money_is_kept_as_a_decimal_that_sqlite_would_compare_as_text(model: type[Model]):
    fields = model._meta.fields_map.items()

    assert [name for name, field in fields if isinstance(field, DecimalField)] == []


def test_transactions_begin_in_one_place_only():
    begins = re.compile(r"tortoise\.transactions|\bin_transaction\(|\batomic\(")
    folders = ("backend", "payments", "bot", "channels/wechat", "channels/console")
    sources = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]

    beginning = [p.relative_to(ROOT).as_posix() for p in sources if begins.search(p.read_text())]

    assert beginning == ["backend/infra/db.py"]
