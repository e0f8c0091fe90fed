"""httptools and h11 on the same bytes: how many messages each completes, their bodies, and whether it refuses."""

from __future__ import annotations

import h11
import httptools

from restkit_parser import EndOfMessage, RequestParser, ResponseParser, RestkitError


class Outcome:
    """The bodies of the messages that were completed, in order, and whether the rest was refused."""

    def __init__(self, bodies: list[bytes], refused: bool) -> None:
        self.bodies = bodies
        self.refused = refused

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcome) and (self.bodies, self.refused) == (other.bodies, other.refused)

    __hash__ = None

    def __repr__(self) -> str:
        return f"{self.bodies}{' then refused' if self.refused else ''}"


def restkit(kind: str, data: bytes, methods: list[str], eof: bool) -> Outcome:
    parser: RequestParser | ResponseParser = RequestParser() if kind == "request" else ResponseParser()
    bodies: list[bytes] = []
    body = b""
    if isinstance(parser, ResponseParser):
        for method in methods:
            parser.expect(method)
    try:
        parser.feed(data)
        if eof:
            parser.feed_eof()
        for event in parser:
            if isinstance(event, bytes):
                body += event
            elif isinstance(event, EndOfMessage):
                bodies.append(body)
                body = b""
    except RestkitError:
        return Outcome(bodies, True)
    return Outcome(bodies, False)


class _Collector:
    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.body = b""
        self.interim = False
        self.parser: httptools.HttpResponseParser | httptools.HttpRequestParser | None = None

    def on_headers_complete(self) -> None:
        if isinstance(self.parser, httptools.HttpResponseParser):
            status = self.parser.get_status_code()
            self.interim = status < 200 and status != 101

    def on_body(self, data: bytes) -> None:
        self.body += data

    def on_message_complete(self) -> None:
        if not self.interim:
            self.bodies.append(self.body)
        self.body, self.interim = b"", False


def llhttp(kind: str, data: bytes, methods: list[str], eof: bool) -> Outcome:
    """httptools, which wraps llhttp; it is not told of request methods, nor of the end of the connection."""
    collector = _Collector()
    parser = (httptools.HttpRequestParser if kind == "request" else httptools.HttpResponseParser)(collector)
    collector.parser = parser
    try:
        parser.feed_data(data)
    except httptools.HttpParserUpgrade:
        if len(collector.bodies) == 0:
            collector.bodies.append(b"")
    except httptools.HttpParserError:
        return Outcome(collector.bodies, True)
    return Outcome(collector.bodies, False)


def h11_(kind: str, data: bytes, methods: list[str], eof: bool) -> Outcome:
    bodies: list[bytes] = []
    rest = data
    for method in methods if kind == "response" else [""] * (data.count(b"\r\n\r\n") + 1):
        connection = h11.Connection(h11.SERVER if kind == "request" else h11.CLIENT)
        try:
            if kind == "response":
                _ask(connection, method)
            body, done, rest = _one(connection, rest, eof)
        except h11.RemoteProtocolError:
            return Outcome(bodies, True)
        if done is None:
            break
        bodies.append(body)
        if not done or not rest:
            break
    return Outcome(bodies, False)


def _ask(connection: h11.Connection, method: str) -> None:
    target = "h:1" if method == "CONNECT" else "/"
    connection.send(h11.Request(method=method, target=target, headers=[("Host", "h")]))
    connection.send(h11.EndOfMessage())


def _one(connection: h11.Connection, data: bytes, eof: bool) -> tuple[bytes, bool | None, bytes]:
    """One message: its body, whether another may follow (None: it was not completed), and the bytes after it."""
    connection.receive_data(data)
    if eof:
        connection.receive_data(b"")
    body = b""
    while True:
        event = connection.next_event()
        if isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return body, connection.their_state is h11.DONE, connection.trailing_data[0]
        elif event is h11.PAUSED or (
            isinstance(event, h11.Response) and connection.their_state is h11.SWITCHED_PROTOCOL
        ):
            return body, False, b""
        elif event is h11.NEED_DATA or isinstance(event, h11.ConnectionClosed):
            return body, None, b""
