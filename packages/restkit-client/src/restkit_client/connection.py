"""One connection: a socket, how to wait for it, and what was read from it too early.

A connection is used by one request at a time. It does not know what a request is: it sends bytes, receives
bytes, and finds the head of a message among them. Whose it is — a pool's, a response's, a caller's — is said
by who holds it; `release` and `close` end the use.
"""

from __future__ import annotations

import time
import warnings
from random import random
from time import monotonic

from socketpool.conn import Connector

from restkit_parser import (
    DEFAULT_LIMITS,
    ParserError,
    parse_response_head,
    response_framing,
    response_head_end,
)
from restkit_parser.scanning import RESPONSE, HeadScanner

from . import opening, sockets
from .body_reader import open_reader
from .errors import ClosedError, IncompleteHead, ReadTimeout, RemoteDisconnected, WriteTimeout
from .failures import lost_connection
from .settings import Settings
from .sockets import READ, WRITE
from .timeouts import NO_DEADLINE, Phase
from .tls import TLSSettings, settings_from

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
    from .timings import Timings

__all__ = ["CHUNK_SIZE", "DNS_TIMEOUT", "MAX_BODY", "Connection"]

# The manual's constants, which programs import.
CHUNK_SIZE = 16_384
MAX_BODY = 114_688
DNS_TIMEOUT = 60

# One read takes the head and the whole body of a common answer; larger blocks cost more to allocate than they save.
READ_SIZE = 16_384

# Counts the forks of this process: a connection that was opened before the last one belongs to the parent.
fork_generation = 0


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
        **ssl_args: the TLS settings (see `tls.TLSSettings`): keyfile, certfile, ca_certs, cert_reqs…

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
        **ssl_args: Any,
    ) -> None:
        self._sock: Any = None
        self.host = host
        self.port = port
        self.is_ssl = is_ssl
        self.extra_headers = extra_headers
        self.proxy = proxy
        self.proxy_pieces = proxy_pieces
        self.settings = settings or Settings.of(backend=backend_mod or "thread", tls=TLSSettings(**ssl_args))
        self.backend_mod = backend_mod
        self.key = key
        self._pool = pool
        self._generation = fork_generation
        # Spread over ten seconds, so that connections opened together do not expire together.
        self._life = time.time() - 10 * random()  # noqa: S311 - no secret
        self._opened_at = monotonic()
        self._poller: Any = None
        self._received = b""
        self._waiting = False
        self.idle = False
        self.idle_since = 0.0
        self.keep_alive_until: float | None = None
        self.requests_left: int | None = None
        self.requests = 0
        self.timings: Timings | None = None
        self.wrote = False
        self.interim: Callable[[ResponseHead], None] | None = None
        self.limits: Limits = DEFAULT_LIMITS
        self.begin(deadline)
        self._open()

    def _open(self) -> None:
        deadline, settings = self._deadline, self.settings
        started = monotonic()
        via = self.proxy
        target = f"{self.host}:{self.port}"
        phase = Phase.connecting(
            deadline, f"connecting to {target}" + (f" through {via.host}" if via else "")
        )
        if via is None:
            sock, self.address, resolved = opening.connect(self.host, self.port, settings, phase)
        else:
            from .tunnel import connect_through

            sock, self.address, resolved = connect_through(via, self, phase)
        connected = monotonic()
        self._sock = sock
        self._wait = settings.backend.wait
        if self.proxy_pieces:
            from .tunnel import ask

            ask(self, self.proxy_pieces, phase)
        if self.is_ssl:
            from .tls import wrap

            # wrap closes the socket when it fails
            self._sock, sock = None, self._sock
            self._sock = wrap(sock, self.host, self.port, settings.tls, settings.backend, phase)
        self.opened = (resolved - started, connected - resolved, monotonic() - connected)

    # -- whose, and how alive

    def begin(self, deadline: Deadline, limits: Limits = DEFAULT_LIMITS) -> None:
        """Start a request: its clock and its parser's limits hold until the connection is released."""
        self._deadline = deadline
        timeout = deadline.timeout
        self._read_limit = timeout.read
        self._write_limit = timeout.write
        self.limits = limits
        self.interim = None
        self.wrote = False
        self.complete = True
        self.idle = False

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
        """Whether an idle connection can be used: open, and nothing has come on it.

        A readable idle socket is a dead one: the peer has closed it, or has sent what nobody asked for.
        """
        if self._sock is None or self._generation != fork_generation:
            return False
        if self._received:
            return False
        poller = self._poller
        if poller is None:
            poller = self._poller = _Readable(self._sock.fileno())
        if not poller.poll(0):
            return True
        return self.is_ssl and self._is_quiet()

    def _is_quiet(self) -> bool:
        # Under TLS what came may be a session ticket or a key update, which reading takes care of.
        try:
            self._sock.recv(1)
        except OSError as error:
            return wanted(error) != 0
        return False

    def expires(self, now: float) -> bool:
        """Whether the server has said that it will have closed the connection by `now` (monotonic)."""
        return self.keep_alive_until is not None and now >= self.keep_alive_until

    def is_parents(self) -> bool:
        """Whether the connection was opened before this process was forked, and so is the parent's."""
        return self._generation != fork_generation

    def too_old(self, max_lifetime: float) -> bool:
        """Whether the connection was opened more than `max_lifetime` seconds ago, or has served the requests it may."""
        return monotonic() - self._opened_at > max_lifetime or (
            self.requests_left is not None and self.requests_left <= 0
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

    def release(self, should_close: bool = False) -> None:
        """Give the connection back to its pool, or close it when it has none or `should_close`."""
        self._deadline = NO_DEADLINE
        if self.timings is not None:
            self.timings.ended = monotonic()
            self.timings = None
        if should_close or self._pool is None or self._sock is None or self._received:
            self.close()
        else:
            self._pool.release_connection(self)

    def close(self) -> None:
        """Close the connection. A task that waits for it wakes up with a ClosedError."""
        sock = self._sock
        if sock is None:
            return
        self._sock = None
        self._received = b""
        if self._waiting:
            # The waiting task closes the descriptor: closed here, it could be another socket's before that task looks.
            self._doomed = sock
            with _ignore_os_errors():
                sock.shutdown(2)
        elif self._generation == fork_generation:
            with _ignore_os_errors():
                sock.close()
        else:
            self._forget(sock)
        pool = self._pool
        if pool is not None and hasattr(pool, "discard"):
            pool.discard(self)

    def _forget(self, sock: Any) -> None:
        """Close a descriptor that is the parent's too, without a word on the wire."""
        import os

        with _ignore_os_errors():
            os.close(sock.detach())

    def detach(self) -> tuple[_socket.socket | ssl.SSLSocket, bytes]:
        """The socket, now the caller's, and the bytes that were already read from it.

        Raises:
            ClosedError: there is no socket any more.
        """
        sock, received = self._sock, self._received
        if sock is None:
            raise ClosedError("the connection is closed: it has no socket to give away")
        self._sock, self._received = None, b""
        pool = self._pool
        if pool is not None and hasattr(pool, "discard"):
            pool.discard(self)
        if not self.is_ssl:
            import socket

            sock = socket.socket(fileno=sock.detach())
        return sock, received

    def socket(self) -> Any:
        """The socket: non-blocking, and still the connection's."""
        return self._sock

    def __del__(self) -> None:
        if getattr(self, "_sock", None) is not None:
            if not self.idle and self._generation == fork_generation:
                warnings.warn(f"unclosed {self!r}", ResourceWarning, source=self, stacklevel=2)
            self.close()

    def __repr__(self) -> str:
        state = "closed" if self._sock is None else "idle" if self.idle else "in use"
        return f"<Connection {'https' if self.is_ssl else 'http'}://{self.host}:{self.port} {state}>"

    # -- receiving

    def recv(self, size: int = 1024) -> bytes:
        """Receive up to `size` bytes; b"" when the peer has closed.

        Raises:
            RemoteDisconnected: the connection broke.
            ReadTimeout, TotalTimeout: nothing came in time.
        """
        received = self._received
        if received:
            self._received = received[size:]
            return received[:size]
        if self._deadline.end is not None:
            self._deadline.check()
        while True:
            try:
                data: bytes = self._sock.recv(size)
                return data
            except OSError as error:
                self._wait_after(error, READ)
            except AttributeError:
                raise self._closed() from None

    def recv_into(self, buffer: memoryview) -> int:
        """Receive into `buffer` what there is; the number of bytes, 0 when the peer has closed. Raises as `recv`."""
        received = self._received
        if received:
            count = min(len(received), len(buffer))
            buffer[:count] = received[:count]
            self._received = received[count:]
            return count
        if self._deadline.end is not None:
            self._deadline.check()
        while True:
            try:
                got: int = self._sock.recv_into(buffer)
                return got
            except OSError as error:
                self._wait_after(error, READ)
            except AttributeError:
                raise self._closed() from None

    def recv_now(self, buffer: bytearray, size: int) -> int:
        """Receive into `buffer` what is here already, at most `size` bytes; 0 when there is nothing. Never waits."""
        if self._sock is None:
            return 0
        with memoryview(buffer) as view:
            try:
                got: int = self._sock.recv_into(view[:size])
            except OSError:
                return 0
            return got

    def take_received(self) -> bytes:
        """What was read beyond the head, once."""
        received, self._received = self._received, b""
        return received

    def unread(self, data: bytes) -> None:
        """Put back what was read and belongs to whoever reads next."""
        self._received = data + self._received

    def wait_to_send(self, error: OSError) -> None:
        """Wait until what failed with `error` can be tried again. Raises as `send`."""
        self._wait_after(error, WRITE)

    def _wait_readable(self) -> None:
        sock = self._sock
        if sock is None:
            raise self._closed()
        if self.is_ssl and sock.pending():
            return
        self._wait_for(READ, ReadTimeout, self._read_limit)

    def _wait_after(self, error: OSError, events: int) -> None:
        """Wait until the operation that failed with `error` can be tried again; raise when it can not."""
        needed = wanted(error)
        if not needed:
            if self._sock is None:
                raise self._closed() from error
            raise lost_connection(error, "while a message was under way") from error
        if needed < 0:
            needed = events
        if needed == READ:
            self._wait_for(READ, ReadTimeout, self._read_limit)
        else:
            self._wait_for(WRITE, WriteTimeout, self._write_limit)

    def _wait_for(self, events: int, error: type[ReadTimeout | WriteTimeout], limit: float | None) -> None:
        sock = self._sock
        if sock is None:
            raise self._closed()
        seconds = limit if self._deadline.end is None else self._deadline.seconds(limit)
        self._waiting = True
        try:
            ready = self._wait(sock.fileno(), events, seconds)
        finally:
            self._waiting = False
            if self._sock is None:
                with _ignore_os_errors():
                    sock.close()
        if self._sock is None:
            raise self._closed()
        if not ready:
            doing = "waiting for the server" if events == READ else "sending to the server"
            raise self._deadline.expired(error, limit, doing)

    def _closed(self) -> ClosedError:
        return ClosedError(f"the connection to {self.host}:{self.port} was closed while it was in use")

    # -- heads

    def read_head(self) -> ResponseHead:
        """Read the head of the final response; interim ones (1xx) go to `interim` when it is set (RFC 9110 §15.2).

        Raises:
            RemoteDisconnected, IncompleteHead: the peer closed before it, or inside it.
            BadStatusLine, ParserError, ParseException: it is not a response by RFC 9112.
            ReadTimeout, TotalTimeout: it did not come in time.
        """
        interim = 0
        while True:
            head = self._read_one_head()
            if head.status >= 200 or head.status == 101:
                return head
            interim += 1
            self.count_interim(interim, head)

    def count_interim(self, number: int, head: ResponseHead) -> None:
        """Pass on an interim response, and refuse an endless row of them."""
        if number > self.limits.max_interim_responses:
            raise ParserError(f"more than {self.limits.max_interim_responses} interim responses")
        if self.interim is not None:
            self.interim(head)

    def _read_one_head(self) -> ResponseHead:
        data: bytes | bytearray = self.take_received()
        if not data:
            # The answer can not be here yet: waiting first saves a recv that would say so.
            self._wait_readable()
            data = self._recv_head(b"")
        end = response_head_end(data, 0, len(data), self.limits)
        if end < 0:
            data, end = self._complete_head(bytearray(data))
        self._received = bytes(data[end:]) if end < len(data) else b""
        return parse_response_head(bytes(data[:end]), self.limits)

    def _complete_head(self, data: bytearray) -> tuple[bytearray, int]:
        scanner = HeadScanner(self.limits, RESPONSE)
        while True:
            end = scanner.end(data, 0, len(data))
            if end >= 0:
                return data, end
            data += self._recv_head(data)

    def _recv_head(self, so_far: bytes | bytearray) -> bytes:
        try:
            data = self.recv(READ_SIZE)
        except RemoteDisconnected as error:
            if not so_far:
                raise
            raise IncompleteHead(bytes(so_far[:80])) from error.__cause__
        if data:
            return data
        if so_far:
            raise IncompleteHead(bytes(so_far[:80]))
        raise lost_connection(None, "before it answered")

    def open_body(self, request: Request, head: ResponseHead) -> Reader:
        """The reader for the body of the response to `request`; it takes the connection over (RFC 9112 §6.3).

        Raises:
            ParserError: the body's framing is invalid; the connection is closed.
        """
        try:
            framing = response_framing(head, request.method, self.limits)
            keep_alive = framing.keep_alive and self.complete and not _closes(request)
            if keep_alive:
                self._note_keep_alive(head)
            return open_reader(self, framing.length, keep_alive, self.limits)
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
            if not (number.isascii() and number.isdigit() and len(number) < 10):
                continue
            if name == "timeout":
                # A second less: its FIN may be on the way while the next request is.
                self.keep_alive_until = monotonic() + max(int(number) - 1, 0)
            elif name == "max":
                self.requests_left = int(number)

    def early_head(self) -> ResponseHead | None:
        """The head of a response that has come before the request was sent to its end, None when there is none yet.

        Interim responses are dealt with. Never waits.

        Raises:
            RemoteDisconnected: the peer has closed.
        """
        data = self.take_received() + self._available()
        while data:
            end = response_head_end(data, 0, len(data), self.limits)
            if end < 0:
                break
            head = parse_response_head(data[:end], self.limits)
            data = data[end:]
            if head.status >= 200 or head.status == 101:
                self._received = data
                return head
            self.count_interim(1, head)
        self._received = data
        return None

    def await_continue(self, seconds: float) -> ResponseHead | None:
        """Wait for leave to send a body: None when it came, or nothing did for `seconds`; else the final response's head.

        Raises as `read_head`.
        """
        end = monotonic() + seconds
        interim = 0
        while (left := end - monotonic()) > 0:
            sock = self._sock
            if sock is None:
                raise self._closed()
            if not self._received and not (self.is_ssl and sock.pending()):
                total = self._deadline.seconds(left)
                if not self._wait(sock.fileno(), READ, total):
                    self._deadline.check()
                    return None
            head = self._read_one_head()
            if head.status >= 200 or head.status == 101:
                return head
            interim += 1
            self.count_interim(interim, head)
            if head.status == 100:
                return None
        return None

    def _available(self) -> bytes:
        poller = self._poller
        if poller is None:
            poller = self._poller = _Readable(self._sock.fileno())
        if not poller.poll(0) and not (self.is_ssl and self._sock.pending()):
            return b""
        try:
            data: bytes = self._sock.recv(READ_SIZE)
        except OSError as error:
            if wanted(error):
                return b""
            raise lost_connection(error, "while the request was sent") from error
        if not data:
            raise lost_connection(None, "while the request was sent")
        return data

    # -- sending (what a body needs beyond this is in sending.py)

    def send(self, data: bytes, chunked: bool = False) -> None:
        """Send bytes, all of them; as one chunk when `chunked` (RFC 9112 §7.1).

        Raises:
            RemoteDisconnected: the connection broke.
            WriteTimeout, TotalTimeout: the peer took nothing in time.
        """
        if chunked:
            self.send_chunk(data)
        else:
            self.send_all(data)

    def send_all(self, data: bytes | memoryview) -> None:
        """Send all of `data`. Raises as `send`."""
        try:
            sent = self._sock.send(data)
        except OSError as error:
            self._wait_after(error, WRITE)
            sent = 0
        except AttributeError:
            raise self._closed() from None
        if sent:
            self.wrote = True
        if sent < len(data):
            rest = memoryview(data)[sent:]
            while rest:
                rest = rest[self.send_some(rest) :]

    def send_some(self, data: memoryview) -> int:
        """Send what the peer takes of `data`, waiting until it takes something. Raises as `send`."""
        if self._deadline.end is not None:
            self._deadline.check()
        while True:
            try:
                sent: int = self._sock.send(data)
            except OSError as error:
                self._wait_after(error, WRITE)
            except AttributeError:
                raise self._closed() from None
            else:
                self.wrote = True
                return sent

    def send_chunk(self, data: bytes) -> None:
        """Send one chunk; an empty one is the last. Raises as `send`."""
        from .sending import send_parts

        send_parts(self, [b"%X\r\n" % len(data), data, b"\r\n"])

    def sendlines(self, lines: Iterable[bytes | str], chunked: bool = False) -> None:
        """Send the items of an iterable, as they are or each as a chunk; empty items send nothing. Raises as `send`."""
        for line in lines:
            data = line.encode() if isinstance(line, str) else line
            if data:
                self.send(data, chunked)

    def sendfile(self, data: BinaryIO, chunked: bool = False) -> None:
        """Send a file from where it stands to its end, in blocks of 16 KiB; each as a chunk when `chunked`. Raises as `send`."""
        self.sendlines(iter(lambda: data.read(CHUNK_SIZE), b""), chunked)


class _Readable:
    """poll() for one descriptor, never a patched one: it is asked with no time to wait."""

    __slots__ = ("poll",)

    def __init__(self, fd: int) -> None:
        make = sockets.native("select", "poll")
        if make is None:
            select = sockets.native("select", "select")
            self.poll: Any = lambda _seconds: select([fd], [], [], 0)[0]
            return
        poller = make()
        poller.register(fd, 1)
        self.poll = poller.poll


def _closes(request: Request) -> bool:
    """Whether the request itself said that its connection is not to be kept (RFC 9112 §9.6)."""
    connection: str | None = request.headers.get("connection")
    return connection is not None and "close" in connection.lower()


def wanted(error: OSError) -> int:
    """READ or WRITE when TLS needs that first, -1 when a plain socket is not ready, 0 for a real error."""
    if isinstance(error, BlockingIOError):
        return -1
    name = type(error).__name__
    if name == "SSLWantReadError":
        return READ
    return WRITE if name == "SSLWantWriteError" else 0


class _ignore_os_errors:  # noqa: N801 - reads as a statement; contextlib costs 2 ms of start-up
    """For closing: the descriptor may be gone already."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: Any) -> bool:
        return kind is not None and issubclass(kind, OSError)
