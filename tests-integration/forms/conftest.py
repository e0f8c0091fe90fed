"""What others' parsers and writers need: servers of theirs, and one that keeps what it is sent."""

import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from servers.process import running
from servers.requirements import require_node_module, require_program

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="session")
def node_readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of busboy and formidable."""
    node = require_program("node", "apt-get install nodejs npm")
    modules = [str(require_node_module(name)) for name in ("busboy", "formidable")]
    program = [node, str(HERE / "node_readers.cjs"), *modules]
    with running(lambda ports: [*program, str(ports[0])], tmp_path_factory.mktemp("node")) as (port,):
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def aiohttp_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """host:port of aiohttp's reader."""
    program = [sys.executable, str(HERE / "aiohttp_reader.py")]
    with running(lambda ports: [*program, str(ports[0])], tmp_path_factory.mktemp("aiohttp")) as (port,):
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def curl() -> str:
    """The path of curl."""
    return require_program("curl", "apt-get install curl")


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
