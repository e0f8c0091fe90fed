"""Link fields (RFC 8288): what a response says it is related to."""

from __future__ import annotations

from .errors import InvalidUrl
from .parameters import read_parameters
from .urls import join_url

__all__ = ["Link", "parse_link"]


class Link:
    """One link of a Link field.

    Attributes:
        target: the URI reference as the field has it, or the absolute URL when a base was given.
        rel: the relation types as written, separated by blanks: "next", "prev first".
        params: the other attributes, names in lower case, each once (RFC 8288 §3: the first counts); `title` is that
            of `title*` when there is one.
    """

    __slots__ = ("params", "rel", "target")

    def __init__(self, target: str, rel: str, params: dict[str, str]) -> None:
        self.target = target
        self.rel = rel
        self.params = params

    @property
    def rels(self) -> tuple[str, ...]:
        """The relation types, lower case."""
        return tuple(self.rel.lower().split())

    def __repr__(self) -> str:
        return f"Link({self.target!r}, {self.rel!r}, {self.params!r})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Link):
            return NotImplemented
        return (self.target, self.rel, self.params) == (other.target, other.rel, other.params)

    __hash__ = None  # type: ignore[assignment] # it can be changed


def parse_link(value: str, base: str | None = None) -> list[Link]:
    """The links of a Link field's value; a part of it that is no link ends the reading (RFC 8288 appendix B.2).

    Args:
        value: the value; several fields joined by ", ".
        base: the URL that references are relative to; a link that gives none with it is left out. None: targets stay
            as they are.
    """
    links: list[Link] = []
    position = 0
    while True:
        while value[position : position + 1] in ("\t", " ", ","):
            position += 1
        end = value.find(">", position)
        if value[position : position + 1] != "<" or end < 0:
            return links
        target = value[position + 1 : end]
        pairs, position = read_parameters(value, end + 1, ",")
        try:
            links.append(_link(target if base is None else join_url(base, target), pairs))
        except InvalidUrl:
            continue


def _link(target: str, pairs: list[tuple[str, str]]) -> Link:
    params: dict[str, str] = {}
    for name, text in pairs:
        params.setdefault(name, text)
    rel = params.pop("rel", "")
    title = _decoded(params.pop("title*", ""))
    if title is not None:
        params["title"] = title
    return Link(target, rel, params)


def _decoded(value: str) -> str | None:
    """The text of an extended value, `charset'language'percent-encoded` (RFC 8187 §3.2.1); None when it is none."""
    charset, _, rest = value.partition("'")
    _, mark, text = rest.partition("'")
    if not mark or charset.lower() not in ("utf-8", "iso-8859-1"):
        return None
    from urllib.parse import unquote

    try:
        return unquote(text, charset, "strict")
    except UnicodeDecodeError:
        return None
