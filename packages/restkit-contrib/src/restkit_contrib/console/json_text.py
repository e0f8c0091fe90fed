"""JSON re-indented: names sorted, numbers as they were written, repeated names kept."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["indent_json"]

# What is larger is shown as it is: nobody reads 10 MiB.
MAX_SIZE = 10 * 1024 * 1024


class _Literal(str):
    """A number as it was written: a float of Python has not the digits of every number."""

    __slots__ = ()


class _Object(list[tuple[str, "Any"]]):
    """The members of an object; a dict would lose repeated names."""


def indent_json(data: str) -> str:
    """Indent JSON by two and sort its names; text that is no JSON, or over 10 MiB, is returned as it is (manual 3.1.10)."""
    if len(data) > MAX_SIZE:
        return data
    import json

    try:
        value = json.loads(
            data, parse_int=_Literal, parse_float=_Literal, parse_constant=_Literal, object_pairs_hook=_Object
        )
        return "".join(_lines(value, "\n"))
    except (ValueError, RecursionError):
        return data


def _lines(value: Any, newline: str) -> list[str]:
    """The pieces of a value's text; `newline` is a line end with the indent of the value."""
    if isinstance(value, _Literal):
        return [value]
    if not isinstance(value, list) or not value:
        return ["{}" if isinstance(value, _Object) else _scalar(value)]
    deeper = newline + "  "
    pieces: list[str] = []
    if isinstance(value, _Object):
        for name, member in sorted(value, key=_name):
            pieces += [",", deeper, _scalar(name), ": ", *_lines(member, deeper)]
        return ["{", *pieces[1:], newline, "}"]
    for item in value:
        pieces += [",", deeper, *_lines(item, deeper)]
    return ["[", *pieces[1:], newline, "]"]


def _name(member: tuple[str, Any]) -> str:
    return member[0]


def _scalar(value: Any) -> str:
    from json import dumps

    return dumps(value, ensure_ascii=False)
