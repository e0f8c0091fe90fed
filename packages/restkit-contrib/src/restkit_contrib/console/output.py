"""The response to where it belongs: a terminal, a pipe or a file.

A terminal gets colours, indents and a final newline, and no binary; anything else gets the body's bytes and nothing
more, as they come.
"""

from __future__ import annotations

import os
import sys

from .exit_codes import OUTPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any, BinaryIO

    from restkit_client import Response

__all__ = ["show", "show_request"]

BLOCK_SIZE = 65_536
MAGENTA, BLUE, PLAIN = "\033[95m", "\033[94m", "\033[0m"
# Media types besides text/* that a terminal can show.
TEXTS = ("json", "xml", "javascript", "x-www-form-urlencoded", "yaml", "graphql")


def show(response: Response, options: argparse.Namespace) -> None:
    """Print fields and body as the options say.

    Raises:
        UsageError: the output can not be written.
        RestkitError: the body did not come whole.
    """
    if options.server_response or options.head:
        sys.stdout.write(_fields(response, options.prettify and not options.head))
        sys.stdout.flush()
    if options.download or options.output not in (None, "-"):
        _save(response, options)
    elif options.output == "-" or not (options.server_response or options.head):
        _print_body(response, options)
    else:
        response.close()


def _fields(response: Response, pretty: bool) -> str:
    url = response.final_url
    if pretty:
        lines = "".join(f"{BLUE}{name}{PLAIN}: {value}\n" for name, value in response.headers.items())
        return f"\n{PLAIN}{MAGENTA}Server response from {url}:\n{PLAIN}\n{lines}{PLAIN}\n"
    lines = "".join(f"{name}: {value}\n" for name, value in response.headers.items())
    return f"Server response from {url}:\n\n{lines}\n"


def _print_body(response: Response, options: argparse.Namespace) -> None:
    out = sys.stdout.buffer
    if options.prettify and not sys.stdout.isatty():
        from .pretty import prettify

        out.write(prettify(response, cli=False).encode())
    elif sys.stdout.isatty():
        _print_to_terminal(response, options)
    else:
        _copy(response, out)
    out.flush()


def _print_to_terminal(response: Response, options: argparse.Namespace) -> None:
    kind = (response.headers.get("content-type") or "text/plain").lower()
    if not kind.startswith("text/") and not any(text in kind for text in TEXTS):
        size = response.headers.get("content-length") or "unknown"
        response.close()
        sys.stdout.write(f"[{kind}, {size} bytes: binary, not shown; -o FILE saves it]\n")
        return
    if kind.startswith("text/event-stream"):
        for line in response.iter_lines():
            sys.stdout.write(line.decode("utf-8", "replace") + "\n")
            sys.stdout.flush()
        return
    from .pretty import prettify

    text = (
        prettify(response, cli="NO_COLOR" not in os.environ)
        if options.prettify or "json" in kind
        else response.text()
    )
    # What a server sends shall not move the cursor, set titles or ring the bell.
    shown = text if options.prettify or "json" in kind else _harmless(text)
    sys.stdout.write(shown if shown.endswith("\n") else shown + "\n")


def _harmless(text: str) -> str:
    return "".join(char if char >= " " or char in "\n\r\t" else "\ufffd" for char in text)


def _copy(response: Response, out: BinaryIO) -> None:
    for block in response.iter_bytes(BLOCK_SIZE):
        out.write(block)
        out.flush()


def _save(response: Response, options: argparse.Namespace) -> None:
    path = options.output or _name_of(response)
    if options.download and not options.output and os.path.exists(path) and not options.force:  # noqa: PTH110
        raise UsageError(f"{path} is there already: --force overwrites it, -o chooses another name", OUTPUT)
    progress: Any = None
    if options.download and sys.stderr.isatty():
        from .progress import Bar

        progress = Bar(path)
    try:
        response.save(path, progress=progress)
    except OSError as error:
        if error.filename is None and not hasattr(error, "strerror"):
            raise
        raise UsageError(f"{path} can not be written: {error.strerror or error}", OUTPUT) from error
    finally:
        if progress is not None:
            progress.end()


def _name_of(response: Response) -> str:
    """The last segment of the URL's path: a plain name in this folder."""
    from urllib.parse import unquote, urlsplit

    name = unquote(urlsplit(response.final_url or "").path).replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if char >= " " and char != "\x7f").lstrip(".")
    return name or "index.html"


def show_request(head: str, body: Any) -> None:
    """Print a request as it would be sent."""
    from restkit_forms.segments import blocks

    sys.stdout.write(head)
    sys.stdout.flush()
    if body is not None:
        for block in blocks(body.segments()):
            sys.stdout.buffer.write(block)
        sys.stdout.buffer.flush()
