"""RFC 9110's character classes, and the checks of what a caller wants to send."""

from __future__ import annotations

from restkit_parser.errors import (
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidRequestLine,
    InvalidRequestMethod,
)

__all__ = [
    "CONTENT_NOT_TOKEN",
    "DIGITS",
    "FIELD_CONTENT",
    "HEX_DIGITS",
    "OWS",
    "TARGET",
    "TOKEN",
    "check_field_name",
    "check_field_value",
    "check_method",
    "check_reason",
    "check_status",
    "check_target",
    "is_target",
]

DIGITS = b"0123456789"
HEX_DIGITS = DIGITS + b"abcdefABCDEF"
_ALPHA = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
# RFC 9110 section 5.6.2
TOKEN = b"!#$%&'*+-.^_`|~" + DIGITS + _ALPHA
# RFC 9110 section 5.6.3: nothing else is whitespace; strip() without it would take VT, FF, FS-US, NEL and NBSP.
OWS = b" \t"
_VCHAR = bytes(range(0x21, 0x7F))
_OBS_TEXT = bytes(range(0x80, 0x100))
# RFC 9110 section 5.5
FIELD_CONTENT = OWS + _VCHAR + _OBS_TEXT
CONTENT_NOT_TOKEN = FIELD_CONTENT.translate(None, TOKEN)
# RFC 3986 has no such character as obs-text. The few VCHARs outside its grammar, as | and ", are sent by browsers
# and cannot end the target, so they are passed on unaltered.
TARGET = _VCHAR
_SCHEME_REST = _ALPHA + DIGITS + b"+-."


def is_target(method: bytes, target: bytes) -> bool:
    """Whether `target` has one of the four forms of RFC 9112 section 3.2 (CONNECT takes the authority form only)."""
    if not target or target.translate(None, TARGET):
        return False
    if method == b"CONNECT":
        return b"/" not in target and target != b"*"
    if target.startswith(b"/") or target == b"*":
        return True
    scheme, colon, rest = target.partition(b":")
    return bool(colon and rest and scheme[:1].isalpha() and not scheme.translate(None, _SCHEME_REST))


def check_method(method: str) -> None:
    """Raise `InvalidRequestMethod` unless `method` is a token (RFC 9110 section 9.1)."""
    if not _is_token(method):
        raise InvalidRequestMethod(method).at(None, "RFC 9110 section 9.1", "a method is a token")


def check_target(target: str, method: str = "GET") -> None:
    """Raise `InvalidRequestLine` unless `target` can stand in a request line with `method` (RFC 9112 section 3.2)."""
    form = b"CONNECT" if method == "CONNECT" else b"GET"
    if not target.isascii() or not is_target(form, target.encode("ascii")):
        raise InvalidRequestLine(target).at(
            None,
            "RFC 9112 section 3.2",
            "a request target is a path, an absolute URI, an authority or *, of visible ASCII",
        )


def check_field_name(name: str) -> None:
    """Raise `InvalidHeaderName` unless `name` is a token (RFC 9110 section 5.1)."""
    if not _is_token(name):
        raise InvalidHeaderName(name).at(None, "RFC 9110 section 5.1", "a field name is a token")


def check_field_value(value: str, name: str = "") -> None:
    """Raise `InvalidHeader` unless `value` is field content (RFC 9110 section 5.5), each character one byte of latin-1.

    The error names the field, never the value, which may be a secret.
    """
    bad = _first_not_content(value)
    if bad:
        raise InvalidHeader(name).at(None, "RFC 9110 section 5.5", f"the value holds {bad!a}")


def check_field_values(pairs: list[tuple[str, str]]) -> None:
    """Raise `InvalidHeader` unless each value of (name, value) pairs is field content: one look at all of them."""
    if _first_not_content("".join([value for _, value in pairs])):
        name, value = next(pair for pair in pairs if _first_not_content(pair[1]))
        check_field_value(value, name)


def check_reason(reason: str) -> None:
    """Raise `InvalidHTTPStatus` unless `reason` can stand in a status line (RFC 9112 section 4)."""
    if _first_not_content(reason):
        raise InvalidHTTPStatus(reason).at(
            None, "RFC 9112 section 4", "the reason phrase holds a control character"
        )


def check_status(status: int) -> None:
    """Raise `InvalidHTTPStatus` unless `status` is a number from 100 to 999 (RFC 9110 section 15)."""
    if not 100 <= status <= 999:
        raise InvalidHTTPStatus(status).at(
            None, "RFC 9110 section 15", "a status code has three digits, from 100"
        )


def _is_token(text: str) -> bool:
    return text.isascii() and text != "" and not text.encode("ascii").translate(None, TOKEN)


def _first_not_content(text: str) -> str:
    """The first character that no field may hold, or an empty string."""
    try:
        bad = text.encode("latin-1").translate(None, FIELD_CONTENT)
    except UnicodeEncodeError as error:
        return text[error.start]
    return bad[:1].decode("latin-1")
