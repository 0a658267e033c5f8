"""What a tapped option sends back: `guide:<service_id>:<situation or ->:<aspects joined by +>`.

One form for every option, self-contained: a button of an old message still works.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.messages import Aspect

HANDOFF = "handoff"


@dataclass(frozen=True, slots=True)
class GuideAction:
    """Answer these aspects of this guide for this situation."""

    service_id: str
    situation_id: str | None = None
    aspects: tuple[Aspect, ...] = ()

    def __str__(self) -> str:
        aspects = "+".join(self.aspects) or "-"
        return f"guide:{self.service_id}:{self.situation_id or '-'}:{aspects}"


def read_action(action: str) -> GuideAction | None:
    """The guide action in a tapped option, or None if it is none of ours."""
    parts = action.split(":")
    if len(parts) != 4 or parts[0] != "guide":
        return None
    known = {aspect.value for aspect in Aspect}
    aspects = tuple(Aspect(name) for name in parts[3].split("+") if name in known)
    return GuideAction(parts[1], None if parts[2] == "-" else parts[2], aspects)
