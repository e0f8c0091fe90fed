"""--verbose: the heads as they are sent and received, secrets masked, on standard error."""

from __future__ import annotations

from restkit_parser import is_secret_field

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

    from restkit_client import Request, Response
    from restkit_parser import ResponseHead

__all__ = ["Trace"]

MASK = "***"


class Trace:
    """A filter, the last one, that shows each request as it goes out; the client's events show what comes back."""

    # It is shown what goes to other origins too, and changes nothing.
    any_origin = True

    def __init__(self, out: TextIO) -> None:
        self.out = out

    def on_request(self, request: Request) -> None:
        """Show a request."""
        from .request_text import head_of

        lines = head_of(request).decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines[1:-2])
        self._show(">", lines[0], [(name, value.strip()) for name, _, value in pairs])
        if request.content is not None:
            size = request.content.content_length
            self.out.write(f"> [body: {'streamed' if size is None else f'{size} bytes'}]\n")

    def response(self, response: Response) -> None:
        """Show the head of a response."""
        self._show("<", f"{_version(response.version)} {response.status}", response.headers.items())

    def interim(self, head: ResponseHead) -> None:
        """Show the head of an interim response (1xx)."""
        self._show("<", f"{_version(head.version)} {head.status} {head.reason}", head.headers.items())

    def _show(self, mark: str, start: str, fields: Iterable[tuple[str, str]]) -> None:
        from restkit_client.urls import redact

        lines = [redact(start) if mark == ">" else start]
        lines += [f"{name}: {MASK if is_secret_field(name) else value}" for name, value in fields]
        text = "".join(f"{mark} {line}\n" for line in lines) + f"{mark}\n"
        self.out.write("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text))
        self.out.flush()


def _version(version: tuple[int, int]) -> str:
    return f"HTTP/{version[0]}.{version[1]}"
