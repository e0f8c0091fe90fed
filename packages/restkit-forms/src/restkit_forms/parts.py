"""One part of a multipart body: its header fields and where its bytes come from."""

from __future__ import annotations

import os

from .boundary import QUOTED, TOKEN_CHARACTERS, check_boundary
from .errors import InvalidPart
from .media_types import media_type_of
from .quoting import form_quote, percent_encode, to_bytes
from .segments import JOIN_SIZE, READ_SIZE, searched
from .sources import source_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from .segments import Segment

    Fields = Mapping[str, str] | Iterable[tuple[str, str]]

CRLF = "\r\n"
OWN_FIELDS = ("content-disposition", "content-type", "content-length")
"""Written from the part's own arguments; a second one from the caller's fields would contradict them."""


TEXT_CLOSING = '"\r\n\r\n'
"""What stands between name and value of a field that is plain text (RFC 7578 §4.2: it has only a name)."""


def text_opening(boundary: str) -> str:
    """What stands before that name."""
    return f'--{boundary}\r\nContent-Disposition: form-data; name="'


def quoted_name(name: str, quote: Callable[[str], str]) -> str:
    """The name, fit to stand between quotation marks whatever `quote` made of it.

    Raises:
        InvalidPart: CR, LF, NUL or a bare quotation mark would go out.
    """
    quoted = quote(name)
    if quoted.isidentifier():
        return quoted
    if "\r" in quoted or "\n" in quoted or "\0" in quoted:
        raise InvalidPart("CR, LF and NUL may not stand in a name or filename", name)
    if '"' in quoted and '"' in quoted.replace("\\\\", "").replace('\\"', ""):
        raise InvalidPart("quote= left a bare quotation mark in it", name)
    return quoted


def checked_fields(fields: Fields, part: object) -> list[tuple[str, str]]:
    """Header fields of a part, each a token and a value without CR, LF, NUL (RFC 9110 §5.1, §5.5)."""
    pairs = fields.items() if hasattr(fields, "items") else fields
    found = []
    for name, value in pairs:
        if not name or not TOKEN_CHARACTERS.issuperset(name):
            raise InvalidPart(f"{name!a} is no field name", part)
        found.append((name, checked_value(str(value), part)))
    return found


def checked_value(value: str, part: object) -> str:
    """A field value without CR, LF, NUL."""
    if "\r" in value or "\n" in value or "\0" in value:
        raise InvalidPart("CR, LF and NUL may not stand in a header field", part)
    return value


def told_length(value: object, part: object = None) -> int:
    """A caller's Content-Length as a number of bytes."""
    text = str(value)
    if not (text.isascii() and text.isdecimal()):
        raise InvalidPart(f"Content-Length {text!a} is no number", part)
    return int(text)


def filename_of(value: Any) -> str | None:
    """The last component of a path's or an open file's name; directories stay at home (RFC 7578 §4.2)."""
    name = os.fspath(value) if isinstance(value, os.PathLike) else getattr(value, "name", None)
    if not isinstance(name, str | bytes):
        return None
    base = os.path.basename(os.fsdecode(name))  # noqa: PTH119 - pathlib is not worth its import here
    return None if base.startswith("<") else base or None  # "<stdin>" is no file's name


class BoundaryItem:
    """A part: a field of the form, or a file (manual 3.1.6).

    Args:
        name: the field's name; None for none (multipart/mixed).
        value: anything `source_of` takes.
        fname: the filename; None takes a path's or file's own; for an object with read() but no name, `name`.
        filetype: media type; None guesses it for parts with a filename; others go without.
        filesize: bytes, for a stream or an iterator that can not tell.
        quote: what makes a name fit for the header; HTML's rules unless given. Filenames always follow HTML.
        headers: more header fields; Content-Type and Content-Length here stand in for filetype and filesize.
        disposition: "form-data"; otherwise the field is left out where it would say nothing.
        filename_star: also send `filename*` (RFC 8187) for a non-ASCII filename; RFC 7578 §4.2 forbids it.
        as_field: send even a file without a filename.

    Raises:
        InvalidPart: a name, filename, type, field or value that may not go out.
    """

    def __init__(
        self,
        name: Any,
        value: Any,
        fname: str | None = None,
        filetype: str | None = None,
        filesize: int | None = None,
        quote: Callable[[str], str] = form_quote,
        *,
        headers: Fields = (),
        disposition: str = "form-data",
        filename_star: bool = False,
        as_field: bool = False,
    ) -> None:
        if name is None and disposition == "form-data":
            raise InvalidPart("a field of a form needs a name")
        self.name = None if name is None else to_bytes(name).decode("utf-8", "surrogateescape")
        self.quote = quote
        self.value = value
        fields = checked_fields(headers, self.name)
        own = {field.lower(): text for field, text in fields}
        self.headers = [(field, text) for field, text in fields if field.lower() not in OWN_FIELDS]
        if "content-disposition" in own:
            raise InvalidPart("Content-Disposition is made from name and filename", self.name)
        if filesize is None and "content-length" in own:
            filesize = told_length(own["content-length"], self.name)
        self.source = source_of(
            value if hasattr(value, "read") else self.encode_unreadable_value(value), filesize
        )
        self.fname = None if as_field else self._filename(fname)
        self.filetype = self._type(filetype or own.get("content-type"))
        self.disposition = checked_value(disposition, self.name)
        self.filename_star = filename_star

    def _filename(self, given: str | None) -> str | None:
        if given is not None:
            return given
        if self.source is self.value:  # a body inside this one is no file
            return None
        found = filename_of(self.value)
        return self.name if found is None and hasattr(self.value, "read") else found

    def _type(self, given: str | None) -> str | None:
        found = given or getattr(self.source, "content_type", None)
        if found is None and self.fname is not None:
            found = media_type_of(self.fname)
        return None if found is None else checked_value(found, self.name)

    @property
    def size(self) -> int | None:
        """Bytes of the value; None when unknown."""
        return self.source.content_length

    def encode_unreadable_value(self, value: Any) -> Any:
        """What is sent for a value that has no read(): text as UTF-8; what streams is left to its source."""
        return to_bytes(value) if isinstance(value, str) else value

    def encode_hdr(self, boundary: str) -> bytes:
        """Delimiter line, header fields and the blank line.

        Raises:
            InvalidPart, InvalidBoundary: the name, filename or boundary may not go out.
        """
        lines = [f"--{check_boundary(boundary, QUOTED)}", *self._disposition()]
        if self.filetype is not None:
            lines.append(f"Content-Type: {self.filetype}")
            size = self.size
            if size is not None:
                lines.append(f"Content-Length: {size}")
        lines += [f"{name}: {value}" for name, value in self.headers]
        return to_bytes(CRLF.join(lines) + CRLF + CRLF)

    def _disposition(self) -> list[str]:
        line = f"Content-Disposition: {self.disposition}"
        if self.name is not None:
            line += f'; name="{quoted_name(self.name, self.quote)}"'
        if self.fname is not None:
            line += f'; filename="{quoted_name(self.fname, form_quote)}"'
            if self.filename_star and not self.fname.isascii():
                line += f"; filename*=UTF-8''{percent_encode(to_bytes(self.fname))}"
        return [line] if self.name is not None or self.fname is not None else []

    def segments(self, boundary: str, search: bool = True, blocksize: int = READ_SIZE) -> Iterator[Segment]:
        """The whole part, line break after the value included.

        Args:
            boundary: without the leading "--".
            search: look for the delimiter in the value; needless for a boundary that nobody could guess.
            blocksize: bytes to read from a file at a time, if it is to be searched.

        Raises:
            InvalidBoundary: a line of the value starts with the delimiter.
            SourceChanged, BodyConsumed: see `sources`.
        """
        yield self.encode_hdr(boundary)
        value = self.source.segments()
        yield from searched(value, boundary, blocksize) if search else value
        yield b"\r\n"

    def length(self, boundary: str) -> int | None:
        """Bytes of the whole part; None when unknown."""
        size = self.size
        return None if size is None else len(self.encode_hdr(boundary)) + size + len(CRLF)

    def iter_encode(self, boundary: str, blocksize: int = JOIN_SIZE) -> Iterator[bytes]:
        """The whole part in blocks; files are read `blocksize` bytes at a time."""
        return self.segments(boundary, True, blocksize)  # type: ignore[return-value]

    def encode(self, boundary: str) -> bytes:
        """The whole part as bytes."""
        return b"".join(self.iter_encode(boundary))
