"""Verdicts in the database."""

from __future__ import annotations

from backend.domains.conversations.models import FeedbackRow
from backend.domains.conversations.types import Feedback


class FeedbackRepository:
    """The only reader and writer of the feedback table."""

    async def save(self, feedback: Feedback) -> None:
        """Keep the verdict; an earlier one on the same answer is replaced."""
        columns = {
            "useful": feedback.useful,
            "reason": feedback.reason,
            "given_at": feedback.given_at,
        }
        await FeedbackRow.update_or_create(
            columns, conversation_id=feedback.conversation_id, message_id=feedback.message_id
        )

    async def find(self, *, conversation_id: str, message_id: str) -> Feedback | None:
        """The verdict on this answer, or None."""
        row = await FeedbackRow.get_or_none(conversation_id=conversation_id, message_id=message_id)
        if row is None:
            return None
        return Feedback(conversation_id, message_id, row.useful, row.reason, row.given_at)
