"""Everything made from a folder of guides, and the cache that spares making it again.

The cache is a folder named by the digest of all it was made from, so a changed guide (or a changed
rule for reading guides) can never meet an old index. Guides are mapped into memory from there:
workers share the pages, and 20,000 guides cost a worker next to nothing.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.index import Index, build_index, load_index, save_index
from knowledge.loader import FaqEntry, load_faq, load_guides
from knowledge.passages import Entry, entry_of_faq, entry_of_guide
from knowledge.schema import Guide
from knowledge.spelling import pinyin
from knowledge.tokens import Kind, Lexicon, Tokenizer, rare_words_in

OFTEN = 0.25  # share of a guide's names a word must stand in to be what the guide is about
LONGEST_THING = 6  # characters of a certificate's name that jieba should not cut


@dataclass(frozen=True, slots=True)
class GuideStore(Mapping[str, bytes]):
    """Guides as JSON, one after another in one buffer."""

    numbers: Mapping[str, int]
    buffer: bytes | mmap.mmap
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, guides: Sequence[Guide]) -> GuideStore:
        """Keep guides as JSON without their defaults."""
        stored = [guide.model_dump_json(exclude_defaults=True).encode() for guide in guides]
        lengths = np.fromiter(map(len, stored), dtype=np.int64, count=len(stored))
        offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
        return cls({g.service_id: n for n, g in enumerate(guides)}, b"".join(stored), offsets)

    def __getitem__(self, service_id: str) -> bytes:
        number = self.numbers[service_id]
        return self.buffer[int(self.offsets[number]) : int(self.offsets[number + 1])]

    def __iter__(self) -> Iterator[str]:
        return iter(self.numbers)

    def __len__(self) -> int:
        return len(self.numbers)


@dataclass(frozen=True, slots=True)
class Content:
    """The guides and FAQ entries of a folder, indexed."""

    guides: GuideStore
    faq: tuple[FaqEntry, ...]
    index: Index
    extra_words: tuple[str, ...]  # words of the guides that jieba must not cut
    words: Mapping[str, int]  # words of the phrases, with how many phrases contain them
    things: frozenset[str]  # what the services are about, without what is done to it


def load_content(folder: Path, *, cache: Path | None) -> Content:
    """Read a folder, or the cache made from exactly that folder.

    Raises:
        BadKnowledge: the content cannot be used; every problem is listed.
    """
    kept = cache / f"knowledge-{_digest(folder)}" if cache else None
    if kept and (content := _restore(kept)):
        return content
    content = build_content(load_guides(folder), load_faq(folder))
    if kept:
        _keep(kept, content)
    return content


def build_content(guides: Sequence[Guide], faq: Sequence[FaqEntry]) -> Content:
    """Index guides and FAQ entries. Takes about 2 ms a guide."""
    entries = [*map(entry_of_guide, guides), *map(entry_of_faq, faq)]
    rare = rare_words_in(text for entry in entries for text in (*entry.phrases, *entry.keys))
    extra_words = tuple(sorted(_names_of_things(guides) | rare))
    tokenizer = _RememberingTokenizer(Lexicon.load(), extra_words)
    return Content(
        guides=GuideStore.of(guides),
        faq=tuple(faq),
        index=build_index(entries, tokenizer),
        extra_words=extra_words,
        words=_words(entries, tokenizer),
        things=frozenset().union(*(_things(guide, tokenizer) for guide in guides)),
    )


class _RememberingTokenizer(Tokenizer):
    """Cuts every text of the guides once, though three tables are made from it."""

    def __init__(self, lexicon: Lexicon, extra_words: Iterable[str]) -> None:
        super().__init__(lexicon, extra_words)
        self._cut: dict[str, list[str]] = {}

    def words(self, text: str) -> list[str]:
        if text not in self._cut:
            self._cut[text] = super().words(text)
        return self._cut[text]


def _words(entries: Iterable[Entry], tokenizer: Tokenizer) -> Mapping[str, int]:
    """What a mistyped stretch may be mended to: whole words, never mere pairs of characters."""
    return Counter(
        term
        for entry in entries
        for phrase in entry.phrases
        for term, kind in tokenizer.terms(phrase).items()
        if kind is Kind.WORD and len(term) > 1
    )


def _things(guide: Guide, tokenizer: Tokenizer) -> frozenset[str]:
    """Words of a guide's name, and those in many of its everyday names, that are no action."""
    lexicon = tokenizer.lexicon
    names = [guide.name, *guide.aliases, *guide.phrasings]
    counts = Counter(word for name in names for word in set(tokenizer.words(name)))
    often = {word for word, count in counts.items() if count >= OFTEN * len(names)}
    named = often | set(tokenizer.words(guide.name))
    return frozenset(named - lexicon.stop - lexicon.ask - lexicon.actions - lexicon.modifiers)


def _names_of_things(guides: Iterable[Guide]) -> set[str]:
    """Certificates and forms by name: words jieba would cut to pieces."""
    names = {result.name for guide in guides for result in guide.results}
    names |= {material.name for guide in guides for material in guide.materials}
    fitting = {name for name in names if 3 <= len(name) <= LONGEST_THING}
    return {name for name in fitting if name.isalpha() and pinyin(name)}


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


def _keep(kept: Path, content: Content) -> None:
    """Write the cache whole or not at all, readable by its owner only."""
    draft = kept.with_name(f"{kept.name}.{os.getpid()}.tmp")
    draft.mkdir(parents=True, mode=0o700)
    guides = content.guides
    (draft / "guides.bin").write_bytes(guides.buffer)
    np.save(draft / "offsets.npy", guides.offsets, allow_pickle=False)
    save_index(content.index, draft / "index.npz")
    rest = {
        "ids": list(guides),
        "faq": [asdict(entry) for entry in content.faq],
        "extra_words": content.extra_words,
        "words": content.words,
        "things": sorted(content.things),
    }
    (draft / "rest.json").write_bytes(orjson.dumps(rest))
    try:
        draft.rename(kept)
    except OSError:  # another worker was faster; its cache is as good as ours
        shutil.rmtree(draft)


def _restore(kept: Path) -> Content | None:
    """What `_keep` wrote; None if there is nothing usable."""
    try:
        rest = orjson.loads((kept / "rest.json").read_bytes())
        numbers = {service_id: number for number, service_id in enumerate(rest["ids"])}
        offsets = np.load(kept / "offsets.npy", allow_pickle=False)
        guides = GuideStore(numbers, _mapped(kept / "guides.bin"), offsets)
        faq = tuple(
            FaqEntry(**{**entry, "similar": tuple(entry["similar"])}) for entry in rest["faq"]
        )
        return Content(
            guides=guides,
            faq=faq,
            index=load_index(kept / "index.npz"),
            extra_words=tuple(rest["extra_words"]),
            words=rest["words"],
            things=frozenset(rest["things"]),
        )
    except (OSError, KeyError, ValueError, TypeError):
        return None


def _mapped(path: Path) -> bytes | mmap.mmap:
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
