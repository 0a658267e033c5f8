"""`knowledge import`: files of any known format into a folder of guides, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from knowledge.exchange.assemble import Assembled, assemble
from knowledge.exchange.gdzwfw import read_items
from knowledge.exchange.sheets import read_tables
from knowledge.exchange.store import ImportReport, Progress, open_shelf, save
from knowledge.exchange.tables import Table
from knowledge.loader import BadKnowledge, Problem, read_file
from knowledge.schema import Guide

Found = tuple[Guide, str, int]  # the guide, and the file and row it was read from
TABLES = (".xlsx", ".xlsm", ".xls", ".et", ".csv", ".zip")
KNOWN = "、".join((".yaml", ".xlsx", ".csv", ".zip", ".jsonl"))


def import_files(
    paths: Sequence[Path], into: Path, *, progress: Progress | None = None
) -> ImportReport:
    """Read the files and put their guides into the folder `into`.

    `progress(done, total)` is called now and then; it counts guides.

    Raises:
        BadKnowledge: anything is wrong anywhere; nothing was changed, and everything is listed.
    """
    shelf = open_shelf(into)
    problems: list[Problem] = []
    warnings: list[Problem] = []
    guides: dict[str, Guide] = {}
    found = _read_all(paths, existing=shelf.guides, problems=problems, warnings=warnings)
    for guide, name, row in found:
        if guide.service_id in guides:
            problems.append(Problem(name, row, f"事项编号 {guide.service_id} 重复"))
        guides[guide.service_id] = guide
        _tell(progress, len(guides), 0)
    if problems:
        raise BadKnowledge(sorted(problems, key=_by_place))
    report = save(guides.values(), shelf=shelf, into=into, warnings=warnings)
    _tell(progress, len(guides), len(guides))
    return report


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


def _by_place(problem: Problem) -> tuple[str, int, str, str]:
    return problem.file, problem.row, problem.column or "", problem.message


def _read_all(
    paths: Sequence[Path],
    *,
    existing: Mapping[str, Guide],
    problems: list[Problem],
    warnings: list[Problem],
) -> Iterator[Found]:
    loose: list[Table] = []  # single CSV files belong together, as the sheets of one book
    books: list[list[Table]] = []
    for path in paths:
        suffix = path.suffix.lower()
        if not path.exists():
            problems.append(Problem(path.name, 1, "没有这个文件"))
        elif suffix in (".yaml", ".yml"):
            for guide, row in read_file(path, name=path.name, problems=problems):
                yield guide, path.name, row
        elif suffix in (".jsonl", ".ndjson"):
            yield from read_items(path, problems=problems, warnings=warnings)
        elif path.is_dir() or suffix in TABLES:
            tables = read_tables(path, problems=problems, warnings=warnings)
            loose.extend(tables) if suffix == ".csv" else books.append(tables)
        else:
            problems.append(Problem(path.name, 1, f"不认识这种文件，可以导入：{KNOWN}"))
    for book in (*books, loose):
        made = assemble(book, existing=existing, problems=problems, warnings=warnings)
        yield from (_found(one) for one in made)


def _found(one: Assembled) -> Found:
    return one.guide, one.origin.table, one.origin.row
