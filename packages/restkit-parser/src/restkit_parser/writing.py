"""Heads, chunks and trailers to bytes, checked before one is written."""

from __future__ import annotations

from restkit_parser.errors import InvalidHeader, InvalidHTTPVersion, ParserError
from restkit_parser.framing import request_framing, response_framing
from restkit_parser.grammar import (
    check_field_name,
    check_field_value,
    check_field_values,
    check_method,
    check_reason,
    check_status,
    check_target,
)
from restkit_parser.head import parse_request_head, parse_response_head
from restkit_parser.limits import DEFAULT_LIMITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from restkit_parser.headers import Headers

__all__ = ["write_chunk", "write_last_chunk", "write_request_head", "write_response_head"]

# RFC 9110 section 6.5.1: what frames, routes, or authenticates a message comes too late after it.
_NO_TRAILERS = frozenset(
    {
        "authorization",
        "connection",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "cookie",
    }
    | {"expect", "host", "keep-alive", "max-forwards", "proxy-authenticate", "proxy-authorization"}
    | {"set-cookie", "te", "trailer", "transfer-encoding", "upgrade", "www-authenticate"}
)


# The names that were found to be tokens, and what each means. A program writes the same few again and again; names are
# no secrets, values are, and are never kept.
_OTHER, _HOST, _LENGTH = 0, 1, 2
_MAX_NAMES = 1024
_kinds: dict[str, int] = {}


def write_request_head(
    method: str, target: str, headers: Iterable[tuple[str, str]], version: tuple[int, int] = (1, 1)
) -> bytes:
    """The head of a request, blank line included (RFC 9112 section 3).

    `headers` gives the field lines as pairs, as `Headers.items()` does. What our parser would refuse is refused before
    a byte is made of it: raises `InvalidRequestMethod`, `InvalidRequestLine`, `InvalidHTTPVersion`,
    `InvalidHeaderName`, `InvalidHeader`, `HeaderLimit`, or `ParserError` for fields that give no valid framing.
    """
    check_method(method)
    check_target(target, method)
    data, is_plain = _head(f"{method} {target} {_version(version)}", headers)
    if not is_plain:
        head = parse_request_head(data)
        request_framing(head)
        _check_one_length(head.headers)
    return data


def write_response_head(
    status: int, reason: str, headers: Iterable[tuple[str, str]], version: tuple[int, int] = (1, 1)
) -> bytes:
    """The head of a response, blank line included (RFC 9112 section 4).

    Raises `InvalidHTTPStatus` for the status or the reason phrase, otherwise as `write_request_head`.
    """
    check_status(status)
    check_reason(reason)
    data, is_plain = _head(f"{_version(version)} {status} {reason}", headers)
    if not is_plain:
        head = parse_response_head(data)
        response_framing(head, "GET")
        _check_one_length(head.headers)
    return data


def write_chunk(data: bytes) -> bytes:
    """One chunk (RFC 9112 section 7.1); nothing for no data, since an empty chunk would end the body."""
    return b"%x\r\n%b\r\n" % (len(data), data) if data else b""


def write_last_chunk(trailers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The end of a chunked body, with its trailer fields (RFC 9112 section 7.1.2).

    Raises `InvalidHeaderName` or `InvalidHeader`, also for fields that may not be sent as trailers (RFC 9110
    section 6.5.1).
    """
    lines = []
    for name, value in trailers:
        if name.lower() in _NO_TRAILERS:
            raise InvalidHeader(name).at(None, "RFC 9110 section 6.5.1", "this field can not be a trailer")
        check_field_name(name)
        check_field_value(value, name)
        lines.append(f"{name}: {value}\r\n")
    return f"0\r\n{''.join(lines)}\r\n".encode("latin-1")


def _head(start_line: str, headers: Iterable[tuple[str, str]]) -> tuple[bytes, bool]:
    """The head, each field checked, and whether its fields are too plain to contradict each other."""
    pairs = list(headers)
    hosts = lengths = 0
    is_plain = True
    for name, value in pairs:
        kind = _kinds.get(name)
        if kind is None:
            kind = _remember(name)
        if kind == _HOST:
            hosts += 1
        elif kind == _LENGTH:
            lengths += 1
            is_plain = is_plain and (
                value == "chunked" or (value.isascii() and value.isdigit() and len(value) < 20)
            )
    check_field_values(pairs)
    lines = "".join([f"{name}: {value}\r\n" for name, value in pairs])
    data = f"{start_line}\r\n{lines}\r\n".encode("latin-1")
    return data, is_plain and hosts <= 1 and lengths <= 1 and len(data) <= DEFAULT_LIMITS.surely_within


def _remember(name: str) -> int:
    """Check a field name once, and what it means for the message."""
    check_field_name(name)
    lower = name.lower()
    kind = (
        _HOST if lower == "host" else _LENGTH if lower in ("content-length", "transfer-encoding") else _OTHER
    )
    if len(_kinds) >= _MAX_NAMES:
        _kinds.clear()
    _kinds[name] = kind
    return kind


def _check_one_length(headers: Headers) -> None:
    if "transfer-encoding" in headers and "content-length" in headers:
        raise ParserError("Transfer-Encoding and Content-Length").at(
            None, "RFC 9112 section 6.2", "a sender gives one of them"
        )


def _version(version: tuple[int, int]) -> str:
    major, minor = version
    if major != 1 or not 0 <= minor <= 9:
        raise InvalidHTTPVersion(f"{major}.{minor}").at(None, "RFC 9112 section 2.3", "not HTTP/1.x")
    return f"HTTP/1.{minor}"
