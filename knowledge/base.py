"""The knowledge base: a folder of guides and FAQ entries, loaded once per worker and asked often.

Guides are kept as JSON bytes and read back when asked for, so that 20,000 of them fit into a small
worker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rapidfuzz import fuzz

from knowledge.content import Content, load_content
from knowledge.index import weight_of
from knowledge.loader import FaqEntry
from knowledge.schema import Guide
from knowledge.search import Ranking, search
from knowledge.spelling import Correction, Initials, Speller
from knowledge.tokens import Kind, Lexicon, Tokenizer, pairs

GUIDES_IN_MEMORY = 512
GUIDES_DIR = Path(__file__).parent / "guides"
SHORTLIST = 10  # guides of a search compared name by name: rapidfuzz over all would be slow
NOTICEABLE = 20  # percent of likeness that reorder a shortlist
WORTH_LISTING = 0.35  # of the best score
LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question after reading: canonical words, search terms and what was mended on the way."""

    words: tuple[str, ...]
    terms: Mapping[str, Kind]
    corrections: tuple[Correction, ...] = ()


class KnowledgeBase:
    """What we know, and how it is found. Immutable; safe to share between tasks."""

    def __init__(self, content: Content) -> None:
        self._guides = content.guides
        self._faq = {entry.id: entry for entry in content.faq}
        self._index = content.index
        self.things = content.things
        self.tokenizer = Tokenizer(Lexicon.load(), content.extra_words)
        self.guide = lru_cache(GUIDES_IN_MEMORY)(self._read_guide)
        lexicon = self.tokenizer.lexicon
        self._speller = Speller(
            content.words,
            self.tokenizer.is_common,
            lexicon.canonical,
        )
        self._names: Initials | None = None

    @classmethod
    def load(cls, folder: Path = GUIDES_DIR, *, cache: Path | None = None) -> KnowledgeBase:
        """Read a folder of guides and FAQ entries, or the cache made from exactly that folder.

        Raises:
            BadKnowledge: the content cannot be used; every problem is listed.
        """
        return cls(load_content(folder, cache=cache))

    @property
    def service_ids(self) -> tuple[str, ...]:
        return tuple(self._guides)

    @property
    def guides(self) -> Iterator[Guide]:
        """All guides, by service_id; read back one by one."""
        return (self._read_guide(service_id) for service_id in self._guides)

    def __len__(self) -> int:
        return len(self._index.ids)

    def __contains__(self, service_id: object) -> bool:
        return service_id in self._guides

    def _read_guide(self, service_id: str) -> Guide:
        """The guide with this id; `KeyError` if there is none."""
        return Guide.model_validate_json(self._guides[service_id])

    def find_faq(self, entry_id: str) -> FaqEntry | None:
        """The FAQ entry with this id, or None."""
        return self._faq.get(entry_id)

    def read(self, text: str) -> Question:
        """Cut a question into canonical words and mend its typing errors."""
        words, corrections = self._speller.correct(self.tokenizer.words(text))
        as_typed = pairs(" ".join([text, *(correction.meant for correction in corrections)]))
        terms = {**self.tokenizer.terms_of_words(words), **as_typed}
        return Question(tuple(words), terms, corrections)

    def rank(self, terms: Mapping[str, Kind], *, limit: int = 10) -> Ranking:
        """Entries by how well they match, best first."""
        return search(self._index, terms, limit=limit)

    def weigh(self, terms: Mapping[str, Kind]) -> dict[str, float]:
        """How much each known term of a sentence counts; terms no entry contains are left out."""
        vocabulary, idf = self._index.vocabulary, self._index.idf
        return {
            term: weight_of(term, kind) * float(idf[vocabulary[term]])
            for term, kind in terms.items()
            if term in vocabulary
        }

    def search_guides(self, text: str, *, limit: int = 200) -> list[str]:
        """Guides for a search box: by name, everyday alias, pinyin, its initials, typing errors."""
        typed = text.strip().lower().replace(" ", "")
        found: dict[str, None] = {}
        if LATIN.fullmatch(typed):
            found.update(dict.fromkeys(self._initials().find(typed, limit=limit)))
        hits = self.rank(self.read(text).terms, limit=limit).hits
        best = hits[0].score if hits else 0.0
        worth = [hit.id for hit in hits if hit.score >= best * WORTH_LISTING]
        ids = [id_ for id_ in worth if id_ in self._guides]
        found.update(dict.fromkeys([*self._by_name(typed, ids[:SHORTLIST]), *ids[SHORTLIST:]]))
        return list(found)[:limit]

    def _by_name(self, typed: str, ids: Sequence[str]) -> list[str]:
        """A shortlist in the order of likeness to a name; equals stay as they were ranked."""

        def likeness(service_id: str) -> float:
            guide = self.guide(service_id)
            names = (guide.name, *guide.aliases)
            return max(fuzz.ratio(typed, name) for name in names) // NOTICEABLE

        return sorted(ids, key=likeness, reverse=True)

    def _initials(self) -> Initials:
        if self._names is None:
            self._names = Initials(
                (name, guide.service_id)
                for guide in self.guides
                for name in (guide.name, *guide.aliases)
            )
        return self._names
