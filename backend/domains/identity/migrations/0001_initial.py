from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from backend.infra.fields import UtcDatetimeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="StaffRow",
            fields=[
                (
                    "staff_id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32),
                ),
                ("login", fields.CharField(unique=True, max_length=64)),
                ("name", fields.CharField(max_length=64)),
                ("password_hash", fields.CharField(max_length=200)),
                ("roles", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
                ("active", fields.BooleanField(default=True)),
                ("created_at", UtcDatetimeField()),
            ],
            options={
                "table": "staff",
                "app": "identity",
                "pk_attr": "staff_id",
                "table_description": "A staff account, the password only as its Argon2 hash.",
            },
            bases=["Model"],
        ),
    ]
