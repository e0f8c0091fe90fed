"""The body of a response as a binary file object (manual 2.5.2, 3.1.9)."""

from __future__ import annotations

import io

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Self

    from _typeshed import WriteableBuffer

__all__ = ["PIECE", "BodyWrapper"]

# One read of the reader. Larger allocations page-fault: measured slower from 128 KiB on. Iteration hands
# out a line longer than this in pieces, so that it holds flat memory whatever the body is.
PIECE = 65536


class BodyWrapper(io.BufferedIOBase):
    r"""Reads the body of `resp`, once; what `Response.body_stream()` returns.

    A binary file object for whatever takes one: io.TextIOWrapper, tarfile, shutil.copyfileobj, csv, json.
    `read(n)` waits for n bytes, `read1(n)` takes what is there. Iteration is by lines, `\n` kept, a line over
    64 KiB in pieces. Leaving its `with` block, or close(), gives up what was not read.

    Attributes:
        resp: the response.
        connection: the connection it comes from, or None.
        eof: whether the body was read to its end.
    """

    def __init__(self, resp: Any, connection: Any = None) -> None:
        self.resp = resp
        self.connection = connection
        self._reader = resp.reader
        # Read and not yet handed out: _buffer[_start:].
        self._buffer = b""
        self._start = 0
        self._ended = False

    @property
    def eof(self) -> bool:
        """Whether the body was read to its end."""
        return self._ended and self._start >= len(self._buffer)

    def readable(self) -> bool:
        """True: it can be read."""
        return True

    def close(self) -> None:
        """Gives up the rest: the connection goes back to its pool when that is cheap, else it is closed."""
        if not self.closed:
            self._buffer = b""
            self._start = 0
            try:
                self._reader.close()
            finally:
                super().close()

    def read(self, n: int | None = -1, /) -> bytes:
        """N bytes, fewer only at the end of the body; the whole rest without n, or with a negative n.

        Raises:
            UnexpectedEOF, DecodeError, BodyTooLarge, RequestTimeout: the body can not be had in full.
        """
        self._check_open()
        if n is None or n < 0:
            return self._read_all()
        data = self._take(n)
        missing = n - len(data)
        if not missing:
            return data
        pieces = [data] if data else []
        while missing and (data := self._read_some(missing)):
            pieces.append(data)
            missing -= len(data)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def read1(self, n: int | None = -1, /) -> bytes:
        """Up to n bytes (64 KiB without n) as soon as there are any; b"" only at the end."""
        self._check_open()
        if n is None or n < 0:
            n = PIECE
        return self._take(n) or (self._read_some(n) if n else b"")

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer, less only at the end of the body; the number of bytes."""
        self._check_open()
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (count := self._read_some_into(view[filled:])):
            filled += count
        return filled

    def readinto1(self, buffer: WriteableBuffer, /) -> int:
        """Puts into the buffer what is there; the number of bytes, 0 only at the end."""
        self._check_open()
        view = memoryview(buffer).cast("B")
        return self._read_some_into(view) if len(view) else 0

    def readline(self, limit: int | None = -1, /) -> bytes:
        r"""The next line with its `\n`, at most `limit` bytes of it; b"" at the end."""
        self._check_open()
        if limit is None or limit < 0:
            return self._read_line(None)
        return self._read_line(limit) if limit else b""

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

    def __iter__(self) -> Self:
        self._check_open()
        return self

    def __next__(self) -> bytes:
        # The common case first: a whole line is there.
        start = self._start
        end = self._buffer.find(b"\n", start, start + PIECE) + 1
        if end:
            self._start = end
            return self._buffer[start:end]
        self._check_open()
        line = self._read_line(PIECE)
        if not line:
            raise StopIteration
        return line

    def next(self) -> bytes:
        """The next line; StopIteration at the end."""
        return self.__next__()

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("the response's body was closed")

    def _take(self, n: int) -> bytes:
        """Up to n bytes of what was read ahead for lines."""
        start = self._start
        if start >= len(self._buffer):
            return b""
        data = self._buffer[start : start + n]
        self._start = start + len(data)
        return data

    def _read_some(self, n: int) -> bytes:
        """Up to n bytes from the reader; b"" only at the end."""
        if self._ended:
            return b""
        data: bytes = self._reader.read(n)
        self._ended = not data
        return data

    def _read_some_into(self, view: memoryview) -> int:
        if data := self._take(len(view)):
            view[: len(data)] = data
            return len(data)
        if self._ended:
            return 0
        count: int = self._reader.readinto(view)
        self._ended = not count
        return count

    def _read_all(self) -> bytes:
        pieces = [self._take(len(self._buffer))]
        while data := self._read_some(PIECE):
            pieces.append(data)
        return b"".join(pieces)

    def _read_line(self, limit: int | None) -> bytes:
        """One line, at most `limit` bytes; each byte is searched and copied once, however it arrives."""
        pieces = []
        size = 0
        while limit is None or size < limit:
            if self._start >= len(self._buffer):
                self._buffer = self._read_some(PIECE)
                self._start = 0
                if not self._buffer:
                    break
            start = self._start
            stop = len(self._buffer) if limit is None else start + limit - size
            end = self._buffer.find(b"\n", start, stop) + 1
            piece = self._take((end or stop) - start)
            pieces.append(piece)
            size += len(piece)
            if end:
                break
        return b"".join(pieces)
