"""Habits that a reader of the source can check: doors for bugs, words of platforms, routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sanic import Sanic

from backend.app.factory import create_app
from backend.app.site import Site
from backend.core.access import Access
from backend.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGES = ("backend", "bot", "channels", "payments", "knowledge")
# The doors at which any error may be caught: whoever stands there says it and goes on.
DOORS = {
    "backend/infra/dispatcher.py",  # the reaction dispatcher
    "backend/infra/jobs.py",  # the task runner
    "bot/engine.py",  # the bot's answer
    "channels/inbox.py",  # the channels' own door to whatever answers
}


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "node_modules" not in path.parts:
                yield path


def catches_everything(path: Path) -> bool:
    handlers = (
        n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.ExceptHandler)
    )
    broad = {"Exception", "BaseException"}
    for handler in handlers:
        names = (
            {n.id for n in ast.walk(handler.type) if isinstance(n, ast.Name)}
            if handler.type
            else broad
        )
        reraises = any(isinstance(n, ast.Raise) and n.exc is None for n in handler.body)
        if names & broad and not reraises:
            return True
    return False


def test_errors_are_caught_wholesale_at_the_named_doors_only() -> None:
    found = {str(path.relative_to(ROOT)) for path in sources() if catches_everything(path)}

    assert found <= DOORS


def test_words_of_platforms_stay_outside_bot_and_domains() -> None:
    word = re.compile(r"open_?id|union_?id|wechat|alipay|weixin", re.IGNORECASE)
    found = [
        str(path.relative_to(ROOT))
        for path in sources()
        if path.is_relative_to(ROOT / "bot") or path.is_relative_to(ROOT / "backend/domains")
        if "identity" not in path.parts and path.name != "__init__.py"
        if word.search(path.read_text())
    ]

    assert found == []


def test_every_package_says_what_may_enter_it_and_nothing_else() -> None:
    def is_docstring_alone(path: Path) -> bool:
        body = ast.parse(path.read_text()).body
        return len(body) == 1 and isinstance(body[0], ast.Expr)

    packages = [path for path in sources() if path.name == "__init__.py"]
    assert [str(p.relative_to(ROOT)) for p in packages if not is_docstring_alone(p)] == []


def test_every_route_says_who_may_call_it(tmp_path: Path) -> None:
    settings = Settings(
        database_url=f"sqlite://{tmp_path}/x.db", var_dir=tmp_path, secret_key="k" * 40
    )
    app = create_app(settings, site=Site(tmp_path), name="architecture")

    rules = {
        f"/{route.path}": getattr(route.handler, "access", None) for route in app.router.routes
    }
    Sanic.unregister_app(app)
    assert [path for path, rule in rules.items() if not isinstance(rule, Access)] == []
    assert {path for path, rule in rules.items() if rule is Access.PLATFORM} == {
        "/channels/<kind:str>/<account:str>"
    }
