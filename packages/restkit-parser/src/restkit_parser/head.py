"""Heads: the start line and the fields of a message, from bytes.

The common head is taken in one match over all its bytes. Whatever does not match, or is large, is gone through line by
line in `scanning`, which brings it into the plain form or finds the error and its place.
"""

from __future__ import annotations

from restkit_parser.errors import IncompleteHead, InvalidHeader, ParserError
from restkit_parser.framing import list_members
from restkit_parser.grammar import is_target
from restkit_parser.headers import Headers
from restkit_parser.limits import DEFAULT_LIMITS
from restkit_parser.scanning import REQUEST, RESPONSE, HeadScanner
from restkit_parser.start_line import HTTP_VERSIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Callable
    from typing import Any

    from restkit_parser.limits import Limits

__all__ = [
    "RequestHead",
    "ResponseHead",
    "parse_request_head",
    "parse_response_head",
    "request_head_end",
    "response_head_end",
    "take_response_head",
]

_VERSIONS = {text[-1:]: version for text, version in HTTP_VERSIONS.items()}


class ResponseHead:
    """A status line and its fields.

    Attributes:
        version: as (1, 1).
        status: from 100 to 999.
        reason: the reason phrase as it came, often empty.
    """

    __slots__ = ("_headers", "_section", "lower", "reason", "status", "version")

    def __init__(self, version: tuple[int, int], status: int, reason: str, headers: Headers) -> None:
        self.version = version
        self.status = status
        self.reason = reason
        self._section = b""
        # The field section in lower case while nobody has asked for the fields, else empty; for framing.
        self.lower = b""
        self._headers: Headers | None = headers

    @property
    def headers(self) -> Headers:
        """The fields; nothing of them is built before it is asked for."""
        headers = self._headers
        if headers is None:
            headers = self._headers = Headers.from_section(self._section, self.lower)
            self.lower = b""
        return headers

    def __repr__(self) -> str:
        return f"ResponseHead({self.version}, {self.status}, {self.reason!r}, {self.headers!r})"


class RequestHead:
    """A request line and its fields.

    Attributes:
        version: as (1, 1).
        method: a token, in the case it came in.
        target: as it came, in one of the forms of RFC 9112 section 3.2.
    """

    __slots__ = ("_headers", "_section", "lower", "method", "target", "version")

    def __init__(self, version: tuple[int, int], method: str, target: str, headers: Headers) -> None:
        self.version = version
        self.method = method
        self.target = target
        self._section = b""
        self.lower = b""
        self._headers: Headers | None = headers

    @property
    def headers(self) -> Headers:
        """The fields; nothing of them is built before it is asked for."""
        headers = self._headers
        if headers is None:
            headers = self._headers = Headers.from_section(self._section, self.lower)
            self.lower = b""
        return headers

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 (Continue) before it sends the body (RFC 9110 section 10.1.1)."""
        return self.version >= (1, 1) and "100-continue" in list_members(self.headers.get_all("expect"))

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


def take_response_head(
    buffer: bytes | bytearray, start: int, stop: int, limits: Limits = DEFAULT_LIMITS
) -> tuple[ResponseHead, int] | None:
    """`response_head_end` and `parse_response_head` in one pass: the head and the index past it, or None."""
    match = _match_response_head(buffer, start, stop)
    if match is not None:
        end: int = match.end()
        if end - start <= limits.surely_within and not limits.max_header_count:
            return _response_head(match), end
    end = response_head_end(buffer, start, stop, limits)
    if end < 0:
        return None
    return parse_response_head(bytes(buffer[start:end]), limits), end


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
    match = _match_response_head(data)
    if (
        match is None
        or match.end() != len(data)
        or len(data) > limits.surely_within
        or limits.max_header_count
    ):
        match = _match_response_head(_scanned(data, limits, RESPONSE))
    return _response_head(match)


def _response_head(match: re.Match[bytes]) -> ResponseHead:
    minor, code, reason, section = match.groups()
    head = _new_response(ResponseHead)
    head.version = _VERSIONS[minor]
    head.status = int(code)
    head.reason = str(reason, "latin-1") if reason else ""
    head._section = section
    head.lower = section.lower()
    head._headers = None
    return head


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
    match = _match_request_head(data)
    if (
        match is None
        or match.end() != len(data)
        or not is_target(match[1], match[2])
        or len(data) > limits.surely_within
        or limits.max_header_count
    ):
        match = _match_request_head(_scanned(data, limits, REQUEST))
    method, target, minor, section = match.groups()
    head = _new_request(RequestHead)
    head.version = _VERSIONS[minor]
    head.method = str(method, "ascii")
    head.target = str(target, "ascii")
    head._section = section
    head.lower = lower = section.lower()
    head._headers = None
    if lower.count(b"\r\nhost:") > 1:
        raise InvalidHeader("Host").at(None, "RFC 9112 section 3.2", "more than one Host field")
    return head


def _on_first_use(name: str) -> Callable[..., Any]:
    """A stand-in of this module that makes the patterns when it is called, and lets them take its place."""

    def match(data: bytes | bytearray, *bounds: int) -> Any:
        from restkit_parser.patterns import REQUEST_HEAD, RESPONSE_HEAD

        globals().update(_match_response_head=RESPONSE_HEAD.match, _match_request_head=REQUEST_HEAD.match)
        return globals()[name](data, *bounds)

    return match


_match_response_head = _on_first_use("_match_response_head")
_match_request_head = _on_first_use("_match_request_head")
_new_response = ResponseHead.__new__
_new_request = RequestHead.__new__


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
