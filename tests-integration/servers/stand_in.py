"""The hosts that documentation and examples name, on this machine: one server for http, one for https, all names in one application.

Programs run unchanged, in a process of their own (`name_server.py`) where every name is resolved to these two.
"""

import contextlib
import ssl
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import trustme

from servers.demo import demo
from servers.stand_in_pages import application

Server = demo("server").Server


class StandIn(NamedTuple):
    """Where the names lead to."""

    http: int
    https: int
    authority: Path
    """The certificate that the https server's is signed by."""

    def command(self, *arguments: str) -> list[str]:
        """A Python that runs `arguments` (a program, or a Markdown file) with all names leading here; warnings are errors."""
        program = str(Path(__file__).with_name("name_server.py"))
        return [sys.executable, "-W", "error", program, str(self.http), str(self.https), *arguments]


@contextlib.contextmanager
def run_stand_in(folder: Path, names: Iterable[str]) -> Iterator[StandIn]:
    """Start both servers; the certificate is good for `names`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "authority.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    with Server(application) as plain, Server(application) as secure:
        secure.socket = context.wrap_socket(secure.socket, server_side=True, do_handshake_on_connect=False)
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
            for server in (plain, secure)
        ]
        for thread in threads:
            thread.start()
        try:
            yield StandIn(plain.server_port, secure.server_port, folder / "authority.pem")
        finally:
            for server, thread in zip((plain, secure), threads, strict=True):
                server.shutdown()
                thread.join()
