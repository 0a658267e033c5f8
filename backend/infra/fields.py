"""Columns that mean what they say.

`UtcDatetimeField`: every moment is stored in UTC, so that SQLite (which keeps and compares text)
and PostgreSQL agree; in filters too. A naive datetime is refused with ValueError.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tortoise.fields import DatetimeField
from tortoise.models import Model

from backend.core.clock import to_utc

if TYPE_CHECKING:
    Base = DatetimeField[datetime]
else:
    Base = DatetimeField


class UtcDatetimeField(Base):
    """A moment, set by hand from `core.clock`: there is no `auto_now` here."""

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.pop("auto_now", False) or kwargs.pop("auto_now_add", False):
            raise TypeError("Set it from core.clock")
        super().__init__(**kwargs)

    def to_db_value(self, value: Any, instance: type[Model] | Model) -> Any:
        if isinstance(value, datetime):
            value = to_utc(value)
        return super().to_db_value(value, instance)

    def to_python_value(self, value: Any) -> Any:
        # Tortoise would take a naive moment for UTC, and so be eight hours wrong without a word.
        if isinstance(value, datetime):
            value = to_utc(value)
        return super().to_python_value(value)
