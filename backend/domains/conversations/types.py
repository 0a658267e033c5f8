"""Values of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Feedback:
    """One citizen's verdict on one answer; the last word counts."""

    conversation_id: str
    message_id: str
    useful: bool
    reason: str | None
    given_at: datetime
