"""Tables of identity."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from backend.infra.fields import UtcDatetimeField


class StaffRow(Model):
    """A staff account, the password only as its Argon2 hash."""

    staff_id = fields.CharField(max_length=32, primary_key=True)
    login = fields.CharField(max_length=64, unique=True)
    name = fields.CharField(max_length=64)
    password_hash = fields.CharField(max_length=200)
    roles: fields.Field[list[str]] = fields.JSONField(default=list)
    active = fields.BooleanField(default=True)
    created_at = UtcDatetimeField()

    class Meta:
        table = "staff"
