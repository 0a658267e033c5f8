"""What the catalogue needs from the knowledge base."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from backend.domains.catalogue.types import ListedService
from knowledge.schema import Guide


class GuideBook(Protocol):
    """The guides, and how they are found by name, everyday words, pinyin or with typing errors."""

    @property
    def listed(self) -> Mapping[str, ListedService]:
        """Every guide as a row, by service_id, in a stable order."""

    def find_guide(self, service_id: str) -> Guide | None:
        """The whole guide with this id, or None."""

    def search(self, text: str, *, limit: int) -> Sequence[str]:
        """The ids of at most `limit` guides, best first."""
