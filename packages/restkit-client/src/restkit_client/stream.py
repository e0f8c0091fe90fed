"""A connected socket that waits as long as a call's deadline lets it, and never longer.

The socket is non-blocking. An operation is tried; when the system says "not now" the backend waits, for at most
the time that is left; then it is tried again. What the system refuses becomes one of our errors here.
"""

from __future__ import annotations

from contextlib import suppress

from . import sockets
from .errors import ClosedError, ReadTimeout, WriteTimeout
from .failures import lost_connection
from .sockets import READ, WRITE
from .timeouts import NO_DEADLINE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .sockets import Backend

__all__ = ["Stream", "wanted"]


class Stream:
    """Bytes to and from a peer.

    Args:
        sock: connected and non-blocking, plain or TLS; the stream's from now on.
        backend: how to wait.
        is_ssl: whether `sock` speaks TLS.

    Attributes:
        sock: the socket; None once it is closed or given away.
        received: what was read and put back, to be read first.
        deadline: the clock of the request under way.
        wrote: whether a byte of it was written.
    """

    __slots__ = (
        # Whether the last read took all there was: then waiting comes before the next one, which saves a call that fails.
        "_drained",
        "_poll",
        "_poll_waits",
        "_wait",
        "_waiting",
        "deadline",
        "is_ssl",
        "received",
        "sock",
        "wrote",
    )

    def __init__(self, sock: Any, backend: Backend, is_ssl: bool) -> None:
        self.sock = sock
        self.is_ssl = is_ssl
        self.received = b""
        self._wait = backend.wait
        self._poll = _poll_for(sock.fileno())
        # A thread may wait on the object that is there already.
        self._poll_waits = backend.name == "thread"
        self._waiting = False
        self._drained = False
        self.deadline = NO_DEADLINE
        self.wrote = False

    # -- receiving

    def recv(self, size: int) -> bytes:
        """Receive up to `size` bytes; b"" when the peer has closed.

        Raises:
            RemoteDisconnected: the connection broke.
            ReadTimeout, TotalTimeout: nothing came in time.
            ClosedError: this side closed it.
        """
        received = self.received
        if received:
            self.received = received[size:]
            return received[:size]
        if self._drained:
            self.wait_readable()
        if self.deadline.end is not None:
            self.deadline.check()
        while True:
            try:
                data: bytes = self.sock.recv(size)
            except OSError as error:
                self.wait_after(error, READ)
            except AttributeError:
                raise _closed() from None
            else:
                self._drained = len(data) < size and not self.is_ssl
                return data

    def recv_into(self, buffer: memoryview) -> int:
        """Receive into `buffer` what there is; the number of bytes, 0 when the peer has closed. Raises as `recv`."""
        received = self.received
        if received:
            count = min(len(received), len(buffer))
            buffer[:count] = received[:count]
            self.received = received[count:]
            return count
        if self._drained:
            self.wait_readable()
        if self.deadline.end is not None:
            self.deadline.check()
        while True:
            try:
                got: int = self.sock.recv_into(buffer)
            except OSError as error:
                self.wait_after(error, READ)
            except AttributeError:
                raise _closed() from None
            else:
                self._drained = got < len(buffer) and not self.is_ssl
                return got

    def recv_now(self, size: int) -> bytes | None:
        """What is here already, at most `size` bytes: None for nothing, b"" when the peer has closed. Never waits.

        Raises:
            RemoteDisconnected: the connection is broken.
        """
        if self.sock is None:
            raise _closed()
        if not self.readable():
            return None
        try:
            data: bytes = self.sock.recv(size)
        except OSError as error:
            if wanted(error):
                return None
            raise lost_connection(error, "while the request was sent") from error
        return data

    def take_received(self) -> bytes:
        """What was put back, once."""
        received, self.received = self.received, b""
        return received

    def wait_readable(self) -> None:
        """Wait until there is something to read. Raises as `recv`."""
        self._drained = False
        sock = self.sock
        if sock is None:
            raise _closed()
        if not (self.received or (self.is_ssl and sock.pending())):
            self._wait_for(READ, ReadTimeout, self.deadline.timeout.read)

    def wait_writable(self) -> None:
        """Wait until the peer takes more, or has sent something. Raises as `send_all`."""
        self._wait_for(READ | WRITE, WriteTimeout, self.deadline.timeout.write)

    def is_readable_within(self, seconds: float) -> bool:
        """Wait until there is something to read, at most `seconds`. Raises TotalTimeout, ClosedError."""
        if self.received or (self.is_ssl and self.sock is not None and self.sock.pending()):
            return True
        ready = self._watch(READ, self.deadline.seconds(seconds))
        if not ready:
            self.deadline.check()
        return ready

    # -- sending

    def send_all(self, data: bytes | memoryview) -> None:
        """Send all of `data`.

        Raises:
            RemoteDisconnected: the connection broke.
            WriteTimeout, TotalTimeout: the peer took nothing in time.
            ClosedError: this side closed it.
        """
        try:
            sent = self.sock.send(data)
            self.wrote = True
        except (OSError, AttributeError):
            # Once more, with an eye on why.
            sent = self._try(WRITE, data)
        if sent < len(data):
            rest = memoryview(data)[sent:]
            while rest:
                rest = rest[self._try(WRITE, rest) :]

    def send_some(self, data: bytes | memoryview) -> int:
        """Send what the peer takes of `data`; 0 after waiting until it takes some, or has sent something. Raises as `send_all`."""
        return self._try(READ | WRITE, data)

    def _try(self, events: int, data: bytes | memoryview) -> int:
        if self.deadline.end is not None:
            self.deadline.check()
        try:
            sent: int = self.sock.send(data)
        except OSError as error:
            self.wait_after(error, events)
            return 0
        except AttributeError:
            raise _closed() from None
        self.wrote = True
        return sent

    # -- waiting

    def wait_after(self, error: OSError, events: int) -> None:
        """Wait until the operation that failed with `error` can be tried again; raise as `recv` and `send_all` when it can not."""
        needed = wanted(error)
        if not needed:
            if self.sock is None:
                raise _closed() from error
            raise lost_connection(self._alert() or error, "while a message was under way") from error
        if needed < 0 or (needed == WRITE and events & WRITE):
            needed = events
        if needed == READ:
            self._wait_for(READ, ReadTimeout, self.deadline.timeout.read)
        else:
            self._wait_for(needed, WriteTimeout, self.deadline.timeout.write)

    def _alert(self) -> OSError | None:
        """Why a TLS peer has broken off: TLS 1.3 refuses our certificate after the handshake, as we send."""
        if not self.is_ssl:
            return None
        try:
            self.received += self.sock.recv(1)
        except OSError as error:
            return error if getattr(error, "reason", None) else None
        return None

    def _wait_for(self, events: int, error: type[ReadTimeout | WriteTimeout], limit: float | None) -> None:
        deadline = self.deadline
        if not self._watch(events, limit if deadline.end is None else deadline.seconds(limit)):
            doing = "waiting for the server" if events == READ else "sending to the server"
            raise deadline.expired(error, limit, doing)

    def _watch(self, events: int, seconds: float | None) -> bool:
        sock = self.sock
        if sock is None:
            raise _closed()
        self._waiting = True
        try:
            # Closed before `close` could see that somebody waits, the descriptor may be another socket's by now.
            if self.sock is None:
                raise _closed()
            if events == READ and self._poll_waits:
                ready = bool(self._poll(None if seconds is None else seconds * 1000))
            else:
                ready = self._wait(sock.fileno(), events, seconds)
        finally:
            self._waiting = False
            if self.sock is None:
                with suppress(OSError):
                    sock.close()
        if self.sock is None:
            raise _closed()
        return ready

    # -- state

    def readable(self) -> bool:
        """Whether something has come, be it the peer's end. Never waits."""
        return bool(self._poll(0)) or (self.is_ssl and self.sock.pending() > 0)

    def is_quiet(self) -> bool:
        """Whether the peer has neither closed nor sent anything: only then can an idle connection be used."""
        if self.sock is None or self.received:
            return False
        if not self.is_ssl:
            return not self._poll(0)
        if not self.readable():
            return True
        # Under TLS it may be a session ticket or a key update, which reading takes care of.
        try:
            self.sock.recv(1)
        except OSError as error:
            return wanted(error) != 0
        return False

    def close(self) -> None:
        """Close the socket. A task that waits for it wakes up with a ClosedError."""
        sock, self.sock = self.sock, None
        self.received = b""
        if sock is None:
            return
        with suppress(OSError):
            if self._waiting:
                # The waiting task closes the descriptor: closed here, it could be another socket's before that task looks.
                sock.shutdown(2)
            else:
                sock.close()

    def forget(self) -> None:
        """Close a descriptor that is the parent process's too, without a word on the wire."""
        import os

        sock, self.sock = self.sock, None
        if sock is not None:
            with suppress(OSError):
                os.close(sock.detach())

    def detach(self) -> tuple[Any, bytes]:
        """The socket and what was put back; both the caller's.

        Raises:
            ClosedError: there is no socket any more.
        """
        sock, self.sock = self.sock, None
        if sock is None:
            raise _closed()
        return sock, self.take_received()


def _poll_for(fd: int) -> Any:
    """poll() for reading one descriptor, in milliseconds; never a patched one, since it is mostly asked with no time to wait."""
    make = sockets.native("select", "poll")
    if make is None:
        select = sockets.native("select", "select")
        return lambda ms: select([fd], [], [], None if ms is None else ms / 1000)[0]
    poller = make()
    poller.register(fd, 1)
    return poller.poll


def wanted(error: OSError) -> int:
    """READ or WRITE when TLS needs that first, -1 when a plain socket is not ready, 0 for a real error."""
    if isinstance(error, BlockingIOError):
        return -1
    name = type(error).__name__
    if name == "SSLWantReadError":
        return READ
    return WRITE if name == "SSLWantWriteError" else 0


def _closed() -> ClosedError:
    return ClosedError("the connection was closed while it was in use")
