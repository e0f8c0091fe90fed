"""Request items: `name=value` and its like, into query, fields and body."""

from __future__ import annotations

import re

from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Items", "read_header", "read_items"]

# The first separator decides; of those at one place the longest.
_SPLIT = re.compile(r"(?P<name>[^:=@]*)(?P<mark>:=|==|=|:|@)(?P<value>.*)", re.DOTALL)


class Items:
    """What the items of a command line say, each in its order.

    Attributes:
        query: parameters of the URL. headers: fields.
        data: (name, value) of the body; values of `:=` items are what JSON has.
        files: (name, open file) of a multipart form.
    """

    __slots__ = ("data", "files", "headers", "query")

    def __init__(self) -> None:
        self.query: list[tuple[str, str]] = []
        self.headers: list[tuple[str, str]] = []
        self.data: list[tuple[str, Any]] = []
        self.files: list[tuple[str, Any]] = []


def read_items(words: Sequence[str]) -> Items:
    """Read the items of a command line.

    Raises:
        UsageError: an item without a name, a value that is no JSON, a file that can not be read.
    """
    items = Items()
    for word in words:
        match = _SPLIT.fullmatch(word)
        if match is None or not match["name"]:
            raise UsageError(f"item {word!r} has no name: write name=value")
        name, mark, value = match["name"], match["mark"], match["value"]
        if mark == "==":
            items.query.append((name, value))
        elif mark == ":":
            items.headers.append((name, value.strip()))
        elif mark == "@":
            items.files.append((name, _open(value)))
        else:
            items.data.append((name, _json(word, value) if mark == ":=" else value))
    return items


def _json(word: str, value: str) -> Any:
    import json

    try:
        return json.loads(value)
    except ValueError as error:
        raise UsageError(f"item {word!r}: the value is no JSON ({error})") from error


def _open(path: str) -> Any:
    try:
        return open(path, "rb")  # noqa: PTH123 - it is read while it is sent
    except OSError as error:
        raise UsageError(f"{path} can not be read: {error.strerror}", INPUT) from error


def read_header(text: str) -> tuple[str, str]:
    """The name and the value of `Name: value`; the value may hold colons.

    Raises:
        UsageError: there is no colon, or no name before it.
    """
    name, mark, value = text.partition(":")
    if not mark or not name.strip():
        raise UsageError(f"header {text!r} is no `Name: value`")
    return name.strip(), value.strip(" \t")
