"""Whether a guide's own FAQ answers a question."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.base import KnowledgeBase
from knowledge.schema import Faq, Guide
from knowledge.tokens import Kind

ALIKE = 0.66  # likeness from which an FAQ is taken to be the citizen's question


class FaqFinder:
    """Compares a question with the FAQs of one guide. Build once per guide."""

    def __init__(self, guide: Guide, knowledge: KnowledgeBase) -> None:
        self._knowledge = knowledge
        self._wordings = tuple(
            (faq, self._weigh(wording))
            for faq in guide.faqs
            for wording in (faq.question, *faq.similar)
        )
        self._names = tuple(self._weigh(name) for name in (guide.name, *guide.aliases))

    def _weigh(self, text: str) -> dict[str, float]:
        return self._knowledge.weigh(self._knowledge.tokenizer.terms(text))

    def find(self, terms: Mapping[str, Kind], situation_id: str | None) -> Faq | None:
        """The FAQ that asks the same, if it holds for the situation."""
        said = self._knowledge.weigh(terms)
        # Whoever only names the service asks nothing in particular.
        best = max(ALIKE, *(_likeness(said, name) for name in self._names))
        found = None
        for faq, wording in self._wordings:
            likeness = _likeness(said, wording)
            fits = situation_id is None or faq.holds_for(situation_id)
            if likeness > best and fits:
                best, found = likeness, faq
        return found


def _likeness(said: Mapping[str, float], wording: Mapping[str, float]) -> float:
    """Dice coefficient over weighted terms."""
    shared = sum(weight for term, weight in said.items() if term in wording)
    return 2 * shared / ((sum(said.values()) + sum(wording.values())) or 1.0)
