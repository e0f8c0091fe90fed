"""What can be wrong with a message, and where.

    RestkitError(Exception)
    ├─ ProtocolError                    the bytes are not HTTP/1.x as the RFC has it
    │  ├─ BadStatusLine
    │  ├─ ParserError
    │  └─ ParseException
    │     ├─ NoMoreData
    │     ├─ HeaderLimit
    │     ├─ InvalidRequestLine    InvalidRequestMethod    InvalidHTTPVersion    InvalidHTTPStatus
    │     └─ InvalidHeader         InvalidHeaderName       InvalidChunkSize      ChunkMissingTerminator
    └─ UnexpectedEOF(ConnectionError)   the connection ended inside a message
       ├─ RemoteDisconnected(NoMoreData)
       ├─ IncompleteHead(NoMoreData)
       └─ IncompleteBody

Each protocol error says what was wrong (`reason`), where (`offset`, in bytes from the start of the head, or
of the chunked body), which rule says so (`section`), and the status a server would answer with (`code`).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

__all__ = [
    "BadStatusLine",
    "ChunkMissingTerminator",
    "HeaderLimit",
    "IncompleteBody",
    "IncompleteHead",
    "InvalidChunkSize",
    "InvalidHTTPStatus",
    "InvalidHTTPVersion",
    "InvalidHeader",
    "InvalidHeaderName",
    "InvalidRequestLine",
    "InvalidRequestMethod",
    "NoMoreData",
    "ParseException",
    "ParserError",
    "ProtocolError",
    "RemoteDisconnected",
    "RestkitError",
    "UnexpectedEOF",
]

# Enough to recognise the line, short enough for a log record.
EXCERPT_BYTES = 80


def excerpt(value: object) -> str:
    """The repr of at most 80 bytes or characters of `value`, with "..." where it was cut."""
    if isinstance(value, (str, bytes)) and len(value) > EXCERPT_BYTES:
        return f"{value[:EXCERPT_BYTES]!r}..."
    return repr(value)


def _restore(cls: type[RestkitError], args: tuple[object, ...], state: dict[str, object]) -> RestkitError:
    error = cls.__new__(cls)
    error.args = args
    error.__dict__.update(state)
    return error


class RestkitError(Exception):
    """The root of everything that restkit raises by itself."""

    def __reduce__(self) -> tuple[Callable[..., RestkitError], tuple[Any, ...]]:
        """Pickle by state: the documented constructors take other arguments than `args` holds."""
        return _restore, (type(self), self.args, self.__dict__)


class ProtocolError(RestkitError):
    """The bytes are not HTTP/1.x as RFC 9112 and RFC 9110 have it.

    Attributes:
        reason: what is wrong, in words.
        offset: where, in bytes from the start of the head or of the chunked body; None when unknown.
        section: the rule that was broken, as "RFC 9112 section 5.1".
        code: the status code a server would answer with.
    """

    reason: str = ""
    offset: int | None = None
    section: str = ""
    code: int = 400

    def at(self, offset: int | None, section: str, reason: str, code: int | None = None) -> Self:
        """Add the place, the rule and the reason; returns the error itself, to be raised."""
        self.offset = offset
        self.section = section
        self.reason = reason
        if code is not None:
            self.code = code
        return self

    def text(self) -> str:
        """The message without the place."""
        return super().__str__()

    def __str__(self) -> str:
        """The message, and the place when it is known."""
        place = "" if self.offset is None else f"at byte {self.offset}"
        details = "; ".join(part for part in (self.reason, place, self.section) if part)
        text = self.text()
        if text and details:
            return f"{text} ({details})"
        return text or details


class BadStatusLine(ProtocolError):
    """The first line of a response is not a status line (RFC 9112 section 4)."""


class ParserError(ProtocolError):
    """Any other fault of a message, above all of its framing (RFC 9112 section 6)."""


class ParseException(ProtocolError):
    """A part of a message breaks its grammar."""


class NoMoreData(ParseException):
    """The peer ended the connection inside a head, or before it."""

    def __init__(self, buf: bytes | str | None = None) -> None:
        super().__init__()
        self.buf = buf

    def text(self) -> str:
        """The message without the place."""
        return f"No more data after: {excerpt(self.buf)}"


class InvalidRequestLine(ParseException):
    """The first line of a request is not a request line (RFC 9112 section 3)."""

    def __init__(self, req: bytes | str) -> None:
        super().__init__()
        self.req = req

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP request line: {excerpt(self.req)}"


class InvalidRequestMethod(ParseException):
    """The method is not a token (RFC 9110 section 9.1)."""

    def __init__(self, method: bytes | str) -> None:
        super().__init__()
        self.method = method

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP method: {excerpt(self.method)}"


class InvalidHTTPVersion(ParseException):
    """The version is not HTTP/1.x (RFC 9112 section 2.3)."""

    code = 505

    def __init__(self, version: object) -> None:
        super().__init__()
        self.version = version

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP Version: {_cut(self.version)}"


class InvalidHTTPStatus(ParseException):
    """The status code is not three digits from 100 to 999 (RFC 9112 section 4, RFC 9110 section 15)."""

    def __init__(self, status: object) -> None:
        super().__init__()
        self.status = status

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP Status: {_cut(self.status)}"


class InvalidHeader(ParseException):
    """A field line or a field value breaks its grammar (RFC 9112 section 5, RFC 9110 section 5.5)."""

    def __init__(self, hdr: bytes | str) -> None:
        super().__init__()
        self.hdr = hdr

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP Header: {excerpt(self.hdr)}"


class InvalidHeaderName(ParseException):
    """A field name is not a token (RFC 9110 section 5.1)."""

    def __init__(self, hdr: bytes | str) -> None:
        super().__init__()
        self.hdr = hdr

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid HTTP header name: {excerpt(self.hdr)}"


class InvalidChunkSize(ParseException):
    """The line before a chunk does not give its size (RFC 9112 section 7.1)."""

    def __init__(self, data: bytes | str) -> None:
        super().__init__()
        self.data = data

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid chunk size: {excerpt(self.data)}"


class ChunkMissingTerminator(ParseException):
    """The data of a chunk is not followed by CR LF (RFC 9112 section 7.1)."""

    def __init__(self, term: bytes | str) -> None:
        super().__init__()
        self.term = term

    def text(self) -> str:
        """The message without the place."""
        return f"Invalid chunk terminator is not '\\r\\n': {excerpt(self.term)}"


class HeaderLimit(ParseException):
    """A head or a trailer section is larger than the limits allow."""

    code = 431


class UnexpectedEOF(RestkitError, ConnectionError):
    """The peer ended the connection inside a message."""


class RemoteDisconnected(UnexpectedEOF, NoMoreData):
    """The peer ended the connection before the first byte of a head."""

    def __init__(self, buf: bytes | str | None = None) -> None:
        super().__init__()
        self.buf = buf

    def text(self) -> str:
        """The message without the place."""
        return "The connection was closed before a byte of the message arrived"


class IncompleteHead(UnexpectedEOF, NoMoreData):
    """The peer ended the connection inside a head; `buf` is the first line of what had come."""

    def __init__(self, buf: bytes | str | None = None) -> None:
        super().__init__()
        self.buf = buf

    def text(self) -> str:
        """The message without the place."""
        return f"The connection was closed inside the head that begins with {excerpt(self.buf)}"


class IncompleteBody(UnexpectedEOF):
    """The peer ended the connection inside a body.

    Attributes:
        expected: bytes the framing promised, or None when it gave no number (a chunked body).
        received: bytes of content that came, or None when they were not counted.
        where: the place in a chunked body: "chunk size", "chunk data", "chunk end" or "trailers".
    """

    def __init__(self, expected: int | None = None, received: int | None = None, where: str = "") -> None:
        super().__init__()
        self.expected = expected
        self.received = received
        self.where = where

    def __str__(self) -> str:
        """How much came, of how much."""
        received = "" if self.received is None else f" after {self.received} bytes"
        expected = "" if self.expected is None else f" of {self.expected}"
        where = f", in the {self.where}" if self.where else ""
        return f"The connection was closed inside the body{received}{expected}{where}"


def _cut(value: object) -> str:
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return ascii(text[:EXCERPT_BYTES])[1:-1]
