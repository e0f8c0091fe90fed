"""A request's bytes onto a connection: the head with the first of the body, then the rest of it (RFC 9112 §6, §7).

Small blocks are joined, large ones are sent without a copy, files go by sendfile(2) where the socket is plain.
Between blocks the connection is asked whether the server has already answered: then the rest is not sent
(RFC 9112 §9.5) and the connection is not used again.
"""

from __future__ import annotations

import os

from restkit_parser import write_last_chunk

from .errors import RemoteDisconnected, RequestError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import BinaryIO

    from restkit_parser import ResponseHead

    from .connection import Connection
    from .messages.body import Body

    Segment = bytes | tuple[BinaryIO, int, int]

__all__ = ["send_body", "send_parts", "send_request"]

# Blocks below this are joined until there is this much: a call to the kernel costs as much as copying it.
JOIN_SIZE = 16_384
# What is read of a file at a time where sendfile can not be used: under TLS, and between two chunk frames.
READ_SIZE = 131_072
# One sendfile call at most, so that an early answer and the deadline are looked at now and then.
SENDFILE_SIZE = 4 * 1024 * 1024


def send_request(
    connection: Connection,
    head: bytes,
    body: Body | None,
    chunked: bool,
    trailers: Sequence[tuple[str, str]] = (),
) -> ResponseHead | None:
    """Send a request to its end.

    Returns:
        None, or the head of the response that came before the end; the connection is then not to be used again.

    Raises:
        RequestError: the body was shorter or longer than it said.
        RemoteDisconnected, WriteTimeout, TotalTimeout: as `Connection.send`.
    """
    if body is None:
        connection.send_all(head)
        return None
    return send_body(connection, body, chunked, trailers, head)


def send_body(
    connection: Connection,
    body: Body,
    chunked: bool,
    trailers: Sequence[tuple[str, str]] = (),
    head: bytes = b"",
) -> ResponseHead | None:
    """Send `head` and a body's segments. Returns and raises as `send_request`."""
    length = None if chunked else body.content_length
    last = write_last_chunk(trailers) if chunked else b""
    try:
        sender = _Sender(connection, length, chunked, head)
        for segment in _joined(body.segments()):
            early = sender.send(segment)
            if early is not None:
                return early
        sender.finish(last)
    except RemoteDisconnected as error:
        # The server may have answered, and closed, before it was sent everything (RFC 9112 §9.5).
        answer = _last_words(connection)
        if answer is None:
            raise error
        return answer
    return None


def _last_words(connection: Connection) -> ResponseHead | None:
    try:
        return connection.read_head()
    except (OSError, RemoteDisconnected):
        return None


class _Sender:
    """Counts what goes out, and frames it."""

    __slots__ = ("chunked", "connection", "head", "left", "length", "sent")

    def __init__(self, connection: Connection, length: int | None, chunked: bool, head: bytes) -> None:
        self.connection = connection
        self.chunked = chunked
        self.length = length
        self.sent = 0
        self.head = head

    def send(self, segment: Segment) -> ResponseHead | None:
        connection = self.connection
        if not self.head:
            early = connection.early_head()
            if early is not None:
                return early
        if isinstance(segment, tuple):
            return self._send_file(*segment)
        self._count(len(segment))
        head, self.head = self.head, b""
        if self.chunked:
            send_parts(connection, [b"%s%X\r\n" % (head, len(segment)), segment, b"\r\n"])
        elif head:
            send_parts(connection, [head, segment])
        else:
            connection.send_all(segment)
        return None

    def _send_file(self, file: BinaryIO, offset: int, count: int) -> ResponseHead | None:
        connection = self.connection
        if self.chunked or connection.is_ssl or not hasattr(os, "sendfile"):
            for block in _file_blocks(file, offset, count):
                early = self.send(block)
                if early is not None:
                    return early
            return None
        if self.head:
            connection.send_all(self.head)
            self.head = b""
        self._count(count)
        return _sendfile(connection, file, offset, count)

    def _count(self, size: int) -> None:
        self.sent += size
        if self.length is not None and self.sent > self.length:
            raise RequestError(f"the body is longer than its Content-Length of {self.length} bytes")

    def finish(self, last: bytes) -> None:
        if self.length is not None and self.sent < self.length:
            raise RequestError(
                f"the body ended after {self.sent} of the {self.length} bytes of its Content-Length"
            )
        if self.head or last:
            self.connection.send_all(self.head + last)


def _joined(segments: Iterable[Segment]) -> Iterator[Segment]:
    """The same bytes, with small blocks joined and empty ones left out (an empty chunk would be the last)."""
    waiting: list[bytes] = []
    size = 0
    for segment in segments:
        if isinstance(segment, tuple) or len(segment) >= JOIN_SIZE:
            if waiting:
                yield b"".join(waiting)
                waiting, size = [], 0
            yield segment
        elif segment:
            waiting.append(segment)
            size += len(segment)
            if size >= JOIN_SIZE:
                yield b"".join(waiting)
                waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def _file_blocks(file: BinaryIO, offset: int, count: int) -> Iterator[bytes]:
    file.seek(offset)
    left = count
    while left:
        block = file.read(min(READ_SIZE, left))
        if not block:
            raise _shrank(file, count - left, count)
        left -= len(block)
        yield block


def _sendfile(connection: Connection, file: BinaryIO, offset: int, count: int) -> ResponseHead | None:
    source, sock = file.fileno(), connection.socket()
    end = offset + count
    while offset < end:
        try:
            sent = os.sendfile(sock.fileno(), source, offset, min(end - offset, SENDFILE_SIZE))
        except OSError as error:
            connection.wait_to_send(error)
            continue
        if not sent:
            raise _shrank(file, count - (end - offset), count)
        offset += sent
        connection.wrote = True
        if offset < end:
            early = connection.early_head()
            if early is not None:
                return early
    file.seek(end)
    return None


def _shrank(file: BinaryIO, sent: int, count: int) -> RequestError:
    name = getattr(file, "name", "file")
    return RequestError(f"{name!r} ended after {sent} of {count} bytes: it got shorter while it was sent")


def send_parts(connection: Connection, parts: list[bytes]) -> None:
    """Send several blocks as one, without joining them where the system can do that (sendmsg). Raises as `Connection.send`."""
    sock = connection.socket()
    if connection.is_ssl or not hasattr(sock, "sendmsg"):
        if sum(map(len, parts)) <= JOIN_SIZE:
            parts = [b"".join(parts)]
        for part in parts:
            connection.send_all(part)
        return
    try:
        sent = sock.sendmsg(parts)
    except OSError as error:
        connection.wait_to_send(error)
        sent = 0
    if sent:
        connection.wrote = True
    for part in parts:
        if sent < len(part):
            connection.send_all(memoryview(part)[sent:] if sent else part)
            sent = 0
        else:
            sent -= len(part)
