"""Targets in restkit_parser: heads, bodies, fields. Besides the errors, what must not depend on how the bytes were cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restkit_parser import (
    ChunkDecoder,
    Headers,
    RequestParser,
    ResponseParser,
    RestkitError,
    parse_response_head,
    response_head_end,
    write_response_head,
)
from tools.fuzz.expectation import expect

if TYPE_CHECKING:
    from collections.abc import Callable

METHODS = ("GET", "HEAD", "CONNECT", "POST")


def responses(data: bytes) -> None:
    """Responses to some requests, whole and cut in two."""
    number = len(data)

    def make() -> ResponseParser:
        parser = ResponseParser()
        for each in range(3):
            parser.expect(METHODS[(number + each) % len(METHODS)])
        return parser

    _cut_anywhere(make, data)


def requests(data: bytes) -> None:
    """Requests, whole and cut in two."""
    _cut_anywhere(RequestParser, data)


def _cut_anywhere(make: Callable[[], RequestParser | ResponseParser], data: bytes) -> None:
    at = sum(data) % (len(data) + 1)
    whole = _outcome(make(), [data])
    cut = _outcome(make(), [data[:at], data[at:]])
    expect(whole == cut, f"cut at {at}: {cut} instead of {whole}")


def _outcome(parser: RequestParser | ResponseParser, pieces: list[bytes]) -> tuple[bytes, list[str]]:
    content, told = b"", []
    try:
        for piece in pieces:
            parser.feed(piece)
            for event in parser:
                if isinstance(event, bytes):
                    content += event
                else:
                    told.append(str(event))
        parser.feed_eof()
        for event in parser:
            content += event if isinstance(event, bytes) else b""
            told += [] if isinstance(event, bytes) else [str(event)]
    except RestkitError as error:
        # What it says may quote as much as had come.
        told.append(type(error).__name__)
    return content, told


def chunked(data: bytes) -> None:
    """A chunked body: taken whole, and decoded in place in two pieces."""
    at = sum(data) % (len(data) + 1)
    expect(_taken([data]) == _decoded([data[:at], data[at:]]))


def _taken(pieces: list[bytes]) -> tuple[bytes, str]:
    decoder, content = ChunkDecoder(), b""
    try:
        for piece in pieces:
            if not decoder.done:
                content += decoder.take(piece)[0]
        decoder.eof()
    except RestkitError as error:
        return b"", type(error).__name__
    return content, str(decoder.trailers)


def _decoded(pieces: list[bytes]) -> tuple[bytes, str]:
    decoder, content = ChunkDecoder(), b""
    try:
        for piece in pieces:
            if not decoder.done and piece:
                buffer = bytearray(b"xx" + piece)
                filled, used = decoder.decode(buffer, 2, len(buffer))
                expect(decoder.done or used == len(piece))
                content += buffer[2 : 2 + filled]
        decoder.eof()
    except RestkitError as error:
        return b"", type(error).__name__
    return content, str(decoder.trailers)


def headers(data: bytes) -> None:
    """A field section: what is accepted can be written, and is read again as it was."""
    head = b"HTTP/1.1 200 OK\r\n" + data + b"\r\n\r\n"
    end = response_head_end(head, 0, len(head))
    if end < 0:
        return
    fields = parse_response_head(head[:end]).headers
    pairs = list(fields.items())
    for name, value in pairs:
        expect(value in fields.get_all(name.upper()))
        expect("\r" not in value + name)
        expect("\n" not in value + name)
    repr(fields)
    again = parse_response_head(write_response_head(200, "OK", pairs, (1, 1)))
    expect(list(again.headers.items()) == pairs)
    copy = Headers(fields)
    for name, value in pairs:
        copy[name] = value
        expect(copy.get_all(name) == [value])
    for name, _ in pairs:
        copy.pop(name, None)
    expect(not copy)
