"""A domain may use another domain only through its public files (what no contract can say)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

import grimp
import pytest

PUBLIC = {"service", "types", "events", "errors", "ports"}
# `rules` are pure functions of the domain's own values: adapters of its ports may build those.
ADAPTERS_TOO = {"rules"}
DOMAIN = re.compile(r"^(backend\.domains\.\w+|payments)(?:\.(\w+))?")


def private_uses(graph: grimp.ImportGraph) -> Iterator[str]:
    for importer in sorted(graph.modules):
        if importer.startswith("backend.app"):  # the composition root sees everything
            continue
        home = DOMAIN.match(importer)
        allowed = PUBLIC | (ADAPTERS_TOO if importer.startswith("backend.adapters") else set())
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            target = DOMAIN.match(imported)
            if not target or (home and home[1] == target[1]):
                continue
            if target[2] not in allowed:
                yield f"{importer} -> {imported}"


def test_domains_are_used_through_their_public_files(graph: grimp.ImportGraph) -> None:
    assert list(private_uses(graph)) == []


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("backend.domains.catalogue.service", "backend.domains.identity.repository"),
        ("backend.domains.catalogue.rules", "backend.domains.identity.rules"),
        ("bot.engine", "backend.domains.catalogue.schemas"),
        ("backend.adapters.halls", "backend.domains.catalogue.repository"),
    ],
)
def test_reaching_into_a_private_file_is_found(
    graph: grimp.ImportGraph, importer: str, imported: str
) -> None:
    broken = deepcopy(graph)
    broken.add_import(importer=importer, imported=imported)

    assert list(private_uses(broken)) == [f"{importer} -> {imported}"]
