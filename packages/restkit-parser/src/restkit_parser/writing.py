"""Heads, chunks and trailers to bytes, checked before one is written."""

from __future__ import annotations

from restkit_parser.errors import InvalidHeader, InvalidHTTPVersion
from restkit_parser.grammar import (
    check_field_name,
    check_field_value,
    check_method,
    check_reason,
    check_status,
    check_target,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

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


def write_request_head(
    method: str, target: str, headers: Iterable[tuple[str, str]], version: tuple[int, int] = (1, 1)
) -> bytes:
    """The head of a request, blank line included (RFC 9112 section 3).

    `headers` gives the field lines as pairs, as `Headers.items()` does. Raises `InvalidRequestMethod`,
    `InvalidRequestLine`, `InvalidHeaderName` or `InvalidHeader` before a byte is made of what no parser should accept.
    """
    check_method(method)
    check_target(target, method)
    return _head(f"{method} {target} {_version(version)}", headers)


def write_response_head(
    status: int, reason: str, headers: Iterable[tuple[str, str]], version: tuple[int, int] = (1, 1)
) -> bytes:
    """The head of a response, blank line included (RFC 9112 section 4).

    Raises `InvalidHTTPStatus`, `InvalidHeaderName` or `InvalidHeader`, as `write_request_head`.
    """
    check_status(status)
    check_reason(reason)
    return _head(f"{_version(version)} {status} {reason}", headers)


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
        lines.append(_field_line(name, value))
    return f"0\r\n{''.join(lines)}\r\n".encode("latin-1")


def _head(start_line: str, headers: Iterable[tuple[str, str]]) -> bytes:
    lines = "".join([_field_line(name, value) for name, value in headers])
    return f"{start_line}\r\n{lines}\r\n".encode("latin-1")


def _field_line(name: str, value: str) -> str:
    check_field_name(name)
    check_field_value(value, name)
    return f"{name}: {value}\r\n"


def _version(version: tuple[int, int]) -> str:
    major, minor = version
    if major != 1 or not 0 <= minor <= 9:
        raise InvalidHTTPVersion(f"{major}.{minor}").at(None, "RFC 9112 section 2.3", "not HTTP/1.x")
    return f"HTTP/1.{minor}"
