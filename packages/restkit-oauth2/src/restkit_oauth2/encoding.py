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
    "encode_pairs",
    "escape",
    "form_pairs",
    "format_authorization",
    "join_pairs",
    "parse_authorization",
    "quote_illegal",
    "signing_pieces",
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
PERCENT = {ord("%")}
# What a query holds that is written as §3.6 wants it, and the escapes that are in it: of reserved bytes, in upper case.
WRITTEN = UNRESERVED + b"=&%"
KEPT = UNRESERVED + b"\0\n"
CANONICAL = frozenset([text[1:] for text in ESCAPED if len(text) == 3])
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
    if isinstance(s, str):
        text = s
    else:
        text = s.decode("utf-8", "surrogateescape") if isinstance(s, bytes) else str(s)
    if text.isascii():
        return escape_ascii(text, UNRESERVED)
    return "".join([ESCAPED[byte] for byte in utf8(text)])


def escape_ascii(text: str, kept: bytes) -> str:
    """Percent-encode ASCII text but for some characters."""
    reserved = text.encode("ascii").translate(None, kept)
    if not reserved:
        return text
    # There are few different ones: replacing each is cheaper than going through the text.
    text = text.replace("%", "%25")
    for byte in {*reserved} - PERCENT:
        text = text.replace(chr(byte), ESCAPED[byte])
    return text


def encode_pairs(pairs: Iterable[tuple[str, Any]]) -> list[str]:
    """Return each parameter as `name NUL value`, both percent-encoded; a list or tuple is several values."""
    pairs = list(pairs)
    try:
        text = "\n".join(["\0".join(pair) for pair in pairs])
    except TypeError:
        # Some value is no text.
        return encode_each(pairs)
    # All in one go, when they are ASCII without these separators.
    if text.isascii() and text.count("\0") == len(pairs):
        pieces = escape_ascii(text, KEPT).split("\n")
        if len(pieces) == len(pairs):
            return pieces
    return encode_each(pairs)


def encode_each(pairs: list[tuple[str, Any]]) -> list[str]:
    """Return what `encode_pairs` does, one value after the other."""
    pieces = []
    for name, value in pairs:
        values = value if isinstance(value, list | tuple) else (value,)
        pieces += [f"{escape(name)}\0{escape(item)}" for item in values]
    return pieces


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


def signing_pieces(text: str) -> list[str]:
    """Return each parameter of a query or form body as `name NUL value`, both encoded as §3.6 wants them."""
    text = text.replace("+", "%20")
    # Most queries are written like that already; then nothing is decoded.
    if not utf8(text).translate(None, WRITTEN) and CANONICAL.issuperset(
        [piece[:2] for piece in text.split("%")[1:]]
    ):
        pieces = text.replace("=", "\0").split("&")
        if text.count("=") == len([piece for piece in pieces if "\0" in piece]) == len(pieces):
            return pieces
    parts = [piece.partition("=") for piece in text.split("&") if piece]
    return [f"{escape(unescape(name))}\0{escape(unescape(value))}" for name, _, value in parts]


def join_pairs(pairs: Iterable[tuple[str, Any]], space: str = "%20") -> str:
    """Encode pairs as form text, a space as `space`."""
    return "&".join(encode_pairs(pairs)).replace("\0", "=").replace("%20", space)


def format_authorization(pairs: Iterable[tuple[str, Any]], realm: str = "") -> str:
    """Build the value of an Authorization field (RFC 5849 §3.5.1).

    Raises:
        Error: the realm holds a character that no field value may hold.
    """
    # Each piece still lacks its closing quote; so does the realm.
    pieces = [f"OAuth realm={quoted_string(realm)[:-1]}", *encode_pairs(pairs)]
    return '", '.join(pieces).replace("\0", '="') + '"'


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
