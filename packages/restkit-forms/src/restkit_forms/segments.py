"""Segments: how a body is handed over.

Each is bytes, or `(file, offset, count)`: that stretch of a file of the operating system, unbuffered, fit for
sendfile. Whoever takes it seeks first, and reads until it has `count` bytes.
"""

from __future__ import annotations

from .errors import InvalidBoundary, SourceChanged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO, TypeAlias

    Segment: TypeAlias = bytes | tuple[BinaryIO, int, int]

JOIN_SIZE = 16 * 1024  # Small fields are joined up to this: one send for dozens of them.
READ_SIZE = 64 * 1024  # Larger blocks cost page faults for each allocation (measured) and save no time.
PROGRESS_SIZE = 1024 * 1024  # How much of a file may go unreported: 1 MiB keeps sendfile calls few.


def describe(file: object) -> str:
    """A file, for an error message."""
    name = getattr(file, "name", None)
    return f"file {name!r}" if isinstance(name, str) else type(file).__name__


def blocks(segments: Iterable[Segment], size: int = READ_SIZE) -> Iterator[bytes]:
    """The bytes of the segments; files are read in blocks of at most `size` bytes.

    Raises:
        SourceChanged: a file ends early.
    """
    # Closed here, and not when the garbage collector comes by: a source may hold an open file.
    with closing(segments) as source:
        for segment in source:
            if not isinstance(segment, tuple):
                yield segment
                continue
            file, offset, count = segment
            file.seek(offset)
            read, left = file.read, count
            while left:
                block = read(min(size, left))
                if not block:
                    raise SourceChanged(describe(file), count, count - left)
                left -= len(block)
                yield block


class closing:  # noqa: N801 - contextlib's of that name costs 2 ms of start-up, and wants a close()
    """Iterate in a `with` block that closes a generator, however it is left."""

    __slots__ = ("_iterable",)

    def __init__(self, iterable: Iterable[Segment]) -> None:
        self._iterable = iter(iterable)

    def __enter__(self) -> Iterator[Segment]:
        return self._iterable

    def __exit__(self, *_: object) -> None:
        close = getattr(self._iterable, "close", None)
        if close is not None:
            close()


def size_of(segment: Segment) -> int:
    """Bytes in the segment."""
    return segment[2] if isinstance(segment, tuple) else len(segment)


def exactly(segments: Iterable[Segment], promised: int | None, source: str) -> Iterator[Segment]:
    """The same segments; SourceChanged as soon as they are more bytes than promised, or in the end fewer."""
    found = 0
    for segment in segments:
        found += size_of(segment)
        if promised is not None and found > promised:
            raise SourceChanged(source, promised, found)
        yield segment
    if promised is not None and found != promised:
        raise SourceChanged(source, promised, found)


def searched(segments: Iterable[Segment], boundary: str, size: int = READ_SIZE) -> Iterator[bytes]:
    """The same bytes, as of `blocks`; InvalidBoundary when one of their lines starts with the delimiter."""
    delimiter = f"\n--{boundary}".encode()
    tail = b"\n"  # a value starts on a line of its own
    for block in blocks(segments, size):
        tail += block
        if delimiter in tail:
            raise InvalidBoundary("boundary found in encoded string")
        tail = tail[1 - len(delimiter) :]
        yield block


def joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same bytes; what is small, files too, is joined to blocks of at least 16 KiB, what is empty gone."""
    small: list[bytes] = []
    length = 0
    for given in segments:
        segment = given
        if isinstance(segment, tuple) and segment[2] < JOIN_SIZE:
            segment = b"".join(blocks([segment]))
        if isinstance(segment, tuple) or len(segment) >= JOIN_SIZE:
            if small:
                yield b"".join(small)
                small, length = [], 0
            yield segment
        elif segment:
            small.append(segment)
            length += len(segment)
            if length >= JOIN_SIZE:
                yield b"".join(small)
                small, length = [], 0
    if small:
        yield b"".join(small)


def reporting(
    segments: Iterable[Segment], progress: Callable[[int, int | None], object], total: int | None
) -> Iterator[Segment]:
    """The same segments, files in pieces of 1 MiB; `progress(bytes so far, total)` after each was taken."""
    sent = 0
    for segment in segments:
        for piece in _pieces(segment):
            yield piece
            sent += size_of(piece)
            progress(sent, total)


def _pieces(segment: Segment) -> Iterator[Segment]:
    if not isinstance(segment, tuple):
        yield segment
        return
    file, offset, count = segment
    for start in range(0, count, PROGRESS_SIZE):
        yield file, offset + start, min(PROGRESS_SIZE, count - start)


class SegmentReader:
    """Segments as a readable binary file: `read`, `readinto`."""

    __slots__ = ("_data", "_file", "_left", "_segments")

    def __init__(self, segments: Iterator[Segment]) -> None:
        self._segments = segments
        self._data: bytes | memoryview = b""
        self._file: BinaryIO | None = None
        self._left = 0

    def _advance(self) -> bool:
        """Make sure that something is left of the current segment; False at the end."""
        while not self._left:
            segment = next(self._segments, None)
            if segment is None:
                self._data, self._file = b"", None
                return False
            if isinstance(segment, tuple):
                self._file, offset, self._left = segment
                self._file.seek(offset)
            else:
                self._file, self._data, self._left = None, memoryview(segment), len(segment)
        return True

    def _took(self, count: int) -> int:
        if not count:
            raise SourceChanged(describe(self._file), self._left, 0)
        self._left -= count
        return count

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, all that is left when negative; b"" at the end."""
        pieces = []
        while size and self._advance():
            wanted = self._left if size < 0 else min(size, self._left)
            if self._file is not None:
                piece = self._file.read(wanted)
            else:
                piece = bytes(self._data[:wanted])
                self._data = self._data[wanted:]
            pieces.append(piece)
            taken = self._took(len(piece))
            size = size if size < 0 else size - taken
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill the writable buffer as far as one read does; returns the number of bytes, 0 at the end."""
        view = memoryview(buffer)
        if (
            self._file is not None and view.nbytes <= self._left
        ):  # the middle of a large file: nothing to put together
            return self._took(self._file.readinto(view))  # type: ignore[attr-defined]
        view, filled = view.cast("B"), 0
        while filled < len(view) and self._advance():
            room = view[filled : filled + self._left]
            if self._file is not None:
                taken = self._took(self._file.readinto(room))  # type: ignore[attr-defined]
            else:
                room[:] = self._data[: len(room)]
                self._data = self._data[len(room) :]
                taken = self._took(len(room))
            filled += taken
        return filled
