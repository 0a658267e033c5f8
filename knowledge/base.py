"""The knowledge base: a folder of guides and FAQ entries, loaded once per worker and asked often.

Guides are kept as JSON bytes and read back when asked for, so that 20,000 of them fit into a small
worker. Reading a folder of YAML is slow; the outcome is kept in a cache file whose name is the
digest of everything it was made from, so a changed guide can never meet an old index.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import orjson

from knowledge.index import Index, build_index, dump_index, load_index, weight_of
from knowledge.loader import FaqEntry, load_faq, load_guides
from knowledge.passages import entry_of_faq, entry_of_guide
from knowledge.schema import Guide
from knowledge.search import Ranking, search
from knowledge.spelling import Correction, Initials, Speller, pinyin
from knowledge.tokens import Kind, Lexicon, Tokenizer

GUIDES_IN_MEMORY = 512
GUIDES_DIR = Path(__file__).parent / "guides"
LATIN = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question after reading: canonical words, search terms and what was mended on the way."""

    words: tuple[str, ...]
    terms: Mapping[str, Kind]
    corrections: tuple[Correction, ...] = ()


class KnowledgeBase:
    """What we know, and how it is found. Immutable; safe to share between tasks."""

    def __init__(
        self,
        guides: Mapping[str, bytes],
        faq: Sequence[FaqEntry],
        index: Index,
        extra_words: Sequence[str],
    ) -> None:
        self._guides = guides
        self._faq = {entry.id: entry for entry in faq}
        self._index = index
        self.tokenizer = Tokenizer(Lexicon.load(), extra_words)
        self.guide = lru_cache(GUIDES_IN_MEMORY)(self._read_guide)
        lexicon = self.tokenizer.lexicon
        self._speller = Speller(_word_counts(index), lexicon.stop | lexicon.ask)
        self._names: Initials | None = None

    @classmethod
    def load(cls, folder: Path = GUIDES_DIR, *, cache: Path | None = None) -> KnowledgeBase:
        """Read a folder of guides and FAQ entries, or the cache made from exactly that folder.

        Raises:
            BadKnowledge: the content cannot be used; every problem is listed.
        """
        kept = cache / f"knowledge-{_digest(folder)}.bin" if cache else None
        if kept and (known := _restore(kept)):
            return cls(*known)
        guides, faq = load_guides(folder), load_faq(folder)
        parts = _build(guides, faq)
        if kept:
            _keep(kept, *parts)
        return cls(*parts)

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
        return Question(tuple(words), self.tokenizer.terms_of_words(words), corrections)

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

    def knows(self, word: str) -> bool:
        """Whether any entry contains this canonical word."""
        return word in self._index.vocabulary

    def search_guides(self, text: str, *, limit: int = 200) -> list[str]:
        """Guides for a search box: by name, everyday alias, pinyin, its initials, typing errors."""
        typed = text.strip().lower().replace(" ", "")
        found: dict[str, None] = {}
        if LATIN.fullmatch(typed):
            found.update(dict.fromkeys(self._initials().find(typed, limit=limit)))
        hits = self.rank(self.read(text).terms, limit=limit).hits
        best = hits[0].score if hits else 0.0
        found.update(dict.fromkeys(h.id for h in hits if h.score >= best / 4))
        return [id_ for id_ in found if id_ in self._guides][:limit]

    def _initials(self) -> Initials:
        if self._names is None:
            self._names = Initials(
                (name, guide.service_id)
                for guide in self.guides
                for name in (guide.name, *guide.aliases)
            )
        return self._names


Parts = tuple[dict[str, bytes], tuple[FaqEntry, ...], Index, tuple[str, ...]]


def _build(guides: Sequence[Guide], faq: Sequence[FaqEntry]) -> Parts:
    extra_words = tuple(sorted(_names_of_things(guides)))
    tokenizer = Tokenizer(Lexicon.load(), extra_words)
    entries = [*map(entry_of_guide, guides), *map(entry_of_faq, faq)]
    stored = {g.service_id: g.model_dump_json(exclude_defaults=True).encode() for g in guides}
    return stored, tuple(faq), build_index(entries, tokenizer), extra_words


def _names_of_things(guides: Iterable[Guide]) -> set[str]:
    """Certificates and forms by name: words jieba would cut to pieces."""
    names = {result.name for guide in guides for result in guide.results}
    names |= {material.name for guide in guides for material in guide.materials}
    return {name for name in names if 3 <= len(name) <= 6 and pinyin(name) and name.isalpha()}


def _word_counts(index: Index) -> Counter[str]:
    """How many phrases contain each word of the phrases' vocabulary."""
    counts = np.diff(index.phrases.offsets)
    return Counter(
        {
            word: int(counts[number])
            for word, number in index.vocabulary.items()
            if counts[number] > 0 and len(word) > 1
        }
    )


def _digest(folder: Path) -> str:
    """Of every content file and of the code that reads them."""
    digest = hashlib.sha256()
    code = Path(__file__).parent
    for path in sorted([*code.glob("*.py"), *code.glob("lexicon/*.txt")]):
        digest.update(path.read_bytes())
    for path in sorted([*folder.rglob("*.yaml"), *folder.glob("faq.jsonl")]):
        stat = path.stat()
        name = path.relative_to(folder)
        digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]


def _keep(
    path: Path,
    guides: Mapping[str, bytes],
    faq: Sequence[FaqEntry],
    index: Index,
    words: Sequence[str],
) -> None:
    """Write the cache whole or not at all, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("index", dump_index(index))
        archive.writestr("guides", b"\n".join(guides.values()))
        archive.writestr("ids", "\n".join(guides))
        archive.writestr("faq", orjson.dumps([asdict(entry) for entry in faq]))
        archive.writestr("words", "\n".join(words))
    draft = path.with_suffix(f".{os.getpid()}.tmp")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(buffer.getvalue())
    draft.replace(path)


def _restore(path: Path) -> Parts | None:
    """What `_keep` wrote; None if there is nothing usable."""
    try:
        with zipfile.ZipFile(path) as archive:
            ids = archive.read("ids").decode().split("\n")
            guides = archive.read("guides").split(b"\n")
            faq = tuple(
                FaqEntry(**{**entry, "similar": tuple(entry["similar"])})
                for entry in orjson.loads(archive.read("faq"))
            )
            words = tuple(archive.read("words").decode().split("\n"))
            stored = dict(zip(ids, guides, strict=True)) if ids != [""] else {}
            return stored, faq, load_index(archive.read("index")), words
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
