"""What a caller gives as a body, made into one thing that the connection can send (the manual's "Stream to").

None                         no body
bytes, text                  as they are; text as UTF-8
dict, list of 2-tuples       a form: url-encoded, or multipart when the content type says so or a file is among the values
multipart form, Body         as it is
file                         from where it stands to its end; also sent again from there
any other iterable           its items, chunked unless the caller gives a Content-Length
"""

from __future__ import annotations

import os

from restkit_forms import FORM_CONTENT_TYPE, FormError, MultipartForm, form_encode
from restkit_forms.sources import source_of

from ..errors import RequestError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO, Protocol

    class Body(Protocol):
        """A request's content: how long it is, and its bytes."""

        @property
        def content_length(self) -> int | None:
            """Bytes; None when that can not be known before they were read."""

        def segments(self) -> Iterator[bytes | tuple[BinaryIO, int, int]]:
            """The bytes: blocks, and stretches (file, offset, count) of open files."""

        def rewind(self) -> bool:
            """Whether `segments` can be called once more."""


__all__ = ["Content", "content_of"]

DEFAULT_TYPE = "application/octet-stream"


class Content:
    """A body, its type, and what `Request.body` shows of it.

    Attributes:
        body: the Body to send.
        content_type: for the field Content-Type; None to send none.
        forced: whether `content_type` replaces the caller's.
        shown: bytes where the body is in memory, else the caller's object.
    """

    __slots__ = ("body", "content_type", "forced", "shown")

    def __init__(self, body: Body, content_type: str | None, shown: Any, forced: bool = False) -> None:
        self.body = body
        self.content_type = content_type
        self.shown = shown
        self.forced = forced


def content_of(value: Any, content_type: str | None, length: int | None) -> Content:
    """The content for a caller's body.

    Args:
        value: see the module's table; not None.
        content_type: the caller's Content-Type, or None.
        length: the caller's Content-Length in bytes, or None.

    Raises:
        RequestError: it is none of what the table lists, or not as long as `length` says.
    """
    try:
        if isinstance(value, str):
            value = value.encode()
        if isinstance(value, (bytes, bytearray, memoryview)):
            return Content(source_of(value, length), content_type or DEFAULT_TYPE, bytes(value))
        if isinstance(value, dict) or _is_pairs(value):
            return _form(value, content_type)
        if isinstance(value, MultipartForm):
            return Content(value, value.content_type, value, forced=True)
        if hasattr(value, "segments"):
            return Content(
                source_of(value, length), content_type or getattr(value, "content_type", None), value
            )
        if hasattr(value, "read") or isinstance(value, os.PathLike):
            return Content(source_of(value, length), content_type or _guess(value), value)
        if hasattr(value, "__iter__"):
            return Content(source_of(value, length), content_type or DEFAULT_TYPE, value)
    except FormError as error:
        raise RequestError(f"the body can not be sent: {error}") from error
    raise RequestError(
        f"a body of type {type(value).__name__} can not be sent: give bytes, text, a file, a dict, or an iterable of them"
    )


def _is_pairs(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(item, tuple) and len(item) == 2 for item in value)
    )


def _form(value: Any, content_type: str | None) -> Content:
    pairs = list(value.items()) if isinstance(value, dict) else value
    if content_type is not None and content_type.lower().startswith("multipart/form-data"):
        return multipart(pairs, _boundary(content_type))
    if any(_is_file(item) for _, item in pairs):
        return multipart(pairs, None)
    data = form_encode(value)
    return Content(source_of(data), FORM_CONTENT_TYPE, data, forced=True)


def multipart(pairs: Any, boundary: str | None) -> Content:
    """The content for a multipart form of (name, value) pairs."""
    form = MultipartForm(pairs, boundary, {})
    return Content(form, form.content_type, form, forced=True)


def _boundary(content_type: str) -> str | None:
    from ..parameters import parse_parameters

    return parse_parameters(content_type)[1].get("boundary")


def _is_file(value: Any) -> bool:
    values = value if isinstance(value, (list, tuple)) else (value,)
    return any(hasattr(item, "read") or isinstance(item, os.PathLike) for item in values)


def _guess(value: Any) -> str | None:
    name = os.fspath(value) if isinstance(value, os.PathLike) else getattr(value, "name", None)
    if not isinstance(name, str):
        return None
    import mimetypes

    kind, coding = mimetypes.guess_type(name)
    # "a.tar.gz" is sent as it is: its coding is a property of the file, not of the transfer.
    return "application/gzip" if coding == "gzip" else kind
