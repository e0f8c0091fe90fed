"""The request line and the status line (RFC 9112 sections 3 and 4): taken apart, or refused with the reason."""

from __future__ import annotations

from restkit_parser.errors import (
    EXCERPT_BYTES,
    BadStatusLine,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
)
from restkit_parser.grammar import DIGITS, FIELD_CONTENT, TOKEN, is_target

__all__ = ["HTTP_VERSIONS", "check_request_line", "check_status_line"]

# A higher minor version is read as the highest we know and reported as it is (RFC 9110 section 2.5).
HTTP_VERSIONS = {b"HTTP/1.%d" % minor: (1, minor) for minor in range(10)}

_STATUS_LINE = b"HTTP/1.1 200 "


def check_status_line(line: bytes, offset: int = 0, *, is_beginning: bool = False) -> None:
    """Raise unless `line`, without its line end, is a status line, or can become one (RFC 9112 section 4)."""
    whole = line + _STATUS_LINE[len(line) :] if is_beginning else line
    version = whole[:8]
    if version not in HTTP_VERSIONS or not whole.startswith(b" ", 8):
        _refuse_version(line, offset)
    code = whole[9:12]
    # The space before an absent reason phrase is a MUST for senders that many forget.
    if not (len(code) == 3 and code.isdigit() and code >= b"100" and whole[12:13] in (b"", b" ")):
        raise InvalidHTTPStatus(_text(line[9:].partition(b" ")[0])).at(
            offset + 9, "RFC 9112 section 4", "a status code is three digits, from 100, and a space"
        )
    bad = line.translate(None, FIELD_CONTENT)[:1]
    if bad:
        raise BadStatusLine(f"Bad HTTP status line: {_text(line)!r}").at(
            offset + line.index(bad), "RFC 9112 section 4", f"it holds the control character {bad!r}"
        )


def check_request_line(line: bytes, offset: int = 0) -> None:
    """Raise unless `line`, without its line end, is a request line (RFC 9112 section 3)."""
    parts = line.split(b" ")
    method = parts[0]
    if not method or method.translate(None, TOKEN):
        raise InvalidRequestMethod(_text(method)).at(offset, "RFC 9110 section 9.1", "a method is a token")
    bad = line.translate(None, FIELD_CONTENT)[:1]
    if bad:
        raise InvalidRequestLine(_shown(line)).at(
            offset + line.index(bad), "RFC 9112 section 3", f"it holds the control character {bad!r}"
        )
    if len(parts) != 3:
        reason = "a request line is a method, a target and a version, with one space between"
        raise InvalidRequestLine(_shown(line)).at(offset, "RFC 9112 section 3", reason)
    target, version = parts[1:]
    if not is_target(method, target):
        raise InvalidRequestLine(_shown(line)).at(
            offset + len(method) + 1,
            "RFC 9112 section 3.2",
            "the target has none of the forms of a request target",
        )
    if version not in HTTP_VERSIONS:
        place = offset + len(line) - len(version)
        if len(version) == 8 and _has_version_shape(version):
            raise InvalidHTTPVersion(_text(version)).at(place, "RFC 9112 section 2.3", "not HTTP/1.x")
        raise InvalidRequestLine(_shown(line)).at(
            place, "RFC 9112 section 2.3", 'the version is not "HTTP/", a digit, a dot and a digit'
        )


def _refuse_version(line: bytes, offset: int) -> None:
    if line.startswith(b"HTTP/") and line[5:6].isdigit() and line[5:6] != b"1":
        raise InvalidHTTPVersion(_text(line[:8])).at(offset + 5, "RFC 9112 section 2.3", "not HTTP/1.x")
    raise BadStatusLine(f"Bad HTTP status line: {_text(line)!r}").at(
        offset, "RFC 9112 section 4", "it does not begin with an HTTP version, a space and a status code"
    )


def _has_version_shape(version: bytes) -> bool:
    return (
        version.startswith(b"HTTP/")
        and version[6:7] == b"."
        and not (version[5:6] + version[7:]).translate(None, DIGITS)
    )


def _text(part: bytes) -> str:
    return part[:EXCERPT_BYTES].decode("latin-1")


def _shown(line: bytes) -> str:
    """The line for an error, without the user and the password of an absolute URI."""
    scheme, slashes, rest = line.partition(b"://")
    authority, slash, path = rest.partition(b"/")
    if slashes and b"@" in authority:
        line = scheme + slashes + b"***@" + authority.rpartition(b"@")[2] + slash + path
    return _text(line)
