"""Through a proxy: a connection to it, and a tunnel to the origin where one is needed (RFC 9110 §9.3.6).

    http origin, http(s) proxy     no tunnel: the request itself goes to the proxy, in absolute form
    https origin, http(s) proxy    CONNECT, then TLS with the origin inside
    socks4a, socks5, socks5h       python-socks speaks the protocol, over our socket and our waits

TLS to the proxy is verified for the proxy's own name; a dead proxy is never gone around.
"""

from __future__ import annotations

from restkit_parser import (
    ParserError,
    RestkitError,
    parse_response_head,
    response_head_end,
    write_request_head,
)

from . import opening
from .errors import ConnectError, ProxyConnectError, ProxyError, ResolveError
from .sockets import READ, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .connection import Connection
    from .proxy_rules import ProxyUrl
    from .settings import Settings
    from .timeouts import Phase

__all__ = ["Link", "ask", "connect_through"]

# The head of a proxy's answer, and what is kept of its body for the error: enough to see why it refused.
MAX_ANSWER = 65_536
MAX_ERROR_BODY = 4_096


def connect_through(proxy: ProxyUrl, connection: Connection, phase: Phase) -> tuple[Any, Any, float]:
    """A connected socket to the connection's host through a proxy; returns as `opening.connect`.

    Raises:
        ProxyConnectError: the proxy can not be reached.
        ProxyError: it refuses, or does not speak its protocol.
        ConnectTimeout: time is up.
    """
    settings = connection.settings
    try:
        sock, address, resolved = opening.connect(proxy.host, proxy.port, settings, phase)
    except (ConnectError, ResolveError) as error:
        raise ProxyConnectError(f"proxy {proxy}: {error}") from error
    try:
        if proxy.scheme.startswith("socks"):
            from .socks import ask_socks

            ask_socks(Link(sock, settings, phase), proxy, connection.host, connection.port)
        elif proxy.scheme == "https":
            sock = _secure(sock, proxy, connection, phase)
        if connection.is_ssl and not proxy.scheme.startswith("socks"):
            Link(sock, settings, phase).tunnel(_connect_head(proxy, connection), str(proxy))
    except BaseException:
        sock.close()
        raise
    return sock, address, resolved


def _secure(sock: Any, proxy: ProxyUrl, connection: Connection, phase: Phase) -> Any:
    from .errors import TLSError
    from .tls import wrap

    settings = connection.settings
    try:
        return wrap(sock, proxy.host, proxy.port, settings.tls, settings.backend, phase)
    except TLSError as error:
        raise ProxyConnectError(f"proxy {proxy}: {error}") from error


def _connect_head(proxy: ProxyUrl, connection: Connection) -> bytes:
    host = f"[{connection.host}]" if ":" in connection.host else connection.host
    authority = f"{host}:{connection.port}"
    fields = [("Host", authority), ("User-Agent", "restkit/5.0.0")]
    if proxy.credentials is not None:
        from .filters.basic import basic_credentials

        fields.append(("Proxy-Authorization", basic_credentials(*proxy.credentials)))
    return write_request_head("CONNECT", authority, fields)


def ask(sock: Any, connection: Connection, phase: Phase) -> None:
    """Send the connection's ready-made CONNECT over a socket, and read the answer; the socket is closed when that fails.

    Raises:
        ProxyError: it is no 2xx.
    """
    pieces = connection.proxy_pieces or b""
    head = pieces.encode("latin-1") if isinstance(pieces, str) else pieces
    try:
        Link(sock, connection.settings, phase).tunnel(head, f"{connection.host}:{connection.port}")
    except BaseException:
        sock.close()
        raise


class Link:
    """A socket to a proxy while the tunnel is being asked for."""

    __slots__ = ("phase", "settings", "sock")

    def __init__(self, sock: Any, settings: Settings, phase: Phase) -> None:
        self.sock = sock
        self.settings = settings
        self.phase = phase

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises ProxyError, ConnectTimeout."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._do(self.sock.send, rest, WRITE) :]

    def recv(self, size: int) -> bytes:
        """Receive up to `size` bytes, b"" at the end. Raises ProxyError, ConnectTimeout."""
        data: bytes = self._do(self.sock.recv, size, READ)
        return data

    def tunnel(self, head: bytes, name: str) -> None:
        """Send a CONNECT, and read the answer. Raises ProxyError, ConnectTimeout."""
        self.send(head)
        data = bytearray()
        while True:
            end = self._answer(data, name)
            answer = self._parse(bytes(data[:end]), name)
            del data[:end]
            if answer.status >= 200:
                break
        if answer.status >= 300:
            body = bytes(data) or self._some_body(answer)
            raise ProxyError(
                f"proxy {name} refused the tunnel: {answer.status} {answer.reason}",
                answer.status,
                body[:MAX_ERROR_BODY],
            )
        if data:
            # What comes before TLS begins would be taken for the origin's (CVE-2021-38371's class).
            raise ProxyError(
                f"proxy {name} sent {len(data)} bytes into the tunnel before it was used", answer.status
            )

    def _answer(self, data: bytearray, name: str) -> int:
        while True:
            try:
                end = response_head_end(data, 0, len(data))
            except RestkitError as error:
                raise ProxyError(f"proxy {name} did not answer in HTTP: {error}") from error
            if end >= 0:
                return end
            if len(data) > MAX_ANSWER:
                raise ProxyError(f"proxy {name} answered with a head of more than {MAX_ANSWER} bytes")
            block = self.recv(MAX_ERROR_BODY)
            if not block:
                raise ProxyError(f"proxy {name} closed the connection before it answered")
            data += block

    @staticmethod
    def _parse(head: bytes, name: str) -> Any:
        try:
            return parse_response_head(head)
        except (RestkitError, ParserError) as error:
            raise ProxyError(f"proxy {name} did not answer in HTTP: {error}") from error

    def _some_body(self, answer: Any) -> bytes:
        """What is there of the body of a refusal; nothing is waited for."""
        if answer.headers.get("content-length") == "0":
            return b""
        try:
            block: bytes = self.sock.recv(MAX_ERROR_BODY)
        except OSError:
            return b""
        return block

    def _do(self, operation: Any, argument: Any, events: int) -> Any:
        from .stream import wanted

        while True:
            try:
                return operation(argument)
            except OSError as error:
                wants = wanted(error)
                if not wants:
                    raise ProxyError(
                        f"the connection to the proxy broke: {error.strerror or error}"
                    ) from error
                if not self.settings.backend.wait(
                    self.sock.fileno(), events if wants < 0 else wants, self.phase.left()
                ):
                    raise self.phase.expired() from None
