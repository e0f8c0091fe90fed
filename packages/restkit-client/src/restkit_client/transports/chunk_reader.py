"""A reader over the chunks of an iterable: how an answer that comes from no socket is read."""

from __future__ import annotations

from ..errors import ClosedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from _typeshed import WriteableBuffer

__all__ = ["ChunkReader"]


class ChunkReader:
    """Reads the concatenation of `chunks`, taking the next one only when it is needed.

    `on_end` is called once: when the chunks are used up, at close(), or when they raise.
    """

    def __init__(self, chunks: Iterable[bytes], on_end: Callable[[], None] | None = None) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._chunk = b""
        self._start = 0
        self._on_end = on_end
        self.closed = False

    def read(self, n: int, /) -> bytes:
        """Up to n bytes (n > 0) of one chunk; b"" only at the end."""
        if self._start >= len(self._chunk) and not self._next_chunk():
            return b""
        start = self._start
        self._start = start + n
        if start == 0 and len(self._chunk) <= n:
            return self._chunk
        return self._chunk[start : start + n]

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer's beginning; the number of bytes, 0 only at the end."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Gives up the rest."""
        self._chunk = b""
        if not self.closed:
            self._chunks = iter(_refuse, b"")
        self._end()

    def _next_chunk(self) -> bool:
        """Takes the next chunk that is not empty; False at the end."""
        self._start = 0
        try:
            self._chunk = next(filter(None, self._chunks), b"")
        except BaseException:
            self.close()
            raise
        if not self._chunk:
            self._end()
        return bool(self._chunk)

    def _end(self) -> None:
        if self.closed:
            return
        self.closed = True
        if self._on_end is not None:
            self._on_end()


def _refuse() -> bytes:
    raise ClosedError("the body was closed before it was read to its end")
