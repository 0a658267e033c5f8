"""The import contracts of pyproject.toml hold, and each of them notices when it is broken."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import grimp
import pytest
from importlinter.application import use_cases
from importlinter.configuration import configure
from importlinter.domain.contract import Contract, registry

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
# One illegal import for every contract, and for every rule of the layers that is easily broken.
ILLEGAL = [
    ("flow", "backend.core.errors", "backend.infra.db"),
    ("flow", "backend.infra.db", "backend.domains.catalogue.types"),
    ("flow", "backend.domains.identity.service", "backend.domains.catalogue.service"),
    ("flow", "backend.domains.catalogue.service", "backend.domains.conversations.service"),
    ("flow", "backend.domains.catalogue.service", "bot.engine"),
    ("flow", "bot.engine", "channels.base"),
    ("flow", "channels.base", "backend.app.wiring"),
    ("flow", "channels.base", "backend.adapters.sessions"),
    ("flow", "backend.app.wiring", "backend.cli"),
    ("flow", "knowledge.schema", "backend.core.errors"),
    ("flow", "knowledge.schema", "bot.messages"),
    ("anatomy", "backend.domains.catalogue.types", "backend.domains.catalogue.service"),
    ("anatomy", "backend.domains.catalogue.rules", "backend.domains.catalogue.repository"),
    ("anatomy", "backend.domains.catalogue.service", "backend.domains.catalogue.routes"),
    ("siblings", "channels.wechat.adapter", "channels.console.adapter"),
    ("orm", "backend.domains.catalogue.service", "backend.domains.catalogue.models"),
    ("orm", "backend.app.seeding", "backend.domains.catalogue.models"),
    ("repos", "backend.domains.catalogue.routes", "backend.domains.catalogue.repository"),
    ("settings", "channels.wechat.build", "backend.settings"),
    ("no-http", "bot.engine", "sanic"),
    ("no-http", "backend.domains.catalogue.service", "sanic"),
    ("no-http", "backend.infra.db", "sanic"),
    ("no-orm", "backend.domains.catalogue.service", "tortoise"),
    ("no-orm", "bot.engine", "tortoise"),
    ("sdk-wechat", "bot.engine", "wechatpy"),
    ("nlp", "bot.engine", "jieba"),
    ("nlp", "knowledge.search", "jieba"),
]


@pytest.fixture(scope="module")
def contracts() -> dict[str, Contract]:
    configure()
    options = use_cases.read_user_options(str(PYPROJECT))
    use_cases._register_contract_types(options)
    return {
        given["id"]: registry.get_contract_class(given["type"])(
            name=given["name"], session_options=options.session_options, contract_options=given
        )
        for given in options.contracts_options
    }


def is_kept(contract: Contract, graph: grimp.ImportGraph) -> bool:
    # A check takes the imports it ignores out of the graph it is given.
    return contract.check(graph=deepcopy(graph), verbose=False).kept


def test_every_contract_holds(contracts: dict[str, Contract], graph: grimp.ImportGraph) -> None:
    assert [name for name, contract in contracts.items() if not is_kept(contract, graph)] == []


def test_every_contract_is_proven_below(contracts: dict[str, Contract]) -> None:
    assert {name for name, _, _ in ILLEGAL} == set(contracts)


@pytest.mark.parametrize(("name", "importer", "imported"), ILLEGAL)
def test_an_illegal_import_is_noticed(
    contracts: dict[str, Contract],
    graph: grimp.ImportGraph,
    name: str,
    importer: str,
    imported: str,
) -> None:
    assert {importer, imported} <= graph.modules, "the example has become meaningless"
    broken = deepcopy(graph)
    broken.add_import(importer=importer, imported=imported)

    assert not is_kept(contracts[name], broken)
