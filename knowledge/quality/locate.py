"""The row of an element in its YAML file. Looked up only for what was found: cheap."""

from __future__ import annotations

from pathlib import Path

import yaml

from knowledge.quality.finding import Where

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where there is one


class Locator:
    """Rows of elements, one file in memory at a time."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._documents: dict[int, yaml.Node] = {}

    def row_of(self, path: Path, *, document_row: int, where: Where) -> int:
        """The row an element begins on; of the nearest element around it, if it is not written."""
        node = self._nodes(path).get(document_row)
        if node is None:
            return document_row
        row = document_row
        for step in where:
            child = _child(node, step)
            if child is None:
                break
            row, node = child
        return row

    def _nodes(self, path: Path) -> dict[int, yaml.Node]:
        if path != self._path:
            text = path.read_bytes().decode("utf-8-sig")
            nodes = yaml.compose_all(text, Loader=_LOADER)
            self._documents = {node.start_mark.line + 1: node for node in nodes}
            self._path = path
        return self._documents


def _child(node: yaml.Node, step: str | int) -> tuple[int, yaml.Node] | None:
    """The row and node below; the row of the key, where a clerk looks for it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == step:
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        value = node.value[step]
        return value.start_mark.line + 1, value
    return None
