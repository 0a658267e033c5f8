"""The knowledge base of one worker: opened before serving, asked by catalogue and bot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from backend.core.errors import Unavailable
from backend.domains.catalogue.rules import listed
from backend.domains.catalogue.types import ListedService
from knowledge.base import GUIDES_DIR, KnowledgeBase
from knowledge.schema import Guide


class Library:
    """Cheap to build; `open` loads jieba, the index and the rows of the list."""

    def __init__(self, *, folder: Path | None, cache: Path) -> None:
        self._folder = folder or GUIDES_DIR
        self._cache = cache
        self._knowledge: KnowledgeBase | None = None
        self._listed: Mapping[str, ListedService] = MappingProxyType({})

    def open(self) -> KnowledgeBase:
        """Load everything, once; blocks for a second or two.

        Raises:
            BadKnowledge: the content cannot be used; every problem is listed.
        """
        if self._knowledge is not None:
            return self._knowledge
        knowledge = KnowledgeBase.load(self._folder, cache=self._cache)
        self._listed = MappingProxyType({g.service_id: listed(g) for g in knowledge.guides})
        self._knowledge = knowledge
        return knowledge

    @property
    def knowledge(self) -> KnowledgeBase:
        """The open knowledge base.

        Raises:
            Unavailable: it has not been opened yet.
        """
        if self._knowledge is None:
            raise Unavailable
        return self._knowledge

    @property
    def listed(self) -> Mapping[str, ListedService]:
        """Every guide as a row, by service_id."""
        return self._listed

    def find_guide(self, service_id: str) -> Guide | None:
        """The whole guide with this id, or None."""
        return self.knowledge.guide(service_id) if service_id in self.knowledge else None

    def search(self, text: str, *, limit: int) -> Sequence[str]:
        """The ids of at most `limit` guides, best first."""
        return self.knowledge.search_guides(text, limit=limit)

    async def ping(self) -> bool:
        """Whether there is something to answer from."""
        return self._knowledge is not None and len(self._knowledge) > 0
