"""Tables of the catalogue."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model


class HallRow(Model):
    """A hall, seeded or edited by staff."""

    hall_id = fields.CharField(max_length=64, primary_key=True)
    name = fields.CharField(max_length=100)
    address = fields.CharField(max_length=200)
    latitude = fields.FloatField()
    longitude = fields.FloatField()
    hours = fields.CharField(max_length=200)
    phone = fields.CharField(max_length=50, null=True)
    transit = fields.CharField(max_length=200, null=True)
    note = fields.CharField(max_length=200, null=True)
    position = fields.IntField(default=0)

    class Meta:
        table = "hall"


class WindowRow(Model):
    """A window of a hall."""

    id = fields.IntField(primary_key=True)
    hall: fields.ForeignKeyRelation[HallRow] = fields.ForeignKeyField(
        "catalogue.HallRow", related_name="windows", on_delete=fields.CASCADE
    )
    window_no = fields.CharField(max_length=20)
    name = fields.CharField(max_length=100)
    floor = fields.CharField(max_length=20)
    departments: fields.Field[list[str]] = fields.JSONField(default=list)

    class Meta:
        table = "hall_window"
        unique_together = (("hall", "window_no"),)
