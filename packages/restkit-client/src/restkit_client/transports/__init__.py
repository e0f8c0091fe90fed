"""What carries a request to its answer: sockets, or without a network a WSGI application or a function."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from restkit_parser import ResponseHead

    from ..messages.request import Request
    from ..timeouts import Deadline

    class Transport(Protocol):
        """Carries one request to its answer."""

        def send(self, request: Request, deadline: Deadline | None = None) -> tuple[ResponseHead, Any]:
            """Send a request; the head of the answer, and a reader for its body."""


__all__ = ["Carried"]


class Carried:
    """Stands for the connection of a response that came without one."""

    __slots__ = ("reader",)

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def open_body(self, _request: Request, _head: ResponseHead) -> Any:
        """The reader for the response's body."""
        return self.reader

    def close(self) -> None:
        """Give up the rest of the body."""
        self.reader.close()
