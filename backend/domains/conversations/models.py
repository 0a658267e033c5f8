"""Tables of conversations."""

from __future__ import annotations

from tortoise import fields
from tortoise.models import Model

from backend.infra.fields import UtcDatetimeField


class FeedbackRow(Model):
    """A verdict on an answer of the bot."""

    id = fields.IntField(primary_key=True)
    conversation_id = fields.CharField(max_length=128)
    message_id = fields.CharField(max_length=64)
    useful = fields.BooleanField()
    reason = fields.CharField(max_length=500, null=True)
    given_at = UtcDatetimeField(db_index=True)

    class Meta:
        table = "bot_feedback"
        unique_together = (("conversation_id", "message_id"),)
