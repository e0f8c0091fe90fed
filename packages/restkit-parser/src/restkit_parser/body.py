"""The body of one message, taken from the front of a buffer as its framing says."""

from __future__ import annotations

from restkit_parser.chunked import ChunkDecoder
from restkit_parser.errors import IncompleteBody, ProtocolError
from restkit_parser.framing import CHUNKED, UNTIL_CLOSE
from restkit_parser.headers import Headers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.limits import Limits

__all__ = ["BodyReader"]


class BodyReader:
    """Reads one body.

    Args:
        length: as `Framing.length`, but not `TUNNEL`.
        limits: bounds for chunk extensions and trailers.

    Attributes:
        done: whether the end was reached.
        trailers: the trailer fields of a chunked body.
    """

    __slots__ = ("_decoder", "_error", "_left", "_length", "_received", "done", "trailers")

    def __init__(self, length: int, limits: Limits) -> None:
        self._length = length
        self._left = max(0, length)
        self._received = 0
        self._error: ProtocolError | None = None
        self._decoder = ChunkDecoder(limits) if length == CHUNKED else None
        self.done = length == 0
        self.trailers = Headers()

    def take(self, buffer: bytearray) -> bytes:
        """Remove from the front of `buffer` what belongs to the body; returns its content, which may be nothing."""
        if self._decoder is not None:
            filled, used = self._decode(self._decoder, buffer)
        else:
            filled = used = len(buffer) if self._length == UNTIL_CLOSE else min(self._left, len(buffer))
            self._left -= used
            self._received += used
            self.done = self._length >= 0 and self._left == 0
        content = bytes(memoryview(buffer)[:filled])
        del buffer[:used]
        return content

    def _decode(self, decoder: ChunkDecoder, buffer: bytearray) -> tuple[int, int]:
        if self._error is not None:
            raise self._error
        before = decoder.received
        try:
            filled, used = decoder.decode(buffer, 0, len(buffer))
        except ProtocolError as error:
            # What came before the fault is told first, as it would have been in smaller pieces.
            self._error = error
            filled = used = decoder.received - before
            if not filled:
                raise
        self.done = decoder.done
        self.trailers = decoder.trailers
        return filled, used

    def eof(self) -> None:
        """Say that nothing follows; raises `IncompleteBody` unless the body may end here."""
        if self._decoder is not None:
            self._decoder.eof()
        elif self._length != UNTIL_CLOSE and not self.done:
            raise IncompleteBody(self._length, self._received)
        self.done = True
