"""103 (Early Hints) on their way to the client, where the server offers `wsgi.early_hints` (RFC 8297)."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar

from .fields import response_fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Any

    from restkit_parser import ResponseHead

__all__ = ["pass_on", "to_server"]

# One client serves all requests, and tells each 1xx to one callable: whose it is, this says. Each thread and greenlet has its own.
_server: ContextVar[Callable[[list[tuple[str, str]]], Any] | None] = ContextVar("early_hints", default=None)


@contextmanager
def to_server(environ: Mapping[str, Any]) -> Iterator[None]:
    """While it lasts, hints go to the server of this request."""
    token = _server.set(environ.get("wsgi.early_hints"))
    try:
        yield
    finally:
        _server.reset(token)


def pass_on(head: ResponseHead) -> None:
    """Send a hint to the client (the client's `on_interim`)."""
    send = _server.get()
    if send is not None and head.status == 103:
        send(response_fields(head.headers.items(), head.headers.get("connection")))
