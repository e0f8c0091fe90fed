"""--offline: a request's exact bytes, without a server."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from restkit_client import Request

__all__ = ["OfflineTransport", "head_of"]


def head_of(request: Request) -> bytes:
    """The head as it will be sent to the origin, blank line included; the request itself stays as it is."""
    from restkit_client.messages.request_head import frame_body, make_head
    from restkit_client.options import DEFAULT_OPTIONS

    options = request.options or DEFAULT_OPTIONS
    framed = request.copy()
    frame_body(framed, options)
    return make_head(framed, options, framed.path, ())


def body_of(request: Request) -> Iterator[bytes]:
    """The body as it will be sent, chunks and all."""
    from restkit_forms.segments import blocks
    from restkit_parser import write_chunk, write_last_chunk

    content = request.content
    if content is None:
        return
    content.rewind()
    chunked = content.content_length is None and "content-length" not in request.headers
    for block in blocks(content.segments()):
        yield write_chunk(block) if chunked else block
    if chunked:
        yield write_last_chunk(())


class OfflineTransport:
    """Carries requests nowhere: they are written to `out`, and the answer is 204."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out

    def send(self, request: Request, _deadline: Any = None) -> Any:
        """Write the request; the head and the empty body of an answer."""
        from restkit_client.transports.function import FunctionTransport, Reply

        self.out.write(head_of(request))
        for block in body_of(request):
            self.out.write(block)
        return FunctionTransport(lambda _: Reply(204)).send(request)
