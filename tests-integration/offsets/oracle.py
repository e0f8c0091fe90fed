"""What a damaged response means: by the strict parser fed with all of it, and by h11."""

import zlib
from typing import NamedTuple

import h11

from restkit_parser import EndOfMessage, ResponseHead, ResponseParser, RestkitError, list_members


class Meaning(NamedTuple):
    """A response as its reader sees it."""

    status: int
    reason: str
    fields: list
    body: bytes
    trailers: list


def meaning(message):
    """The first final response of a message after which the connection ends; the parser's error when there is none."""
    parser = ResponseParser()
    parser.expect("GET")
    parser.feed(message)
    parser.feed_eof()
    head, body = None, b""
    try:
        for event in parser:
            if isinstance(event, ResponseHead):
                head = event
            elif isinstance(event, EndOfMessage):
                return Meaning(
                    head.status,
                    head.reason,
                    list(head.headers.items()),
                    body,
                    list(event.trailers.items()),
                )
            else:
                body += event
    except RestkitError as error:
        return error
    # 101: what follows is another protocol's.
    return Meaning(head.status, head.reason, list(head.headers.items()), body, [])


def decoded(meant):
    """The meaning with its content coding undone and its field gone; None when the coded bytes are damaged."""
    codings = [value for name, value in meant.fields if name.lower() == "content-encoding"]
    if list_members(codings) not in (["gzip"], ["x-gzip"]):
        return meant
    fields = [field for field in meant.fields if field[0].lower() != "content-encoding"]
    if not meant.body:
        return meant._replace(fields=fields)
    member = zlib.decompressobj(31)
    try:
        body = member.decompress(meant.body)
    except zlib.error:
        return None
    return meant._replace(fields=fields, body=body) if member.eof and not member.unused_data else None


def h11_accepts(message):
    """Whether h11 reads a response to its end."""
    connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 18)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "a")]))
    connection.send(h11.EndOfMessage())
    try:
        connection.receive_data(message)
        connection.receive_data(b"")
        while not isinstance(event := connection.next_event(), h11.EndOfMessage):
            if event in (h11.NEED_DATA, h11.PAUSED) or isinstance(event, h11.ConnectionClosed):
                return False
    except h11.RemoteProtocolError:
        return False
    return True
