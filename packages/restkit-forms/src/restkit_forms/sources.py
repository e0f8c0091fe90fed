"""Where the bytes of a part come from.

Whatever it is, a source answers the same three questions:

    content_length          bytes, or None when nobody can know
    segments()              the bytes, from the start
    rewind() -> bool        may segments() be called (again)?

These are the Body's own (so a whole body can be a part of another), and they are kept to: a source that gives
fewer or more bytes than its length raises SourceChanged.
"""

from __future__ import annotations

import os
import stat
from io import SEEK_END, BufferedRandom, BufferedReader, FileIO, StringIO, TextIOBase

from .errors import BodyConsumed, InvalidPart, SourceChanged
from .quoting import to_bytes
from .segments import READ_SIZE, describe, exactly

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, Protocol

    from .segments import Segment

    class Source(Protocol):
        """What this module makes; the documentation of the module says what each member promises."""

        @property
        def content_length(self) -> int | None:
            """Bytes, or None when nobody can know."""

        def segments(self) -> Iterator[Segment]:
            """The bytes, from the start."""

        def rewind(self) -> bool:
            """Whether segments() may be called (again)."""


SYSTEM_FILES = (FileIO, BufferedReader, BufferedRandom)
"""Types whose descriptor gives the same bytes as read(): of gzip's or a subclass's that can not be said."""


class DataSource:
    """Bytes in memory."""

    __slots__ = ("content_length", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.content_length = len(data)

    def segments(self) -> Iterator[Segment]:
        """The bytes, as one segment."""
        yield self.data

    def rewind(self) -> bool:
        """Always."""
        return True


class FileSource:
    """An open, seekable file of the operating system, from its position at this moment to its end."""

    __slots__ = ("content_length", "file", "offset")

    def __init__(self, file: Any) -> None:
        self.file = file
        self.offset = file.tell()
        self.content_length = max(0, self._end() - self.offset)

    def _end(self) -> int:
        position = self.file.tell()
        end: int = self.file.seek(
            0, SEEK_END
        )  # and not fstat: it empties the buffer, into the file if it was written to
        self.file.seek(position)
        return end

    def _check(self) -> None:
        found = max(0, self._end() - self.offset)
        if found != self.content_length:
            raise SourceChanged(describe(self.file), self.content_length, found)

    def segments(self) -> Iterator[Segment]:
        """The file's stretch, as one segment; its length is checked before and after.

        The file beneath the buffer is handed out, which saves a copy; afterwards the position is where the
        stretch ended.
        """
        self._check()
        try:
            yield getattr(self.file, "raw", self.file), self.offset, self.content_length
        finally:
            if not self.file.closed:
                self.file.seek(
                    0, SEEK_END
                )  # else the buffer would not notice that the file beneath was moved
                self.file.seek(self.offset + self.content_length)
        self._check()

    def rewind(self) -> bool:
        """Unless the file was closed in the meantime."""
        return not self.file.closed


class PathSource:
    """A regular file, by its path: measured now, opened only while it is being sent."""

    __slots__ = ("content_length", "path")

    def __init__(self, path: os.PathLike[Any]) -> None:
        self.path = path
        status = os.stat(path)  # noqa: PTH116 - any os.PathLike
        if not stat.S_ISREG(status.st_mode):
            raise InvalidPart(f"{os.fspath(path)!r} is no regular file; pass an open file to stream from it")
        self.content_length = status.st_size

    def segments(self) -> Iterator[Segment]:
        """The whole file, as one segment."""
        with FileIO(os.fspath(self.path)) as file:
            source = FileSource(file)
            if source.content_length != self.content_length:
                raise SourceChanged(describe(file), self.content_length, source.content_length)
            yield from source.segments()

    def rewind(self) -> bool:
        """Always."""
        return True


class ObjectSource:
    """Any other object with read(): seekable ones are measured and replayed, all others are read once."""

    __slots__ = ("_position", "_sent", "content_length", "file")

    def __init__(self, file: Any, content_length: int | None = None) -> None:
        self.file = file
        self.content_length = content_length
        self._sent = False
        self._position: int | None = None
        if _seekable(file):
            self._position = position = file.tell()
            file.seek(0, SEEK_END)
            self.content_length = max(0, file.tell() - position)
            file.seek(position)

    def segments(self) -> Iterator[Segment]:
        """The bytes, in blocks of at most 64 KiB; of an unseekable stream no more than it is said to have."""
        if self._sent and not self.rewind():
            raise BodyConsumed(f"{describe(self.file)} was read already and can not be rewound")
        self._sent = True
        yield from exactly(self._blocks(), self.content_length, describe(self.file))

    def _blocks(self) -> Iterator[bytes]:
        left = self.content_length
        while left is None or left > 0:
            block = to_chunk(self.file.read(READ_SIZE if left is None else min(left, READ_SIZE)))
            if not block:
                return
            left = None if left is None else left - len(block)
            yield block
        if self._position is not None:
            yield to_chunk(self.file.read(1))  # Has it grown? A stream is not asked: it might wait for ever.

    def rewind(self) -> bool:
        """Whether the object is seekable, or was not read yet."""
        if self._position is not None:
            self.file.seek(self._position)
            self._sent = False
        return not self._sent


class ChunkSource:
    """An iterable of bytes or text: an iterator goes out once, what can be iterated anew is replayed."""

    __slots__ = ("_sent", "chunks", "content_length")

    def __init__(self, chunks: Iterable[Any], content_length: int | None = None) -> None:
        self.chunks = chunks
        self.content_length = content_length
        self._sent = False

    def segments(self) -> Iterator[Segment]:
        """Each item, as one segment."""
        chunks = iter(self.chunks)
        if self._sent and not self.rewind():
            raise BodyConsumed(f"{describe(self.chunks)} was iterated already and can not be iterated again")
        self._sent = True
        yield from exactly(map(to_chunk, chunks), self.content_length, describe(self.chunks))

    def rewind(self) -> bool:
        """Whether iter() gives a new iterator, or nothing was taken yet."""
        return not self._sent or iter(self.chunks) is not self.chunks


def to_chunk(chunk: Any) -> bytes:
    """A piece of a stream as bytes; anything else (None from a non-blocking file) would be lost."""
    if isinstance(chunk, bytes | str | bytearray | memoryview):
        return to_bytes(chunk)
    raise InvalidPart(f"a stream gave {type(chunk).__name__} where bytes or text was wanted")


def _seekable(file: Any) -> bool:
    seekable = getattr(file, "seekable", None)
    return bool(seekable()) if seekable is not None else hasattr(file, "seek") and hasattr(file, "tell")


def _is_temporary(value: Any) -> bool:
    """Is it what NamedTemporaryFile gives? Then `.file` is the file; of other wrappers nothing is known."""
    return (type(value).__module__, type(value).__name__) == ("tempfile", "_TemporaryFileWrapper")


def _text_source(text: Any) -> Source:
    """The bytes under a text file that nobody has read from, or what is left of a StringIO."""
    if isinstance(text, StringIO):
        return DataSource(to_bytes(text.getvalue()[text.tell() :]))
    try:
        unread = text.tell() == 0 == text.buffer.tell()
    except (AttributeError, OSError):
        unread = False
    if not unread:
        raise InvalidPart(
            f"{describe(text)} is a text file that may have been read from:"
            " open it in binary mode, or pass its .buffer"
        )
    return source_of(text.buffer)


def source_of(value: Any, size: int | None = None) -> Source:
    """The source for a part's value.

    Args:
        value: bytes, text, a number, None (empty), an os.PathLike, a binary file (from its current position), an
            unread text file (its bytes), an iterable of bytes or text, a body (content_length, segments, rewind).
        size: bytes in `value`, for a stream or an iterator that can not tell.

    Raises:
        InvalidPart: the value is none of these.
        SourceChanged: `size` is not the length of a value that is known.
    """
    source = _dispatch(value, size)
    if size is not None and source.content_length != size:
        raise SourceChanged(describe(value), size, source.content_length or 0)
    return source


def _dispatch(value: Any, size: int | None) -> Source:
    if value is None or isinstance(value, str | bytes | bytearray | memoryview | int | float | complex):
        return DataSource(to_bytes(value))
    if hasattr(value, "segments") and hasattr(value, "content_length"):
        return value  # type: ignore[no-any-return]
    if isinstance(value, os.PathLike):
        return PathSource(value)
    if hasattr(value, "read"):
        return _file_source(value, size)
    if isinstance(value, dict | set):
        raise InvalidPart(f"a {type(value).__name__} is no part; for JSON pass json_part(value)")
    return ChunkSource(value, size) if hasattr(value, "__iter__") else DataSource(to_bytes(value))


def _file_source(value: Any, size: int | None) -> Source:
    inner = value.file if _is_temporary(value) else value
    if isinstance(inner, TextIOBase):
        return _text_source(inner)
    if type(inner) in SYSTEM_FILES and type(getattr(inner, "raw", inner)) is FileIO and inner.seekable():
        return FileSource(inner)
    return ObjectSource(value, size)
