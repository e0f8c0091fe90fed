"""What was sent and received, where the time went, and the exchange as a HAR file."""

from __future__ import annotations

import sys

from .exit_codes import OUTPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_client import Response

    from .sending import Call

__all__ = ["show_received", "show_sent", "show_timings", "write_har"]

# Columns of the timing picture.
WIDTH = 40
LABELS = {
    "name": "name look-up",
    "connect": "connect",
    "tls": "TLS",
    "send": "send",
    "wait": "wait",
    "body": "body",
}


def show_sent(call: Call) -> None:
    """Print the head of the request to standard error, secrets masked."""
    head = call.client.make_headers_string(call.as_sent())
    _print_head(">", head.split("\r\n")[0], _pairs(head))


def show_received(response: Response) -> None:
    """Print the heads of the response and of the redirects before it to standard error, secrets masked."""
    for each in (*response.history, response):
        version = "HTTP/{}.{}".format(*each.version)
        _print_head("<", f"{version} {each.status}", each.headers.items())


def _pairs(head: str) -> list[tuple[str, str]]:
    lines = head.split("\r\n")[1:-2]
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


def _print_head(mark: str, start: str, fields: list[tuple[str, str]]) -> None:
    from restkit_parser import is_secret_field

    lines = [start, *(f"{name}: {'***' if is_secret_field(name) else value}" for name, value in fields), ""]
    sys.stderr.write("".join(f"{mark} {line}".rstrip() + "\n" for line in lines))


def show_timings(response: Response) -> None:
    """Print the phases of the request as bars, to standard error."""
    timings = response.timings
    if timings is None:
        return
    total = max(timings.total, 1e-9)
    begin = 0.0
    for name, seconds in timings.as_dict().items():
        left = round(WIDTH * begin / total)
        width = max(round(WIDTH * (begin + seconds) / total) - left, 1 if seconds else 0)
        bar = " " * left + "█" * width
        sys.stderr.write(f"{LABELS[name]:<13}{seconds * 1000:>9.1f} ms  |{bar:<{WIDTH + 1}}|\n")
        begin += seconds
    sys.stderr.write(f"{'total':<13}{total * 1000:>9.1f} ms\n")


def write_har(response: Response, path: str) -> None:
    """Write the exchange as a HAR file. Raises UsageError."""
    import json

    from restkit_client.har import export

    try:
        with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs start-up
            json.dump(export([response]), file, indent=1)
    except OSError as error:
        raise UsageError(f"{path} can not be written: {error.strerror}", OUTPUT) from error
