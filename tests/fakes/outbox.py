"""An outbox that only remembers what was put in."""

from __future__ import annotations

from backend.core.events import Event


class FakeOutbox:
    """`outbox.names` and `outbox.events`, in the order of their adding."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    @property
    def names(self) -> list[str]:
        return [event.name for event in self.events]

    async def add(self, event: Event) -> None:
        self.events.append(event)
