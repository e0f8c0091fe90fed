"""What others' parsers and writers need: servers of theirs, and one that keeps what it is sent."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "restkit-node"
NODE_HINT = f"run: npm install --prefix {CACHE} busboy@1.6.0 formidable@3.5.4"


def lacking(what: str, hint: str) -> None:
    """Skip with the hint; fail where nothing may be skipped."""
    message = f"{what} is not installed; {hint}"
    pytest.fail(message) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(message)


@contextmanager
def served(command: list[str]) -> Iterator[str]:
    """The address of a server that prints its port and runs until it is killed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield f"127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.kill()


@pytest.fixture(scope="session")
def node_readers() -> Iterator[str]:
    """host:port of busboy and formidable."""
    node = shutil.which("node")
    if node is None or not all((CACHE / "node_modules" / name).is_dir() for name in ("busboy", "formidable")):
        lacking("node with busboy and formidable", NODE_HINT)
    with served([node, str(HERE / "node_readers.cjs"), str(CACHE)]) as address:
        yield address


@pytest.fixture(scope="session")
def aiohttp_reader() -> Iterator[str]:
    """host:port of aiohttp's reader."""
    with served([sys.executable, str(HERE / "aiohttp_reader.py")]) as address:
        yield address


@pytest.fixture(scope="session")
def curl() -> str:
    """The path of curl."""
    program = shutil.which("curl")
    if program is None:
        lacking("curl", "run: apt-get install curl")
    return program


class Keeper(BaseHTTPRequestHandler):
    """Answers every POST with 204 and keeps its type and body."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.kept.append((self.headers["Content-Type"], body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_) -> None:
        """Quiet."""


@pytest.fixture
def keeper() -> Iterator[ThreadingHTTPServer]:
    """A server; `keeper.kept` is what it was sent, `keeper.url` where it is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Keeper)
    server.kept = []
    server.url = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()
