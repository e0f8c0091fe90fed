"""A multipart body, read as it comes: one part after the other, each a file object (RFC 2046 §5.1).

Memory holds one block and one header. A delimiter counts only at the start of a line and when nothing but blanks
follows it in that line; everything else is data. Each byte is searched once, however small the pieces are in
which the stream gives it.
"""

from __future__ import annotations

from io import BufferedIOBase, BytesIO

from .errors import BodyConsumed, IncompleteMultipart, LimitExceeded
from .part_headers import boundary_of, decoded_extended, parse_fields, parse_value, unescaped
from .segments import READ_SIZE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from _typeshed import WriteableBuffer

    class Readable(Protocol):
        """A binary file object, as far as it is needed."""

        def read(self, size: int, /) -> bytes:
            """At most `size` bytes; b"" at the end."""


MAX_HEADER_SIZE = 16 * 1024  # bytes; browsers send some 200
MAX_PARTS = 10_000  # ten times the largest form seen in tests of others; an empty part costs 10 µs
MAX_PART_SIZE = 16 * 1024**3  # bytes; parts are not held, so this only ends an endless one
MAX_EPILOGUE = (
    64 * 1024
)  # bytes after the closing delimiter that are read and dropped, for the connection's sake
MAX_PADDING = 128  # blanks after a delimiter in its line; RFC 2046 says that some gateways add them


class MultipartReader:
    """The parts of a multipart body, in order.

        for part in MultipartReader(response.body_stream(), response.headers["Content-Type"]):
            print(part.name, part.filename, part.read())

    A part is read before the next one is asked for; what is left of it then is skipped. For a body within a body
    give the part and its `content_type` to another MultipartReader. Any multipart type is read;
    Content-Transfer-Encoding is not decoded.

    Args:
        stream: a binary file object (only read(n) is used), or bytes.
        content_type: of the body, with its boundary.
        max_header_size: bytes in the header of one part, and before the first delimiter.
        max_parts: parts in all.
        max_part_size: bytes in one part.

    Raises:
        MalformedMultipart, IncompleteMultipart, LimitExceeded: here, while iterating, while reading a part.
    """

    def __init__(
        self,
        stream: Readable | bytes,
        content_type: str,
        *,
        max_header_size: int = MAX_HEADER_SIZE,
        max_parts: int = MAX_PARTS,
        max_part_size: int = MAX_PART_SIZE,
    ) -> None:
        self.boundary = boundary_of(content_type)
        self.max_header_size = max_header_size
        self.max_parts = max_parts
        self.max_part_size = max_part_size
        self._read = BytesIO(stream).read if isinstance(stream, bytes) else stream.read
        self._delimiter = f"\r\n--{self.boundary}".encode()
        self._buffer = bytearray(b"\r\n")  # so that a delimiter may open the body
        self._searched = 0  # no delimiter starts in the buffer before here
        self._line = (False, 0)  # of the delimiter reached: is it the closing one, index of its line break
        self._eof = False
        self._current: Part | None = None
        self._parts = 0
        self._done = False

    def __iter__(self) -> MultipartReader:
        return self

    def __next__(self) -> Part:
        if self._done:
            raise StopIteration
        self._skip_to_delimiter()
        closing, end = self._line
        self._take(end)
        if closing:
            self._done = True
            self._drop_epilogue()
            raise StopIteration
        self._parts += 1
        if self._parts > self.max_parts:
            raise LimitExceeded("max_parts", self.max_parts)
        self._current = Part(self, self._header())
        return self._current

    def _skip_to_delimiter(self) -> None:
        """To the delimiter that ends the current part, or the preamble."""
        part, self._current = self._current, None
        skipped = 0
        while True:
            block = self._data(READ_SIZE)
            if not block:
                return
            skipped += len(block)
            if part is not None:
                part._count(len(block))
            elif skipped > self.max_header_size:
                raise LimitExceeded("max_header_size", self.max_header_size)

    def _fill(self) -> bool:
        """Take a block from the stream; False at its end."""
        block = b"" if self._eof else self._read(READ_SIZE)
        self._buffer += block
        self._eof = not block
        return not self._eof

    def _need(self, count: int) -> None:
        """Have so many bytes in the buffer, unless the stream ends before."""
        while len(self._buffer) < count and self._fill():
            pass

    def _data(self, limit: int) -> bytes:
        """Up to `limit` bytes before the next delimiter; b"" when that comes next: `_line` says what it is."""
        while True:
            found = self._buffer.find(self._delimiter, self._searched)
            if found < 0:
                self._searched = ready = max(0, len(self._buffer) - len(self._delimiter) + 1)
            elif (line := self._line_end(found)) is None:  # data that only starts like a delimiter
                self._searched = found + 1
                continue
            else:
                self._searched = ready = found
                if not found:
                    self._line = line
                    return b""
            if ready:
                return self._take(min(limit, ready))
            if not self._fill():
                raise IncompleteMultipart(
                    f"the body ends without the closing delimiter of boundary {self.boundary!a}"
                )

    def _take(self, count: int) -> bytes:
        with memoryview(self._buffer) as view:
            taken = bytes(view[:count])
        del self._buffer[:count]
        self._searched = max(0, self._searched - count)
        return taken

    def _line_end(self, found: int) -> tuple[bool, int] | None:
        """Of a delimiter there: (is it the closing one, index of its line break); None for data."""
        end = found + len(self._delimiter)
        self._need(end + 2)
        if self._buffer.startswith(b"\r\n", end):
            return False, end
        closing = self._buffer.startswith(b"--", end)
        position = end + 2 if closing else end
        for blanks in range(MAX_PADDING):
            self._need(position + blanks + 2)
            following = bytes(self._buffer[position + blanks : position + blanks + 2])
            if following == b"\r\n" or (closing and not following):
                return closing, position + blanks
            if following[:1] not in (b" ", b"\t"):
                return None
        return None

    def _header(self) -> dict[str, str]:
        """The fields of the part. The blank line's CRLF stays if the next delimiter starts with it."""
        searched = 0
        while (end := self._buffer.find(b"\r\n\r\n", searched)) < 0:
            if len(self._buffer) > self.max_header_size:
                raise LimitExceeded("max_header_size", self.max_header_size)
            searched = max(0, len(self._buffer) - 3)
            if not self._fill():
                raise IncompleteMultipart("the body ends within the header of a part")
        if end > self.max_header_size:
            raise LimitExceeded("max_header_size", self.max_header_size)
        fields = parse_fields(self._take(end)[2:])
        if not self._at_delimiter(2):
            self._take(4)
        return fields

    def _at_delimiter(self, index: int) -> bool:
        """Whether a delimiter, and no data, begins at that index."""
        self._need(index + len(self._delimiter))
        found = self._buffer.startswith(self._delimiter, index) and self._line_end(index) is not None
        if found:
            self._take(index)
        return found

    def _drop_epilogue(self) -> None:
        dropped = len(self._buffer)
        self._buffer.clear()
        while dropped < MAX_EPILOGUE and self._fill():
            dropped += len(self._buffer)
            self._buffer.clear()


class Part(BufferedIOBase):
    """One part: a binary file object that ends where the part ends.

    Attributes:
        headers: its fields, by lower-case name.
        name: of the form's field; None when it has none.
        filename: as sent: it may hold directories, so never open a file of that name unseen; None for none.
        content_type: with its parameters; None when it has none.
        size: bytes read so far.
    """

    def __init__(self, reader: MultipartReader, headers: dict[str, str]) -> None:
        self.headers = headers
        self.content_type = headers.get("content-type")
        _, parameters = parse_value(headers.get("content-disposition", ""))
        self.name = _parameter(parameters, "name")
        self.filename = _parameter(parameters, "filename")
        self.size = 0
        self._reader = reader
        self._ahead = b""  # read from the stream,
        self._given = 0  # and so much of it given to the caller

    def _count(self, taken: int) -> None:
        self.size += taken
        if self.size > self._reader.max_part_size:
            raise LimitExceeded("max_part_size", self._reader.max_part_size)

    def readable(self) -> bool:
        """Yes."""
        return True

    def _peek(self) -> int:
        """Have bytes to give, and say how many; 0 at the end of the part.

        Raises:
            BodyConsumed: the reader went on to the next part.
        """
        if self._reader._current is not self:
            raise BodyConsumed("the reader went on to the next part; read a part before asking for another")
        if self._given == len(self._ahead):
            self._ahead, self._given = self._reader._data(READ_SIZE), 0
            self._count(len(self._ahead))
        return len(self._ahead) - self._given

    def read1(self, size: int = -1, /) -> bytes:
        """At most `size` bytes of what is there, at most 64 KiB; b"" at the end of the part."""
        there = self._peek()
        start = self._given
        self._given += there if size < 0 else min(size, there)
        return self._ahead[start : self._given]

    def read(self, size: int | None = -1, /) -> bytes:
        """At most `size` bytes, all that is left of the part when negative or None; b"" at its end."""
        left = -1 if size is None else size
        pieces = []
        while left and (piece := self.read1(left)):
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
        return b"".join(pieces)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fill the writable buffer; returns the number of bytes, 0 at the end of the part."""
        with memoryview(buffer).cast("B") as view:
            data = self.read(len(view))
            view[: len(data)] = data
        return len(data)

    def readline(self, size: int | None = -1, /) -> bytes:
        """One line, its line break included; at most `size` bytes of it."""
        left = -1 if size is None else size
        pieces: list[bytes] = []
        while left and self._peek():
            end = self._ahead.find(b"\n", self._given) + 1 or len(self._ahead)
            wanted = end - self._given
            piece = self.read1(wanted if left < 0 else min(wanted, left))
            pieces.append(piece)
            left -= len(piece) if left > 0 else 0
            if piece.endswith(b"\n"):
                break
        return b"".join(pieces)


def _parameter(parameters: dict[str, str], name: str) -> str | None:
    """The parameter as text; its extended form (RFC 8187) wins, as in RFC 6266 §4.3."""
    extended = parameters.get(f"{name}*")
    text = decoded_extended(extended) if extended is not None else None
    if text is None and name in parameters:
        return unescaped(parameters[name])
    return text
