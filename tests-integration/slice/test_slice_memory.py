"""A gibibyte passes through in less than 60 MiB of memory, in both directions, of known length and chunked."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from servers.nginx import Nginx

GIB = 1 << 30
MOST = 60 * 1024
"""KiB of resident memory, interpreter included."""

MEASURE = Path(__file__).with_name("measure_memory.py")


@pytest.fixture
def sparse(nginx: Nginx) -> Path:
    """1 GiB that takes no room on the disk."""
    path = nginx.files / "sparse.bin"
    with path.open("wb") as file:
        file.truncate(GIB)
    return path


def measured(*arguments: str) -> int:
    """Do a transfer of 1 GiB in a process of its own; returns its peak in KiB."""
    command = [sys.executable, str(MEASURE), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert figures["length"] == GIB
    return int(figures["peak"])


@pytest.mark.timeout(120)
def test_posting_a_sparse_file(sparse: Path, gunicorn: str) -> None:
    assert measured("upload", gunicorn + "/echo", str(sparse)) < MOST


@pytest.mark.timeout(120)
def test_posting_a_generator(gunicorn: str) -> None:
    assert measured("upload_blocks", gunicorn + "/echo", str(GIB // 65536)) < MOST


@pytest.mark.timeout(120)
def test_getting_a_file(sparse: Path, nginx: Nginx) -> None:
    assert measured("download", f"{nginx.url}/{sparse.name}") < MOST


@pytest.mark.timeout(120)
def test_getting_chunks(gunicorn: str) -> None:
    assert measured("download", f"{gunicorn}/blocks?count={GIB // 65536}") < MOST
