"""The chunked transfer coding (RFC 9112 section 7.1), taken off in place."""

from __future__ import annotations

from restkit_parser.errors import ChunkMissingTerminator, HeaderLimit, IncompleteBody, InvalidChunkSize
from restkit_parser.grammar import HEX_DIGITS
from restkit_parser.headers import Headers
from restkit_parser.limits import DEFAULT_LIMITS
from restkit_parser.scanning import TRAILERS, HeadScanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.limits import Limits

__all__ = ["ChunkDecoder"]

# 16 hexadecimal digits hold every 64-bit number.
_MAX_SIZE_DIGITS = 16

_SIZE, _DATA, _DATA_END, _TRAILERS, _DONE = "chunk size", "chunk data", "chunk end", "trailers", ""


class ChunkDecoder:
    """Takes the chunked coding off one body, in place.

    Attributes:
        done: whether the end of the body, trailers included, was reached.
        trailers: the trailer fields, kept apart from the head's (RFC 9110 section 6.5.1); empty until `done`.
        received: bytes of content so far; when `decode` raised, those before the fault are counted, and in place.
    """

    __slots__ = (
        "_extensions", "_held", "_left", "_limits", "_offset", "_repeat", "_scanner", "_size", "_state",
        "done", "received", "trailers",
    )  # fmt: skip

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.done = False
        self.trailers = Headers()
        self.received = 0
        self._limits = limits
        self._state = _SIZE
        # Bytes of data that the present chunk still has.
        self._left = 0
        # What of a line, or of the trailers, came in earlier calls.
        self._held = bytearray()
        # The bytes from the end of the last chunk's data to the next chunk's, should that be of the same size.
        self._repeat: bytes | tuple[bytes, ...] = ()
        self._size = 0
        self._extensions = 0
        # Bytes consumed in earlier calls, to tell the place of an error.
        self._offset = 0
        self._scanner: HeadScanner | None = None

    def decode(self, buffer: bytearray | memoryview, start: int, stop: int) -> tuple[int, int]:
        """Decode buffer[start:stop], writing the content from `start` on.

        Returns (filled, used): buffer[start:start+filled] is content now, and `used` bytes of the input were consumed:
        all of them, unless the body ended before.

        Raises:
            InvalidChunkSize, ChunkMissingTerminator: for the framing (RFC 9112 section 7.1).
            InvalidHeader, InvalidHeaderName: for a trailer field (section 7.1.2).
            HeaderLimit: for too many bytes of extensions or trailers.
        """
        if not isinstance(buffer, bytearray):
            return self._decode_copy(buffer, start, stop)
        spans: list[tuple[int, int]] = []
        write = start
        try:
            used = self._find(buffer, start, stop, spans)
        finally:
            with memoryview(buffer) as view:
                for begin, end in spans:
                    size = end - begin
                    if begin != write:
                        view[write : write + size] = view[begin:end]
                    write += size
            self.received += write - start
        return write - start, used

    def take(self, data: bytes) -> tuple[bytes, int]:
        """The content in `data`, and how many of its bytes were consumed: all of them, unless the body ended before.

        As `decode`, for bytes that can not be changed: with one copy, or with none where a single chunk fills them.
        """
        spans: list[tuple[int, int]] = []
        used = self._find(data, 0, len(data), spans)
        if len(spans) == 1:
            begin, end = spans[0]
            content = data if end - begin == len(data) else data[begin:end]
        else:
            view = memoryview(data)
            content = b"".join([view[begin:end] for begin, end in spans])
        self.received += len(content)
        return content, used

    def _find(self, buffer: bytes | bytearray, start: int, stop: int, spans: list[tuple[int, int]]) -> int:
        """Add to `spans` where the content stands in buffer[start:stop]; the number of bytes consumed."""
        read = start
        while read < stop:
            left = self._left
            if left:
                end = read + left
                if end > stop:
                    spans.append((read, stop))
                    self._left = end - stop
                    read = stop
                    break
                spans.append((read, end))
                read = end
                if buffer.startswith(self._repeat, read, stop):
                    read += len(self._repeat)
                    self._left = self._size
                else:
                    self._left = 0
                    self._state = _DATA_END
            elif self._state is _DONE:
                break
            else:
                read = self._take_framing(buffer, read, stop, self._offset + read - start)
        self._offset += read - start
        return read - start

    def eof(self) -> None:
        """Say that nothing follows; raises `IncompleteBody` when the body is not at its end."""
        if not self.done:
            raise IncompleteBody(None, self.received, self._state)

    def _decode_copy(self, buffer: memoryview, start: int, stop: int) -> tuple[int, int]:
        """For buffers that can not be searched."""
        data = bytearray(buffer[start:stop])
        filled, used = self.decode(data, 0, len(data))
        buffer[start : start + filled] = data[:filled]
        return filled, used

    def _take_framing(self, buffer: bytes | bytearray, read: int, stop: int, offset: int) -> int:
        """Take what stands between data and data, as far as it is there; returns where it was read to."""
        if self._state is _TRAILERS:
            return self._take_trailers(buffer, read, stop)
        if self._state is _DATA_END:
            return self._take_data_end(buffer, read, stop, offset)
        newline = buffer.find(b"\n", read, stop)
        held = self._held
        offset -= len(held)
        held += buffer[read : stop if newline < 0 else newline + 1]
        if len(held) - _MAX_SIZE_DIGITS - 2 > self._limits.max_chunk_extensions - self._extensions:
            raise HeaderLimit().at(
                offset,
                "RFC 9112 section 7.1.1",
                f"chunk extensions of more than {self._limits.max_chunk_extensions} bytes",
            )
        if newline < 0:
            return stop
        line = bytes(held)
        held.clear()
        self._take_size(line, offset)
        return newline + 1

    def _take_data_end(self, buffer: bytes | bytearray, read: int, stop: int, offset: int) -> int:
        held = self._held
        offset -= len(held)
        used = min(2 - len(held), stop - read)
        held += buffer[read : read + used]
        if not b"\r\n".startswith(held):
            raise ChunkMissingTerminator(held.decode("latin-1")).at(
                offset, "RFC 9112 section 7.1", "the data is longer than its size, or CR LF is missing"
            )
        if len(held) == 2:
            held.clear()
            self._state = _SIZE
        return read + used

    def _take_size(self, line: bytes, offset: int) -> None:
        """Begin the chunk, or the trailers, that this line with its line end announces."""
        digits = line[:-2]
        if not line.endswith(b"\r\n"):
            raise _invalid_size(line, offset, "the line does not end with CR LF")
        self._repeat = b"\r\n" + line
        if not digits or len(digits) > _MAX_SIZE_DIGITS or digits.translate(None, HEX_DIGITS):
            digits = self._without_extensions(digits, offset)
        self._size = self._left = int(digits, 16)
        self._state = _DATA if self._size else _TRAILERS

    def _without_extensions(self, line: bytes, offset: int) -> bytes:
        """The size, after the extensions were checked and counted."""
        extensions = line.lstrip(HEX_DIGITS)
        digits = line[: len(line) - len(extensions)]
        # Nothing starts with one of none: this line takes this way again, and is counted again.
        self._repeat = ()
        self._extensions += len(line) - min(len(digits), _MAX_SIZE_DIGITS)
        if not digits:
            raise _invalid_size(line, offset, "no hexadecimal digits")
        if extensions and not _is_extensions(extensions):
            raise _invalid_size(line, offset, "what follows the size is no chunk extension")
        if len(digits.lstrip(b"0")) > _MAX_SIZE_DIGITS:
            raise _invalid_size(line, offset, f"more than {_MAX_SIZE_DIGITS} digits")
        return digits

    def _take_trailers(self, buffer: bytes | bytearray, read: int, stop: int) -> int:
        scanner = self._scanner
        if scanner is None:
            if buffer.startswith(b"\r\n", read, stop):
                self._finish()
                return read + 2
            scanner = self._scanner = HeadScanner(self._limits, TRAILERS)
        held = self._held
        before = len(held)
        held += buffer[read:stop]
        end = scanner.end(held, 0, len(held))
        if end < 0:
            return stop
        section = scanner.normalised()
        self.trailers = Headers.from_section(section, section.lower())
        self._finish()
        return read + end - before

    def _finish(self) -> None:
        self._state = _DONE
        self.done = True
        self._scanner = None
        self._held.clear()


def _invalid_size(line: bytes, offset: int, reason: str) -> InvalidChunkSize:
    return InvalidChunkSize(line[:80].decode("latin-1")).at(offset, "RFC 9112 section 7.1", reason)


def _is_extensions(text: bytes) -> bool:
    from restkit_parser.patterns import EXTENSIONS

    return EXTENSIONS.fullmatch(text) is not None
