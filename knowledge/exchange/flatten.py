"""From guides to the rows of the sheets: the opposite of `assemble`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from knowledge.exchange.cells import render_cell
from knowledge.exchange.fields import Sheet, SituationRow
from knowledge.schema import Guide


def rows_for(sheet: Sheet, guides: Iterable[Guide]) -> Iterator[tuple[str, ...]]:
    """The rows of a sheet, in the order of its headings."""
    for guide in guides:
        for element in _elements(sheet, guide):
            cells = tuple(render_cell(c, _dig(element, c.field)) for c in sheet.columns)
            yield cells if not sheet.field else (guide.service_id, *cells)


def _elements(sheet: Sheet, guide: Guide) -> Iterable[Any]:
    if not sheet.field:
        return (guide,)
    if sheet.field == "situation_groups":
        return _situation_rows(guide)
    elements: tuple[Any, ...] = getattr(guide, sheet.field)
    return elements


def _situation_rows(guide: Guide) -> Iterator[SituationRow]:
    for number, group in enumerate(guide.situation_groups, start=1):
        for option in group.options:
            yield SituationRow(
                group=number,
                question=group.question,
                multiple=group.multiple,
                **dict(option),
            )


def _dig(element: Any, path: str) -> Any:
    for name in path.split("."):
        if element is None:
            return None
        element = getattr(element, name)
    return element
