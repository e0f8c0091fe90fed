"""The client's exceptions; restkit_parser.errors holds the root and what the parser raises.

    RestkitError
    ├─ InvalidUrl(ValueError)        ├─ RedirectLimit           ├─ AlreadyRead
    ├─ RequestError                    ConnectError → TLSError → CertificateError,
    │                                  ResolveError, UnrewindableBody, ClosedError
    ├─ RequestTimeout(TimeoutError)    ConnectTimeout, ReadTimeout, WriteTimeout, PoolTimeout, TotalTimeout
    ├─ ProxyError                      ProxyConnectError
    ├─ ResponseError                   DecodeError, BodyTooLarge
    ├─ UnexpectedEOF(ConnectionError)  RemoteDisconnected, IncompleteHead, IncompleteBody       (parser)
    ├─ BadStatusLine, ParserError, ParseException → NoMoreData, HeaderLimit, Invalid…           (parser)
    └─ ResourceError → ResourceNotFound, Unauthorized, ResourceGone, RequestFailed

Every class pickles; a live response is not part of the pickle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from restkit_parser.errors import (
    BadStatusLine,
    ChunkMissingTerminator,
    HeaderLimit,
    IncompleteBody,
    IncompleteHead,
    InvalidChunkSize,
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    NoMoreData,
    ParseException,
    ParserError,
    RemoteDisconnected,
    RestkitError,
    UnexpectedEOF,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "AlreadyRead",
    "BadStatusLine",
    "BodyTooLarge",
    "CertificateError",
    "ChunkMissingTerminator",
    "ClosedError",
    "ConnectError",
    "ConnectTimeout",
    "DecodeError",
    "HeaderLimit",
    "IncompleteBody",
    "IncompleteHead",
    "InvalidChunkSize",
    "InvalidHTTPStatus",
    "InvalidHTTPVersion",
    "InvalidHeader",
    "InvalidHeaderName",
    "InvalidRequestLine",
    "InvalidRequestMethod",
    "InvalidUrl",
    "NoMoreData",
    "ParseException",
    "ParserError",
    "PoolTimeout",
    "ProxyConnectError",
    "ProxyError",
    "ReadTimeout",
    "RedirectLimit",
    "RemoteDisconnected",
    "RequestError",
    "RequestFailed",
    "RequestTimeout",
    "ResolveError",
    "ResourceError",
    "ResourceGone",
    "ResourceNotFound",
    "ResponseError",
    "RestkitError",
    "TLSError",
    "TotalTimeout",
    "Unauthorized",
    "UnexpectedEOF",
    "UnrewindableBody",
    "WriteTimeout",
]


class InvalidUrl(RestkitError, ValueError):
    """The URL can not be used for an HTTP request; the text says what is wrong with it."""


class AlreadyRead(RestkitError):
    """The response's body was read before; `tee()` keeps a body for a second reading."""


class RedirectLimit(RestkitError):
    """More redirects than `max_follow_redirect`.

    Attributes:
        history: the URLs visited, first to last (without credentials).
    """

    def __init__(self, message: str = "Redirection limit is reached", history: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.history = tuple(history)


class RequestError(RestkitError):
    """The request is malformed, or could not be sent."""


class ConnectError(RequestError):
    """No connection to the server could be made."""


class TLSError(ConnectError):
    """The TLS handshake failed, or the TLS session was damaged."""


class CertificateError(TLSError):
    """The server's certificate was refused; the text gives the reason."""


class ResolveError(RequestError):
    """The host's name could not be resolved to an address."""


class UnrewindableBody(RequestError):
    """The request has to be sent again, and its body can not be read a second time."""


class ClosedError(RequestError):
    """The connection, response or pool was closed by this side while it was in use."""


class RequestTimeout(RestkitError, TimeoutError):
    """Time is up.

    Attributes:
        phase: what was being waited for: "connect", "read", "write", "pool" or "total".
        seconds: the limit that was passed.
    """

    phase = "request"

    def __init__(self, message: str = "", seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class ConnectTimeout(RequestTimeout):
    """Resolving the name, connecting, or the TLS handshake took longer than `connect`."""

    phase = "connect"


class ReadTimeout(RequestTimeout):
    """No byte came for `read` seconds."""

    phase = "read"


class WriteTimeout(RequestTimeout):
    """No byte could be sent for `write` seconds."""

    phase = "write"


class PoolTimeout(RequestTimeout):
    """No connection became free within `pool` seconds."""

    phase = "pool"


class TotalTimeout(RequestTimeout):
    """The whole call, redirects and retries included, took longer than `total`."""

    phase = "total"


class ProxyError(RestkitError):
    """The proxy refused, or did not speak its protocol.

    Attributes:
        status_int: the status of the proxy's answer, or None when there was none.
        body: the first bytes of the body of its answer.
    """

    def __init__(self, message: str = "", status_int: int | None = None, body: bytes = b"") -> None:
        super().__init__(message)
        self.status_int = status_int
        self.body = body


class ProxyConnectError(ProxyError):
    """No connection to the proxy could be made."""


class ResponseError(RestkitError):
    """The response can not be used."""


class DecodeError(ResponseError):
    """The body does not have the content coding that Content-Encoding names, or it was cut."""


class BodyTooLarge(ResponseError):
    """The body is larger, or inflates more, than the limit that was set.

    Attributes:
        limit: the limit that was passed.
    """

    def __init__(self, message: str = "", limit: int | None = None) -> None:
        super().__init__(message)
        self.limit = limit


class ResourceError(RestkitError):
    """A response whose status says that the request failed; raised by Resource.

    Attributes:
        msg: the response's body as text.
        status_int: the status code, or the class's own.
        response: the response; its `body` holds the bytes.
    """

    status_int: int | None = None

    def __init__(self, msg: Any = None, http_code: int | None = None, response: Any = None) -> None:
        super().__init__()
        self.msg = msg or ""
        if http_code is not None:
            self.status_int = http_code
        self.response = response

    @property
    def message(self) -> Any:
        """The same as `msg`; settable."""
        return self.msg

    @message.setter
    def message(self, value: Any) -> None:
        self.msg = value

    def __str__(self) -> str:
        return str(self.msg) or str(
            {"msg": self.msg, "status_int": self.status_int, "response": self.response}
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.msg, self.status_int, None)


class ResourceNotFound(ResourceError):
    """404: nothing was found at the URL (RFC 9110 §15.5.5)."""

    status_int = 404


class Unauthorized(ResourceError):
    """401 or 403: an authorization is required (RFC 9110 §15.5.2, §15.5.4)."""


class ResourceGone(ResourceError):
    """410: the resource is gone for good (RFC 9110 §15.5.11)."""

    status_int = 410


class RequestFailed(ResourceError):
    """Any other status of 400 and above."""
