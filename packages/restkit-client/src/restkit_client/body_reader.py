"""A response's body off a connection: as many bytes as its framing gives, and what becomes of the connection then.

A reader owns its connection until it has read the last byte: then the connection goes back to its pool, when
both sides keep it alive and nothing is left over, or is closed. A reader that is dropped before closes it.
"""

from __future__ import annotations

import warnings
from time import monotonic

from restkit_parser import CHUNKED, TUNNEL, UNTIL_CLOSE, ChunkDecoder, Headers, IncompleteBody

from .errors import ClosedError, RemoteDisconnected, RestkitError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from restkit_parser import Limits

    from .codings.protocols import Reader
    from .connection import Connection


__all__ = ["BodyReader", "BytesReader", "open_reader"]

# Larger blocks are mapped and unmapped by the allocator each time, which costs more than reading them.
BLOCK_SIZE = 65_536
# Rest of a body that is read to keep the connection: less than the cost of a new one, and already there.
DRAIN_SIZE = 65_536


def open_reader(connection: Connection, length: int, keep_alive: bool, limits: Limits) -> Reader:
    """The reader for a body of `length` bytes, or CHUNKED, UNTIL_CLOSE or TUNNEL (RFC 9112 §6.3).

    A body that came whole with its head gives its connection back at once.
    """
    if length >= 0:
        stream = connection.stream
        received, stream.received = stream.received, b""
        surplus = len(received) - length
        if surplus >= 0:
            connection.release(surplus > 0 or not keep_alive)
            return BytesReader(received[:length] if surplus else received)
        return BodyReader(connection, length, keep_alive, limits, received)
    return BodyReader(connection, length, keep_alive, limits, connection.stream.take_received())


class BytesReader:
    """A body that is in memory."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def read_all(self) -> bytes:
        """All of it."""
        data, self.data = self.data, b""
        return data

    def read(self, n: int, /) -> bytes:
        """Up to `n` bytes, b"" at the end only."""
        data = self.data
        if n >= len(data):
            self.data = b""
            return data
        self.data = data[n:]
        return data[:n]

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer with what there is; 0 at the end only."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Forget the rest."""
        self.data = b""


class BodyReader:
    """A body that is read off its connection.

    Attributes:
        received: bytes of content read so far.
        ended: when the last byte was read (monotonic), None before.
        trailers: the trailer section of a chunked body, once its end was read.
    """

    __slots__ = (
        "_connection",
        "_decoder",
        "_error",
        "_keep_alive",
        "_left",
        "_ready",
        "ended",
        "received",
        "trailers",
    )

    def __init__(
        self, connection: Connection, length: int, keep_alive: bool, limits: Limits, received: bytes
    ) -> None:
        self._connection: Connection | None = connection
        self._keep_alive = keep_alive and length not in (UNTIL_CLOSE, TUNNEL)
        self._error: BaseException | None = None
        self._decoder: ChunkDecoder | None = None
        # Bytes that are still to come; None when the end of the connection is the end of the body.
        self._left: int | None = None
        self._ready = received
        self.received = 0
        self.ended: float | None = None
        self.trailers = Headers()
        if length >= 0:
            self._left = length - len(received)
        elif length == CHUNKED:
            self._decoder = ChunkDecoder(limits)
            self._ready = b""
            if received:
                self._decode_received(received)

    def _decode_received(self, data: bytes) -> None:
        try:
            self._ready = self._decode(data)
        except BaseException as error:
            self._fail(error)
            raise

    def read(self, n: int, /) -> bytes:
        """Up to `n` bytes of content, b"" at the end only.

        Raises:
            IncompleteBody: the connection ended before the body did.
            ReadTimeout, TotalTimeout: nothing came in time.
            ParserError, InvalidChunkSize, ChunkMissingTerminator: the chunked framing is broken.
            ClosedError: the response was closed.
        """
        ready = self._ready
        if ready:
            self._ready = ready[n:]
            ready = ready[:n]
            self.received += len(ready)
            return ready
        connection = self._connection
        if connection is None:
            return self._at_end()
        try:
            if self._decoder is not None:
                return self._read_chunked(connection, n)
            left = self._left
            data = connection.stream.recv(min(n, BLOCK_SIZE) if left is None else min(n, left, BLOCK_SIZE))
            self._took(len(data))
        except BaseException as error:  # noqa: BLE001 - raised again, with the connection closed
            raise self._fail(error) from error.__cause__
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the buffer with what there is; 0 at the end only. Raises as `read`."""
        view = memoryview(buffer).cast("B")
        connection = self._connection
        if self._ready or connection is None or self._decoder is not None:
            data = self.read(len(view))
            view[: len(data)] = data
            return len(data)
        left = self._left
        try:
            count = connection.stream.recv_into(view if left is None or left >= len(view) else view[:left])
            self._took(count)
        except BaseException as error:  # noqa: BLE001 - raised again, with the connection closed
            raise self._fail(error) from error.__cause__
        return count

    def _took(self, count: int) -> None:
        self.received += count
        left = self._left
        if left is None:
            if not count:
                self._end()
            return
        if not count:
            raise IncompleteBody(self.received + left, self.received)
        self._left = left = left - count
        if not left:
            self._end()

    def _read_chunked(self, connection: Connection, n: int) -> bytes:
        while True:
            data = connection.stream.recv(BLOCK_SIZE)
            if not data:
                raise IncompleteBody(None, self.received)
            data = self._decode(data)
            if data:
                self.received += min(len(data), n)
                if len(data) <= n:
                    return data
                self._ready = data[n:]
                return data[:n]
            if self._connection is None:
                return b""

    def _decode(self, data: bytes) -> bytes:
        decoder = self._decoder
        assert decoder is not None  # noqa: S101 - for the type checker: callers have looked
        content, used = decoder.take(data)
        if decoder.done:
            self.trailers = decoder.trailers
            self._end(surplus=used < len(data))
        return content

    def _end(self, surplus: bool = False) -> None:
        connection, self._connection = self._connection, None
        self.ended = monotonic()
        if connection is not None:
            connection.release(should_close=surplus or not self._keep_alive)

    def _fail(self, error: BaseException) -> BaseException:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
        if isinstance(error, RemoteDisconnected):
            left = self._left
            cause = error.__cause__
            error = IncompleteBody(None if left is None else self.received + left, self.received)
            error.__cause__ = cause
        interrupted = not isinstance(error, Exception)
        self._error = ClosedError("the reading of the body was interrupted") if interrupted else error
        return error

    def _at_end(self) -> bytes:
        if self._error is not None:
            raise self._error
        return b""

    def detach(self) -> Connection:
        """The connection, now the caller's: for a response that ends HTTP on it (101, or 2xx to CONNECT).

        Raises:
            ClosedError: it is gone already.
        """
        connection, self._connection = self._connection, None
        if connection is None:
            raise ClosedError("the response no longer has a connection to give away")
        connection.stream.received = self._ready
        self._ready = b""
        self._error = ClosedError("the connection was detached from the response")
        return connection

    def close(self) -> None:
        """Give up the rest. The connection is kept when that is short and already here, else closed."""
        connection = self._connection
        self._ready = b""
        if connection is None:
            return
        if self._keep_alive:
            self._drain(connection)
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
            self._error = ClosedError("the response was closed before its body was read to the end")

    def _drain(self, connection: Connection) -> None:
        if self._left is not None and self._left > DRAIN_SIZE:
            return
        budget = DRAIN_SIZE
        try:
            while self._connection is not None and budget > 0:
                data = connection.stream.recv_now(BLOCK_SIZE if self._left is None else self._left)
                if not data:
                    return
                budget -= len(data)
                if self._decoder is not None:
                    self._decode(data)
                else:
                    self._took(len(data))
        except RestkitError:
            return

    def __del__(self) -> None:
        connection = self._connection
        if connection is not None:
            warnings.warn(
                f"a response was dropped before its body was read: {connection!r}",
                ResourceWarning,
                stacklevel=2,
            )
            self._connection = None
            connection.close()
