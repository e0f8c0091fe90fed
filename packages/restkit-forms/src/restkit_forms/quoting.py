"""How text is made safe: percent-encoding for URLs, HTML's encoding for names and filenames of parts."""

from __future__ import annotations

from .errors import InvalidPart

UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
"""RFC 3986 §2.3: what percent-encoding never touches."""

NAME_ESCAPES = {ord('"'): "%22", ord("\r"): "%0D", ord("\n"): "%0A"}
"""HTML, "multipart/form-data encoding algorithm": only these three, neither "%" nor backslash."""

_TABLES: dict[tuple[str, bool], list[str]] = {}
_MAX_TABLES = (
    32  # Callers use two or three values of `safe`; a program that makes them up must not fill memory.
)


def _table(safe: str, plus: bool) -> list[str]:
    """What each byte becomes; made once for each set of safe characters."""
    table = _TABLES.get((safe, plus))
    if table is None:
        kept = UNRESERVED.union(safe.encode("ascii", "ignore"))
        table = [chr(byte) if byte in kept else f"%{byte:02X}" for byte in range(256)]
        if plus:
            table[0x20] = "+"
        if len(_TABLES) < _MAX_TABLES:
            _TABLES[safe, plus] = table
    return table


def percent_encode(data: bytes, safe: str = "", plus: bool = False) -> str:
    """Percent-encode every byte that is neither unreserved (RFC 3986 §2.3) nor in `safe`.

    Args:
        data: the bytes.
        safe: ASCII characters to leave alone as well.
        plus: a space becomes `+` (application/x-www-form-urlencoded) instead of `%20`.
    """
    if data.isalnum():
        return data.decode("ascii")
    return "".join(map(_table(safe, plus).__getitem__, data))


def to_bytes(value: object, charset: str = "utf-8") -> bytes:
    """Bytes of any value: bytes as they are, None as nothing, text in `charset`, all else by str().

    Raises:
        InvalidPart: `charset` has no such character (a lone surrogate, for UTF-8).
    """
    if isinstance(value, bytes):
        return value
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    if value is None:
        return b""
    text = value if isinstance(value, str) else str(value)
    try:
        return text.encode(charset)
    except UnicodeEncodeError as error:
        reason = f"the character {text[error.start]!a} can not be written in {charset}"
        raise InvalidPart(reason) from error


def url_quote(s: object, charset: str = "utf-8", safe: str = "/:") -> str:
    """Quote one piece of a URL (manual 3.1.6): `%` is always quoted, space is `%20`, `~` stays.

    Args:
        s: bytes are taken as they are, text is encoded in `charset`, anything else is turned into text first.
        charset: the encoding of text.
        safe: characters to leave alone.
    """
    return percent_encode(to_bytes(s, charset), safe)


def form_quote(s: str) -> str:
    """Escape a part's name or filename as browsers do (HTML; RFC 7578 §2): `"` CR LF as `%22 %0D %0A`.

    Beyond HTML, a backslash at the very end becomes `%5C`: most readers would take it and the closing quotation
    mark for an escaped one, and swallow the parameter that follows (measured: werkzeug, Django,
    python-multipart, busboy).
    """
    escaped = s.translate(NAME_ESCAPES)
    return escaped[:-1] + "%5C" if escaped.endswith("\\") else escaped
