"""From a host and a port to a connected socket: resolve, then race the addresses (RFC 8305).

The first address is tried alone. Each one that has not answered after 250 ms, or has failed, lets the next
start beside it; the first to connect wins and the others are closed. So a dead IPv6 route costs a quarter of
a second, not a timeout.
"""

from __future__ import annotations

import _socket
import errno
import os
from time import monotonic

from .errors import ResolveError, RestkitError
from .failures import EXHAUSTED, connect_failure, resolve_failure
from .sockets import WRITE, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .errors import ConnectError
    from .settings import Addresses, Settings
    from .timeouts import Phase

__all__ = ["connect"]

# RFC 8305 §8: the recommended Connection Attempt Delay.
ATTEMPT_DELAY = 0.25

# One system call less where the kernel makes the socket non-blocking at once.
_NONBLOCK = getattr(_socket, "SOCK_NONBLOCK", 0)
_STREAM = _socket.SOCK_STREAM | _NONBLOCK | getattr(_socket, "SOCK_CLOEXEC", 0)
_PENDING = {
    errno.EINPROGRESS,
    errno.EWOULDBLOCK,
    errno.EALREADY,
    errno.EINTR,
    getattr(errno, "WSAEWOULDBLOCK", 0),
}


def connect(host: str, port: int, settings: Settings, phase: Phase) -> tuple[_socket.socket, Any, float]:
    """A connected, non-blocking socket.

    Args:
        host: a name (ASCII) or an IP literal without brackets.
        port: the port.
        settings: how to connect.
        phase: the time there is.

    Returns:
        The socket, the address it is connected to, and the time (monotonic) at which the name was resolved.

    Raises:
        ResolveError: the name has no address.
        ConnectError: none of its addresses could be connected to.
        ConnectTimeout: time is up.
    """
    if settings.unix_socket is not None:
        addresses: Addresses = [(_socket.AF_UNIX, settings.unix_socket)]
    else:
        addresses = resolve(host, port, settings, phase)
    resolved = monotonic()
    race = _Race(host, port, settings)
    try:
        sock, address = race.run(addresses, phase)
    except BaseException:
        race.close()
        raise
    race.close()
    return sock, address, resolved


def resolve(host: str, port: int, settings: Settings, phase: Phase) -> Addresses:
    if settings.resolver is not None:
        try:
            found = list(settings.resolver(host, port, phase))
        except OSError as error:
            if isinstance(error, RestkitError):
                raise
            raise resolve_failure(error, host) from error
        if not found:
            raise ResolveError(f"{host}: the resolver gave no address")
        return found
    literal = _literal(host, port)
    if literal is not None:
        return [literal]
    try:
        infos = settings.backend.resolve(host, port, settings.family, phase.left())
    except (OSError, UnicodeError) as error:
        raise resolve_failure(OSError(None, str(getattr(error, "strerror", None) or error)), host) from error
    if infos is None:
        raise phase.expired()
    if not infos:
        raise ResolveError(f"{host}: the name has no address")
    return _interleave([(info[0], info[4]) for info in infos])


def _literal(host: str, port: int) -> tuple[int, Any] | None:
    # getaddrinfo is slow for a literal, above all in a cooperative backend; a zone id needs its look-up.
    if host[-1].isdigit() or ":" in host:
        for family, address in ((_socket.AF_INET, (host, port)), (_socket.AF_INET6, (host, port, 0, 0))):
            try:
                _socket.inet_pton(family, host)
            except OSError:
                continue
            return family, address
    return None


def _interleave(addresses: list[tuple[int, Any]]) -> list[tuple[int, Any]]:
    """RFC 8305 §4: the families in turn, beginning with the one that the system prefers."""
    first = addresses[0][0]
    same = [address for address in addresses if address[0] == first]
    other = [address for address in addresses if address[0] != first]
    mixed = []
    while same or other:
        mixed += [queue.pop(0) for queue in (same, other) if queue]
    return mixed


class _Race:
    """The attempts under way for one connection."""

    __slots__ = ("errors", "host", "port", "running", "settings")

    def __init__(self, host: str, port: int, settings: Settings) -> None:
        self.host = host
        self.port = port
        self.settings = settings
        self.running: list[tuple[_socket.socket, Any]] = []
        self.errors: list[ConnectError] = []

    def run(self, addresses: Addresses, phase: Phase) -> tuple[_socket.socket, Any]:
        waiting = list(addresses)
        next_start = 0.0
        while waiting or self.running:
            if waiting and (not self.running or monotonic() >= next_start):
                connected = self._start(*waiting.pop(0))
                if connected is not None:
                    return connected
                next_start = monotonic() + ATTEMPT_DELAY
                continue
            connected = self._wait(phase, next_start if waiting else None)
            if connected is not None:
                return connected
        raise self._failure()

    def _start(self, family: int, address: Any) -> tuple[_socket.socket, Any] | None:
        if self.settings.on_connect is not None:
            self.settings.on_connect(address)
        try:
            sock = _socket.socket(family, _STREAM)
        except OSError as error:
            failure = connect_failure(error, self.host, self.port)
            if error.errno in EXHAUSTED:
                raise failure from error
            self._failed(failure, error)
            return None
        try:
            self._prepare(sock, family)
            code = sock.connect_ex(address)
            if code and code not in _PENDING:
                raise OSError(code, os.strerror(code))
        except OSError as error:
            sock.close()
            self._failed(connect_failure(error, self.host, self.port), error)
            return None
        except BaseException:
            sock.close()
            raise
        if not code:
            return sock, address
        self.running.append((sock, address))
        return None

    def _prepare(self, sock: _socket.socket, family: int) -> None:
        if not _NONBLOCK:
            sock.setblocking(False)
        if family != getattr(_socket, "AF_UNIX", None):
            # A request is written whole: nothing is gained by waiting for more of it (RFC 896's algorithm).
            sock.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
        for level, option, value in self.settings.socket_options:
            sock.setsockopt(level, option, value)
        if self.settings.source_address is not None:
            sock.bind(self.settings.source_address)

    def _wait(self, phase: Phase, next_start: float | None) -> tuple[_socket.socket, Any] | None:
        left = phase.left()
        if next_start is not None:
            until_next = max(next_start - monotonic(), 0.0)
            left = until_next if left is None else min(left, until_next)
        for attempt in self._ready(left):
            sock, address = attempt
            self.running.remove(attempt)
            code = sock.getsockopt(_socket.SOL_SOCKET, _socket.SO_ERROR)
            if not code:
                return sock, address
            sock.close()
            error = OSError(code, os.strerror(code))
            self._failed(connect_failure(error, self.host, self.port), error)
        return None

    def _ready(self, seconds: float | None) -> list[tuple[_socket.socket, Any]]:
        """The attempts that have ended, well or badly, after at most `seconds`."""
        backend = self.settings.backend
        if len(self.running) == 1:
            return self.running[:] if backend.wait(self.running[0][0].fileno(), WRITE, seconds) else []
        backend.wait_any([sock.fileno() for sock, _ in self.running], seconds)
        # Asked of the system: a backend's wait of no time may end before it has looked.
        return [attempt for attempt in self.running if _has_ended(attempt[0])]

    def _failed(self, failure: ConnectError, cause: OSError) -> None:
        failure.__cause__ = cause
        self.errors.append(failure)

    def _failure(self) -> ConnectError:
        failure = self.errors[0]
        for other in self.errors[1:]:
            failure.add_note(f"the next address: {other}")
        return failure

    def close(self) -> None:
        for sock, _ in self.running:
            sock.close()
        self.running.clear()


def _has_ended(sock: _socket.socket) -> bool:
    """Whether an attempt to connect is over, well or badly. Never waits."""
    make = native("select", "poll")
    if make is None:
        one = [sock]
        return any(native("select", "select")([], one, one, 0))
    poller = make()
    # 4 is POLLOUT.
    poller.register(sock.fileno(), 4)
    return bool(poller.poll(0))
