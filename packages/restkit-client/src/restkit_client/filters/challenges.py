"""WWW-Authenticate fields, which may hold several challenges each (RFC 9110 §11.6.1), and the parameters of Authentication-Info."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Challenge", "parse_challenges", "parse_parameters", "quoted_string"]


class Challenge(NamedTuple):
    """One challenge.

    Attributes:
        scheme: lower case.
        parameters: names in lower case, values without quotes; of a repeated name the first.
    """

    scheme: str
    parameters: dict[str, str]


def parse_challenges(fields: Iterable[str]) -> list[Challenge]:
    """The challenges of WWW-Authenticate or Proxy-Authenticate fields, in order; what can not be read is passed over."""
    found: list[Challenge] = []
    for field in fields:
        for part in _split_list(field):
            name, mark, value = part.partition("=")
            words = name.split(None, 1)
            if not words:
                continue
            # "scheme", "scheme token68", "scheme name=value" start a challenge; "name=value" goes on with one.
            if not mark or len(words) == 2:
                found.append(Challenge(words[0].lower(), {}))
            if mark and found:
                found[-1].parameters.setdefault(words[-1].strip(" \t").lower(), _unquote(value.strip(" \t")))
    return found


def parse_parameters(field: str) -> dict[str, str]:
    """The parameters of a field that is a list of name=value, as Authentication-Info is (RFC 7615 §3)."""
    found: dict[str, str] = {}
    for part in _split_list(field):
        name, mark, value = part.partition("=")
        if mark:
            found.setdefault(name.strip(" \t").lower(), _unquote(value.strip(" \t")))
    return found


def quoted_string(text: str) -> str:
    """A value between quotes (RFC 9110 §5.6.4)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _split_list(field: str) -> list[str]:
    """The parts between commas, but not those within quotes."""
    parts: list[str] = []
    current: list[str] = []
    quoted = escaped = False
    for char in field:
        if escaped:
            escaped = False
        elif quoted and char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char == "," and not quoted:
            parts.append("".join(current))
            current.clear()
            continue
        current.append(char)
    parts.append("".join(current))
    return parts


def _unquote(value: str) -> str:
    if len(value) < 2 or value[0] != '"' or value[-1] != '"':
        return value
    text = value[1:-1]
    if "\\" not in text:
        return text
    # A backslash stands for the character after it; two of them for one.
    return "\\".join(piece.replace("\\", "") for piece in text.split("\\\\"))
