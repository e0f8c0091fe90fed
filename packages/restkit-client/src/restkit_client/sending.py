"""A request's bytes onto a connection: the head with the first of the body, then the rest of it (RFC 9112 §6, §7).

Small blocks are joined, large ones are sent without a copy, files go by sendfile(2) where the socket is plain.
Between blocks the connection is asked whether the server has already answered: then the rest is not sent
(RFC 9112 §9.5) and the connection is not used again.
"""

from __future__ import annotations

import os

from restkit_forms import FormError
from restkit_forms.segments import JOIN_SIZE, blocks, closing, joined
from restkit_parser import write_last_chunk

from .errors import RemoteDisconnected, RequestError, RestkitError
from .sockets import READ, WRITE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

    from restkit_parser import ResponseHead

    from .connection import Connection
    from .messages.body import Body
    from .stream import Stream

    Segment = bytes | tuple[BinaryIO, int, int]

__all__ = ["send_body", "send_parts"]

# What is read of a file at a time where sendfile can not be used: under TLS, and between two chunk frames.
READ_SIZE = 131_072
# One sendfile call at most, so that an early answer and the deadline are looked at now and then.
SENDFILE_SIZE = 4 * 1024 * 1024


def send_body(
    connection: Connection,
    body: Body,
    chunked: bool,
    trailers: Sequence[tuple[str, str]] = (),
    head: bytes = b"",
) -> ResponseHead | None:
    """Send `head` and then a body, chunked or as it is.

    Returns:
        None, or the head of the response that came before the end; the connection is then not to be used again.

    Raises:
        RequestError: the body was shorter or longer than it said, or can not be read.
        RemoteDisconnected, WriteTimeout, TotalTimeout: as `Stream.send_all`.
    """
    sender = _Sender(connection, None if chunked else body.content_length, chunked, head)
    # Refused trailers are found before anything is written.
    last = write_last_chunk(trailers) if chunked else b""
    try:
        with closing(joined(body.segments())) as segments:
            for segment in segments:
                early = sender.send(segment)
                if early is not None:
                    return early
        return sender.finish(last)
    except RemoteDisconnected as error:
        # The server may have answered, and closed, before it was sent everything (RFC 9112 §9.5).
        answer = _last_words(connection)
        if answer is None:
            raise error
        return answer
    except FormError as error:
        raise RequestError(f"the body can not be sent: {error}") from error


def _last_words(connection: Connection) -> ResponseHead | None:
    try:
        return connection.heads.read()
    except RestkitError:
        return None


class _Sender:
    """Counts what goes out, frames it, and looks whether the server has answered already."""

    __slots__ = ("chunked", "head", "heads", "length", "sent", "stream")

    def __init__(self, connection: Connection, length: int | None, chunked: bool, head: bytes) -> None:
        self.stream = connection.stream
        self.heads = connection.heads
        self.chunked = chunked
        self.length = length
        self.sent = 0
        self.head = head

    def send(self, segment: Segment) -> ResponseHead | None:
        """Send a segment, with the head if that was not sent yet; the head of a response that came instead of leave to go on."""
        if isinstance(segment, tuple):
            return self._send_file(*segment)
        self._count(len(segment))
        head, self.head = self.head, b""
        if not head:
            early = self.heads.early()
            if early is not None:
                return early
        if self.chunked:
            return self._send_parts([b"%s%X\r\n" % (head, len(segment)), segment, b"\r\n"])
        return self._send_parts([head, segment] if head else [segment])

    def _send_parts(self, parts: list[bytes]) -> ResponseHead | None:
        stream = self.stream
        sent = _sendmsg(stream, parts) if len(parts) > 1 else 0
        for part in parts:
            size = len(part)
            if sent >= size:
                sent -= size
                continue
            rest = memoryview(part)[sent:]
            sent = 0
            while rest:
                taken = stream.send_some(rest)
                if not taken:
                    early = self.heads.early()
                    if early is not None:
                        return early
                rest = rest[taken:]
        return None

    def _send_file(self, file: BinaryIO, offset: int, count: int) -> ResponseHead | None:
        if self.chunked or self.stream.is_ssl or not hasattr(os, "sendfile"):
            for block in blocks([(file, offset, count)], READ_SIZE):
                early = self.send(block)
                if early is not None:
                    return early
            return None
        if self.head:
            self.stream.send_all(self.head)
            self.head = b""
        self._count(count)
        return self._sendfile(file, offset, count)

    def _sendfile(self, file: BinaryIO, offset: int, count: int) -> ResponseHead | None:
        stream = self.stream
        source, end = file.fileno(), offset + count
        look_at = offset
        while offset < end:
            if offset >= look_at:
                early = self.heads.early()
                if early is not None:
                    return early
                look_at = offset + SENDFILE_SIZE
            asked = min(end - offset, SENDFILE_SIZE)
            try:
                sent = os.sendfile(stream.sock.fileno(), source, offset, asked)
            except OSError as error:
                stream.wait_after(error, READ | WRITE)
                # It may be for an answer that the wait was over.
                look_at = offset
                continue
            if not sent:
                raise _shrank(file, count - (end - offset), count)
            offset += sent
            stream.wrote = True
            if sent < asked and offset < end:
                # The buffer is full: trying again would only say so.
                stream.wait_writable()
        file.seek(end)
        return None

    def _count(self, size: int) -> None:
        self.sent += size
        if self.length is not None and self.sent > self.length:
            raise RequestError(f"the body is longer than its Content-Length of {self.length} bytes")

    def finish(self, last: bytes) -> ResponseHead | None:
        """Send what ends the body. Raises RequestError when it was too short."""
        if self.length is not None and self.sent < self.length:
            raise RequestError(
                f"the body ended after {self.sent} of the {self.length} bytes of its Content-Length"
            )
        rest = self.head + last
        return self._send_parts([rest]) if rest else None


def _shrank(file: BinaryIO, sent: int, count: int) -> RequestError:
    name = getattr(file, "name", "file")
    return RequestError(f"{name!r} ended after {sent} of {count} bytes: it got shorter while it was sent")


def send_parts(stream: Stream, parts: list[bytes]) -> None:
    """Send several blocks, without joining them where the system can do that. Raises as `Stream.send_all`."""
    sent = _sendmsg(stream, parts)
    for part in parts:
        if sent >= len(part):
            sent -= len(part)
        else:
            stream.send_all(memoryview(part)[sent:])
            sent = 0


def _sendmsg(stream: Stream, parts: list[bytes]) -> int:
    """Send what the peer takes of several blocks at once; the number of bytes, 0 when that was none."""
    sock = stream.sock
    if stream.is_ssl or not hasattr(sock, "sendmsg"):
        if sum(map(len, parts)) > JOIN_SIZE:
            return 0
        return stream.send_some(b"".join(parts))
    try:
        sent: int = sock.sendmsg(parts)
    except OSError as error:
        stream.wait_after(error, READ | WRITE)
        return 0
    stream.wrote = True
    return sent
