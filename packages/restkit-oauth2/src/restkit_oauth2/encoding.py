"""Percent-encoding, form text and the Authorization field (RFC 5849 §3.5.1, §3.6).

Text that is not UTF-8 keeps its bytes: what is decoded from `%FF` is encoded as `%FF` again, so a signature covers
the bytes that were sent and not somebody's idea of them.
"""

from __future__ import annotations

from .errors import Error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

__all__ = [
    "escape",
    "form_pairs",
    "format_authorization",
    "join_pairs",
    "parse_authorization",
    "quote_illegal",
    "signing_pairs",
    "to_unicode",
    "to_unicode_if_string",
    "to_unicode_optional_iterator",
    "to_utf8",
    "to_utf8_if_string",
    "to_utf8_optional_iterator",
    "unescape",
]

# RFC 5849 §3.6: these and no others stay as they are.
UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
# RFC 3986 §2.2 and the percent sign: what may stand in a URI besides the unreserved ones.
LEGAL = UNRESERVED + b":/?#[]@!$&'()*+,;=%"
ESCAPED = [chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in range(256)]
QUOTED = [chr(byte) if byte in LEGAL else f"%{byte:02X}" for byte in range(256)]
HEX = "0123456789abcdefABCDEF"
BYTE = {f"{high}{low}".encode(): bytes([int(high + low, 16)]) for high in HEX for low in HEX}
BLANK = " \t\r\n"
BAD_HEADER = "Unable to parse OAuth parameters from Authorization header."


def utf8(text: str) -> bytes:
    """Return the text's bytes, or raise an `Error` that does not hold the text."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        where = error.start
    raise Error(f"The character at {where} is half of a surrogate pair: it has no UTF-8 form.")


def escape(s: Any) -> str:
    """Percent-encode everything but unreserved characters, `/` included (RFC 5849 §3.6)."""
    data = utf8(s) if isinstance(s, str) else s if isinstance(s, bytes) else utf8(str(s))
    if data.translate(None, UNRESERVED):
        return "".join([ESCAPED[byte] for byte in data])
    return data.decode("ascii")


def unescape(s: str) -> str:
    """Undo `escape`; a `%` that begins no byte is itself."""
    if "%" not in s:
        return s
    head, *rest = utf8(s).split(b"%")
    out = [head]
    for piece in rest:
        byte = BYTE.get(piece[:2])
        out += (b"%", piece) if byte is None else (byte, piece[2:])
    return b"".join(out).decode("utf-8", "surrogateescape")


def quote_illegal(s: str) -> str:
    """Percent-encode only what may not stand in a URI, as it is done when it is sent."""
    data = utf8(s)
    return "".join([QUOTED[byte] for byte in data]) if data.translate(None, LEGAL) else s


def form_pairs(text: str) -> list[tuple[str, str]]:
    """Decode a query or a form body; blank values and repeats are kept, `+` is a space."""
    pairs = []
    for piece in text.split("&"):
        if piece:
            name, _, value = piece.replace("+", " ").partition("=")
            pairs.append((unescape(name), unescape(value)))
    return pairs


def signing_pairs(text: str) -> list[tuple[str, str]]:
    """Return the pairs of a query or form body, each decoded and then encoded as §3.6 wants it."""
    pairs = []
    for piece in text.split("&"):
        if not piece:
            continue
        name, _, value = piece.partition("=")
        if utf8(name + value).translate(None, UNRESERVED):
            name, value = escape(unescape(name.replace("+", " "))), escape(unescape(value.replace("+", " ")))
        pairs.append((name, value))
    return pairs


def join_pairs(pairs: Iterable[tuple[str, Any]], space: str = "%20") -> str:
    """Encode pairs as form text, a space as `space`."""
    text = "&".join([f"{escape(name)}={escape(value)}" for name, value in pairs])
    return text if space == "%20" else text.replace("%20", space)


def format_authorization(pairs: Iterable[tuple[str, Any]], realm: str | None = "") -> str:
    """Build the value of an Authorization field (RFC 5849 §3.5.1); without realm when it is None.

    Raises:
        Error: the realm holds a character that no field value may hold.
    """
    parts = [f'{escape(name)}="{escape(value)}"' for name, value in pairs]
    if realm is not None:
        parts.insert(0, f"realm={quoted_string(realm)}")
    return "OAuth " + ", ".join(parts)


def quoted_string(text: str) -> str:
    """Quote text for a field value (RFC 9110 §5.6.4)."""
    if text and not (text.isascii() and text.isprintable()):
        raise Error("A realm is printable ASCII; this one is not.")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def parse_authorization(value: str) -> list[tuple[str, str]] | None:
    """Decode an Authorization field, realm included; None when its scheme is not OAuth.

    Raises:
        Error: the scheme is OAuth and the rest is not a list of parameters.
    """
    scheme, _, rest = value.strip(BLANK).partition(" ")
    if scheme.lower() != "oauth":
        return None
    pairs = []
    at = 0
    while at < len(rest):
        if rest[at] in BLANK or rest[at] == ",":
            at += 1
            continue
        name, text, at = parse_parameter(rest, at)
        pairs.append((name, text if name == "realm" else unescape(text)))
    return pairs


def parse_parameter(rest: str, at: int) -> tuple[str, str, int]:
    """Read one `name="value"` at an index; return both and the index after them."""
    equals = rest.find("=", at)
    if equals < 0:
        raise Error(BAD_HEADER)
    name = rest[at:equals].strip(BLANK)
    if not name or "," in name or '"' in name:
        raise Error(BAD_HEADER)
    at = equals + 1
    if rest[at : at + 1] != '"':
        end = rest.find(",", at)
        end = len(rest) if end < 0 else end
        return unescape(name), rest[at:end].strip(BLANK), end
    text, at = parse_quoted(rest, at + 1)
    tail = rest[at:].lstrip(BLANK)
    if tail and tail[0] != ",":
        raise Error(BAD_HEADER)
    return unescape(name), text, at


def parse_quoted(rest: str, at: int) -> tuple[str, int]:
    """Read a quoted string from just after its opening quote."""
    parts = []
    while True:
        quote = rest.find('"', at)
        if quote < 0:
            raise Error(BAD_HEADER)
        backslash = rest.find("\\", at, quote)
        if backslash < 0:
            parts.append(rest[at:quote])
            return "".join(parts), quote + 1
        parts.append(rest[at:backslash] + rest[backslash + 1 : backslash + 2])
        at = backslash + 2


def to_unicode(s: Any) -> str:
    """Return text for str or UTF-8 bytes; anything else is a TypeError that does not show the value."""
    if isinstance(s, str):
        return s
    if not isinstance(s, bytes):
        raise TypeError(f"You are required to pass either unicode or string here, not: {type(s).__name__}")
    try:
        return s.decode()
    except UnicodeDecodeError as error:
        where = error.start
    raise TypeError(f"You are required to pass text or UTF-8 bytes here; the byte at {where} is not UTF-8.")


def to_utf8(s: Any) -> bytes:
    """Return UTF-8 bytes for str or UTF-8 bytes; anything else is a TypeError."""
    return utf8(to_unicode(s))


def to_unicode_if_string(s: Any) -> Any:
    """Return text for str or bytes, anything else as it is."""
    return to_unicode(s) if isinstance(s, str | bytes) else s


def to_utf8_if_string(s: Any) -> Any:
    """Return UTF-8 bytes for str or bytes, anything else as it is."""
    return to_utf8(s) if isinstance(s, str | bytes) else s


def to_unicode_optional_iterator(x: Any) -> Any:
    """Return text for str or bytes, a list of text for an iterable, anything else as it is."""
    if isinstance(x, str | bytes):
        return to_unicode(x)
    return [to_unicode_if_string(item) for item in x] if hasattr(x, "__iter__") else x


def to_utf8_optional_iterator(x: Any) -> Any:
    """Return UTF-8 bytes for str or bytes, a list of them for an iterable, anything else as it is."""
    if isinstance(x, str | bytes):
        return to_utf8(x)
    return [to_utf8_if_string(item) for item in x] if hasattr(x, "__iter__") else x
