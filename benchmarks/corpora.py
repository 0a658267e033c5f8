"""The guides that are measured: those shipped, real ones of a province, and 20,000 made from them.

Everything is deterministic. The province comes from `knowledge/collections/guangdong`, or from a
JSON-lines file of 广东政务服务网 named by `BENCH_GUANGDONG`; without either it is skipped, aloud.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml

from knowledge.base import GUIDES_DIR
from knowledge.exchange.gdzwfw import read_items
from knowledge.loader import load_guides
from knowledge.passages import entry_of_guide
from knowledge.schema import Guide

ROOT = Path(__file__).parents[1]
VAR = ROOT / "var" / "bench"
GOLDEN = ROOT / "tests" / "golden" / "questions.jsonl"
COLLECTION = ROOT / "knowledge" / "collections" / "guangdong"
CRAWLED = ROOT.parent / "shared" / "data" / "gdzwfw_service_items" / "items.jsonl"
SEED = 20261122
FEW, MANY = 80, 20_000
A_FILE = 200
FIRST = "青白清石龙凤云林溪河东西南北安永兴和平福"
SECOND = "山水桥塘湖岭坪湾岗泉田坝岩沟潭"
KINDS = ("镇", "乡")


def shipped() -> tuple[Guide, ...]:
    """The guides of a fresh checkout."""
    return load_guides(GUIDES_DIR)


def guangdong() -> tuple[Guide, ...]:
    """2,262 real items of a province; empty if this machine does not have them."""
    if COLLECTION.is_dir():
        return load_guides(COLLECTION)
    given = os.environ.get("BENCH_GUANGDONG")
    for path in (Path(given),) if given else (CRAWLED,):
        if path.is_file():
            found = {g.service_id: g for g, _, _ in read_items(path, problems=[], warnings=[])}
            return tuple(found[service_id] for service_id in sorted(found))
    return ()


def towns() -> tuple[str, ...]:
    """Names of towns nobody lives in, in a fixed order."""
    names = [f"{first}{second}{kind}" for kind in KINDS for first in FIRST for second in SECOND]
    random.Random(SEED).shuffle(names)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Copy:
    """A guide as one town offers it."""

    guide: Guide
    town: str
    original: Guide


def copies(originals: Sequence[Guide], count: int) -> tuple[Copy, ...]:
    """`count` guides: every original in the first town, then in the second, and so on."""
    every = (
        Copy(_moved(guide, town, number), town, guide)
        for number, town in enumerate(towns())
        for guide in originals
    )
    return tuple(islice(every, count))


def _moved(guide: Guide, town: str, number: int) -> Guide:
    changed = {
        "service_id": f"t{number}-{guide.service_id}"[:64],
        "name": f"{town}{guide.name}"[:200],
        "related": (),
    }
    return guide.model_copy(update=changed)


@dataclass(frozen=True, slots=True)
class Folder:
    """A corpus on disk: YAML for the product, plain texts for the references."""

    path: Path
    size: int

    @property
    def guides(self) -> Path:
        return self.path / "guides"

    @property
    def texts(self) -> Path:
        return self.path / "texts.jsonl"


def write(name: str, guides: Sequence[Guide], *, under: Path = VAR) -> Folder:
    """The folder of these guides; kept from an earlier run if nothing has changed."""
    plain = [guide.model_dump(mode="json", exclude_defaults=True) for guide in guides]
    digest = hashlib.sha256(json.dumps(plain).encode()).hexdigest()[:12]
    folder = Folder(under / f"corpus-{name}-{digest}", len(guides))
    if folder.texts.exists():
        return folder
    folder.guides.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, len(plain), A_FILE)):
        path = folder.guides / f"guides-{number:03}.yaml"
        path.write_text(_as_yaml(plain[start : start + A_FILE]), encoding="utf-8")
    lines = (json.dumps([g.service_id, text_of(g)], ensure_ascii=False) for g in guides)
    folder.texts.write_text("\n".join(lines), encoding="utf-8")
    return folder


def _as_yaml(plain: Iterable[object]) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump_all(plain, Dumper=dumper, allow_unicode=True, sort_keys=False))


def text_of(guide: Guide) -> str:
    """Every text the product indexes, as one document for the references."""
    entry = entry_of_guide(guide)
    body = (text for _, text in entry.body if text)
    return "\n".join((*entry.phrases, *entry.keys, *body))


def read_texts(folder: Folder) -> Iterator[tuple[str, str]]:
    """(id, document) pairs, as `write` left them."""
    with folder.texts.open(encoding="utf-8") as lines:
        for line in lines:
            service_id, text = json.loads(line)
            yield service_id, text
