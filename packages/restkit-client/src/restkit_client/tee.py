"""A body that is kept while it is read, so that it can be read again (manual 2.5.3)."""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import IO, Any

    from _typeshed import WriteableBuffer

__all__ = ["CHUNK_SIZE", "MAX_BODY", "ResponseTeeInput", "TeeInput"]

# Bytes kept in memory; a longer body goes to a temporary file (restkit 4.2.2's number: 7 blocks of 16 KiB).
MAX_BODY = 114688
# One read of the source, and the longest piece of a line that iteration hands out.
CHUNK_SIZE = 16384


class TeeInput(io.BufferedIOBase):
    """A seekable binary file object over `stream`, any object with `read(n)`.

    What was read is kept: in memory, and from 112 KiB on in a temporary file. It reads no more of `stream` than
    it is asked for. zipfile, for one, can open it. Leaving its `with` block does nothing, as ever; close()
    drops what was kept.
    """

    CHUNK_SIZE = CHUNK_SIZE

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self._kept: IO[bytes] = io.BytesIO()
        self._size = 0
        self._position = 0
        self._ended = False

    def readable(self) -> bool:
        """True: it can be read."""
        return True

    def seekable(self) -> bool:
        """True: any byte can be read again."""
        return True

    def tell(self) -> int:
        """The position of the next byte that is read."""
        return self._position

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Goes to a position: from the start (0), from here (1), from the end (2); 3 is 0 after reading all.

        Raises:
            ValueError: the position would be negative, or `whence` is another number.
        """
        self._check_open()
        if whence not in (0, 1, 2, 3):
            raise ValueError(f"whence is 0, 1, 2 or 3, not {whence!r}")
        if whence >= 2:
            self._keep_until(None)
        position = offset + {1: self._position, 2: self._size}.get(whence, 0)
        if position < 0:
            raise ValueError(f"position {position} lies before the start of the body")
        self._position = position
        return position

    def flush(self) -> None:
        """Does nothing: there is nothing to write."""

    def close(self) -> None:
        """Drops what was kept; it can not be read any more."""
        if not self.closed:
            try:
                self._kept.close()
            finally:
                super().close()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Does nothing: the body is still there after the `with` block (restkit 4.2.2)."""

    def read(self, n: int | None = -1, /) -> bytes:
        """N bytes, fewer only at the end; the whole rest without n, or with a negative n."""
        self._check_open()
        if n is None or n < 0:
            self._keep_until(None)
            n = max(self._size - self._position, 0)
        else:
            self._keep_until(self._position + n)
        return self._read_kept(n)

    def read1(self, n: int | None = -1, /) -> bytes:
        """Up to n bytes as soon as there are any; b"" only at the end."""
        self._check_open()
        n = CHUNK_SIZE if n is None or n < 0 else n
        if n:
            self._keep_until(self._position + 1)
        return self._read_kept(n)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer, less only at the end; the number of bytes."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def readline(self, limit: int | None = -1, /) -> bytes:
        r"""The next line with its `\n`, at most `limit` bytes of it; b"" at the end."""
        self._check_open()
        left = -1 if limit is None or limit < 0 else limit
        pieces: list[bytes] = []
        while left and not (pieces and pieces[-1].endswith(b"\n")):
            self._keep_until(self._position + 1)
            piece = self._read_kept_line(left)
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def readlines(self, hint: int | None = None, /) -> list[bytes]:
        """The lines that are left; with `hint`, no more after that many bytes."""
        lines = []
        size = 0
        while line := self.readline():
            lines.append(line)
            size += len(line)
            if hint is not None and 0 < hint <= size:
                break
        return lines

    def __next__(self) -> bytes:
        line = self.readline(self.CHUNK_SIZE)
        if not line:
            raise StopIteration
        return line

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the body was closed")

    def _keep_until(self, position: int | None) -> None:
        """Reads the stream until `position` bytes are kept, None for all of it."""
        while not self._ended and (position is None or self._size < position):
            data = self._stream.read(CHUNK_SIZE)
            if data:
                self._keep(data)
            else:
                self._ended = True
                self._on_end()

    def _on_end(self) -> None:
        """What is left to do when the stream was read to its end."""

    def _keep(self, data: bytes) -> None:
        if self._size <= MAX_BODY < self._size + len(data):
            self._move_to_file()
        self._kept.seek(self._size)
        self._kept.write(data)
        self._size += len(data)

    def _move_to_file(self) -> None:
        # Imported here: it costs 10 ms, and most bodies are small.
        import tempfile

        file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as this object
        file.write(self._kept.getvalue())  # type: ignore[attr-defined] # a BytesIO until now
        self._kept = file

    def _read_kept(self, n: int) -> bytes:
        self._kept.seek(self._position)
        data = self._kept.read(n)
        self._position += len(data)
        return data

    def _read_kept_line(self, limit: int) -> bytes:
        self._kept.seek(self._position)
        line = self._kept.readline(limit)
        self._position += len(line)
        return line


class ResponseTeeInput(TeeInput):
    """The body of a response, kept; what `Response.tee()` returns.

    When all was read the connection has gone back to its pool, or is closed if `should_close`.
    """

    def __init__(self, resp: Any, connection: Any = None, should_close: bool = False) -> None:
        super().__init__(resp.reader)
        self.resp = resp
        self.connection = connection
        self._should_close = should_close

    def close(self) -> None:
        """Drops what was kept, and gives up what was not read."""
        if not self.closed:
            try:
                self._stream.close()
            finally:
                super().close()

    def _on_end(self) -> None:
        if self._should_close and self.connection is not None:
            self.connection.close()
