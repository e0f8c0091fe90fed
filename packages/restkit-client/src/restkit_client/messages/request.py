"""A request: what to send, and nothing about how (the manual's restkit.wrappers.Request)."""

from __future__ import annotations

from restkit_parser import Headers, InvalidHeader, check_method

from ..errors import RequestError, UnrewindableBody
from ..urls import cut_userinfo, redact, split_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from ..options import Options
    from ..urls import Url
    from .body import Body

    Fields = Mapping[str, Any] | Iterable[tuple[str, Any]] | Headers | None

__all__ = ["Request"]

# RFC 9110 §8.6: a user agent should send a length with methods that anticipate content, also when there is none.
_WITH_CONTENT = frozenset({"POST", "PUT"})
_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Request:
    """What to send.

    Args:
        url: absolute http or https URL. Credentials in it are cut out; the client answers for them by BasicAuth.
        method: any token; sent as given.
        body: see `body.py`'s table; None for none.
        headers: a mapping, or (name, value) pairs.

    Attributes:
        url: without credentials; settable.
        initial_url: the URL of the call's first request.
        original_url: the URL before a filter replaced it, or None.
        parsed_url: the parts of the URL.
        fields: the headers, None while there are none.
        method, headers, body: settable. `body` gives bytes where the body is in memory, else the caller's object.
        userinfo: (user name, password) of the URL, or None.
        context: a dict that lives as long as the call, shared by its hops, tries and challenge answers: for filters.
        is_proxied: whether it is sent through a proxy.
        trailers: (name, value) pairs to send after a chunked body.

    Raises:
        InvalidUrl: the URL can not be requested.
        InvalidRequestMethod: the method is no token (RFC 9110 §9.1).
        RequestError: the body can not be sent.
    """

    # What most requests do not need stands here, so that making one costs little.
    userinfo: tuple[str, str] | None = None
    original_url: str | None = None
    is_proxied = False
    trailers: Sequence[tuple[str, str]] = ()
    options: Options | None = None
    content: Body | None = None
    _body: Any = None
    _url: str | None = None
    # None while there is no field beyond those that the client adds.
    fields: Headers | None = None
    parsed_url: Url
    _context: dict[str, Any] | None = None

    def __init__(
        self, url: str | None, method: str = "GET", body: Any = None, headers: Fields = None
    ) -> None:
        if method not in _KNOWN_METHODS:
            check_method(method)
        self.method = method
        if url is not None:
            if "@" in url:
                url, self.userinfo = cut_userinfo(url)
            self.parsed_url = split_url(url)
            self._url = url
        self.initial_url = url
        if headers:
            self.fields = Headers(_as_text(headers))
        if body is not None:
            self.body = body
        elif method in _WITH_CONTENT:
            self._without_body()

    @property
    def context(self) -> dict[str, Any]:
        """What filters note during a call; shared with every copy of the request."""
        context = self._context
        if context is None:
            context = self._context = {}
        return context

    def __getattr__(self, name: str) -> Any:
        # Only what is not set comes here.
        if name == "parsed_url":
            raise ValueError("url isn't set")
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    # -- where to

    @property
    def url(self) -> str | None:
        """The absolute URL, without credentials."""
        return self._url

    @url.setter
    def url(self, value: str) -> None:
        if "@" in value:
            value, self.userinfo = cut_userinfo(value)
        self.parsed_url = split_url(value)
        self._url = value

    @property
    def path(self) -> str:
        """The target: path and query."""
        return self.parsed_url.target

    @property
    def host(self) -> str:
        """What the Host field says: the caller's, or the URL's."""
        host: str = self.headers.get("host") or self.parsed_url.netloc
        return host

    def is_ssl(self) -> bool:
        """Whether the URL's scheme is https."""
        return self.parsed_url.is_ssl

    # -- fields

    @property
    def headers(self) -> Headers:
        """The request's own fields; the client adds Host, User-Agent and Accept-Encoding when they are missing."""
        fields = self.fields
        if fields is None:
            fields = self.fields = Headers()
        return fields

    @headers.setter
    def headers(self, value: Fields) -> None:
        self.fields = Headers(_as_text(value))

    def add_missing(self, fields: Headers) -> None:
        """Add those fields that the request does not have."""
        headers = self.headers
        for name, value in fields.items():
            if name not in headers:
                headers.add(name, value)

    def is_chunked(self) -> bool:
        """Whether the fields say `Transfer-Encoding: chunked`."""
        coding: str = self.headers.get("transfer-encoding", "")
        return coding.strip().lower() == "chunked"

    # -- body

    @property
    def body(self) -> Any:
        """The request's body: bytes where it is in memory, else the object that was given; None for none."""
        return self._body

    @body.setter
    def body(self, value: Any) -> None:
        if value is None:
            self._body = self.content = None
            self._without_body()
            return
        from .body import content_of

        fields = self.headers
        given_type = fields.ipop("content-type", None)
        length = _length(fields.get_all("content-length"))
        if length is not None:
            del fields["content-length"]
        content = content_of(value, given_type, length)
        self.content = content.body
        self._body = content.shown
        if self.is_chunked():
            length = None
        elif length is None:
            length = content.body.content_length
        if length is not None:
            fields.add("Content-Length", str(length))
        content_type = content.content_type if content.forced else given_type or content.content_type
        if content_type is not None:
            fields.add("Content-Type", content_type)

    def drop_body(self) -> None:
        """Send no body, and no length of one either: for a redirect that turns the request into a GET."""
        self._body = self.content = None

    def _without_body(self) -> None:
        fields = self.headers
        if self.method in _WITH_CONTENT and "content-length" not in fields and not self.is_chunked():
            fields.add("Content-Length", "0")

    def can_rewind(self) -> bool:
        """Whether the body, if any, can be sent once more; it is ready for that then."""
        return self.content is None or self.content.rewind()

    def maybe_rewind(self, msg: str = "") -> None:
        """Make the body ready to be sent once more.

        Raises:
            UnrewindableBody: it can be read only once.
        """
        if not self.can_rewind():
            raise UnrewindableBody(f"error: '{msg}', body can't be rewind.")

    def to_curl(self, *, show_secrets: bool = False) -> str:
        """The curl command that sends this request; credentials are `***` unless `show_secrets`."""
        from ..curl import to_curl

        return to_curl(self, show_secrets=show_secrets)

    # -- copies

    def copy(self) -> Request:
        """The same request once more: a filter that changes the copy's fields or body leaves this one as it is."""
        new = Request.__new__(type(self))
        # Made now, so that the copy shares it.
        new._context = self.context
        new.__dict__.update(self.__dict__)
        new.fields = self.headers.copy()
        return new

    def __repr__(self) -> str:
        return f"<Request {self.method} {redact(self._url) if self._url else None}>"


def _length(values: list[str]) -> int | None:
    """The caller's Content-Length; None when there is none."""
    for value in values:
        if not (value.isascii() and value.isdigit()):
            from ..errors import InvalidHeader

            raise InvalidHeader(f"Content-Length: {value}")
    lengths = {int(value) for value in values}
    if len(lengths) > 1:
        # A server may believe either (CVE-2026-1525).
        raise RequestError(f"Content-Length is given as {' and as '.join(values)}")
    return lengths.pop() if lengths else None


def _as_text(fields: Any) -> Any:
    """Pairs whose values are str: a number is written in decimal."""
    items = getattr(fields, "items", None)
    pairs = fields if items is None else items()
    return [
        (name, value if isinstance(value, (str, bytes)) else _text(name, value))
        for name, value in pairs or ()
    ]


def _text(name: str, value: Any) -> str:
    if value is None or isinstance(value, (dict, list, tuple, set)):
        raise InvalidHeader(name).at(
            None, "RFC 9110 section 5.5", f"the value is {type(value).__name__}: give text or a number"
        )
    return str(value)
