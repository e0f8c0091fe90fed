r"""Parameters of a field value (RFC 9110 §5.6.6): `; name=value`, `; name="quoted \" value"`."""

from __future__ import annotations

__all__ = ["parse_parameters", "read_parameters", "read_quoted"]

_BLANK = " \t"


def parse_parameters(value: str) -> tuple[str, dict[str, str]]:
    """What stands before the parameters, and the parameters by their lower-case names; of a repeated one the first.

    Reads what servers send: a value may lack its name's `=`, a quoted one its closing quote. Takes linear time.
    """
    main, _, _ = value.partition(";")
    parameters: dict[str, str] = {}
    for name, text in read_parameters(value, len(main))[0]:
        parameters.setdefault(name, text)
    return main.strip(_BLANK), parameters


def read_parameters(text: str, position: int, stop: str = "") -> tuple[list[tuple[str, str]], int]:
    """The parameters from `position` on, up to a character of `stop` outside quotes; and where that is."""
    parameters: list[tuple[str, str]] = []
    length = len(text)
    while position < length and text[position] not in stop:
        if text[position] in "; \t":
            position += 1
            continue
        end = _find(text, position, "=;" + stop)
        name = text[position:end].strip(_BLANK).lower()
        value = ""
        position = end
        if end < length and text[end] == "=":
            value, position = _read_value(text, end + 1, stop)
        parameters.append((name, value))
    return parameters, position


def read_quoted(text: str, position: int) -> tuple[str, int]:
    """The text of the quoted-string whose opening quote is at `position`, and the position after it."""
    pieces = []
    position += 1
    while True:
        end = _find(text, position, '"\\')
        pieces.append(text[position:end])
        if end >= len(text):
            return "".join(pieces), end
        if text[end] == '"':
            return "".join(pieces), end + 1
        pieces.append(text[end + 1 : end + 2])
        position = end + 2


def _read_value(text: str, position: int, stop: str) -> tuple[str, int]:
    while position < len(text) and text[position] in _BLANK:
        position += 1
    if text[position : position + 1] == '"':
        value, position = read_quoted(text, position)
        # Junk between the closing quote and the next parameter is dropped.
        return value, _find(text, position, ";" + stop)
    end = _find(text, position, ";" + stop)
    return text[position:end].strip(_BLANK), end


def _find(text: str, start: int, characters: str) -> int:
    """The first position of any of the characters from `start` on; the end of the text when there is none."""
    length = len(text)
    while start < length and text[start] not in characters:
        start += 1
    return start
