"""One field line (RFC 9112 section 5): passed, or refused with the place, the rule and the reason."""

from __future__ import annotations

from restkit_parser.errors import EXCERPT_BYTES, InvalidHeader, InvalidHeaderName
from restkit_parser.grammar import FIELD_CONTENT, TOKEN
from restkit_parser.headers import is_secret_field

__all__ = ["check_content", "check_field_line", "shown_line"]


def check_field_line(line: bytes, offset: int) -> None:
    """Raise unless `line`, without its line end, is a field name, a colon and field content."""
    name, colon, value = line.partition(b":")
    bad = name.translate(None, TOKEN)
    if colon or bad.translate(None, FIELD_CONTENT):
        if bad or not name:
            _refuse_name(name, offset)
    else:
        raise InvalidHeader(shown_line(line)).at(offset, "RFC 9112 section 5", "a field line without a colon")
    check_content(value, name, offset + len(name) + 1)


def check_content(value: bytes, name: bytes, offset: int) -> None:
    """Raise unless `value` is field content; `name` is the field's, empty when it is not to be shown."""
    bad = value.translate(None, FIELD_CONTENT)[:1]
    if bad:
        section = "RFC 9112 section 2.2" if bad == b"\r" else "RFC 9110 section 5.5"
        raise InvalidHeader(shown_line(name + b":" + value) if name else "").at(
            offset + value.index(bad), section, f"the value holds the control character {bad!r}"
        )


def shown_line(line: bytes) -> str:
    """A line for an error: at most 80 bytes, and no more than the name where the field may carry a secret."""
    name, colon, _ = line.partition(b":")
    if is_secret_field(name.decode("latin-1")):
        line = name + colon
    return line[:EXCERPT_BYTES].decode("latin-1")


def _refuse_name(name: bytes, offset: int) -> None:
    # What is no name without the whitespace either is told the same way when the line is cut before it.
    token = name.rstrip(b" \t")
    if token and token != name and not token.translate(None, TOKEN):
        raise InvalidHeaderName(shown_line(name)).at(
            offset, "RFC 9112 section 5.1", "whitespace between the name and the colon"
        )
    raise InvalidHeaderName(shown_line(name)).at(offset, "RFC 9110 section 5.1", "a field name is a token")
