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
    """Indent XML by two; text that is not well-formed, has a DTD, or is over 10 MiB, is returned as it is (manual 3.1.10).

    An element that holds text stays on one line with all it holds: white space there may mean something.
    """
    if len(data) > MAX_SIZE or not _is_plain(data):
        return data
    return _Indenter(TOKEN.findall(data.strip())).text()


class _RefusedError(Exception):
    """Ends the reading of a document that is left as it is."""


def _is_plain(data: str) -> bool:
    """Whether it is well-formed and has no DTD."""
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

    def refuse(*_: object) -> None:
        raise _RefusedError

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
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

    def text(self) -> str:
        depth = 0
        place = 0
        while place < len(self.tokens):
            token = self.tokens[place]
            if _is_start(token):
                end = self._inline_end(place)
                if end:
                    self._add(depth, "".join(self.tokens[place:end]))
                    place = end
                    continue
                self._add(depth, token)
                depth += 1
            elif token.startswith("</"):
                depth -= 1
                self._add(depth, token)
            elif token.strip():
                self._add(depth, token.strip())
            place += 1
        return "\n".join(self.lines)

    def _add(self, depth: int, text: str) -> None:
        self.lines.append("  " * depth + text)

    def _inline_end(self, place: int) -> int:
        """Where the element that starts at `place` ends, when it holds text or nothing; else 0."""
        depth = 0
        has_text = False
        has_children = False
        for at in range(place, len(self.tokens)):
            token = self.tokens[at]
            if _is_start(token):
                depth += 1
                has_children = has_children or at > place
                if has_children and not has_text:
                    return 0
            elif token.startswith("</"):
                depth -= 1
                if depth == 0:
                    return at + 1
            elif depth == 1 and (token.startswith("<![CDATA[") or (token[0] != "<" and token.strip())):
                has_text = True
            elif token[0] == "<" and not has_text:
                return 0
        return 0


def _is_start(token: str) -> bool:
    return token[0] == "<" and token[1:2] not in ("/", "!", "?") and not token.endswith("/>")
