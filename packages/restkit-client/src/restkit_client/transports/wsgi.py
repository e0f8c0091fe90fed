"""WSGITransport: requests answered by a WSGI application in this thread, without a socket (PEP 3333).

The application is called with what a server would have made of the request's bytes. Bodies stream both ways:
it reads the request's body as it is made, and its answer is taken from it chunk by chunk as the caller reads.
What it gives to `write()` before it returns is kept until then.
"""

from __future__ import annotations

import sys

from restkit_forms.segments import blocks
from restkit_parser import parse_request_head, parse_response_head, write_response_head

from ..body_stream import BodyWrapper
from ..errors import ResponseError
from ..messages.request_head import frame_body, make_head
from .answer import body_reader
from .chunk_reader import ChunkReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Any

    from restkit_parser import RequestHead, ResponseHead

    from ..messages.request import Request
    from ..timeouts import Deadline

    ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]

__all__ = ["WSGITransport"]


class WSGITransport:
    """Answers requests by calling `app`: `Client(transport=WSGITransport(app))`.

    Args:
        app: a WSGI application. What it raises, the caller of the client sees.
        script_name: where it is mounted; a path that begins so is split there.
        remote_addr: the address of the client, as the application sees it.
    """

    def __init__(
        self, app: Callable[..., Any], *, script_name: str = "", remote_addr: str = "127.0.0.1"
    ) -> None:
        self.app = app
        self.script_name = script_name.rstrip("/")
        self.remote_addr = remote_addr

    def send(self, request: Request, deadline: Deadline | None = None) -> tuple[ResponseHead, ChunkReader]:
        """Calls the application; the head of its answer, and a reader for its body.

        Args:
            request: what to send.
            deadline: looked at whenever the application has given something; it can not be interrupted.

        Raises:
            ResponseError: the application breaks PEP 3333.
            TotalTimeout: the call's time is up.
        """
        from ..options import DEFAULT_OPTIONS

        options = request.options or DEFAULT_OPTIONS
        frame_body(request, options)
        head = parse_request_head(make_head(request, options, request.parsed_url.target))
        body = BodyWrapper(_Input(request))
        answer = _Answer()
        chunks = self.app(self._environ(request, head, body), answer.start_response)

        def end() -> None:
            try:
                getattr(chunks, "close", _nothing)()
            finally:
                body.close()

        try:
            parts = answer.parts(chunks, deadline)
            first = next(parts, b"")
            response_head = answer.head()
        except BaseException:
            end()
            raise
        return response_head, body_reader(request.method, response_head, first, parts, end)

    def _environ(self, request: Request, head: RequestHead, body: BodyWrapper) -> dict[str, Any]:
        from urllib.parse import unquote_to_bytes

        url = request.parsed_url
        path = unquote_to_bytes(url.path).decode("latin-1")
        prefix = self.script_name
        if prefix and (path + "/").startswith(prefix + "/"):
            path = path[len(prefix) :]
        else:
            prefix = ""
        environ: dict[str, Any] = {
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": prefix,
            "PATH_INFO": path,
            "QUERY_STRING": url.query,
            "REQUEST_URI": head.target,
            "RAW_URI": head.target,
            "SERVER_NAME": url.host,
            "SERVER_PORT": str(url.port),
            "SERVER_PROTOCOL": f"HTTP/{head.version[0]}.{head.version[1]}",
            "REMOTE_ADDR": self.remote_addr,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": url.scheme,
            "wsgi.input": body,
            "wsgi.input_terminated": True,
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        environ.update(_cgi_variables(head))
        return environ


def _cgi_variables(head: RequestHead) -> dict[str, str]:
    """The fields as CGI names them (RFC 3875 §4.1.18)."""
    variables: dict[str, str] = {}
    for name, values in head.headers.dict_of_lists().items():
        if "_" in name:
            # As servers do: X_Forwarded_For would be taken for X-Forwarded-For.
            continue
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        variables[key] = ("; " if key == "HTTP_COOKIE" else ",").join(values)
    return variables


class _Input:
    """Where `wsgi.input` reads from."""

    def __init__(self, request: Request) -> None:
        content = request.content
        self.reader = ChunkReader(blocks(content.segments()) if content is not None else ())


class _Answer:
    """What the application has said so far."""

    def __init__(self) -> None:
        self.started: tuple[str, list[tuple[str, str]]] | None = None
        self.written: list[bytes] = []
        self.is_sent = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None
    ) -> Callable[[bytes], None]:
        """PEP 3333's callable: a second call needs `exc_info`, and raises it when a part of the body is out."""
        if exc_info is not None and self.is_sent:
            raise exc_info[1].with_traceback(exc_info[2])
        if exc_info is None and self.started is not None:
            raise ResponseError("the application called start_response twice, and without exc_info")
        self.started = status, headers
        return self.written.append

    def head(self) -> ResponseHead:
        """The head of the answer.

        Raises:
            InvalidHTTPStatus, InvalidHeaderName, InvalidHeader: what no server would send.
        """
        if self.started is None:
            raise ResponseError("the application returned without a call of start_response")
        self.is_sent = True
        status, headers = self.started
        code, _, reason = status.partition(" ")
        if not (code.isascii() and code.isdigit()):
            raise ResponseError(f"the application's status has to begin with a number: {status!r}")
        return parse_response_head(write_response_head(int(code), reason, headers))

    def parts(self, chunks: Iterable[bytes], deadline: Deadline | None) -> Iterator[bytes]:
        """The parts of the body that are not empty, those given to `write()` first."""
        for chunk in chunks:
            yield from self._take_written()
            if not isinstance(chunk, bytes):
                raise ResponseError(f"the application's body has to be bytes, not {type(chunk).__name__}")
            if chunk:
                if self.started is None:
                    raise ResponseError(
                        "the application gave a part of its body before it called start_response"
                    )
                yield chunk
            if deadline is not None:
                deadline.check()
        yield from self._take_written()

    def _take_written(self) -> list[bytes]:
        taken = [part for part in self.written if part]
        self.written.clear()
        return taken


def _nothing() -> None:
    """What is closed of an iterable that has no close()."""
