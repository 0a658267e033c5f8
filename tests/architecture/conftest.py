"""The import graph of the program, built once."""

from __future__ import annotations

import grimp
import pytest

ROOTS = ("backend", "bot", "channels", "payments", "knowledge")


@pytest.fixture(scope="session")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*ROOTS, include_external_packages=True, cache_dir=None)
