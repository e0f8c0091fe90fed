"""A reader that undoes one content coding, a piece at a time."""

from __future__ import annotations

from ..errors import BodyTooLarge, ClosedError, DecodeError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from ..errors import RestkitError
    from .protocols import Decoder, Source

__all__ = ["PIECE", "DecodingReader", "RawCounter"]

# Output is made in pieces of about this size: larger allocations page-fault, smaller ones cost calls.
PIECE = 65536
# Input is taken in steps of this size: the ratio is seen early, and a decoder's unread rest stays small.
INPUT = 16384
# A ratio says nothing about a small body: one MiB of blanks is harmless, and compresses a thousandfold.
RATIO_COUNTS_FROM = 1 << 20


class RawCounter:
    """Counts the coded bytes as they are read, for the ratio of decoded to coded."""

    __slots__ = ("_reader", "count")

    def __init__(self, reader: Source) -> None:
        self._reader = reader
        self.count = 0

    def read(self, n: int, /) -> bytes:
        """Up to n bytes of the raw body."""
        data = self._reader.read(n)
        self.count += len(data)
        return data

    def close(self) -> None:
        """Gives up the rest of the raw body."""
        self._reader.close()


class DecodingReader:
    """Reads `source` through `decoder`; corrupt or cut data raises DecodeError and gives up the source."""

    __slots__ = (
        "_coding",
        "_decoded",
        "_decoder",
        "_error",
        "_max_ratio",
        "_piece",
        "_raw",
        "_source",
        "_start",
    )

    def __init__(
        self,
        source: Source,
        coding: str,
        decoder: Decoder,
        raw: RawCounter,
        max_ratio: float | None,
    ) -> None:
        self._source = source
        self._coding = coding
        self._decoder = decoder
        self._raw = raw
        self._max_ratio = max_ratio
        self._decoded = 0
        self._piece = b""
        self._start = 0
        self._error: RestkitError | None = None

    def read(self, n: int, /) -> bytes:
        """Up to n decoded bytes; b"" only at the end."""
        start = self._start
        if start >= len(self._piece):
            self._piece = self._next_piece()
            start = 0
        piece = self._piece
        if start == 0 and len(piece) <= n:
            self._piece = b""
            return piece
        self._start = start + n
        return piece[start : start + n]

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer's beginning with decoded bytes; 0 only at the end."""
        view = memoryview(buffer).cast("B")
        data = self.read(len(view))
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Gives up the rest; nothing more is decoded."""
        self._piece = b""
        if self._error is None:
            self._error = ClosedError("the body was closed before it was read to its end")
        self._source.close()

    def _next_piece(self) -> bytes:
        if self._error is not None:
            raise self._error
        try:
            piece = self._decode()
            self._check_ratio(len(piece))
        except (DecodeError, BodyTooLarge) as error:
            self._error = error
            self.close()
            raise
        return piece

    def _decode(self) -> bytes:
        piece = self._decoder.decode(b"")
        while not piece:
            data = self._source.read(INPUT)
            if not data:
                if not self._decoder.complete:
                    raise DecodeError(f"the body ends in the middle of its {self._coding} data")
                break
            piece = self._decoder.decode(data)
        return piece

    def _check_ratio(self, count: int) -> None:
        self._decoded += count
        if self._max_ratio is None or self._decoded < RATIO_COUNTS_FROM:
            return
        if self._decoded > self._max_ratio * self._raw.count:
            raise BodyTooLarge(
                f"the {self._coding} body inflates more than {self._max_ratio:g} times; raise max_ratio to allow it",
                int(self._max_ratio),
            )
