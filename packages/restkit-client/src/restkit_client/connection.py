"""One connection: opened, used by one request at a time, then released to its pool or closed.

A connection does not know what a request is. Its stream sends and receives, its head reader finds the heads of
responses, `open_body` hands it over to the reader of a body. Whose it is — a pool's, a response's, a caller's —
is said by who holds it; `release`, `close` and `detach` end the use.
"""

from __future__ import annotations

import time
import warnings
from random import random
from time import monotonic

from socketpool.conn import Connector

from restkit_parser import DEFAULT_LIMITS, list_members, response_framing

from . import opening, socketpool_repair
from .body_reader import open_reader
from .heads import HeadReader
from .settings import Settings
from .stream import Stream
from .timeouts import NO_DEADLINE, Phase
from .tls import TLSSettings, remember_session, settings_from, wrap

TYPE_CHECKING = False
if TYPE_CHECKING:
    import _socket
    import ssl
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any, BinaryIO

    from restkit_parser import Limits, ResponseHead

    from .codings.protocols import Reader
    from .messages.request import Request
    from .proxy_rules import ProxyUrl
    from .timeouts import Deadline
    from .tls import TLSFacts

__all__ = ["CHUNK_SIZE", "DNS_TIMEOUT", "MAX_BODY", "Connection"]

# The manual's constants, which programs import.
CHUNK_SIZE = 16_384
MAX_BODY = 114_688
DNS_TIMEOUT = 60

# Counts the forks of this process: a connection that was opened before the last one belongs to the parent.
fork_generation = 0

socketpool_repair.repair()


class Connection(Connector):  # type: ignore[misc]  # socketpool is untyped
    """A connection to a server (the manual's restkit.conn.Connection); it is open when the constructor returns.

    Args:
        host: name or IP literal (without brackets).
        port: the port.
        backend_mod: "thread", "gevent", "eventlet", or a module of socketpool; the settings' when left out.
        pool: where `release` puts the connection.
        is_ssl: whether to speak TLS.
        extra_headers: (name, value) pairs added to every request that is sent through this connection.
        proxy_pieces: bytes of a CONNECT request to send, and whose 2xx answer to read, before anything else.
        settings: how to connect; made from `ssl_args` when left out.
        deadline: the clock of the call that needs the connection.
        proxy: the proxy to go through.
        key: the shelf of the pool that the connection belongs to.
        user_agent: what a proxy is told when a tunnel is asked for.
        **ssl_args: the TLS settings (see `tls.TLSSettings`): keyfile, certfile, ca_certs, cert_reqs…

    Attributes:
        address: the socket address it is connected to.
        stream: the socket, and how to wait for it.
        opened: seconds that name resolution, connecting and the TLS handshake took.
        requests: how many were sent.
        idle, idle_since: whether it lies in a pool, and since when (monotonic).

    Raises:
        ResolveError, ConnectError, TLSError, CertificateError, ProxyError: it could not be opened.
        ConnectTimeout, TotalTimeout: not in time.
    """

    def __init__(
        self,
        host: str,
        port: int,
        backend_mod: Any = None,
        pool: Any = None,
        is_ssl: bool = False,
        extra_headers: Sequence[tuple[str, str]] = [],
        proxy_pieces: bytes | str | None = None,
        *,
        settings: Settings | None = None,
        deadline: Deadline = NO_DEADLINE,
        proxy: ProxyUrl | None = None,
        key: Any = None,
        user_agent: str | None = None,
        **ssl_args: Any,
    ) -> None:
        self.host = host
        self.port = port
        self.is_ssl = is_ssl
        self.extra_headers = extra_headers
        self.proxy = proxy
        self.proxy_pieces = proxy_pieces
        self.user_agent = user_agent
        # With whom TLS is spoken.
        self._peer = (host, port)
        self.settings = settings or Settings.of(backend=backend_mod or "thread", tls=TLSSettings(**ssl_args))
        self.backend_mod = backend_mod
        self.key = key
        self._pool = pool
        self._generation = fork_generation
        self._born = monotonic()
        # Spread over ten seconds, so that connections opened together do not expire together.
        self._life = time.time() - 10 * random()  # noqa: S311 - no secret
        self._keep_until: float | None = None
        self._requests_left: int | None = None
        self.idle = False
        self.idle_since = 0.0
        self.requests = 0
        # False once a request was not sent to its end, or its answer came before that.
        self.complete = True
        self.stream = self._open(deadline)
        self.heads = HeadReader(self.stream)
        self.begin(deadline)

    def _open(self, deadline: Deadline) -> Stream:
        settings = self.settings
        started = monotonic()
        via = f" through {self.proxy}" if self.proxy else ""
        phase = Phase.connecting(deadline, f"connecting to {self.host}:{self.port}{via}")
        if self.proxy is None:
            sock, self.address, resolved = opening.connect(self.host, self.port, settings, phase)
        else:
            from .tunnel import connect_through

            sock, self.address, resolved = connect_through(self.proxy, self, phase)
        connected = monotonic()
        if self.proxy_pieces:
            from .tunnel import ask

            # Host and port were the proxy's: the origin stands in the CONNECT.
            self._peer = ask(sock, self, phase)
        if self.is_ssl:
            sock = wrap(sock, *self._peer, settings.tls, settings.backend, phase)
        self.opened = (resolved - started, connected - resolved, monotonic() - connected)
        # To a proxy under TLS a plain request goes in TLS too.
        through_tls = self.proxy is not None and self.proxy.scheme == "https"
        return Stream(sock, settings.backend, self.is_ssl or through_tls)

    # -- a request's use of it

    def begin(
        self,
        deadline: Deadline,
        limits: Limits = DEFAULT_LIMITS,
        on_interim: Callable[[ResponseHead], None] | None = None,
    ) -> None:
        """Start a request: its clock, its parser's limits, and who is told of interim responses."""
        self.idle = False
        self.complete = True
        stream, heads = self.stream, self.heads
        stream.deadline = deadline
        stream.wrote = False
        heads.limits = limits
        heads.on_interim = on_interim
        heads.interim = 0

    def open_body(self, request: Request, head: ResponseHead) -> Reader:
        """The reader for the body of the response to `request`; it takes the connection over (RFC 9112 §6.3).

        Raises:
            ParserError: the body's framing is invalid; the connection is closed.
        """
        try:
            limits = self.heads.limits
            framing = response_framing(head, request.method, limits)
            keep_alive = framing.keep_alive and self.complete
            if keep_alive:
                if (request.fields and _closes(request)) or not _confirms(request, head):
                    keep_alive = False
                elif b"\nkeep-alive:" in head.lower:
                    self._note_keep_alive(head)
            return open_reader(self, framing.length, keep_alive, limits)
        except BaseException:
            self.close()
            raise

    def _note_keep_alive(self, head: ResponseHead) -> None:
        """Remember how long, and for how many requests, the server keeps the connection (RFC 2068 §19.7.1)."""
        value = head.headers.get("keep-alive")
        if not value:
            return
        for part in value.split(","):
            name, _, number = part.strip().lower().partition("=")
            # No server means more digits than these.
            if not (number.isascii() and number.isdigit() and len(number) < 10):
                continue
            if name == "timeout":
                # A second less: its FIN may be on the way while the next request is.
                self._keep_until = monotonic() + max(int(number) - 1, 0)
            elif name == "max":
                self._requests_left = int(number)

    def release(self, should_close: bool = False) -> None:
        """Give the connection back to its pool, or close it when it has none, `should_close`, or something is left unread."""
        stream = self.stream
        if should_close or self._pool is None or stream.sock is None or stream.received:
            self.close()
            return
        if self.is_ssl and self.requests <= 1:
            remember_session(stream.sock, *self._peer, self.settings.tls)
        self.idle = True
        self._pool.release_connection(self)

    def close(self) -> None:
        """Close the connection. A task that waits for it wakes up with a ClosedError."""
        stream = self.stream
        if stream.sock is None:
            return
        if self.is_parents():
            # Its pool was emptied at the fork, and counts it no more.
            stream.forget()
            return
        stream.close()
        self._count_out()

    def _count_out(self) -> None:
        discard = getattr(self._pool, "discard", None)
        if discard is not None:
            discard(self)

    def detach(self) -> tuple[_socket.socket | ssl.SSLSocket, bytes]:
        """The socket, now the caller's and blocking again, and the bytes that were already read from it.

        Raises:
            ClosedError: there is no socket any more.
        """
        sock, received = self.stream.detach()
        self._count_out()
        if not self.stream.is_ssl:
            import socket

            sock = socket.socket(fileno=sock.detach())
        if hasattr(sock, "setblocking"):
            sock.setblocking(True)
        return sock, received

    def __del__(self) -> None:
        stream = getattr(self, "stream", None)
        if stream is not None and stream.sock is not None:
            if not self.idle and not self.is_parents():
                warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)
            self.close()

    def __repr__(self) -> str:
        state = "closed" if self.stream.sock is None else "idle" if self.idle else "in use"
        return f"<Connection {'https' if self.is_ssl else 'http'}://{self.host}:{self.port} {state}>"

    @property
    def tls_facts(self) -> TLSFacts | None:
        """Version, cipher, ALPN protocol and certificate; None without TLS, or once it is closed."""
        from .tls import facts

        return facts(self.stream.sock) if self.is_ssl and self.stream.sock is not None else None

    # -- what pools ask

    def matches(self, **match_options: Any) -> bool:
        """Whether this connection serves for these arguments of the constructor (socketpool asks so)."""
        settings = match_options.get("settings")
        if settings is None:
            settings = Settings.of(backend=self.settings.backend.name, tls=settings_from(match_options))
        return (
            match_options.get("host") == self.host
            and match_options.get("port") == self.port
            and bool(match_options.get("is_ssl")) == self.is_ssl
            and settings is self.settings
            and match_options.get("proxy") == self.proxy
            and match_options.get("proxy_pieces") == self.proxy_pieces
            and list(match_options.get("extra_headers") or ()) == list(self.extra_headers)
        )

    def is_connected(self) -> bool:
        """Whether an idle connection can be used: open, ours, and nothing has come on it."""
        return self._generation == fork_generation and self.stream.is_quiet()

    def is_parents(self) -> bool:
        """Whether the connection was opened before this process was forked, and so is the parent's."""
        return self._generation != fork_generation

    def expires(self, now: float) -> bool:
        """Whether the server has said that it will have closed the connection by `now` (monotonic)."""
        return self._keep_until is not None and now >= self._keep_until

    def is_fit(self, now: float, max_lifetime: float) -> bool:
        """Whether it may be kept: it is open, a pool's, ours, younger than `max_lifetime` seconds, and has requests left."""
        return (
            self.stream.sock is not None
            and self.key is not None
            and now - self._born <= max_lifetime
            and self._generation == fork_generation
            and (self._requests_left is None or self._requests_left > 0)
        )

    def get_lifetime(self) -> float:
        """When the connection was opened, in seconds since the epoch, up to 10 s earlier."""
        return self._life

    def __lt__(self, other: Connection) -> bool:
        """The older first: socketpool sorts connections."""
        return self._life < other._life

    def invalidate(self) -> None:
        """Close the connection; socketpool's name for it."""
        self.close()

    def handle_exception(self, exception: BaseException) -> None:
        """Close the connection and raise the exception again: after an error nobody knows what comes next on it."""
        self.close()
        raise exception

    # -- the manual's sending and receiving

    def socket(self) -> Any:
        """The socket: non-blocking, and still the connection's."""
        return self.stream.sock

    def recv(self, size: int = 1024) -> bytes:
        """Receive up to `size` bytes; b"" when the peer has closed. Raises as `Stream.recv`."""
        return self.stream.recv(size)

    def send(self, data: bytes, chunked: bool = False) -> None:
        """Send bytes, all of them; as one chunk when `chunked`. Raises as `Stream.send_all`."""
        if chunked:
            self.send_chunk(data)
        else:
            self.stream.send_all(data)

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk; an empty one is the last (RFC 9112 §7.1). Raises as `Stream.send_all`."""
        from .sending import send_parts

        send_parts(self.stream, [b"%X\r\n" % len(data), data, b"\r\n"])

    def sendlines(self, lines: Iterable[bytes | str], chunked: bool = False) -> None:
        """Send the items of an iterable, as they are or each as a chunk; empty ones send nothing. Raises as `Stream.send_all`."""
        for line in lines:
            data = line.encode() if isinstance(line, str) else line
            if data:
                self.send(data, chunked)

    def sendfile(self, data: BinaryIO, chunked: bool = False) -> None:
        """Send a file from where it stands to its end, in blocks of 16 KiB; each as a chunk when `chunked`.

        Raises as `Stream.send_all`.
        """
        self.sendlines(iter(lambda: data.read(CHUNK_SIZE), b""), chunked)


def _closes(request: Request) -> bool:
    """Whether the request itself said that its connection is not to be kept (RFC 9112 §9.6)."""
    connection: str | None = request.headers.get("connection")
    return connection is not None and "close" in connection.lower()


def _confirms(request: Request, head: ResponseHead) -> bool:
    """Whether the server keeps the connection: to a request of HTTP/1.0 only when it says so (RFC 9112 §9.3, C.2.2)."""
    options = request.options
    if options is None or options.version == (1, 1):
        return True
    return "keep-alive" in list_members(head.headers.get_all("connection"))
