"""A supervisor replaces what dies, and gives up where that does not help."""

from __future__ import annotations

import os
import socket
from functools import partial
from pathlib import Path

import pytest

from backend.app import supervisor
from backend.app.supervisor import Supervisor, WorkersKeepDying

pytestmark = pytest.mark.e2e


def note_and_die(folder: Path, _sock: socket.socket) -> None:
    (folder / str(os.getpid())).touch()
    os._exit(3)


def test_workers_that_die_of_their_start_are_not_started_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE_S", 0.01)
    with socket.create_server(("127.0.0.1", 0)) as sock, pytest.raises(WorkersKeepDying):
        Supervisor(sock, 1, partial(note_and_die, tmp_path)).run()

    assert len(list(tmp_path.iterdir())) == supervisor.GIVE_UP_AFTER + 1
