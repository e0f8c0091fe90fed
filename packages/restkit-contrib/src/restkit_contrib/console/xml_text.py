"""XML re-indented without reading a DTD, expanding an entity or changing what an element says."""

from __future__ import annotations

import re

__all__ = ["indent_xml"]

# What is larger is shown as it is: nobody reads 10 MiB.
MAX_SIZE = 10 * 1024 * 1024
# Of a well-formed document, so each construct ends where it seems to.
TOKEN = re.compile(
    r"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL
)
# Deeper ones are machines' and would be all indent.
MAX_DEPTH = 200


def indent_xml(data: str) -> str:
    """Indent XML by two; text that is not well-formed, declares entities, or is over 10 MiB, is returned as it is (manual 3.1.10).

    An element that holds text stays on one line with all it holds: white space there may mean something.
    """
    if len(data) > MAX_SIZE or not _is_plain(data):
        return data
    return _Indenter(TOKEN.findall(data.strip())).text()


class _RefusedError(Exception):
    """Ends the reading of a document that is left as it is."""


def _is_plain(data: str) -> bool:
    """Whether it is well-formed and declares nothing."""
    from xml.parsers import expat

    parser = expat.ParserCreate(encoding="utf-8")
    depth = 0

    def start(*_: object) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise _RefusedError

    def end(*_: object) -> None:
        nonlocal depth
        depth -= 1

    def doctype(_name: str, _system: object, _public: object, has_subset: int) -> None:
        # Nothing outside of the text is ever read; what it declares itself is not expanded, so it stays as it is.
        if has_subset:
            raise _RefusedError

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        # An encoding in the declaration is of the bytes that this text once was.
        parser.Parse(data.strip().encode("utf-8"), True)
    except (expat.ExpatError, _RefusedError, UnicodeError, ValueError):
        return False
    return True


class _Indenter:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.lines: list[str] = []
        # Index of a start tag → index after the end tag, for elements that stay on one line.
        self.inline = _inline_elements(tokens)

    def text(self) -> str:
        depth = 0
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            end = self.inline.get(place)
            if end is not None:
                self._add(depth, "".join(self.tokens[place:end]))
                place = end
                continue
            depth -= token.startswith("</")
            if token.strip():
                self._add(depth, token.strip())
            depth += _is_start(token)
            place += 1
        return "\n".join(self.lines)

    def _add(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)


def _inline_elements(tokens: list[str]) -> dict[int, int]:
    """The elements that hold text of their own, or nothing: where each begins and ends."""
    found: dict[int, int] = {}
    # Of each open element: where it began, whether it holds text, whether anything else.
    stack: list[list[int]] = []
    for place, token in enumerate(tokens):
        if token.startswith("</"):
            begin, has_text, has_others = stack.pop()
            if has_text or not has_others:
                found[begin] = place + 1
        elif stack and (token[0] != "<" or token.startswith("<![CDATA[")):
            stack[-1][1] |= bool(token.strip())
        elif stack:
            stack[-1][2] = 1
        if _is_start(token):
            stack.append([place, 0, 0])
    return found


def _is_start(token: str) -> bool:
    return token[0] == "<" and token[1:2] not in ("/", "!", "?") and not token.endswith("/>")
