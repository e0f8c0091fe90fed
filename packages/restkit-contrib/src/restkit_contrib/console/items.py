"""Request items: `name=value` and its like, into query, fields and body."""

from __future__ import annotations

from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, BinaryIO

__all__ = ["Items", "is_item", "open_file", "read_header", "read_items"]

# At one place the longest decides.
MARKS = (":=@", "=@", ":=", "==", "=", ":", "@")


class Items:
    """What the items of a command line say, each in its order.

    Attributes:
        query: parameters of the URL. headers: fields.
        data: (name, value) of the body; values of `:=` items are what their JSON means.
        files: (name, (filename, open file[, type])) of a multipart form.
    """

    __slots__ = ("data", "files", "headers", "query")

    def __init__(self) -> None:
        self.query: list[tuple[str, str]] = []
        self.headers: list[tuple[str, str]] = []
        self.data: list[tuple[str, Any]] = []
        self.files: list[tuple[str, Any]] = []


def is_item(word: str) -> bool:
    """Whether a word holds a separator that is not escaped."""
    return _split(word)[1] != ""


def read_items(words: Sequence[str]) -> Items:
    """Read the items of a command line.

    Raises:
        UsageError: an item without a name, a value that is no JSON, a file that can not be read.
    """
    items = Items()
    for word in words:
        name, mark, value = _split(word)
        if not name:
            raise UsageError(f"item {word!r} has no name: write name{mark}value")
        _add(items, word, name, mark, value)
    return items


def _add(items: Items, word: str, name: str, mark: str, value: str) -> None:
    if mark == "==":
        items.query.append((name, value))
    elif mark == ":":
        items.headers.append((name, value.strip(" \t")))
    elif mark == "@":
        items.files.append((name, _file(value)))
    elif mark in ("=@", ":=@"):
        text = _text(value)
        items.data.append((name, _json(word, text) if mark == ":=@" else text))
    else:
        items.data.append((name, _json(word, value) if mark == ":=" else value))


def _split(word: str) -> tuple[str, str, str]:
    """Name, separator and value: the first separator that no backslash escapes; "" when there is none."""
    name = ""
    place = 0
    while place < len(word):
        if word[place] == "\\" and word[place + 1 : place + 2] in ("=", ":", "@", "\\"):
            name += word[place + 1 : place + 2]
            place += 2
            continue
        for mark in MARKS:
            if word.startswith(mark, place):
                return name, mark, word[place + len(mark) :]
        name += word[place]
        place += 1
    return name, "", ""


def _json(word: str, text: str) -> Any:
    import json

    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"item {word!r}: the value is no JSON ({error}); text is written with =") from error
    except RecursionError:
        raise UsageError(f"item {word[:40]!r}: the JSON is nested too deeply") from None


def _file(value: str) -> Any:
    path, _, kind = value.partition(";type=")
    file = open_file(path)
    name = path.replace("\\", "/").rpartition("/")[2]
    return (name, file, kind) if kind else (name, file)


def _text(path: str) -> str:
    with open_file(path) as file:
        try:
            return file.read().decode()
        except UnicodeDecodeError as error:
            raise UsageError(f"{path} is no UTF-8 text: {error}", INPUT) from error


def open_file(path: str) -> BinaryIO:
    """Open a file to send; `-` is standard input. Raises UsageError."""
    if path == "-":
        import sys

        return sys.stdin.buffer
    try:
        return open(path, "rb")  # noqa: PTH123 - it is read while it is sent
    except OSError as error:
        raise UsageError(f"{path} can not be read: {error.strerror}", INPUT) from error


def read_header(text: str) -> tuple[str, str | None]:
    """The name and the value of `Name: value`; the value may hold colons.

    As curl reads it: `Name:` leaves a default field out (the value is None), `Name;` sends an empty one.

    Raises:
        UsageError: there is no colon, or no name before it.
    """
    name, mark, value = text.partition(":")
    if not mark and text.endswith(";"):
        return text[:-1].strip(), ""
    if not mark or not name.strip():
        # What stands there may be a secret without its name.
        raise UsageError(f"the header {text[:20]!r} is not of the form Name: value")
    return name.strip(), value.strip(" \t") or None
