from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from backend.infra.fields import UtcDatetimeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="OutboxEntryRow",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32),
                ),
                ("name", fields.CharField(max_length=100)),
                ("payload", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("occurred_at", UtcDatetimeField()),
                ("added_at", UtcDatetimeField()),
                ("fanned_out", fields.BooleanField(default=False)),
            ],
            options={
                "table": "outbox_entry",
                "app": "infra",
                "indexes": [Index(fields=["fanned_out", "id"])],
                "pk_attr": "id",
                "table_description": "An event, kept in the same transaction as the change it tells of.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="OutboxDeliveryRow",
            fields=[
                (
                    "id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32),
                ),
                (
                    "entry",
                    fields.ForeignKeyField(
                        "infra.OutboxEntryRow",
                        source_field="entry_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deliveries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("reaction", fields.CharField(max_length=100)),
                ("state", fields.CharField(default="waiting", max_length=10)),
                ("attempts", fields.IntField(default=0)),
                ("due_at", UtcDatetimeField()),
                ("claim", fields.CharField(default="", max_length=32)),
                ("last_error", fields.TextField(default="", unique=False)),
                ("changed_at", UtcDatetimeField()),
            ],
            options={
                "table": "outbox_delivery",
                "app": "infra",
                "unique_together": (("entry", "reaction"),),
                "indexes": [Index(fields=["state", "due_at"])],
                "pk_attr": "id",
                "table_description": "One event on its way to one reaction.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TimedJobRow",
            fields=[
                (
                    "name",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=100),
                ),
                ("due_at", UtcDatetimeField()),
                ("leased_until", UtcDatetimeField()),
                ("last_started_at", UtcDatetimeField(null=True)),
                ("last_finished_at", UtcDatetimeField(null=True)),
                ("last_error", fields.TextField(default="", unique=False)),
            ],
            options={
                "table": "timed_job",
                "app": "infra",
                "pk_attr": "name",
                "table_description": "When a job runs next, and how it went last time. The row is also its lock.",
            },
            bases=["Model"],
        ),
    ]
