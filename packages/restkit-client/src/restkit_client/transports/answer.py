"""The body of an answer that was made in this process, held to what its head says."""

from __future__ import annotations

from itertools import chain

from restkit_parser import CHUNKED, UNTIL_CLOSE, IncompleteBody, response_framing

from ..errors import ResponseError
from .chunk_reader import ChunkReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from restkit_parser import ResponseHead

__all__ = ["body_reader"]

# RFC 9110 §15.3.5, §15.4.5.
_WITHOUT_BODY = (204, 304)


def body_reader(
    method: str, head: ResponseHead, first: bytes, rest: Iterable[bytes], end: Callable[[], None]
) -> ChunkReader:
    """A reader for `first` and `rest`, or for nothing where the answer has no body (RFC 9112 §6.3).

    Args:
        method: of the request.
        head: of the answer; its Content-Length is enforced.
        first: the first chunk.
        rest: the chunks after it.
        end: called once when all was read, or given up.
    """
    if method == "HEAD" or head.status in _WITHOUT_BODY:
        reader = ChunkReader((), end)
        reader.read(1)  # to its end: closed, it would say that something was left
        return reader
    length = response_framing(head, method).length
    chunks = chain((first,), rest)
    if length not in (CHUNKED, UNTIL_CLOSE):
        return ChunkReader(_of_length(chunks, length), end)
    return ChunkReader(chunks, end)


def _of_length(chunks: Iterable[bytes], length: int) -> Iterator[bytes]:
    got = 0
    for chunk in chunks:
        got += len(chunk)
        if got > length:
            raise ResponseError(f"the body has more than the {length} bytes that its Content-Length says")
        yield chunk
    if got < length:
        raise IncompleteBody(length, got)
