"""From guides to YAML a person likes to edit: schema order, no defaults, short lists inline."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any

import yaml
from pydantic import BaseModel

from knowledge.schema import Guide, SituationalFact

SAID_LAST = frozenset(SituationalFact.model_fields)  # what the fact is comes before where it holds
INLINE_LIST = 160  # a list of short words up to this length stands on one line


class _Inline(list[Any]):
    """A list written as [a, b]."""


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key and never writes anchors."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _represent_inline(dumper: yaml.SafeDumper, items: _Inline) -> yaml.SequenceNode:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=True)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(_Inline, _represent_inline)


def render_guides(guides: Iterable[Guide]) -> str:
    """One YAML document per guide, separated by `---`."""
    return "---\n".join(render_guide(guide) for guide in guides)


def render_guide(guide: Guide) -> str:
    """A guide as YAML; reading it again gives the same guide."""
    return yaml.dump(
        to_plain(guide), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000
    )


def to_plain(element: BaseModel) -> dict[str, Any]:
    """The element as plain values in schema order, without what equals the default."""
    plain: dict[str, Any] = {}
    fields = type(element).model_fields
    for name in sorted(fields, key=SAID_LAST.__contains__):
        value, info = getattr(element, name), fields[name]
        if info.is_required() or value != info.default:
            plain[name] = _plain(value)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return to_plain(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        items = [_plain(item) for item in value]
        return _Inline(items) if _fits_a_line(items) else items
    return value


def _fits_a_line(items: list[Any]) -> bool:
    if not all(isinstance(item, str | int | date) and "\n" not in str(item) for item in items):
        return False
    return sum(len(str(item)) + 2 for item in items) <= INLINE_LIST


def equal_but_for_version(one: Guide, other: Guide) -> bool:
    """Whether two guides say the same."""
    return one.model_copy(update={"version": other.version}) == other
