"""Requests that are not passed on, and upstream's failures: a status of our own and a line of text (RFC 9110 §15).

The text tells the client what it can change. What only the owner of the proxy may know (addresses, the
system's words) goes to the log `restkit.wsgi_proxy`.
"""

from __future__ import annotations

from http import HTTPStatus

from restkit_client.errors import PoolTimeout, RequestTimeout
from restkit_client.log import logger
from restkit_client.urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from restkit_client.errors import RestkitError
    from restkit_client.messages.request import Request

__all__ = ["BrokenRequest", "Refusal", "refusal_of"]


class Refusal(Exception):  # noqa: N818 - an answer to give, not a fault of the program
    """A request that the proxy answers itself.

    Attributes:
        status: the code.
        text: what the client is told.
        fields: (name, value) pairs for the answer.
    """

    def __init__(self, status: int, text: str, fields: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(status, text, fields)
        self.status = status
        self.text = text
        self.fields = fields

    def answer(self, method: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The WSGI response."""
        phrase = HTTPStatus(self.status).phrase
        body = f"{self.status} {phrase}: {self.text}\n".encode()
        fields = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
        start_response(f"{self.status} {phrase}", [*fields, *self.fields])
        return [] if method == "HEAD" else [body]


class BrokenRequest(Exception):  # noqa: N818 - as above
    """The request's body did not come whole: the client is gone, or its framing is broken."""


def refusal_of(error: RestkitError, request: Request) -> Refusal:
    """The answer for a failure upstream: 503, 504 or 502 (RFC 9110 §15.6). The failure itself is logged."""
    logger("wsgi_proxy").warning("%s %s: %s", request.method, redact(request.url or ""), error)
    if isinstance(error, PoolTimeout):
        return Refusal(503, "all connections to the server are in use", [("Retry-After", "1")])
    if isinstance(error, RequestTimeout):
        return Refusal(504, "the server did not answer in time")
    return Refusal(502, "no usable answer from the server")
