"""What `get`, `post` … do with what was typed: a request, its answer printed and returned, a failure in one line."""

from __future__ import annotations

from urllib.parse import urlencode

from restkit_client import Client
from restkit_client.errors import RestkitError
from restkit_client.urls import redact

from .. import __version__
from .bodies import JSON, Stream
from .content_types import ContentTypes
from .messages import Request, Response

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from restkit_client import Response as ClientResponse

__all__ = ["ShellClient"]

# Keyword arguments of these are the query, of the others a form.
WITHOUT_FORM = frozenset({"GET", "HEAD", "DELETE", "OPTIONS"})
# A body of unknown length that is no longer than this is read at once, so that it can be shown.
READ_AT_ONCE = 65_536
HELP_WIDTH = 65


class ShellClient:
    """The names of the shell, and what they do.

    Args:
        url: where `req` leads at the start.
        options: the command line's: `headers`, `input`, `follow_redirect`.
        client: the Client that sends; one with `follow_redirect` when left out.
        **kwargs: names for the shell, beside its own.

    Attributes:
        req: the request that methods use when they are given none.
        stream: the body that `-i` named, or None.
        resp: the last answer, or None.
        paths: those that were asked for or seen in answers, for completion.
    """

    methods = {  # noqa: RUF012 - documented as a class attribute
        "get": "[req|url|path_info], **query_string",
        "head": "[req|url|path_info], **query_string",
        "delete": "[req|url|path_info]",
        "post": "[req|url|path_info], [Stream()|**query_string_body]",
        "put": "[req|url|path_info], stream",
        "patch": "[req|url|path_info], stream",
        "options": "[req|url|path_info]",
    }

    def __init__(
        self, url: str = "/", options: Any = None, *, client: Client | None = None, **kwargs: Any
    ) -> None:
        self.client = client or Client(follow_redirect=bool(getattr(options, "follow_redirect", False)))
        self.ctypes = ContentTypes()
        self.resp: Response | None = None
        self.req = Request.blank("/")
        self.req.set_url(url)
        for name, value in _fields(getattr(options, "headers", None) or ()):
            self.req.headers[name] = value
        self.stream = _read(getattr(options, "input", None))
        self.paths = {self.req.path_qs}
        self._names = kwargs
        self._ns: dict[str, Any] = {}

    def __repr__(self) -> str:
        return "<shellclient>"

    # -- the names

    def update_ns(self, ns: dict[str, Any]) -> None:
        """Put the shell's names into a namespace; `resp` follows there with the first answer."""
        self._ns = ns
        ns.update({name: self.request_meth(name) for name in self.methods})
        ns.update(Request=Request, Response=Response, Stream=Stream, JSON=JSON)
        ns.update(req=self.req, stream=self.stream, ctypes=self.ctypes, client=self, **self._names)
        # `help` is Python's own too: with an argument it still is.
        ns["help"] = _Help(self)

    def request_meth(self, k: str) -> Callable[..., Response | None]:
        """The function for a method: `get` for "get"."""

        def send(*args: Any, **kwargs: Any) -> Response | None:
            return self.request(k.upper(), *args, **kwargs)

        send.__name__ = k
        send.__doc__ = f"Send a HTTP {k}: {k}({self.methods[k]})."
        return send

    def help(self) -> None:
        """Print what there is."""
        lines = ["restkit shell", "=" * 13, "", "HTTP Methods", "-" * 12, ""]
        for name in sorted(self.methods):
            call = f">>> {name}({self.methods[name]})"
            lines.append(f"{call:<{HELP_WIDTH}} # send a HTTP {name}")
        lines += ["", "Helpers", "-" * 7, ""]
        described = {
            "req": (self.req, "request to play with. By default http methods will use this one"),
            "resp": (self.resp, "the last answer"),
            "stream": (self.stream, "Stream() instance if you specified a -i in command line"),
            "ctypes": (self.ctypes, "Content-Types helper with headers properties"),
        }
        for name, (value, text) in described.items():
            lines += [f">>> {name} # {text}", repr(value), ""]
        print("\n".join([*lines, f"restkit shell {__version__}"]))  # noqa: T201 - what it is for

    # -- requests

    def request(self, meth: str, *args: Any, **kwargs: Any) -> Response | None:
        """Send a request by restkit; the answer is printed, kept as `resp` and returned.

        Args:
            meth: the method.
            *args: a Request, a URL or a path, else `req` is sent; then a body: Stream, JSON, bytes or text.
            **kwargs: the query of GET, HEAD, DELETE and OPTIONS, the form of the others; `headers=` are fields.

        Returns:
            None when there was no answer: why is printed in one line.
        """
        try:
            request = self._request(meth, args, kwargs)
        except ValueError as error:
            _say(error)
            return None
        try:
            answer = self._send(request)
            print(answer)  # noqa: T201 - what the shell is for
        except KeyboardInterrupt:
            print(f"interrupted: {meth} {redact(request.url)}")  # noqa: T201 - as above
            return None
        except RestkitError as error:
            _say(error)
            return None
        self.resp = self._ns["resp"] = answer
        self._learn(answer)
        return answer

    def _request(self, meth: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Request:
        rest = list(args)
        given = rest.pop(0) if rest and isinstance(rest[0], (Request, str)) else self._present()
        request: Request = given.copy() if isinstance(given, Request) else self._present().copy()
        if isinstance(given, str):
            request.set_url(given)
        request.method = meth
        for name, value in _fields(kwargs.pop("headers", ())):
            request.headers[name] = value
        body = rest.pop(0) if rest else None
        if rest:
            raise ValueError(f"{meth.lower()}({self.methods.get(meth.lower(), '')}): {rest[0]!r} is too much")
        if meth in WITHOUT_FORM:
            query = urlencode(kwargs, doseq=True)
            request.query_string = "&".join(filter(None, [request.query_string, query]))
        elif kwargs:
            body = Stream(urlencode(kwargs, doseq=True))
            body.content_type = "application/x-www-form-urlencoded"
        elif body is None:
            body = self.stream
        _put(request, body)
        return request

    def _present(self) -> Request:
        """`req`, which may have been bound to another request at the prompt."""
        request = self._ns.get("req", self.req)
        return request if isinstance(request, Request) else self.req

    def _send(self, request: Request) -> Response:
        fields = [pair for pair in request.headers.items() if pair[0] not in ("Host", "Content-Length")]
        body = request.body or None
        answer = self.client.request(
            request.url, request.method, body, [("Host", request.host), *fields], decompress=False
        )
        response = _response(answer)
        response.sent = request
        response.timings = answer.timings
        return response

    def _learn(self, answer: Response) -> None:
        self.paths.add(answer.sent.path_qs if answer.sent is not None else "/")
        location = answer.headers.get("Location", "")
        if location.startswith("/"):
            self.paths.add(location)


class _Help:
    """Without an argument the shell's help, with one Python's."""

    def __init__(self, client: ShellClient) -> None:
        self._client = client

    def __call__(self, *args: Any) -> None:
        if args:
            import pydoc

            pydoc.help(*args)
        else:
            self._client.help()

    def __repr__(self) -> str:
        return "help() for this shell, help(object) for Python's help"


def _fields(headers: Any) -> list[tuple[str, str]]:
    """Fields of a mapping, of pairs, or of the command line's "Name: value"."""
    pairs = list(headers.items() if hasattr(headers, "items") else headers)
    fields = []
    for pair in pairs:
        name, value = (pair.partition(":")[::2]) if isinstance(pair, str) else pair
        fields.append((name.strip(), str(value).strip()))
    return fields


def _read(name: str | None) -> Stream | None:
    if name is None:
        return None
    import sys
    from pathlib import Path

    return Stream(sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes())


def _put(request: Request, body: Any) -> None:
    if body is None:
        return
    if isinstance(body, Stream):
        if not request.content_type:
            request.content_type = body.content_type
        request.body = body.getvalue()
    elif isinstance(body, (bytes, str)):
        request.body = body.encode() if isinstance(body, str) else body
    elif hasattr(body, "read"):
        request.body = body.read()
    else:
        raise ValueError(f"{type(body).__name__} is no body: give a Stream, JSON(value), bytes or text")


def _response(answer: ClientResponse) -> Response:
    """The client's answer as WebOb's."""
    return Response(status=answer.status, headerlist=list(answer.headers.items()), app_iter=_body(answer))


def _body(answer: ClientResponse) -> Any:
    """A list when the body is short, and so was read; else what reads it when it is asked for."""
    blocks = answer.iter_raw()
    length = answer.headers.get("content-length", "0")
    if int(length) > READ_AT_ONCE or "event-stream" in answer.headers.get("content-type", ""):
        return blocks
    read = bytearray()
    for block in blocks:
        read += block
        if len(read) > READ_AT_ONCE:
            return _continued(bytes(read), blocks)
    return [bytes(read)]


def _continued(first: bytes, blocks: Any) -> Any:
    yield first
    yield from blocks


def _say(error: Exception) -> None:
    print(f"{type(error).__name__}: {' '.join(str(error).split())}")  # noqa: T201 - one line, and the shell goes on
