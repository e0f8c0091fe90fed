"""Progress of an upload: the body's segments, counted as they leave."""

from __future__ import annotations

from .progress import progress_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from restkit_client import Request

    from .progress import Bar

__all__ = ["Watched", "watch"]

# Less is gone before a bar is drawn.
MIN_SIZE = 1024 * 1024
# A file's stretch is handed out in pieces, so that the bar moves.
PIECE = 4 * 1024 * 1024


def watch(request: Request, name: str) -> None:
    """Show the progress of a request's body when it is large, or of unknown size, and standard error is a terminal."""
    content = request.content
    if content is None or isinstance(request.body, bytes):
        return
    size = content.content_length
    if size is not None and size < MIN_SIZE:
        return
    bar = progress_of(name, "up")
    if bar is not None:
        request.content = Watched(content, bar)


class Watched:
    """A Body that tells a bar how much of it was taken.

    Args:
        body: the Body to send.
        bar: called with (bytes so far, total or None).
    """

    def __init__(self, body: Any, bar: Bar) -> None:
        self.body = body
        self.bar = bar
        self.content_length: int | None = body.content_length

    def segments(self) -> Iterator[bytes | tuple[BinaryIO, int, int]]:
        """The body's segments, files in pieces."""
        done = 0
        for segment in self.body.segments():
            for piece in _pieces(segment):
                yield piece
                done += piece[2] if isinstance(piece, tuple) else len(piece)
                self.bar(done, self.content_length)
        self.bar.clear()

    def rewind(self) -> bool:
        """Whether `segments` can be called once more."""
        rewound: bool = self.body.rewind()
        return rewound


def _pieces(
    segment: bytes | tuple[BinaryIO, int, int],
) -> Iterator[bytes | tuple[BinaryIO, int, int]]:
    if not isinstance(segment, tuple):
        yield segment
        return
    file, offset, count = segment
    while count > 0:
        size = min(count, PIECE)
        yield file, offset, size
        offset += size
        count -= size
