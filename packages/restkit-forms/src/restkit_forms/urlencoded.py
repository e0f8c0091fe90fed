"""application/x-www-form-urlencoded: written and read (URL Standard §5)."""

from __future__ import annotations

from .errors import LimitExceeded
from .quoting import percent_encode, to_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

FORM_CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8"
FORM_SAFE = "*"  # URL Standard: the one character beside the unreserved ones that a form leaves alone
MAX_FIELDS = 10_000  # More than any form has; each costs some 200 bytes of memory.


def _pairs(obj: Mapping[Any, Any] | Iterable[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """(name, value) for each value: of a callable its result, of a list or tuple each item."""
    for name, given in obj.items() if hasattr(obj, "items") else obj:
        value = given() if callable(given) else given
        if isinstance(value, list | tuple):
            for item in value:
                yield name, item
        else:
            yield name, value


def _serialized(obj: Any, charset: str, quoted_key: Callable[[Any], str]) -> str:
    return "&".join(
        f"{quoted_key(name)}={percent_encode(to_bytes(value, charset), FORM_SAFE, plus=True)}"
        for name, value in _pairs(obj)
    )


def url_encode(
    obj: Mapping[Any, Any] | Iterable[tuple[Any, Any]], charset: str = "utf8", encode_keys: bool = False
) -> str:
    """A query string; spaces are `%20` in names and `+` in values, `/` stays in names.

    Args:
        obj: a mapping, or pairs. A value may be a list or tuple (the name is repeated), None (empty), or a
            callable (its result); anything that is neither text nor bytes goes out as its str().
        charset: the encoding of values.
        encode_keys: names are in `charset` as well, and not in UTF-8.
    """
    key_charset = charset if encode_keys else "utf-8"
    return _serialized(obj, charset, lambda key: percent_encode(to_bytes(key, key_charset), "/"))


def form_encode(obj: Mapping[Any, Any] | Iterable[tuple[Any, Any]], charset: str = "utf8") -> bytes:
    """The body of a url-encoded form, as browsers write it (URL Standard §5.2); takes what url_encode takes."""

    def quoted_key(key: Any) -> str:
        return percent_encode(to_bytes(key, charset), FORM_SAFE, plus=True)

    return _serialized(obj, charset, quoted_key).encode("ascii")


def form_decode(
    data: bytes | str, charset: str = "utf-8", *, max_fields: int = MAX_FIELDS
) -> list[tuple[str, str]]:
    """The (name, value) pairs of a url-encoded form or query, in order (URL Standard §5.1).

    Bytes that are not in `charset` become U+FFFD; a `%` that starts no escape stays as it is.

    Raises:
        LimitExceeded: more than `max_fields` pairs.
    """
    raw = data.encode() if isinstance(data, str) else bytes(data)
    if raw.count(b"&") >= max_fields:
        raise LimitExceeded("max_fields", max_fields)
    found = []
    for field in raw.split(b"&"):
        if field:
            name, _, value = field.replace(b"+", b" ").partition(b"=")
            found.append((_percent_decoded(name, charset), _percent_decoded(value, charset)))
    return found


def _percent_decoded(data: bytes, charset: str) -> str:
    first, *rest = data.split(b"%")
    pieces = [first]
    for piece in rest:
        try:
            # fromhex skips blanks, so that "%4 " must not get this far
            pieces += [
                bytes.fromhex(piece[:2].decode("ascii")) if piece[:2].isalnum() else b"%" + piece[:2],
                piece[2:],
            ]
        except ValueError:
            pieces += [b"%", piece]
    return b"".join(pieces).decode(charset, "replace")
