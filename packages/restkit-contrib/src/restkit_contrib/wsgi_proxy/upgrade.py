"""Upgrade (RFC 9110 §7.8) through a WSGI server that shows the client's socket: after 101 the bytes pass both ways.

WSGI has no words for it, so the head of the 101 is written to the socket here, and at the end the socket is shut
down: what the server still writes to it goes nowhere.
"""

from __future__ import annotations

import selectors
import ssl

from restkit_parser import write_response_head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from restkit_client.messages.response import Response

__all__ = ["client_socket", "switch", "wanted_protocol"]

# Under which names servers show the socket: gunicorn, Werkzeug's development server.
SOCKETS = ("gunicorn.socket", "werkzeug.socket")
BLOCK_SIZE = 65_536


def client_socket(environ: Mapping[str, Any]) -> Any:
    """The socket of the client, None when the server does not show it."""
    for name in SOCKETS:
        if environ.get(name) is not None:
            return environ[name]
    return None


def wanted_protocol(environ: Mapping[str, Any], offered: frozenset[str]) -> str | None:
    """The protocol that a request wants to switch to, when it is one of `offered` and this server can.

    A request with a body is not switched: where the body ends and the new protocol begins, proxies have disagreed.
    """
    protocol: str = environ.get("HTTP_UPGRADE", "")
    options = {option.strip().lower() for option in environ.get("HTTP_CONNECTION", "").split(",")}
    if protocol.lower() not in offered or "upgrade" not in options or environ["REQUEST_METHOD"] != "GET":
        return None
    return protocol if client_socket(environ) is not None else None


def switch(
    client: Any, response: Response, fields: list[tuple[str, str]], idle: float | None
) -> Iterator[bytes]:
    """Give the 101 to the client and pass bytes until one side ends, or nothing came for `idle` seconds; yields nothing."""
    upstream, received = response.detach()
    protocol = response.headers.get("upgrade", "")
    switching = [("Connection", "Upgrade"), ("Upgrade", protocol), *fields]
    head = write_response_head(101, response.reason, switching, (1, 1))
    try:
        _pass_both_ways(client, upstream, head + received, idle)
    finally:
        upstream.close()
        _shut_down(client)
    return iter(())


def _shut_down(sock: Any) -> None:
    try:
        sock.shutdown(2)
    except OSError:
        return


class _Direction:
    """Bytes on their way from one socket to the other; at most one block waits."""

    __slots__ = ("open", "sink", "source", "waiting")

    def __init__(self, source: Any, sink: Any, waiting: bytes = b"") -> None:
        self.source = source
        self.sink = sink
        self.waiting = waiting
        self.open = True

    def move(self) -> bool:
        """Receive and send what can be without waiting; whether something moved."""
        moved = False
        try:
            if not self.waiting:
                self.waiting = self.source.recv(BLOCK_SIZE)
                moved = True
                self.open = bool(self.waiting)
            while self.waiting:
                sent = self.sink.send(self.waiting)
                self.waiting = self.waiting[sent:]
                moved = True
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return moved
        except OSError:
            self.open = False
        return moved


def _pass_both_ways(client: Any, upstream: Any, first: bytes, idle: float | None) -> None:
    for sock in (client, upstream):
        sock.setblocking(False)
    down, up = _Direction(upstream, client, first), _Direction(client, upstream)
    with selectors.DefaultSelector() as selector:
        for sock in (client, upstream):
            selector.register(sock, selectors.EVENT_READ)
        while down.open and up.open:
            # Both are tried each time: a TLS socket may hold bytes that the system knows nothing of.
            if down.move() | up.move():
                continue
            for sock, reading, writing in ((client, up, down), (upstream, down, up)):
                events = selectors.EVENT_READ * (not reading.waiting) | selectors.EVENT_WRITE * bool(
                    writing.waiting
                )
                selector.modify(sock, events or selectors.EVENT_READ)
            if not selector.select(idle):
                return
