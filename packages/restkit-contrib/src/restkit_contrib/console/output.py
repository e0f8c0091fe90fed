"""The response to where it belongs: fields and body, to a file, a pipe or a terminal.

A pipe and a file get the body's bytes and nothing more, as they come; -p re-indents them, without colour.
"""

from __future__ import annotations

import os
import sys

from .exit_codes import OUTPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from restkit_client import Response

    from .arguments import Namespace
    from .recording import Recording

__all__ = ["show", "show_fields"]

BLOCK_SIZE = 65_536
MAGENTA, BLUE, PLAIN = "\033[95m", "\033[94m", "\033[0m"


def show(response: Response, options: Namespace, recording: Recording | None = None) -> None:
    """Print fields and body as the options say.

    Raises:
        UsageError: the output can not be written.
        RestkitError: the body did not come whole.
    """
    if options.head:
        _print_text(_head(response))
    elif options.server_response:
        show_fields(response, options)
    if options.output not in (None, "-"):
        _save(response, options.output, recording)
    elif options.output == "-" or not (options.server_response or options.head):
        _print_body(response, options, recording)


def show_fields(response: Response, options: Namespace) -> None:
    """Print the fields, as -S does."""
    _print_text(_fields(response, coloured=options.prettify and sys.stdout.isatty()))


def _head(response: Response) -> str:
    version = "{}.{}".format(*response.version)
    return f"HTTP/{version} {response.status}\n{_lines(response)}\n"


def _lines(response: Response) -> str:
    return "".join(f"{name}: {value}\n" for name, value in response.headers.items())


def _fields(response: Response, *, coloured: bool) -> str:
    """The layout of restkit 4."""
    url = response.final_url
    if not coloured:
        return f"Server response from {url}:\n\n{_lines(response)}\n"
    lines = "".join(f"{BLUE}{name}{PLAIN}: {value}\n" for name, value in response.headers.items())
    return f"\n{PLAIN}{MAGENTA}Server response from {url}:\n{PLAIN}\n{lines}{PLAIN}\n"


def _print_text(text: str) -> None:
    if sys.stdout.isatty():
        from .terminal import harmless

        text = harmless(text)
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))
    sys.stdout.buffer.flush()


def _print_body(response: Response, options: Namespace, recording: Recording | None) -> None:
    out = sys.stdout.buffer
    if sys.stdout.isatty():
        from .terminal import show_body

        show_body(response, out, recording)
    elif options.prettify:
        from .pretty import prettify

        text = prettify(response, cli=False)
        if recording is not None:
            recording.add(response.body)
        out.write(text.encode() + b"\n")
        out.flush()
    else:
        _copy(response, out, recording)


def _copy(response: Response, out: BinaryIO, recording: Recording | None) -> None:
    for block in response.iter_bytes(BLOCK_SIZE):
        if recording is not None:
            recording.add(block)
        out.write(block)
        out.flush()


def _save(response: Response, path: str, recording: Recording | None) -> None:
    """The body into a file that is there whole or not at all; a device or a pipe gets it as it comes."""
    from restkit_client.errors import RestkitError
    from restkit_client.saving import write_atomically

    from .progress import progress_of

    progress = progress_of(path, "down")
    length = response.headers.get("content-length")
    total = int(length) if length and length.isdigit() else None
    blocks = response.iter_bytes(BLOCK_SIZE)
    if recording is not None:
        blocks = recording.pass_on(blocks)
    try:
        if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113 - pathlib costs 5 ms
            with open(path, "wb") as out:  # noqa: PTH123
                out.writelines(blocks)
        else:
            write_atomically(blocks, path, total, progress)
    except OSError as error:
        if isinstance(error, RestkitError):
            raise
        raise UsageError(f"{path} can not be written: {error.strerror or error}", OUTPUT) from error
    finally:
        if progress is not None:
            progress.end()
