"""The multipart body: parts in, segments, blocks or a file object out (RFC 2046 §5.1, RFC 7578)."""

from __future__ import annotations

from itertools import groupby

from .boundary import QUOTED, TOKEN_CHARACTERS, boundary_parameter, check_boundary, new_boundary
from .errors import InvalidBoundary, InvalidPart
from .parts import TEXT_CLOSING, BoundaryItem, quoted_name, text_opening, told_length
from .quoting import form_quote, to_bytes
from .segments import SegmentReader, blocks, exactly, joined, reporting

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
    from typing import Any, TypeAlias

    from .segments import Segment

    Params: TypeAlias = Mapping[Any, Any] | Iterable[tuple[Any, Any] | BoundaryItem]


class MultipartForm:
    """A multipart body (manual 3.1.6): a Body, a file object and an iterable of blocks, all of the same bytes.

    Nothing is read before it is asked for. `segments()` and iterating start at the beginning, `read` and
    `readinto` where the last one ended.

    Args:
        params: a mapping, or a list of (name, value) pairs and BoundaryItems, in the order to send. A value is
            text, bytes, a number, None (empty), a path, an open file (from its position), an iterable of bytes,
            another MultipartForm, `json_part(…)`, or a tuple `(filename, value[, content type[, fields]])`; a
            list repeats the name for each item.
        boundary: your own, to be looked for in everything that is sent; None makes one that nobody can guess.
        headers: fields of the request; a Content-Length in it is believed where no other length can be known.
        bitem_cls: the class of parts.
        quote: what makes names fit for a part's header, in place of HTML's rules; also applied to the boundary.
        subtype: "form-data", "mixed", "related" …
        progress: called as progress(bytes so far, total or None) while the body is being taken.
        filename_star: also send `filename*` for a non-ASCII filename.

    Raises:
        InvalidBoundary, InvalidPart: here where possible, else when the part is reached.
    """

    def __init__(
        self,
        params: Params,
        boundary: str | None = None,
        headers: Mapping[str, Any] | None = None,
        bitem_cls: type[BoundaryItem] = BoundaryItem,
        quote: Callable[[str], str] = form_quote,
        *,
        subtype: str = "form-data",
        progress: Callable[[int, int | None], object] | None = None,
        filename_star: bool = False,
    ) -> None:
        if not subtype or not TOKEN_CHARACTERS.issuperset(subtype):
            raise InvalidPart(f"{subtype!a} is no subtype of multipart")
        self._own_boundary = boundary is not None
        if boundary is None:
            self.boundary = new_boundary()
        else:
            self.boundary = check_boundary(quote(check_boundary(boundary)), QUOTED)
        self.tboundary = f"--{self.boundary}--\r\n".encode()
        self.headers = headers
        self.bitem_cls = bitem_cls
        self.quote = quote
        self.subtype = subtype
        self.progress = progress
        self.filename_star = filename_star
        self._entries: list[tuple[str, str] | BoundaryItem] = []
        self._add_all(params)
        self._pieces: list[bytes | BoundaryItem] | None = None
        self._exposed = False  # Has the caller the list of entries? Then nothing made from it may be kept.
        self._reader: SegmentReader | None = None

    def _add_all(self, params: Params) -> None:
        """Plain text stays a pair: a thousand fields cost no thousand objects. All else becomes a part."""
        plain = self.bitem_cls is BoundaryItem and self.subtype == "form-data"
        entries = self._entries
        for param in params.items() if hasattr(params, "items") else params:
            if isinstance(param, BoundaryItem):
                entries.append(param)
                continue
            name, value = param
            if plain and type(value) is str and type(name) is str:
                entries.append((name, value))
            elif isinstance(value, list):
                self._add_all([(name, item) for item in value])
            else:
                entries.append(self._item(name, value))

    def _item(self, name: Any, value: Any) -> BoundaryItem:
        options: dict[str, Any] = {"quote": self.quote}
        if isinstance(value, tuple):
            if not 2 <= len(value) <= 4:
                raise InvalidPart(
                    "a tuple is (filename, value[, content type[, fields]]); a list repeats a field", name
                )
            given = zip(("fname", "filetype", "headers"), (value[0], *value[2:]), strict=False)
            options.update((option, setting) for option, setting in given if setting is not None)
            if value[0] is None:
                options["as_field"] = True
            value = value[1]
        if self.subtype != "form-data":
            options["disposition"] = "attachment"
        if self.filename_star:
            options["filename_star"] = True
        return self.bitem_cls(name, value, **options)

    @property
    def boundaries(self) -> list[BoundaryItem]:
        """The parts. The list may be changed: what it holds is what is sent."""
        self._pieces = None
        self._exposed = True
        for index, entry in enumerate(self._entries):
            if isinstance(entry, tuple):
                self._entries[index] = self._item(*entry)
        return self._entries  # type: ignore[return-value]

    def _encoded(self) -> Iterator[bytes | BoundaryItem]:
        """Each run of plain fields as one block, and the parts between them."""
        for kind, run in groupby(self._entries, type):
            if kind is tuple:
                yield self._block(list(run))  # type: ignore[arg-type]
            else:
                yield from run  # type: ignore[misc]

    def _block(self, fields: list[tuple[str, str]]) -> bytes:
        """Plain text fields, the same bytes as their BoundaryItems'.

        No function is called for a name that is an identifier: it has nothing to quote.
        """
        opening, quote, html = text_opening(self.boundary), self.quote, self.quote is form_quote
        end = TEXT_CLOSING
        parts = [
            f"{opening}{name if html and name.isidentifier() else quoted_name(name, quote)}{end}{value}\r\n"
            for name, value in fields
        ]
        block = to_bytes("".join(parts))
        if self._own_boundary and block.count(f"\n--{self.boundary}".encode()) != len(fields) - 1:
            raise InvalidBoundary("boundary found in encoded string")
        return block

    def _parts(self) -> list[bytes | BoundaryItem]:
        pieces = list(self._encoded()) if self._pieces is None else self._pieces
        if not self._exposed:
            self._pieces = pieces
        return pieces

    @property
    def content_type(self) -> str:
        """`multipart/…` with the boundary."""
        return f"multipart/{self.subtype}; boundary={boundary_parameter(self.boundary)}"

    @property
    def content_length(self) -> int | None:
        """Bytes of the body; when a part's length is unknown, the Content-Length among `headers`, else None."""
        total = self._measured()
        return self._promised() if total is None else total

    def _measured(self) -> int | None:
        total = len(self.tboundary)
        for piece in self._parts():
            length = len(piece) if isinstance(piece, bytes) else piece.length(self.boundary)
            if length is None:
                return None
            total += length
        return total

    def _promised(self) -> int | None:
        for name, value in (self.headers or {}).items():
            if name.lower() == "content-length":
                return told_length(value)
        return None

    def get_size(self, recalc: bool = False) -> int | None:  # noqa: ARG002 - the manual's
        """The content_length, which never goes stale: there is nothing to recalculate."""
        return self.content_length

    def segments(self) -> Iterator[Segment]:
        """The body from its start, as bytes and `(file, offset, count)`; what is small is joined to 16 KiB.

        Raises:
            SourceChanged: a source has not the bytes that it was measured to have.
            BodyConsumed: an iterator or unseekable stream was sent before.
        """
        segments: Iterator[Segment] = joined(self._raw_segments())
        if self._measured() is None:
            segments = exactly(segments, self._promised(), "body")
        return segments if self.progress is None else reporting(segments, self.progress, self.content_length)

    def _raw_segments(self) -> Iterator[Segment]:
        for piece in self._parts():
            if isinstance(piece, bytes):
                yield piece
            else:
                yield from piece.segments(self.boundary, self._own_boundary)
        yield self.tboundary

    def __iter__(self) -> Iterator[bytes]:
        return blocks(self.segments())

    def read(self, size: int | None = -1) -> bytes:
        """At most `size` bytes, all that is left when negative or None; b"" at the end."""
        return (self._reader or self._opened()).read(-1 if size is None else size)

    def readinto(self, buffer: bytearray | memoryview) -> int:
        """Fill the writable buffer; returns the number of bytes, 0 at the end."""
        return (self._reader or self._opened()).readinto(buffer)

    def _opened(self) -> SegmentReader:
        self._reader = SegmentReader(self.segments())
        return self._reader

    def rewind(self) -> bool:
        """Whether the body can be sent from its start (again); if so, read() starts there too."""
        possible = all(part.source.rewind() for part in self._parts() if not isinstance(part, bytes))
        if possible:
            self._reader = None
        return possible


def multipart_form_encode(
    params: Params,
    headers: MutableMapping[str, Any] | None = None,
    boundary: str | None = None,
    quote: Callable[[str], str] = form_quote,
) -> tuple[MultipartForm, MutableMapping[str, Any]]:
    """A body and the headers that go with it (manual 3.1.6).

    Args:
        params: the fields, as MultipartForm takes them.
        headers: where Content-Type and (if it is known) Content-Length are set; None makes a new dict.
        boundary: your own; None makes one that nobody can guess.
        quote: what makes names fit for a part's header; HTML's rules unless given.
    """
    fields: MutableMapping[str, Any] = {} if headers is None else headers
    form = MultipartForm(params, boundary, fields, quote=quote)
    length = form.content_length
    for name in [name for name in fields if name.lower() in {"content-type", "content-length"}]:
        del fields[name]
    fields["Content-Type"] = form.content_type
    if length is not None:
        fields["Content-Length"] = str(length)
    return form, fields


def json_part(value: Any) -> tuple[None, bytes, str]:
    """The value of a part that is JSON: UTF-8, without a filename, of type application/json."""
    import json  # most forms have no such part

    return None, json.dumps(value, ensure_ascii=False, allow_nan=False).encode(), "application/json"
