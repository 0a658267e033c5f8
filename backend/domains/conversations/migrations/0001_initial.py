from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from backend.infra.fields import UtcDatetimeField


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="FeedbackRow",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("conversation_id", fields.CharField(max_length=128)),
                ("message_id", fields.CharField(max_length=64)),
                ("useful", fields.BooleanField()),
                ("reason", fields.CharField(null=True, max_length=500)),
                ("given_at", UtcDatetimeField(db_index=True)),
            ],
            options={
                "table": "bot_feedback",
                "app": "conversations",
                "unique_together": (("conversation_id", "message_id"),),
                "pk_attr": "id",
                "table_description": "A verdict on an answer of the bot.",
            },
            bases=["Model"],
        ),
    ]
