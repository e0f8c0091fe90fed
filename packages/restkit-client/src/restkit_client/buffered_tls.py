"""TLS over memory buffers, for where the standard library's TLS socket can not be put.

    over another TLS connection, through the tunnel of an https proxy: its sockets can not be wrapped twice
    under eventlet's monkey-patching, whose TLS sockets block although they were told not to

To its stream it looks like an ssl.SSLSocket that never blocks.
"""

from __future__ import annotations

import ssl
from contextlib import suppress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["BufferedTLS"]

# One record of the outer connection, at most.
RECORD_SIZE = 16_384


class BufferedTLS:
    """A TLS connection over a non-blocking socket, plain or TLS itself.

    Args:
        outer: the socket; closed with this one.
        context: what TLS is done with.
        server_hostname: the peer's name.
        session: a session to resume.
    """

    __slots__ = ("_incoming", "_object", "_outer", "_outgoing", "_taken", "_unsent")

    def __init__(
        self, outer: Any, context: ssl.SSLContext, server_hostname: str, session: Any = None
    ) -> None:
        self._outer = outer
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._unsent = b""
        # Bytes of the caller's in a record that has not left yet; they are reported as sent once it has.
        self._taken = 0
        self._object = context.wrap_bio(
            self._incoming, self._outgoing, server_hostname=server_hostname, session=session
        )

    def do_handshake(self) -> None:
        """As SSLSocket's; raises SSLWantReadError, SSLWantWriteError."""
        self._run(self._object.do_handshake)

    def send(self, data: Any) -> int:
        """As SSLSocket's: after SSLWantWriteError it is to be called with the same data again."""
        if not self._taken:
            self._taken = int(self._run(self._object.write, data))
        self._flush()
        taken, self._taken = self._taken, 0
        return taken

    def recv(self, size: int) -> bytes:
        """As SSLSocket's."""
        try:
            data: bytes = self._run(self._object.read, size)
        except ssl.SSLZeroReturnError:
            return b""
        return data

    def recv_into(self, buffer: memoryview) -> int:
        """As SSLSocket's."""
        data = self.recv(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _run(self, operation: Any, *arguments: Any) -> Any:
        self._flush()
        while True:
            try:
                result = operation(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                try:
                    data = self._outer.recv(RECORD_SIZE)
                except BlockingIOError:
                    raise ssl.SSLWantReadError from None
                if data:
                    self._incoming.write(data)
                else:
                    self._incoming.write_eof()
                continue
            # What TLS itself had to say may wait until the next call.
            with suppress(ssl.SSLWantWriteError, ssl.SSLWantReadError):
                self._flush()
            return result

    def _flush(self) -> None:
        self._unsent += self._outgoing.read()
        while self._unsent:
            try:
                sent = self._outer.send(self._unsent)
            except BlockingIOError:
                raise ssl.SSLWantWriteError from None
            self._unsent = self._unsent[sent:]

    def pending(self) -> int:
        """Bytes that can be received without waiting."""
        below = getattr(self._outer, "pending", None)
        return self._object.pending() or self._incoming.pending or (below() if below is not None else 0)

    @property
    def context(self) -> ssl.SSLContext:
        """As SSLSocket's."""
        return self._object.context

    @property
    def session(self) -> Any:
        """As SSLSocket's."""
        return self._object.session

    @property
    def session_reused(self) -> bool | None:
        """As SSLSocket's."""
        return self._object.session_reused

    def getpeercert(self, binary_form: bool = False) -> Any:
        """As SSLSocket's."""
        return self._object.getpeercert(binary_form)

    def version(self) -> str | None:
        """As SSLSocket's."""
        return self._object.version()

    def cipher(self) -> tuple[str, str, int] | None:
        """As SSLSocket's."""
        return self._object.cipher()

    def selected_alpn_protocol(self) -> str | None:
        """As SSLSocket's."""
        return self._object.selected_alpn_protocol()

    def fileno(self) -> int:
        """The descriptor to wait for."""
        return int(self._outer.fileno())

    def shutdown(self, how: int) -> None:
        """As SSLSocket's."""
        self._outer.shutdown(how)

    def detach(self) -> int:
        """As SSLSocket's."""
        return int(self._outer.detach())

    def close(self) -> None:
        """As SSLSocket's."""
        self._outer.close()
