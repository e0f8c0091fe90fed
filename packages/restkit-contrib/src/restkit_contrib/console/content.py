"""The request's body, from --data, --input, a filename or items."""

from __future__ import annotations

import os

from .exit_codes import UsageError
from .items import open_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .arguments import Namespace
    from .items import Items

__all__ = ["Content", "content_of"]

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
# As HTTPie asks: JSON where there is a choice.
ACCEPT_JSON = "application/json, */*;q=0.5"


class Content:
    """What is sent.

    Attributes:
        body: for the client; None for none.
        kind: the Content-Type, None where the client knows better (or there is none).
        accept: what is wanted in return.
    """

    __slots__ = ("accept", "body", "kind")

    def __init__(self, body: Any = None, kind: str | None = None, accept: str = "*/*") -> None:
        self.body = body
        self.kind = kind
        self.accept = accept


def content_of(options: Namespace, filename: str | None, items: Items) -> Content:
    """The body that a command line asks for.

    Raises:
        UsageError: more than one body, or a file that can not be read.
    """
    given = [
        name
        for name, value in (
            ("--data", options.data),
            ("--input", options.input),
            (str(filename), filename),
            ("items", items.data or items.files),
        )
        if value
    ]
    if len(given) > 1:
        raise UsageError(f"more than one body: {' and '.join(given)}; give one of them")
    if options.data:
        return _data(options)
    path = options.input or filename
    if path:
        return Content(open_file(path), *((JSON, ACCEPT_JSON) if options.json else ()))
    return _from_items(options, items)


def _data(options: Namespace) -> Content:
    pieces = [_piece(text) for text in options.data]
    body = (b"" if options.json else b"&").join(pieces)
    return Content(body, JSON, ACCEPT_JSON) if options.json else Content(body, FORM)


def _piece(text: str) -> bytes:
    if not text.startswith("@"):
        return os.fsencode(text)
    with open_file(text[1:]) as file:
        return file.read()


def _from_items(options: Namespace, items: Items) -> Content:
    if options.multipart or items.files:
        if options.json:
            raise UsageError("--json can not carry files: use --multipart")
        from restkit_forms import MultipartForm

        return Content(MultipartForm([*_fields(items), *items.files]))
    if options.form:
        return Content(_fields(items)) if items.data else Content(None, f"{FORM}; charset=utf-8")
    if items.data:
        from json import dumps

        return Content(dumps(dict(items.data)).encode(), JSON, ACCEPT_JSON)
    return Content(None, JSON, ACCEPT_JSON) if options.json else Content()


def _fields(items: Items) -> list[tuple[str, str]]:
    """A form's fields: what a `:=` item holds is written as JSON, text without quotes."""
    from json import dumps

    return [(name, value if isinstance(value, str) else dumps(value)) for name, value in items.data]
