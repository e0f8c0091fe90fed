"""A request's body on its way through: framed anew, never copied (RFC 9112 §6)."""

from __future__ import annotations

from .refusals import BrokenRequest, Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

__all__ = ["BLOCK_SIZE", "WEBOB_ERROR", "RequestBody", "body_of"]

BLOCK_SIZE = 65_536
WEBOB_ERROR = "Content-Length is -1: the request's body has no known length. Give the WebOb request a body, or set its content_length."


class RequestBody:
    """What is read of wsgi.input, once, as the upstream server takes it.

    Args:
        source: wsgi.input.
        length: bytes; None for a chunked body, which ends where the server says so (`wsgi.input_terminated`).
        limit: bytes of a chunked body that are too many, or None.
    """

    __slots__ = ("_limit", "_source", "_started", "content_length")

    content_type = None

    def __init__(self, source: Any, length: int | None, limit: int | None) -> None:
        self._source = source
        self._limit = limit
        self._started = False
        self.content_length = length

    def segments(self) -> Iterator[bytes]:
        """The bytes, in blocks.

        Raises:
            BrokenRequest: they do not come whole.
            Refusal: 413, more of them than the limit.
        """
        self._started = True
        received = 0
        length = self.content_length
        while length is None or received < length:
            block = self._read(BLOCK_SIZE if length is None else min(BLOCK_SIZE, length - received))
            if not block:
                if length is None:
                    return
                raise BrokenRequest(f"the body ended after {received} of {length} bytes")
            received += len(block)
            if self._limit is not None and received > self._limit:
                raise too_large(self._limit)
            yield block

    def _read(self, size: int) -> bytes:
        try:
            block: bytes = self._source.read(size)
        except Exception as error:
            # Each server has errors of its own for a client that is gone or sends nonsense.
            raise BrokenRequest(f"the body can not be read: {error}") from error
        return block

    def rewind(self) -> bool:
        """Whether nothing was read yet: what the client has sent can not be asked for again."""
        return not self._started


def too_large(limit: int) -> Refusal:
    return Refusal(413, f"the request's body is larger than max_request_size={limit} bytes")


def body_of(environ: Mapping[str, Any], limit: int | None) -> RequestBody | None:
    """The body that a request's fields announce; None for none.

    Args:
        environ: PEP 3333's.
        limit: bytes that are too many, or None.

    Raises:
        Refusal: 400 when its length is said twice or is no number (RFC 9112 §6.3), 501 for a coding other than chunked,
            411 when the server does not say where it ends, 413 when it is too large.
        ValueError: the length is -1, WebOb's mark for one that nobody knows.
    """
    coding = environ.get("HTTP_TRANSFER_ENCODING")
    length = environ.get("CONTENT_LENGTH")
    if coding:
        return _chunked(environ, coding, length, limit)
    if not length:
        return None
    if length == "-1":
        raise ValueError(WEBOB_ERROR)
    if not (length.isascii() and length.isdigit()):
        raise Refusal(400, "Content-Length is no number")
    count = int(length)
    if limit is not None and count > limit:
        raise too_large(limit)
    return RequestBody(environ["wsgi.input"], count, None) if count else None


def _chunked(environ: Mapping[str, Any], coding: str, length: str | None, limit: int | None) -> RequestBody:
    if length:
        raise Refusal(400, "Content-Length and Transfer-Encoding together")
    if coding.strip().lower() != "chunked":
        raise Refusal(501, "of the transfer codings only chunked is supported")
    if not environ.get("wsgi.input_terminated"):
        raise Refusal(411, "this server passes no chunked bodies on: send a Content-Length")
    return RequestBody(environ["wsgi.input"], None, limit)
