"""A response: what came, and the body on its way (the manual's restkit.wrappers.Response)."""

from __future__ import annotations

from ..body_reader import BytesReader
from ..errors import AlreadyRead, BodyTooLarge, ClosedError, RequestFailed, ResponseError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike
    from types import TracebackType
    from typing import Any, Self

    from restkit_parser import Headers, ResponseHead

    from ..body_stream import BodyWrapper
    from ..codings.protocols import Reader
    from ..links import Link
    from ..options import Options
    from ..sse import Event
    from ..tee import ResponseTeeInput
    from ..timings import Timings
    from ..tls import TLSFacts
    from .request import Request

    # What opening the connection took (name, connect, tls); when the request was begun, sent and answered.
    Moments = tuple[tuple[float, float, float], float, float, float]

__all__ = ["ClientResponse", "Response"]

BLOCK_SIZE = 65_536


class Response:
    """The answer to a request. Its body is read once, from the connection, by one of the methods below.

    Args:
        connection: what the body is read from: a Connection, or another object with `open_body`.
        request: the request that was sent.
        resp: the head of the response, as the parser gives it.

    Attributes:
        request: the request that was answered; its `url` is the last one.
        status_int, reason, version: of the status line.
        final_url, initial_url: where the response is from; where the first request went.
        history: the responses that led here by redirect, first to last; their bodies are gone.
        moments: when it was sent and answered (monotonic); see `timings`.
    """

    charset = "utf8"
    unicode_errors = "strict"
    history: tuple[Response, ...] = ()
    moments: Moments | None = None
    _headers: Headers | None = None
    _read = False
    _body: bytes | None = None
    _decoded: Reader | None = None

    def __init__(self, connection: Any, request: Request, resp: ResponseHead) -> None:
        self.connection = connection
        self.request = request
        self._head = resp
        self.status_int = resp.status
        self._raw: Reader = connection.open_body(request, resp)

    @property
    def timings(self) -> Timings | None:
        """Seconds spent in each phase; None for a response that came without a network."""
        if self.moments is None:
            return None
        from time import monotonic

        from ..timings import Timings

        opened, started, sent, answered = self.moments
        ended = getattr(self._raw, "ended", answered) or monotonic()
        return Timings(*opened, sent - started, answered - sent, ended - answered)

    @property
    def tls(self) -> TLSFacts | None:
        """Version, cipher, ALPN protocol and certificate of the connection; None without TLS."""
        facts: TLSFacts | None = getattr(self.connection, "tls_facts", None)
        return facts

    # -- the head

    @property
    def status(self) -> str:
        """Code and reason phrase: "200 OK"; the standard phrase when the server sent none."""
        return f"{self.status_int} {self.reason}"

    @property
    def status_code(self) -> int:
        """As `status_int`."""
        return self.status_int

    @property
    def reason(self) -> str:
        """The reason phrase, the standard one when the server sent none."""
        reason = self._head.reason
        if reason:
            return reason
        from http import HTTPStatus

        try:
            return HTTPStatus(self.status_int).phrase
        except ValueError:
            return "unknown"

    @property
    def version(self) -> tuple[int, int]:
        """The HTTP version of the status line."""
        return self._head.version

    @property
    def headers(self) -> Headers:
        """The fields; Content-Encoding is gone when the body is decoded."""
        headers = self._headers
        if headers is None:
            headers = self._headers = self._head.headers
            if self._codings():
                headers = self._headers = headers.copy()
                del headers["content-encoding"]
        return headers

    @property
    def headerslist(self) -> list[tuple[str, str]]:
        """The fields as (name, value) pairs in the wire's order, repeats joined by ", "."""
        return [(name, ", ".join(values)) for name, values in self.headers.dict_of_lists().items()]

    @property
    def content_length(self) -> int | None:
        """Bytes of content that Content-Length announces; None when there is none, or the body is decoded."""
        length = self.headers.get("content-length")
        return int(length) if length and self._codings() is None else None

    @property
    def trailers(self) -> Headers:
        """The trailer section of a chunked body, once the body was read to its end."""
        from restkit_parser import Headers

        return getattr(self._raw, "trailers", None) or Headers()

    @property
    def location(self) -> str | None:
        """The Location field, absolute; None when there is none."""
        location = self.headers.get("location")
        if location is None:
            return None
        from ..urls import join_url

        return join_url(self.final_url or "", location)

    @property
    def final_url(self) -> str | None:
        """Where the response came from, without credentials."""
        return self.request.url

    @property
    def initial_url(self) -> str | None:
        """Where the first request of the call went."""
        return self.request.initial_url

    @property
    def cookies(self) -> dict[str, str]:
        """Name and value of each cookie that this response sets."""
        from ..cookies.parsing import parse_set_cookie

        parsed = (parse_set_cookie(value) for value in self.headers.get_all("set-cookie"))
        return {cookie.name: cookie.value for cookie in parsed if cookie is not None}

    @property
    def links(self) -> list[Link]:
        """The Link fields (RFC 8288), their targets absolute."""
        from ..links import parse_link

        return parse_link(self.headers.get("link", ""), self.final_url)

    @property
    def should_close(self) -> bool:
        """Whether the server closes the connection after this response (RFC 9112 §9.6)."""
        from restkit_parser import response_framing

        return not response_framing(self._head, self.request.method).keep_alive

    def __getitem__(self, name: str) -> Any:
        """An attribute of that name, else the field, else None."""
        if isinstance(name, str) and not name.startswith("_") and hasattr(self, name):
            return getattr(self, name)
        return self.headers.get(name)

    def __contains__(self, name: str) -> bool:
        return name in self.headers

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.headerslist)

    def raise_for_status(self) -> Self:
        """Return the response when its status is below 400.

        Raises:
            RequestFailed: otherwise; its `msg` is the body's text, as in Resource's errors.
        """
        if self.status_int < 400:
            return self
        raise RequestFailed(self.error_text(), http_code=self.status_int, response=self)

    def error_text(self) -> str:
        """The whole body as text, whatever its bytes: for an error's message."""
        return self.body.decode(self._text_charset(), "replace")

    # -- the body

    @property
    def reader(self) -> Reader:
        """Where the content is read from, its codings undone."""
        if self._decoded is None:
            codings = self._codings()
            if codings is None:
                self._decoded = self._raw
            else:
                from ..codings import decoded

                options = self._options()
                self._decoded = decoded(
                    self._raw, codings, max_size=options.max_size, max_ratio=options.max_ratio
                )
        return self._decoded

    def _options(self) -> Options:
        if self.request.options is None:
            from ..options import DEFAULT_OPTIONS

            return DEFAULT_OPTIONS
        return self.request.options

    def _codings(self) -> str | None:
        """The value of Content-Encoding when this response's body is to be decoded."""
        head = self._head
        if head.lower and b"\ncontent-encoding:" not in head.lower:
            return None
        codings: str | None = head.headers.get("content-encoding")
        if not codings or not self._options().decompress:
            return None
        from ..codings import can_decode

        return codings if can_decode(codings) else None

    def can_read(self) -> bool:
        """Whether the body was not yet read."""
        return not self._read

    def _start_reading(self) -> None:
        if self._read:
            raise AlreadyRead("the body was read before; tee() keeps one for a second reading")
        self._read = True

    def body_string(
        self, charset: str | None = None, unicode_errors: str = "strict", *, max_size: int | None = None
    ) -> Any:
        """The whole body.

        Args:
            charset: None for bytes; the name of an encoding for text.
            unicode_errors: what decoding does with what is no such text: "strict", "replace", "ignore".
            max_size: bytes of content that are too many.

        Raises:
            AlreadyRead: it was read before.
            BodyTooLarge: it is larger than `max_size` (here, or the client's).
            UnexpectedEOF, DecodeError, RequestTimeout: it did not come whole.
            UnicodeDecodeError: it is no text of that charset, under "strict".
        """
        if self._read:
            self._start_reading()
        self._read = True
        raw = self._raw
        if max_size is None and type(raw) is BytesReader and self._is_plain():
            body = raw.read_all()
        else:
            body = self._read_all(max_size)
        self._body = body
        return body if charset is None else body.decode(charset, unicode_errors)

    def _is_plain(self) -> bool:
        """Whether the body is neither coded nor limited; told by one look at the head as it came."""
        head, options = self._head, self.request.options
        return (
            bool(head.lower)
            and b"\ncontent-encoding:" not in head.lower
            and (options is None or options.max_size is None)
        )

    def _read_all(self, max_size: int | None) -> bytes:
        reader = self.reader
        limit = self._options().max_size if max_size is None else max_size
        first = reader.read(BLOCK_SIZE)
        blocks = [first]
        size = len(first)
        while blocks[-1]:
            if limit is not None and size > limit:
                reader.close()
                raise BodyTooLarge(f"the body is larger than max_size={limit} bytes", limit)
            block = reader.read(BLOCK_SIZE)
            size += len(block)
            blocks.append(block)
        return b"".join(blocks)

    @property
    def body(self) -> bytes:
        """The whole body, read at the first use and kept; the bytes that were read when `body_string` was called."""
        if self._body is None:
            self.body_string()
        assert self._body is not None  # noqa: S101 - for the type checker
        return self._body

    @property
    def known_body(self) -> bytes | None:
        """The whole body if it was read by `body_string`, `text` or `json`, else None; reads nothing."""
        return self._body

    def body_stream(self) -> BodyWrapper:
        """The body as a binary file object; use it in a `with` block. Raises AlreadyRead."""
        from ..body_stream import BodyWrapper

        self._start_reading()
        return BodyWrapper(self, self.connection)

    def tee(self) -> ResponseTeeInput:
        """The body as a file object that keeps what was read, so that it can be read again. Raises AlreadyRead."""
        from ..tee import ResponseTeeInput

        self._start_reading()
        return ResponseTeeInput(self, self.connection)

    def iter_bytes(self, size: int = BLOCK_SIZE) -> Iterator[bytes]:
        """The body in blocks of at most `size` bytes, as they come. Raises as `body_string`."""
        self._start_reading()
        return self._blocks(size)

    def _blocks(self, size: int) -> Iterator[bytes]:
        reader = self.reader
        try:
            while block := reader.read(size):
                yield block
        finally:
            reader.close()

    def iter_raw(self, size: int = BLOCK_SIZE) -> Iterator[bytes]:
        """The body as it came, content codings and all, in blocks of at most `size` bytes. Raises as `body_string`."""
        self._start_reading()
        self._decoded = self._raw
        return self._blocks(size)

    def iter_lines(self) -> Iterator[bytes]:
        r"""The lines of the body without their ends (`\n`, `\r\n`), however they are cut on the way. Raises as `body_string`."""
        from ..lines import iter_lines

        return iter_lines(self.iter_bytes())

    def iter_text(self) -> Iterator[str]:
        """The body as text, in pieces as they come; the charset is that of `text`. Raises as `body_string`."""
        from codecs import getincrementaldecoder

        decoder = getincrementaldecoder(self._text_charset())(self.unicode_errors)
        for block in self.iter_bytes():
            if text := decoder.decode(block):
                yield text
        if text := decoder.decode(b"", final=True):
            yield text

    def iter_sse(self) -> Iterator[Event]:
        """The body's server-sent events, as they come. Raises as `body_string`."""
        from ..sse import iter_events

        return iter_events(self.iter_bytes())

    def text(self) -> str:
        """The whole body as text, by the charset of Content-Type, else UTF-8. Raises as `body_string`."""
        return self.body.decode(self._text_charset(), self.unicode_errors)

    def _text_charset(self) -> str:
        content_type = self.headers.get("content-type", "")
        if "charset" not in content_type.lower():
            return self.charset
        from codecs import lookup

        from ..parameters import parse_parameters

        charset = parse_parameters(content_type)[1].get("charset", self.charset)
        try:
            return lookup(charset).name
        except LookupError:
            return self.charset

    def json(self) -> Any:
        """The body's JSON value.

        Raises:
            ResponseError: the body is no JSON; and as `body_string`.
        """
        body = self.body
        import json

        loads = self._options().json_loads or json.loads
        try:
            return loads(body)
        except ValueError as error:
            raise ResponseError(f"the body is no JSON: {error}") from error

    def save(
        self, path: str | PathLike[str], *, progress: Callable[[int, int | None], object] | None = None
    ) -> int:
        """Write the body to a file, which is there whole or not at all; returns its size in bytes. Raises as `body_string`."""
        from ..saving import write_atomically

        return write_atomically(self.iter_bytes(), path, self.content_length, progress)

    # -- the end

    def skip_body(self) -> None:
        """Read the body to its end and forget it, so that the connection can be used again; nothing is decoded."""
        self._read = True
        while self._raw.read(BLOCK_SIZE):
            pass

    def close(self) -> None:
        """Give up what was not read: a short rest that is already here is read, else the connection is closed."""
        self._read = True
        self._raw.close()

    def detach(self) -> tuple[Any, bytes]:
        """The socket and the bytes already read, for a response that ends HTTP on its connection (101, or 2xx to CONNECT).

        Raises:
            ClosedError: the connection is gone already.
        """
        detach = getattr(self._raw, "detach", None)
        if detach is None:
            raise ClosedError("the response no longer has a connection to give away")
        self._read = True
        sock, received = detach().detach()
        return sock, received

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


ClientResponse = Response
