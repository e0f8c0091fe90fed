"""What a user's type checker sees, and that the program it sees runs."""

import subprocess
import sys
from pathlib import Path

import pytest

from restkit import Client
from restkit_client import FunctionTransport
from restkit_client.transports.function import Reply

USAGE = Path(__file__).with_name("typed_usage.py")


@pytest.mark.timeout(300)
def test_mypy_strict_agrees_with_every_assertion(tmp_path: Path) -> None:
    pytest.importorskip("mypy", reason="pip install mypy")
    # From elsewhere: the repository's settings are not the user's.
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), str(USAGE)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_program_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from messages import typed_usage

    monkeypatch.chdir(tmp_path)
    typed_usage.testing()
    typed_usage.sending(Client(transport=FunctionTransport(lambda _request: Reply(200, b"content"))))
    assert (tmp_path / "file").read_bytes() == b"content"
    library = typed_usage.Library("http://h/", transport=FunctionTransport(typed_usage.answer))
    assert library.book(5) == {"title": "A book"}
    missing = typed_usage.Library("http://h/", transport=FunctionTransport(lambda _request: Reply(404)))
    assert missing.book(5) is None
