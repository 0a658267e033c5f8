"""Tables of the infrastructure: the outbox and the timed jobs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from backend.infra.fields import UtcDatetimeField


class DeliveryState(StrEnum):
    """What became of telling one reaction about one event."""

    WAITING = (
        "waiting"  # due at `due_at`; while somebody is at it, `due_at` is the end of the lease
    )
    DONE = "done"
    DEAD = "dead"  # gave up; a human looks at it and may replay it


class OutboxEntryRow(Model):
    """An event, kept in the same transaction as the change it tells of."""

    id = fields.CharField(max_length=32, primary_key=True)
    name = fields.CharField(max_length=100)
    payload: Any = fields.JSONField()
    occurred_at = UtcDatetimeField()
    added_at = UtcDatetimeField()
    fanned_out = fields.BooleanField(default=False)

    class Meta:
        table = "outbox_entry"
        indexes = (("fanned_out", "id"),)


class OutboxDeliveryRow(Model):
    """One event on its way to one reaction."""

    id = fields.CharField(max_length=32, primary_key=True)
    entry_id: str
    entry: Any = fields.ForeignKeyField("infra.OutboxEntryRow", related_name="deliveries")
    reaction = fields.CharField(max_length=100)
    state = fields.CharField(max_length=10, default=DeliveryState.WAITING.value)
    attempts = fields.IntField(default=0)
    due_at = UtcDatetimeField()
    claim = fields.CharField(max_length=32, default="")
    last_error = fields.TextField(default="")
    changed_at = UtcDatetimeField()

    class Meta:
        table = "outbox_delivery"
        unique_together = (("entry", "reaction"),)
        indexes = (("state", "due_at"),)


class TimedJobRow(Model):
    """When a job runs next, and how it went last time. The row is also its lock."""

    name = fields.CharField(max_length=100, primary_key=True)
    due_at = UtcDatetimeField()
    leased_until = UtcDatetimeField()
    last_started_at = UtcDatetimeField(null=True)
    last_finished_at = UtcDatetimeField(null=True)
    last_error = fields.TextField(default="")

    class Meta:
        table = "timed_job"
