"""Several items in one cell. An item that holds a separator stands in double quotes, as in CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

INLINE = "、;；\n"
LINEWISE = "\n"


def split_items(text: str, *, separators: str = INLINE) -> tuple[str, ...]:
    """The items of a cell, without blanks around them and without empty ones.

    Raises:
        ValueError: an item begins with a double quote that is never closed.
    """
    return tuple(item for item in _items(text.strip(), separators) if item)


def join_items(items: Iterable[str], *, separators: str = INLINE) -> str:
    """The opposite of `split_items`, with the first separator."""
    return separators[0].join(_quoted(item, separators) for item in items)


def _quoted(item: str, separators: str) -> str:
    if item.startswith('"') or any(mark in item for mark in separators):
        return '"' + item.replace('"', '""') + '"'
    return item


def _items(text: str, separators: str) -> Iterator[str]:
    rest = text
    while rest:
        if rest.startswith('"'):
            item, rest = _take_quoted(rest[1:])
            yield item
            rest = rest.lstrip(" \t")
            if rest and rest[0] in separators:
                rest = rest[1:]
        else:
            end = next((i for i, mark in enumerate(rest) if mark in separators), len(rest))
            yield rest[:end].strip()
            rest = rest[end + 1 :]
        rest = rest.lstrip(" \t")


def _take_quoted(text: str) -> tuple[str, str]:
    """What stands up to the closing quote, and what follows it."""
    start = 0
    while (end := text.find('"', start)) >= 0:
        if text[end + 1 : end + 2] != '"':
            return text[:end].replace('""', '"').strip(), text[end + 1 :]
        start = end + 2
    raise ValueError("双引号没有成对")
