"""Use cases of identity: staff accounts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from backend.core.blocking import BlockingDoor
from backend.core.clock import Clock
from backend.core.ids import NewId
from backend.core.tx import Units
from backend.domains.identity.errors import LoginTaken, WrongPassword
from backend.domains.identity.repository import StaffRepository
from backend.domains.identity.rules import ensure_strong
from backend.domains.identity.types import Role, Staff

HASH_WITHIN_S = 10.0


class StaffService:
    """Creates staff accounts and checks their passwords; hashing never runs on the event loop."""

    def __init__(
        self,
        *,
        staff: StaffRepository,
        units: Units,
        clock: Clock,
        new_id: NewId,
        door: BlockingDoor,
        hasher: PasswordHasher | None = None,
    ) -> None:
        self._staff = staff
        self._units = units
        self._clock = clock
        self._new_id = new_id
        self._door = door
        self._hasher = hasher or PasswordHasher()

    async def add(self, *, login: str, name: str, roles: Iterable[Role], password: str) -> Staff:
        """Create an account.

        Raises:
            WeakPassword: it would be guessed.
            LoginTaken: another account has this login.
        """
        ensure_strong(password, login=login)
        hashed = await self._hash(password)
        staff = Staff(self._new_id(), login, name, frozenset(roles))
        await self._units.run(lambda: self._add(staff, hashed))
        return staff

    async def set_password(self, *, login: str, password: str) -> None:
        """Give an account another password.

        Raises:
            WeakPassword: it would be guessed.
        """
        ensure_strong(password, login=login)
        hashed = await self._hash(password)
        await self._units.run(lambda: self._staff.change_password(login, hashed))

    async def find(self, login: str) -> Staff | None:
        """The account with this login, or None."""
        found = await self._units.read(lambda: self._staff.find(login))
        return found[0] if found else None

    async def verify(self, *, login: str, password: str) -> Staff:
        """The account, if this is its password.

        Raises:
            WrongPassword: no such account, not active, or another password.
        """
        found = await self._units.read(lambda: self._staff.find(login))
        if found is None:
            await self._hash(password)  # the same work: the time taken must not tell who exists
            raise WrongPassword
        right = await self._door.call(
            partial(self._matches, found[1], password), within=HASH_WITHIN_S
        )
        if not (right and found[0].active):
            raise WrongPassword
        return found[0]

    async def _add(self, staff: Staff, hashed: str) -> None:
        if await self._staff.find(staff.login) is not None:
            raise LoginTaken(login=staff.login)
        await self._staff.add(staff, password_hash=hashed, created_at=self._clock.now())

    async def _hash(self, password: str) -> str:
        return await self._door.call(partial(self._hasher.hash, password), within=HASH_WITHIN_S)

    def _matches(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerifyMismatchError, InvalidHashError):
            return False
