"""Re-indented and coloured: JSON by the standard library, XML and HTML without resolving anything, colours by Pygments."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

__all__ = ["common_indent", "external", "indent", "indent_json", "indent_xml", "prettify"]

# What is larger is shown as it is: a person reads no 10 MiB, and parsing them would take a minute.
MAX_SIZE = 10 * 1024 * 1024


def external(cmd: Sequence[str], data: str) -> str:
    """What a program makes of text on its standard input; the text itself when it fails or says something on stderr.

    Args:
        cmd: the program and its arguments; no shell is involved.
        data: the text.
    """
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - a list, the caller's
            list(cmd), input=data, capture_output=True, text=True, check=False
        )
    except (OSError, ValueError):
        return data
    return data if done.returncode or done.stderr else done.stdout


def indent_json(data: str) -> str:
    """JSON with an indent of two and sorted names; what is no JSON is given back as it is."""
    import json

    if len(data) > MAX_SIZE:
        return data
    try:
        value = json.loads(data)
        return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)
    except (ValueError, RecursionError):
        return data


def indent_xml(data: str) -> str:
    """XML with an indent of two; what is not well-formed, or declares entities, is given back as it is."""
    if len(data) > MAX_SIZE or "<!DOCTYPE" in data or "<!ENTITY" in data:
        # No DTD is read: nothing can be expanded or fetched.
        return data
    from xml.etree import ElementTree

    try:
        tree = ElementTree.fromstring(data.encode())  # noqa: S314 - as above
    except (ElementTree.ParseError, ValueError):
        return data
    ElementTree.indent(tree)
    declaration = data[: data.find("?>") + 2] + "\n" if data.lstrip().startswith("<?xml") else ""
    return declaration.lstrip() + ElementTree.tostring(tree, encoding="unicode")


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


def indent(mimetype: str, data: str) -> str:
    """The text re-indented, if its media type is one that has an indent, else as it is."""
    kind = mimetype.partition(";")[0].strip().lower()
    if kind.endswith("+json"):
        kind = "application/json"
    function = common_indent.get(kind)
    return data if function is None else function(data)


def prettify(response: Any, cli: bool = True) -> str:
    """The body of a response as text, re-indented by its media type; with colours for a terminal when `cli`."""
    mimetype = response.headers.get("content-type") or ""
    text = indent(mimetype, response.text())
    return colour(text, mimetype) if cli else text


def colour(text: str, mimetype: str) -> str:
    """The text with a terminal's colours, by its media type."""
    if len(text) > MAX_SIZE:
        return text
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter
    from pygments.lexers import get_lexer_for_mimetype
    from pygments.util import ClassNotFound

    kind = mimetype.partition(";")[0].strip().lower()
    try:
        lexer = get_lexer_for_mimetype("application/json" if kind.endswith("+json") else kind)
    except ClassNotFound:
        return text
    coloured: str = highlight(text, lexer, TerminalFormatter())
    return coloured.rstrip("\n")
