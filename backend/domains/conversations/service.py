"""Use cases of conversations."""

from __future__ import annotations

from backend.core.clock import Clock
from backend.core.tx import Units, reading, unit_of_work
from backend.domains.conversations.repository import FeedbackRepository
from backend.domains.conversations.types import Feedback


class FeedbackService:
    """Keeps what citizens thought of the bot's answers."""

    def __init__(self, *, feedback: FeedbackRepository, units: Units, clock: Clock) -> None:
        self._feedback = feedback
        self._units = units
        self._clock = clock

    @unit_of_work
    async def give(
        self, *, conversation_id: str, message_id: str, useful: bool, reason: str | None
    ) -> Feedback:
        """Keep a verdict; a second one on the same answer replaces the first."""
        given = Feedback(conversation_id, message_id, useful, reason, self._clock.now())
        await self._feedback.save(given)
        return given

    @reading
    async def find(self, *, conversation_id: str, message_id: str) -> Feedback | None:
        """The verdict on this answer, or None."""
        return await self._feedback.find(conversation_id=conversation_id, message_id=message_id)
