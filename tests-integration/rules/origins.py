"""Any number of origins on loopback: a resolver that leads every name to one plain and one TLS server, which write down what they get.

The path says what is answered: `/end` 200, `/go?to=URL` 302 to the URL, `/digest` (and `/digest?to=URL`) asks for a digest first.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, quote, urlsplit

import trustme

NAMES = ("a.example", "b.example", "sub.a.example", "bucher.example", "xn--bcher-kva.example")
CHALLENGE = (
    'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"\r\nWWW-Authenticate: Basic realm="r"\r\n'
)


class Seen(NamedTuple):
    scheme: str
    host: str
    target: str
    fields: dict[str, str]
    raw: bytes


class Origins:
    """The servers.

    Attributes:
        seen: every request, in order.
        authority: the PEM file a client has to trust.
        locations: where more paths redirect to.
        cookies: values of Set-Cookie, for every answer.
        body: the body of every answer.
    """

    def __init__(self, folder: Path) -> None:
        made = trustme.CA()
        self.authority = folder / "authority.pem"
        made.cert_pem.write_to_path(self.authority)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.issue_cert(*NAMES).configure_cert(context)
        self.seen: list[Seen] = []
        self.locations: dict[str, str] = {}
        self.cookies: list[str] = []
        self.body = ""
        self._end = threading.Event()
        self._listeners = {scheme: socket.create_server(("127.0.0.1", 0)) for scheme in ("http", "https")}
        self._threads = [
            threading.Thread(target=self._accept, args=(scheme, listener, context), daemon=True)
            for scheme, listener in self._listeners.items()
        ]
        for thread in self._threads:
            thread.start()

    def resolve(self, _host: str, port: int, _phase: object) -> list[tuple[int, tuple[str, int]]]:
        """The client's `resolver=`."""
        scheme = "https" if port == 443 else "http"
        return [(socket.AF_INET, self._listeners[scheme].getsockname())]

    def close(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join()
        for listener in self._listeners.values():
            listener.close()

    def _accept(self, scheme: str, listener: socket.socket, context: ssl.SSLContext) -> None:
        listener.settimeout(0.05)
        while not self._end.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=(scheme, connection, context), daemon=True).start()

    def _serve(self, scheme: str, connection: socket.socket, context: ssl.SSLContext) -> None:
        connection.settimeout(20)
        with contextlib.suppress(OSError):
            if scheme == "https":
                connection = context.wrap_socket(connection, server_side=True)
            with connection:
                while head := _read_head(connection):
                    connection.sendall(self._answer(scheme, head))

    def _answer(self, scheme: str, head: bytes) -> bytes:
        line, *rest = head.decode("latin-1").split("\r\n")
        _, target, _ = line.split(" ")
        fields = dict(part.split(": ", 1) for part in rest if part)
        fields = {name.lower(): value for name, value in fields.items()}
        self.seen.append(Seen(scheme, fields["host"], target, fields, head))
        parts = urlsplit(target)
        to = parse_qs(parts.query).get("to", self.locations.get(parts.path))
        status, more = "200 OK", ""
        if parts.path == "/digest" and "authorization" not in fields:
            status, more = "401 Unauthorized", CHALLENGE
        elif to:
            # A Location beyond ASCII is UTF-8 on the wire.
            status, more = "302 Found", f"Location: {to if isinstance(to, str) else to[0]}\r\n"
        more += "".join(f"Set-Cookie: {cookie}\r\n" for cookie in self.cookies)
        return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(self.body)}\r\n\r\n{self.body}".encode()


@contextlib.contextmanager
def run_origins(folder: Path) -> Iterator[Origins]:
    origins = Origins(folder)
    try:
        yield origins
    finally:
        origins.close()


def through(*urls: str, path: str = "go") -> str:
    """The URL of a chain of redirects that begins at the first URL's origin and ends at the last one's /end."""
    chained = urls[-1] + "end"
    for url in reversed(urls[:-1]):
        chained = f"{url}{path}?to={quote(chained, safe='')}"
    return chained


def _read_head(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        data = connection.recv(65536)
        if not data:
            return b""
        received += data
    return received
