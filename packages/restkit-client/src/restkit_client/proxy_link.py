"""A socket to a proxy before it belongs to a connection: every wait counts against the phase of connecting."""

from __future__ import annotations

from .errors import ProxyError, RequestTimeout
from .sockets import READ, WRITE
from .stream import wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .settings import Settings
    from .timeouts import Phase

__all__ = ["Link"]


class Link:
    """Bytes to and from a proxy.

    Args:
        sock: connected and non-blocking, plain or TLS; its owner closes it.
        settings: how to wait.
        phase: how long.
    """

    __slots__ = ("phase", "settings", "sock")

    def __init__(self, sock: Any, settings: Settings, phase: Phase) -> None:
        self.sock = sock
        self.settings = settings
        self.phase = phase

    def send(self, data: bytes) -> None:
        """Send all of `data`. Raises ProxyError, ConnectTimeout, TotalTimeout."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._do(self.sock.send, rest, WRITE) :]

    def recv(self, size: int) -> bytes:
        """Receive up to `size` bytes, b"" at the end. Raises ProxyError, ConnectTimeout, TotalTimeout."""
        data: bytes = self._do(self.sock.recv, size, READ)
        return data

    def recv_within(self, size: int, seconds: float) -> bytes:
        """As `recv`, but b"" also when nothing came within `seconds`, or the connection broke."""
        try:
            data: bytes = self._do(self.sock.recv, size, READ, seconds)
        except (ProxyError, RequestTimeout):
            return b""
        return data

    def _do(self, operation: Any, argument: Any, events: int, limit: float | None = None) -> Any:
        while True:
            try:
                return operation(argument)
            except OSError as error:
                wants = wanted(error)
                if not wants:
                    raise ProxyError(
                        f"the connection to the proxy broke: {error.strerror or error}"
                    ) from error
            left = self.phase.left()
            if limit is not None:
                left = limit if left is None else min(left, limit)
            if not self.settings.backend.wait(self.sock.fileno(), events if wants < 0 else wants, left):
                raise self.phase.expired()
