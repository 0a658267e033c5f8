"""Halls and their windows in the database; gives back values, never rows."""

from __future__ import annotations

from collections.abc import Iterable

from backend.domains.catalogue.models import HallRow, WindowRow
from backend.domains.catalogue.types import Hall, Window

_OWN_COLUMNS = (
    "name",
    "address",
    "latitude",
    "longitude",
    "hours",
    "phone",
    "transit",
    "note",
)


class HallRepository:
    """The only reader and writer of the hall tables."""

    async def list_all(self) -> tuple[Hall, ...]:
        """All halls in the order the office gave them."""
        rows = await HallRow.all().order_by("position", "hall_id")
        windows = await WindowRow.all().order_by("window_no").values()
        return tuple(
            _to_hall(row, [w for w in windows if w["hall_id"] == row.hall_id]) for row in rows
        )

    async def find(self, hall_id: str) -> Hall | None:
        """The hall, or None."""
        row = await HallRow.get_or_none(hall_id=hall_id)
        if row is None:
            return None
        windows = await WindowRow.filter(hall_id=hall_id).order_by("window_no").values()
        return _to_hall(row, windows)

    async def save(self, hall: Hall, *, position: int) -> None:
        """Create the hall or replace what is known about it; its windows become exactly these."""
        columns = {name: getattr(hall, name) for name in _OWN_COLUMNS}
        await HallRow.update_or_create(columns | {"position": position}, hall_id=hall.hall_id)
        await WindowRow.filter(hall_id=hall.hall_id).delete()
        for window in hall.windows:
            await WindowRow.create(
                hall_id=hall.hall_id,
                window_no=window.window_no,
                name=window.name,
                floor=window.floor,
                departments=list(window.departments),
            )


def _to_hall(row: HallRow, windows: Iterable[dict[str, object]]) -> Hall:
    columns = {name: getattr(row, name) for name in _OWN_COLUMNS}
    return Hall(hall_id=row.hall_id, windows=tuple(map(_to_window, windows)), **columns)


def _to_window(values: dict[str, object]) -> Window:
    departments = values["departments"]
    assert isinstance(departments, list)
    return Window(
        window_no=str(values["window_no"]),
        name=str(values["name"]),
        floor=str(values["floor"]),
        departments=tuple(departments),
    )
