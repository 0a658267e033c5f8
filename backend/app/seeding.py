"""Sample data: the example halls, and a staff account whose password is made on the spot."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from backend.app.wiring import Program
from backend.domains.catalogue.types import Hall, Window
from backend.domains.identity.types import Role

DEMO_LOGIN = "demo"
PASSWORD_FILE = "demo-staff-password"


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was put in; the password is also kept in a file only its owner reads."""

    halls: int
    login: str
    password: str
    kept_in: Path


async def seed_demo(program: Program) -> Seeded:
    """Put the sample data in; doing it twice changes nothing."""
    halls = demo_halls()
    await program.catalogue.save_halls(halls)
    path = program.settings.var_dir / PASSWORD_FILE
    password = _kept(path) or _made(path)
    if await program.staff.find(DEMO_LOGIN) is None:
        name, roles = "演示账号", tuple(Role)
        await program.staff.add(login=DEMO_LOGIN, name=name, roles=roles, password=password)
    else:
        await program.staff.set_password(login=DEMO_LOGIN, password=password)
    return Seeded(len(halls), DEMO_LOGIN, password, path)


def demo_halls() -> tuple[Hall, ...]:
    """The example halls of `demo_halls.yaml`."""
    text = files("backend.domains.catalogue").joinpath("demo_halls.yaml").read_text("utf-8")
    return tuple(_hall(entry) for entry in yaml.safe_load(text))


def _hall(entry: Mapping[str, Any]) -> Hall:
    windows = tuple(
        Window(**{**window, "departments": tuple(window["departments"])})
        for window in entry["windows"]
    )
    return Hall(**{**entry, "windows": windows})


def _kept(path: Path) -> str:
    return path.read_text().strip() if path.exists() else ""


def _made(path: Path) -> str:
    password = secrets.token_urlsafe(12)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(password + "\n")
    return password
