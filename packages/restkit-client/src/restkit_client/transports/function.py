"""FunctionTransport: requests answered by a function, so that a program is tested without a network."""

from __future__ import annotations

from restkit_forms.segments import blocks
from restkit_parser import Headers, parse_response_head, write_response_head

from ..messages.request_head import frame_body, make_head
from .answer import body_reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from restkit_parser import ResponseHead

    from ..messages.request import Request
    from ..timeouts import Deadline
    from .chunk_reader import ChunkReader

__all__ = ["FunctionTransport", "Reply", "request_body"]


class Reply:
    """What the function of a FunctionTransport returns.

    Args:
        status: the status code.
        body: bytes, text (sent as UTF-8), or an iterable of bytes, which is read as the caller reads.
        headers: a mapping, or (name, value) pairs. Content-Length is added where the length is known.
        reason: the reason phrase.
        json: a value to send as JSON instead of `body`.
    """

    __slots__ = ("body", "headers", "reason", "status")

    def __init__(
        self,
        status: int = 200,
        body: bytes | str | Iterable[bytes] = b"",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        reason: str = "",
        json: Any = None,
    ) -> None:
        self.status = status
        self.reason = reason
        self.headers = Headers(headers)
        if json is not None:
            from json import dumps

            body = dumps(json)
            self._default("Content-Type", "application/json")
        elif isinstance(body, str):
            self._default("Content-Type", "text/plain; charset=utf-8")
        self.body: bytes | Iterable[bytes] = body.encode() if isinstance(body, str) else body

    def _default(self, name: str, value: str) -> None:
        if name not in self.headers:
            self.headers[name] = value


class FunctionTransport:
    """Answers each request by `function(request)`: `Client(transport=FunctionTransport(function))`.

    Args:
        function: gets the request as it would be sent, after all filters, and returns a Reply. What it raises, the
            caller of the client sees, and so a failing server is tested.
    """

    def __init__(self, function: Callable[[Request], Reply]) -> None:
        self.function = function

    def send(self, request: Request, deadline: Deadline | None = None) -> tuple[ResponseHead, ChunkReader]:
        """Calls the function; the head of its answer, and a reader for its body.

        Raises:
            RequestError, InvalidHeader…: what a socket would not send either.
            TotalTimeout: the call's time is up when the function returns.
        """
        from ..options import DEFAULT_OPTIONS

        options = request.options or DEFAULT_OPTIONS
        frame_body(request, options)
        make_head(request, options, request.parsed_url.target)
        reply = self.function(request)
        if deadline is not None:
            deadline.check()
        body = reply.body
        fields = reply.headers.copy()
        if isinstance(body, bytes):
            if "content-length" not in fields and "transfer-encoding" not in fields:
                fields["Content-Length"] = str(len(body))
            body = (body,)
        head = parse_response_head(write_response_head(reply.status, reply.reason, fields.items()))
        return head, body_reader(request.method, head, b"", body, _nothing)


def request_body(request: Request) -> bytes:
    """The whole body of a request, as it goes over the wire; a body that can be read only once is used up."""
    content = request.content
    return b"" if content is None else b"".join(blocks(content.segments()))


def _nothing() -> None:
    """There is nothing to close after a function."""
