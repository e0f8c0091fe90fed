"""pouchdb-server, in memory: a CouchDB-compatible server that npm brings."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from servers.process import running
from servers.requirements import require_node_module, require_program


@contextlib.contextmanager
def run_pouchdb(folder: Path) -> Iterator[str]:
    """Start it with empty databases in memory; yields its URL."""
    node = require_program("node", "apt-get install nodejs npm")
    program = require_node_module("pouchdb-server") / "bin" / "pouchdb-server"

    def command(ports: list[int]) -> list[str]:
        where = ["--port", str(ports[0]), "--host", "127.0.0.1", "--config", str(folder / "config.json")]
        return [node, "--no-deprecation", str(program), "--in-memory", "--no-stdout-logs", *where]

    with running(command, folder) as (port,):
        yield f"http://127.0.0.1:{port}"
