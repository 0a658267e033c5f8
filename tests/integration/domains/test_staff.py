"""Staff accounts in the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from argon2 import PasswordHasher

from backend.app.wiring import APPS
from backend.core.blocking import BlockingDoor
from backend.core.ids import new_id
from backend.domains.identity.errors import LoginTaken, WeakPassword, WrongPassword
from backend.domains.identity.repository import StaffRepository
from backend.domains.identity.service import StaffService
from backend.domains.identity.types import Role
from backend.infra.db import Database
from backend.infra.migrate import migrate
from tests.fakes.clock import FixedClock

PASSWORD = "correct horse battery"
QUICK = PasswordHasher(time_cost=1, memory_cost=1024)


@pytest.fixture
async def staff(database_url: str) -> AsyncIterator[StaffService]:
    await migrate(database_url, APPS)
    database, door = Database(database_url, APPS), BlockingDoor("argon2", threads=2)
    await database.connect()
    yield StaffService(
        staff=StaffRepository(),
        units=database,
        clock=FixedClock(),
        new_id=new_id,
        door=door,
        hasher=QUICK,
    )
    door.close()
    await database.close()


async def add(staff: StaffService, login: str = "wang", password: str = PASSWORD) -> None:
    await staff.add(login=login, name="王", roles=[Role.EDITOR, Role.WINDOW], password=password)


async def test_an_account_opens_with_its_password(staff: StaffService) -> None:
    await add(staff)

    found = await staff.verify(login="wang", password=PASSWORD)

    assert (found.login, found.name) == ("wang", "王")
    assert found.roles == {Role.EDITOR, Role.WINDOW}


@pytest.mark.parametrize(("login", "password"), [("wang", "wrong"), ("nobody", PASSWORD)])
async def test_a_wrong_password_and_no_account_are_said_the_same_way(
    staff: StaffService, login: str, password: str
) -> None:
    await add(staff)

    with pytest.raises(WrongPassword):
        await staff.verify(login=login, password=password)


async def test_a_changed_password_closes_the_door_to_the_old_one(staff: StaffService) -> None:
    await add(staff)
    await staff.set_password(login="wang", password="another horse battery")

    with pytest.raises(WrongPassword):
        await staff.verify(login="wang", password=PASSWORD)
    assert await staff.verify(login="wang", password="another horse battery")


async def test_of_two_accounts_with_one_login_only_one_is_made(staff: StaffService) -> None:
    outcomes = await asyncio.gather(add(staff), add(staff), return_exceptions=True)

    assert sorted(type(outcome) for outcome in outcomes if outcome is not None) == [LoginTaken]
    assert await staff.find("wang") is not None


async def test_a_weak_password_makes_no_account(staff: StaffService) -> None:
    with pytest.raises(WeakPassword):
        await add(staff, password="1234567890")

    assert await staff.find("wang") is None


async def test_the_password_itself_is_nowhere_in_the_database(staff: StaffService) -> None:
    await add(staff)

    found = await staff._units.read(lambda: StaffRepository().find("wang"))

    assert found is not None
    assert found[1].startswith("$argon2id$")
    assert PASSWORD not in found[1]
