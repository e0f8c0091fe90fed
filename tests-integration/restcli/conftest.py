"""restcli's own fixtures: a shell in an empty folder, and a server that keeps what it is sent."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from commands import Shell
from recorder import Recorder, run_recorder


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """restcli in a folder of its own, run by a user with an empty home."""
    return Shell(tmp_path)


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that keeps every request."""
    with run_recorder() as server:
        yield server
