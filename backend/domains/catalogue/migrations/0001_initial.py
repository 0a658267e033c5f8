from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="HallRow",
            fields=[
                (
                    "hall_id",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64),
                ),
                ("name", fields.CharField(max_length=100)),
                ("address", fields.CharField(max_length=200)),
                ("latitude", fields.FloatField()),
                ("longitude", fields.FloatField()),
                ("hours", fields.CharField(max_length=200)),
                ("phone", fields.CharField(null=True, max_length=50)),
                ("transit", fields.CharField(null=True, max_length=200)),
                ("note", fields.CharField(null=True, max_length=200)),
                ("position", fields.IntField(default=0)),
            ],
            options={
                "table": "hall",
                "app": "catalogue",
                "pk_attr": "hall_id",
                "table_description": "A hall, seeded or edited by staff.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="WindowRow",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                (
                    "hall",
                    fields.ForeignKeyField(
                        "catalogue.HallRow",
                        source_field="hall_id",
                        db_constraint=True,
                        to_field="hall_id",
                        related_name="windows",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("window_no", fields.CharField(max_length=20)),
                ("name", fields.CharField(max_length=100)),
                ("floor", fields.CharField(max_length=20)),
                ("departments", fields.JSONField(default=list, encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={
                "table": "hall_window",
                "app": "catalogue",
                "unique_together": (("hall", "window_no"),),
                "pk_attr": "id",
                "table_description": "A window of a hall.",
            },
            bases=["Model"],
        ),
    ]
