"""Events from bytes, for a server and for a client: feed what came, iterate over what it means.

Both parsers stand on the functions that restkit's own client calls directly: `HeadScanner` and the head functions find
and read a head, `framing` decides how long its body is, `BodyReader` takes that from the buffer. What is here is only
the order of things: what may follow what, and when the connection carries no more messages.

The events are a `RequestHead` or `ResponseHead`, then the content as `bytes` in as many pieces as it came, then
`EndOfMessage`. How the bytes were cut changes nothing but those pieces.
"""

from __future__ import annotations

from restkit_parser.body import BodyReader
from restkit_parser.errors import IncompleteHead, ParserError, RemoteDisconnected, RestkitError
from restkit_parser.framing import TUNNEL, Framing, list_members, request_framing, response_framing
from restkit_parser.head import parse_request_head, parse_response_head, request_head_end, response_head_end
from restkit_parser.limits import DEFAULT_LIMITS
from restkit_parser.scanning import REQUEST, RESPONSE, HeadScanner

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from restkit_parser.head import RequestHead, ResponseHead
    from restkit_parser.headers import Headers
    from restkit_parser.limits import Limits

    RequestEvent: TypeAlias = RequestHead | bytes | "EndOfMessage"
    ResponseEvent: TypeAlias = ResponseHead | bytes | "EndOfMessage"

__all__ = ["EndOfMessage", "RequestParser", "ResponseParser"]


class EndOfMessage:
    """The end of a message.

    Attributes:
        trailers: the trailer fields of a chunked body, kept apart from the head's.
        keep_alive: whether the connection may carry another message.
        upgrade: whether what follows is, or for a request: may be, another protocol; see `take_rest` and `resume`.
    """

    __slots__ = ("keep_alive", "trailers", "upgrade")

    def __init__(self, trailers: Headers, keep_alive: bool, upgrade: bool) -> None:
        self.trailers = trailers
        self.keep_alive = keep_alive
        self.upgrade = upgrade

    def __repr__(self) -> str:
        return f"EndOfMessage({self.trailers!r}, keep_alive={self.keep_alive}, upgrade={self.upgrade})"


class _Input:
    """The bytes of one connection that were not parsed yet, and the search for the end of a head in them."""

    __slots__ = ("_kind", "_limits", "_scanner", "buffer", "eof")

    def __init__(self, kind: str, limits: Limits) -> None:
        self.buffer = bytearray()
        self.eof = False
        self._kind = kind
        self._limits = limits
        self._scanner: HeadScanner | None = None

    def take_head(self) -> bytes | None:
        """Remove one head from the front and return it, or None when more is needed."""
        end = self._head_end()
        if end < 0:
            if self.eof:
                raise IncompleteHead(bytes(self.buffer.lstrip(b"\r\n").partition(b"\r\n")[0]))
            return None
        self._scanner = None
        head = bytes(memoryview(self.buffer)[:end])
        del self.buffer[:end]
        return head

    def take_rest(self) -> bytes:
        rest = bytes(self.buffer)
        self.buffer.clear()
        return rest

    def _head_end(self) -> int:
        buffer = self.buffer
        scanner = self._scanner
        if scanner is None:
            # Most heads come whole: then nothing is remembered.
            if buffer.find(b"\r\n\r\n") >= 0:
                find = request_head_end if self._kind == REQUEST else response_head_end
                end = find(buffer, 0, len(buffer), self._limits)
                if end >= 0:
                    return end
            scanner = self._scanner = HeadScanner(self._limits, self._kind)
        return scanner.end(buffer, 0, len(buffer))


class RequestParser:
    """Parses the requests that come over one connection: the side of a server.

    Feed bytes with `feed`, say with `feed_eof` that no more come, and iterate: iteration ends when more bytes are
    needed and can be taken up again. After a request with `upgrade`, and after the last one of a connection, nothing
    more is parsed.

    Attributes:
        framing: the framing of the request whose head was given last.
    """

    __slots__ = ("_body", "_error", "_input", "_limits", "_stopped", "_upgrade", "framing")

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._input = _Input(REQUEST, limits)
        self._body: BodyReader | None = None
        self._upgrade = False
        self._stopped = False
        self._error: RestkitError | None = None
        self.framing = Framing(0, True)

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes that came from the connection."""
        self._input.buffer += data

    def feed_eof(self) -> None:
        """Say that the peer sends nothing more."""
        self._input.eof = True

    def __iter__(self) -> Iterator[RequestEvent]:
        """The events that can be told from what was fed."""
        while (event := self.next_event()) is not None:
            yield event

    def next_event(self) -> RequestEvent | None:
        """The next event, or None when more bytes are needed, or nothing more is parsed.

        Raises a `ProtocolError` for what is no request, and `UnexpectedEOF` for a request that is cut off; then again
        at each later call.
        """
        if self._error is not None:
            raise self._error
        try:
            return self._next_head() if self._body is None else self._next_of_body(self._body)
        except RestkitError as error:
            self._error = error
            raise

    def take_rest(self) -> bytes:
        """Give back, once, the bytes that were fed and not parsed: after an upgrade, those of the other protocol."""
        return self._input.take_rest()

    def resume(self) -> None:
        """Go on with HTTP after a request for an upgrade, or a CONNECT, that was not granted."""
        self._stopped = self._stopped and not (self._upgrade and self.framing.keep_alive)
        self._upgrade = False

    def _next_head(self) -> RequestHead | None:
        waiting = self._input
        if self._stopped or not waiting.buffer or (waiting.eof and not waiting.buffer.strip(b"\r\n")):
            return None
        data = waiting.take_head()
        if data is None:
            return None
        head = parse_request_head(data, self._limits)
        self.framing = framing = request_framing(head, self._limits)
        self._upgrade = framing.length == TUNNEL or _asks_for_upgrade(head)
        self._body = BodyReader(0 if framing.length == TUNNEL else framing.length, self._limits)
        return head

    def _next_of_body(self, body: BodyReader) -> bytes | EndOfMessage | None:
        data = _next_data(body, self._input)
        if data is not None or not body.done:
            return data
        self._body = None
        self._stopped = self._upgrade or not self.framing.keep_alive
        return EndOfMessage(body.trailers, self.framing.keep_alive, self._upgrade)


class ResponseParser:
    """Parses the responses that come over one connection: the side of a client.

    Call `expect` with the method of each request when it is sent, since it decides how the response is framed. Feed
    bytes with `feed`, say with `feed_eof` that no more come, and iterate: iteration ends when more bytes are needed and
    can be taken up again. A head with a status below 200 is an interim one (but 101): a final one follows it at once.
    After a response with `upgrade`, and after the last one of a connection, nothing more is parsed.

    Attributes:
        framing: the framing of the final response whose head was given last.
    """

    __slots__ = (
        "_body",
        "_error",
        "_input",
        "_interim",
        "_limits",
        "_methods",
        "_stopped",
        "_upgrade",
        "framing",
    )

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self._limits = limits
        self._input = _Input(RESPONSE, limits)
        self._methods: list[str] = []
        self._body: BodyReader | None = None
        self._interim = 0
        self._upgrade = False
        self._stopped = False
        self._error: RestkitError | None = None
        self.framing = Framing(0, True)

    @property
    def reusable(self) -> bool:
        """Whether another request may be sent: every response was read to its end, and no byte is left over."""
        return not (
            self._stopped
            or self._methods
            or self._input.buffer
            or self._input.eof
            or self._body is not None
            or self._error is not None
        )

    def expect(self, request_method: str) -> None:
        """Say that a request with this method is sent.

        Raises `ParserError` when bytes have come that answer no request: they can not be an answer to this one.
        """
        if self._input.buffer and not self._methods and self._body is None:
            raise ParserError("Bytes came before the request was sent").at(
                None, "RFC 9112 section 9.2", "a response that no request has asked for"
            )
        self._methods.append(request_method)

    def feed(self, data: bytes | bytearray | memoryview) -> None:
        """Add bytes that came from the connection."""
        self._input.buffer += data

    def feed_eof(self) -> None:
        """Say that the peer sends nothing more; it ends a body without a length."""
        self._input.eof = True

    def __iter__(self) -> Iterator[ResponseEvent]:
        """The events that can be told from what was fed."""
        while (event := self.next_event()) is not None:
            yield event

    def next_event(self) -> ResponseEvent | None:
        """The next event, or None when more bytes are needed, or nothing more is parsed.

        Raises a `ProtocolError` for what is no response, and `UnexpectedEOF` for a response that is cut off or does not
        come; then again at each later call.
        """
        if self._error is not None:
            raise self._error
        try:
            return self._next_head() if self._body is None else self._next_of_body(self._body)
        except RestkitError as error:
            self._error = error
            raise

    def take_rest(self) -> bytes:
        """Give back, once, the bytes that were fed and not parsed: after an upgrade, those of the other protocol."""
        return self._input.take_rest()

    def _next_head(self) -> ResponseHead | None:
        waiting = self._input
        if self._stopped or not self._methods:
            return None
        if not waiting.buffer:
            if waiting.eof:
                raise RemoteDisconnected
            return None
        data = waiting.take_head()
        if data is None:
            return None
        head = parse_response_head(data, self._limits)
        if head.status < 200 and head.status != 101:
            self._count_interim()
            return head
        self._interim = 0
        self.framing = framing = response_framing(head, self._methods.pop(0), self._limits)
        self._upgrade = framing.length == TUNNEL
        self._body = BodyReader(0 if self._upgrade else framing.length, self._limits)
        return head

    def _count_interim(self) -> None:
        self._interim += 1
        limit = self._limits.max_interim_responses
        if self._interim > limit:
            raise ParserError(f"More than {limit} interim responses").at(
                None, "RFC 9110 section 15.2", "a final response is due"
            )

    def _next_of_body(self, body: BodyReader) -> bytes | EndOfMessage | None:
        data = _next_data(body, self._input)
        if data is not None or not body.done:
            return data
        self._body = None
        self._stopped = self._upgrade or not self.framing.keep_alive
        return EndOfMessage(body.trailers, self.framing.keep_alive, self._upgrade)


def _next_data(body: BodyReader, waiting: _Input) -> bytes | None:
    """The next piece of content, or None at the end of the body and when more is needed."""
    while waiting.buffer and not body.done:
        content = body.take(waiting.buffer)
        if content:
            return content
    if waiting.eof and not body.done:
        body.eof()
    return None


def _asks_for_upgrade(head: RequestHead) -> bool:
    """Whether the client asks for another protocol (RFC 9110 section 7.8)."""
    headers = head.headers
    return (
        head.version != (1, 0)
        and "upgrade" in headers
        and "upgrade" in list_members(headers.get_all("connection"))
    )
