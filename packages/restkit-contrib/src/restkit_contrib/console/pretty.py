"""Re-indented and coloured: JSON and XML by our own hands, colours by Pygments (manual 3.1.10)."""

from __future__ import annotations

from .json_text import indent_json
from .xml_text import indent_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = [
    "MAX_SIZE",
    "colour",
    "common_indent",
    "external",
    "indent",
    "indent_json",
    "indent_xml",
    "prettify",
]

# What is larger is shown as it is: nobody reads 10 MiB, and colouring them would take a minute.
MAX_SIZE = 10 * 1024 * 1024

common_indent: dict[str, Callable[[str], str]] = {
    "application/json": indent_json,
    "text/html": indent_xml,
    "text/xml": indent_xml,
    "application/xhtml+xml": indent_xml,
    "application/xml": indent_xml,
    "application/rss+xml": indent_xml,
    "application/atom+xml": indent_xml,
    "application/xsl+xml": indent_xml,
    "application/xslt+xml": indent_xml,
    "image/svg+xml": indent_xml,
}


def external(cmd: Sequence[str], data: str) -> str:
    """Pass text through a program, without a shell; the text itself is returned when that fails or complains.

    Args:
        cmd: the program and its arguments.
        data: the text.
    """
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - a list, the caller's
            list(cmd), input=data, capture_output=True, text=True, encoding="utf-8", check=False
        )
    except (OSError, ValueError):
        return data
    return data if done.returncode or done.stderr else done.stdout


def media_type(content_type: str) -> str:
    """The media type alone, `+json` and `+xml` types as the type that they are written in (RFC 6839)."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind in common_indent:
        return kind
    if kind.endswith("+json") or kind == "text/json":
        return "application/json"
    return "application/xml" if kind.endswith("+xml") else kind


def indent(mimetype: str, data: str) -> str:
    """The text re-indented, if its media type is one of `common_indent`, else as it is."""
    function = common_indent.get(media_type(mimetype))
    return data if function is None else function(data)


def prettify(response: Any, cli: bool = True) -> str:
    """The body of a response as text, re-indented by its media type, and coloured for a terminal when `cli`."""
    mimetype = response.headers.get("content-type") or ""
    response.unicode_errors = "replace"
    text = indent(mimetype, response.text())
    return colour(text, mimetype) if cli else text


def colour(text: str, mimetype: str) -> str:
    """The text with a terminal's colours, by its media type."""
    if len(text) > MAX_SIZE:
        return text
    lexer = _lexer(media_type(mimetype))
    if lexer is None:
        return text
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter

    coloured: str = highlight(text, lexer, TerminalFormatter())
    return coloured.rstrip("\n")


def _lexer(kind: str) -> Any:
    """The lexer for a media type; the usual ones are named, since Pygments' search imports its whole list."""
    if kind == "application/json":
        from pygments.lexers.data import JsonLexer

        return JsonLexer(stripnl=False)
    if kind == "text/html":
        from pygments.lexers.html import HtmlLexer

        return HtmlLexer(stripnl=False)
    if kind in common_indent:
        from pygments.lexers.html import XmlLexer

        return XmlLexer(stripnl=False)
    from pygments.lexers import get_lexer_for_mimetype
    from pygments.util import ClassNotFound

    try:
        return get_lexer_for_mimetype(kind, stripnl=False)
    except ClassNotFound:
        return None
