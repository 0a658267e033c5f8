"""Pages of a list that can grow.

A route reads `PageWish` from the query (`core.parsing.parse(PageWish, …)`), a repository uses
`.offset` and `.page_size`, a service returns `Page(items, total, wish.page, wish.page_size)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Item = TypeVar("Item")
Other = TypeVar("Other")

MAX_PAGE_SIZE = 100


class PageWish(BaseModel):
    """Which page a client asks for; pages count from 1."""

    model_config = ConfigDict(frozen=True)

    page: int = Field(default=1, ge=1, le=100_000)
    page_size: int = Field(default=20, ge=1, le=MAX_PAGE_SIZE)

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some items of `total`."""

    items: tuple[Item, ...]
    total: int
    page: int = 1
    page_size: int = 20

    def map(self, change: Callable[[Item], Other]) -> Page[Other]:
        """The same page with every item changed."""
        return Page(tuple(map(change, self.items)), self.total, self.page, self.page_size)
