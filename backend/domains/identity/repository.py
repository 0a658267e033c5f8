"""Staff accounts in the database."""

from __future__ import annotations

from datetime import datetime

from backend.domains.identity.models import StaffRow
from backend.domains.identity.types import Role, Staff


class StaffRepository:
    """The only reader and writer of the staff table."""

    async def find(self, login: str) -> tuple[Staff, str] | None:
        """The account and the hash of its password, or None."""
        row = await StaffRow.get_or_none(login=login)
        return None if row is None else (_to_staff(row), row.password_hash)

    async def add(self, staff: Staff, *, password_hash: str, created_at: datetime) -> None:
        """Keep a new account; `login` is unique."""
        await StaffRow.create(
            staff_id=staff.staff_id,
            login=staff.login,
            name=staff.name,
            password_hash=password_hash,
            roles=sorted(staff.roles),
            active=staff.active,
            created_at=created_at,
        )

    async def change_password(self, login: str, password_hash: str) -> None:
        """Replace the hash."""
        await StaffRow.filter(login=login).update(password_hash=password_hash)


def _to_staff(row: StaffRow) -> Staff:
    roles = frozenset(Role(role) for role in row.roles)
    return Staff(row.staff_id, row.login, row.name, roles, row.active)
