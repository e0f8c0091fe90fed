"""Heads: the start line and the fields of a message, from bytes.

The common head is taken in a few steps over all its bytes at once: count the lines, delete the token characters and
see that a colon is left at the beginning of every field line, delete what else a field may hold and see that only the
line ends are left. Whatever does not pass is gone through line by line in `scanning`, which unfolds it or finds the
error and its place.
"""

from __future__ import annotations

from restkit_parser.errors import IncompleteHead, InvalidHeader, ParserError
from restkit_parser.grammar import CONTENT_NOT_TOKEN, TOKEN, is_target
from restkit_parser.headers import Headers
from restkit_parser.limits import DEFAULT_LIMITS
from restkit_parser.scanning import REQUEST, RESPONSE, HeadScanner
from restkit_parser.start_line import HTTP_VERSIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.limits import Limits

__all__ = [
    "RequestHead",
    "ResponseHead",
    "count_plain_fields",
    "parse_request_head",
    "parse_response_head",
    "request_head_end",
    "response_head_end",
]

_VERSIONS_AND_SPACE = {text + b" ": version for text, version in HTTP_VERSIONS.items()}


class ResponseHead:
    """A status line and its fields.

    Attributes:
        version: as (1, 1).
        status: from 100 to 999.
        reason: the reason phrase as it came, often empty.
        headers: the fields; nothing of them is built before it is asked for.
    """

    __slots__ = ("headers", "reason", "status", "version")

    def __init__(self, version: tuple[int, int], status: int, reason: str, headers: Headers) -> None:
        self.version = version
        self.status = status
        self.reason = reason
        self.headers = headers

    def __repr__(self) -> str:
        return f"ResponseHead({self.version}, {self.status}, {self.reason!r}, {self.headers!r})"


class RequestHead:
    """A request line and its fields.

    Attributes:
        version: as (1, 1).
        method: a token, in the case it came in.
        target: as it came, in one of the forms of RFC 9112 section 3.2.
        headers: the fields; nothing of them is built before it is asked for.
    """

    __slots__ = ("headers", "method", "target", "version")

    def __init__(self, version: tuple[int, int], method: str, target: str, headers: Headers) -> None:
        self.version = version
        self.method = method
        self.target = target
        self.headers = headers

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 (Continue) before it sends the body (RFC 9110 section 10.1.1)."""
        return self.version >= (1, 1) and self.headers.get("expect", "").lower() == "100-continue"

    def __repr__(self) -> str:
        return f"RequestHead({self.version}, {self.method!r}, {self.target!r}, {self.headers!r})"


def response_head_end(
    buffer: bytes | bytearray, start: int, stop: int, limits: Limits = DEFAULT_LIMITS
) -> int:
    """The index just past the blank line of the response head in buffer[start:stop], or -1 when more is needed.

    Raises at once when what is there can not become a status line and fields, or passes a limit. For a head that comes
    in many pieces `HeadScanner` does the same without looking at a byte twice.
    """
    end = buffer.find(b"\r\n\r\n", start, stop)
    if end >= 0 and (
        limits.strict_end or (not limits.allow_bare_lf and buffer.startswith(b"HTTP/", start, stop))
    ):
        return end + 4
    return HeadScanner(limits, RESPONSE).end(buffer, start, stop)


def request_head_end(
    buffer: bytes | bytearray, start: int, stop: int, limits: Limits = DEFAULT_LIMITS
) -> int:
    """The index just past the blank line of the request head in buffer[start:stop], or -1 when more is needed.

    Empty lines before the request line belong to the head (RFC 9112 section 2.2). Otherwise as `response_head_end`.
    """
    end = buffer.find(b"\r\n\r\n", start, stop)
    if end >= 0 and not limits.allow_bare_lf and not buffer.startswith(b"\r", start, stop):
        return end + 4
    return HeadScanner(limits, REQUEST).end(buffer, start, stop)


def parse_response_head(data: bytes, limits: Limits = DEFAULT_LIMITS) -> ResponseHead:
    """Take a response head apart.

    Args:
        data: exactly one head with its blank line, as `response_head_end` found it.
        limits: bounds and leniencies.

    Raises:
        BadStatusLine, InvalidHTTPVersion, InvalidHTTPStatus: for the status line (RFC 9112 section 4).
        InvalidHeader, InvalidHeaderName: for a field line (RFC 9112 section 5).
        HeaderLimit: for its size.
    """
    version = _VERSIONS_AND_SPACE.get(data[:9])
    code = data[9:13]
    count = count_plain_fields(data)
    if (
        version is None
        or count < 0
        or not code[:3].isdigit()
        or code < b"100 "
        or code[3] != 0x20
        or len(data) > limits.surely_within
        or 0 < limits.max_header_count < count
    ):
        return _careful_response_head(data, limits)
    line_end = data.find(b"\r\n")
    return ResponseHead(
        version, int(code), str(data[13:line_end], "latin-1"), Headers.from_section(data[line_end:])
    )


def parse_request_head(data: bytes, limits: Limits = DEFAULT_LIMITS) -> RequestHead:
    """Take a request head apart.

    Args:
        data: exactly one head with its blank line, as `request_head_end` found it.
        limits: bounds and leniencies.

    Raises:
        InvalidRequestLine, InvalidRequestMethod, InvalidHTTPVersion: for the request line (RFC 9112 section 3).
        InvalidHeader, InvalidHeaderName: for a field line (RFC 9112 section 5), or more than one Host.
        HeaderLimit: for its size.
    """
    line_end = data.find(b"\r\n")
    parts = data[:line_end].split(b" ")
    count = count_plain_fields(data)
    if (
        count < 0
        or len(parts) != 3
        or (version := HTTP_VERSIONS.get(parts[2])) is None
        or not parts[0]
        or parts[0].translate(None, TOKEN)
        or not is_target(parts[0], parts[1])
        or len(data) > limits.surely_within
        or 0 < limits.max_header_count < count
    ):
        return _careful_request_head(data, limits)
    head = RequestHead(
        version, str(parts[0], "ascii"), str(parts[1], "ascii"), Headers.from_section(data[line_end:])
    )
    if len(head.headers.get_all("host")) > 1:
        raise InvalidHeader("Host").at(None, "RFC 9112 section 3.2", "more than one Host field")
    return head


def count_plain_fields(data: bytes) -> int:
    """The number of field lines in a head, or -1 when not every one is plainly right.

    `data` is a start line, which may be empty, field lines and a blank line.
    """
    lines = data.count(b"\r\n")
    rest = data.translate(None, TOKEN)
    if (
        # Each CR LF but the last two is followed by a name and a colon,
        rest.count(b"\r\n:") == lines - 2
        # the name is not empty,
        and b"\r\n:" not in data
        # there is no CR or LF but in those pairs, and no other control character,
        and len(rest.translate(None, CONTENT_NOT_TOKEN)) == 2 * lines
        # and the last two are the blank line.
        and data.endswith(b"\r\n\r\n")
    ):
        return lines - 2
    return -1


def _careful_response_head(data: bytes, limits: Limits) -> ResponseHead:
    head = _scanned(data, limits, RESPONSE)
    line, _, _ = head.partition(b"\r\n")
    return ResponseHead(
        HTTP_VERSIONS[line[:8]],
        int(line[9:12]),
        str(line[13:], "latin-1"),
        Headers.from_section(head[len(line) :]),
    )


def _careful_request_head(data: bytes, limits: Limits) -> RequestHead:
    head = _scanned(data, limits, REQUEST)
    line, _, _ = head.partition(b"\r\n")
    method, target, version = line.split(b" ")
    return RequestHead(
        HTTP_VERSIONS[version],
        str(method, "ascii"),
        str(target, "ascii"),
        Headers.from_section(head[len(line) :]),
    )


def _scanned(data: bytes, limits: Limits, kind: str) -> bytes:
    """The head in plain form; raises what is wrong with it."""
    scanner = HeadScanner(limits, kind)
    end = scanner.end(data, 0, len(data))
    if end < 0:
        raise IncompleteHead(data[: data.find(b"\r\n")])
    if end != len(data):
        raise ParserError("Bytes after the head").at(
            end, "RFC 9112 section 2.1", "the blank line ends a head"
        )
    return scanner.normalised()
