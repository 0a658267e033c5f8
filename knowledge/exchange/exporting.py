"""`knowledge export`: a folder of guides as a workbook, CSV files or one YAML file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from knowledge.exchange.columns import GUIDE_SHEET
from knowledge.exchange.files import write_file, write_files
from knowledge.exchange.sheets import render_csv, render_csv_set, render_workbook, zip_bytes
from knowledge.exchange.store import Progress
from knowledge.exchange.yaml_out import render_guides
from knowledge.loader import load_guides
from knowledge.schema import Guide


def export_folder(folder: Path, to: Path, *, progress: Progress | None = None) -> int:
    """Write all guides of a folder; the form follows from the suffix. Returns how many.

    .xlsx a workbook · .zip all sheets as CSV · .csv the sheet of the guides only ·
    .yaml one file of YAML documents · without suffix a folder of CSV files

    Raises:
        BadKnowledge: the folder cannot be loaded.
        ValueError: the suffix is not known, or a text is too long for a cell.
    """
    guides = load_guides(folder)
    if progress is not None:
        progress(0, len(guides))
    suffix = to.suffix.lower()
    if suffix:
        write_file(to, _content(suffix, guides))
    else:
        write_files({to / name: content for name, content in render_csv_set(guides).items()})
    if progress is not None:
        progress(len(guides), len(guides))
    return len(guides)


def _content(suffix: str, guides: Sequence[Guide]) -> bytes:
    if suffix == ".xlsx":
        return render_workbook(guides)
    if suffix == ".zip":
        return zip_bytes(render_csv_set(guides))
    if suffix == ".csv":
        return render_csv(GUIDE_SHEET, guides)
    if suffix in (".yaml", ".yml"):
        return render_guides(guides).encode("utf-8")
    raise ValueError(f"不能导出为 {suffix}，可以是 .xlsx、.zip、.csv、.yaml 或一个文件夹")
