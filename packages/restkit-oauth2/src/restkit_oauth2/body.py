"""The body's part in a signature: form parameters (RFC 5849 §3.4.1.3.1), or oauth_body_hash for any other body.

A body is bytes, text, a seekable binary file, None, or an object with `segments()` and `rewind()`.
"""

from __future__ import annotations

from binascii import b2a_base64

from .encoding import to_unicode, utf8
from .errors import Error, UnhashableBody

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

__all__ = ["body_hash", "form_text", "is_empty", "is_form"]

FORM_TYPE = "application/x-www-form-urlencoded"
# The hash of no bytes, which most requests have.
EMPTY_SHA1 = "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
# Reads of a file that is hashed: large enough for the hash to be the cost, small enough not to be noticed.
PIECE = 65536
# A form is held in memory to be signed; one larger than this is no form.
FORM_LIMIT = 16 * 1024 * 1024


def is_form(content_type: str | None) -> bool:
    """Say whether a Content-Type is the single-part form type; its parameters do not matter."""
    return content_type is not None and content_type.partition(";")[0].strip().lower() == FORM_TYPE


def form_text(body: Any) -> str:
    """Return the text of a form body.

    Raises:
        UnhashableBody: it can be read only once.
        Error: it is no UTF-8, or larger than 16 MiB.
    """
    parts = []
    size = 0
    for piece in pieces(body):
        size += len(piece)
        if size > FORM_LIMIT:
            raise Error(f"A form body of more than {FORM_LIMIT} bytes is not signed.")
        parts.append(piece)
    try:
        return to_unicode(b"".join(parts))
    except TypeError:
        raise Error("The form body is not UTF-8, so its parameters can not be signed.") from None


def body_hash(body: Any, digest: str = "sha1") -> str:
    """Return oauth_body_hash: the base64 of the body's digest; that of no bytes for no body.

    A file is hashed from its position, and left there; a body object is rewound before and after.

    Raises:
        UnhashableBody: the body can be read only once.
    """
    if body is None and digest == "sha1":
        return EMPTY_SHA1
    import hashlib

    state = hashlib.new(digest, usedforsecurity=False)
    for piece in pieces(body):
        state.update(piece)
    return b2a_base64(state.digest(), newline=False).decode("ascii")


def is_empty(body: Any) -> bool:
    """Say whether no byte will be sent."""
    return not sum(map(len, pieces(body)))


def pieces(body: Any) -> Iterator[bytes]:
    """Give the bytes that will be sent, and leave the body as it was found."""
    if not body and isinstance(body, str | bytes | None):
        return
    if isinstance(body, str):
        yield utf8(body)
    elif isinstance(body, bytes | bytearray | memoryview):
        yield bytes(body)
    elif hasattr(body, "segments") and hasattr(body, "rewind"):
        yield from body_pieces(body)
    elif hasattr(body, "read") and hasattr(body, "seekable") and body.seekable():
        yield from file_pieces(body, body.tell(), None)
    else:
        refuse(body)


def body_pieces(body: Any) -> Iterator[bytes]:
    """Read a body object; that it rewinds is known before a byte of it is consumed."""
    if not body.rewind():
        refuse(body)
    for segment in body.segments():
        if isinstance(segment, tuple):
            yield from file_pieces(*segment)
        else:
            yield bytes(segment)
    if not body.rewind():
        refuse(body)


def file_pieces(file: Any, offset: int, count: int | None) -> Iterator[bytes]:
    """Read `count` bytes (None: all) of a file from an offset, then put it back where it was."""
    before = file.tell()
    file.seek(offset)
    try:
        while count is None or count > 0:
            piece = file.read(PIECE if count is None else min(PIECE, count))
            if not piece:
                break
            if not isinstance(piece, bytes):
                raise Error("The body's file is open in text mode; open it in binary mode to sign it.")
            count = None if count is None else count - len(piece)
            yield piece
    finally:
        file.seek(before)


def refuse(body: Any) -> None:
    """Say why this body has no hash and what may be done."""
    raise UnhashableBody(
        f"A body of type {type(body).__name__} can be read only once, so it can not be hashed before it is sent: "
        "give bytes or a seekable file, or ask for body_hash=False."
    )
