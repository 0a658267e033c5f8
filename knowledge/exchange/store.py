"""A folder of guides that takes in new ones: what is new, what changed, what stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.exchange.files import write_files
from knowledge.exchange.yaml_out import equal_but_for_version, render_guides
from knowledge.loader import BadKnowledge, Problem, read_file
from knowledge.schema import Guide

Progress = Callable[[int, int], None]  # (done, total)
MANY = 200  # more new guides than this share a file per department
UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f]+')


@dataclass(frozen=True, slots=True)
class Shelf:
    """The guides of a folder and the file each stands in."""

    guides: Mapping[str, Guide]
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, by service_id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    def __str__(self) -> str:
        return (
            f"新增 {len(self.added)} 份，更新 {len(self.changed)} 份，"
            f"未变 {len(self.unchanged)} 份，提醒 {len(self.warnings)} 条"
        )


def open_shelf(folder: Path) -> Shelf:
    """The guides of a folder; an absent folder is empty.

    Raises:
        BadKnowledge: a file already there cannot be used, so it cannot be updated either.
    """
    problems: list[Problem] = []
    guides: dict[str, Guide] = {}
    files: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.yaml")) if folder.exists() else []:
        name = str(path.relative_to(folder))
        for guide, row in read_file(path, name=name, problems=problems):
            if guide.service_id in guides:
                problems.append(Problem(name, row, f"事项编号 {guide.service_id} 重复"))
            guides[guide.service_id] = guide
            files[guide.service_id] = path
    if problems:
        raise BadKnowledge(sorted(problems))
    return Shelf(guides, files)


def save(
    incoming: Iterable[Guide], *, shelf: Shelf, into: Path, warnings: Iterable[Problem]
) -> ImportReport:
    """Put guides into the folder: a changed one gets a higher version, an equal one is left."""
    added: dict[str, Guide] = {}
    changed: dict[str, Guide] = {}
    unchanged: list[str] = []
    for guide in incoming:
        old = shelf.guides.get(guide.service_id)
        if old is None:
            added[guide.service_id] = guide
        elif equal_but_for_version(old, guide):
            unchanged.append(guide.service_id)
        else:
            changed[guide.service_id] = _newer(guide, than=old)
    write_files(_contents(added, changed, shelf=shelf, into=into))
    return ImportReport(tuple(added), tuple(changed), tuple(unchanged), tuple(sorted(warnings)))


def _newer(guide: Guide, *, than: Guide) -> Guide:
    return guide.model_copy(update={"version": max(guide.version, than.version + 1)})


def _contents(
    added: Mapping[str, Guide], changed: Mapping[str, Guide], *, shelf: Shelf, into: Path
) -> dict[Path, bytes]:
    """The whole new content of every file that has to be written."""
    places = {service_id: shelf.files[service_id] for service_id in changed}
    for service_id, guide in added.items():
        places[service_id] = _place_for(guide, into=into, many=len(added) > MANY)
    touched = set(places.values())
    members: dict[Path, dict[str, Guide]] = {path: {} for path in sorted(touched)}
    for service_id, path in shelf.files.items():
        if path in touched:
            members[path][service_id] = shelf.guides[service_id]
    for service_id, path in places.items():
        members[path][service_id] = changed.get(service_id) or added[service_id]
    return {
        path: render_guides(guides.values()).encode("utf-8") for path, guides in members.items()
    }


def _place_for(guide: Guide, *, into: Path, many: bool) -> Path:
    if not many:
        return into / f"{guide.service_id}.yaml"
    name = UNFIT.sub("", guide.department).lstrip(".")[:60] or "未分部门"
    return into / f"{name}.yaml"
