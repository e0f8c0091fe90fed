"""restkit's errors as WebOb exceptions, for WSGI applications that speak HTTP to others (the manual's webob_helper).

    with wrap_exceptions():
        Resource("http://127.0.0.1:5984").get("/missing")     # raises what is a WSGI application: 404 Not Found

What is raised then is still the class that restkit raises: `except ResourceNotFound` catches it, wherever the name
was imported.
"""

from __future__ import annotations

from functools import wraps
from http.client import responses
from threading import Lock

from webob.exc import WSGIHTTPException  # type: ignore[import-untyped]

from restkit_client import errors
from restkit_client.resource import Resource

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Self

__all__ = ["WebobResourceError", "wrap_exceptions"]


class WebobResourceError(WSGIHTTPException):  # type: ignore[misc]
    """A response that says that a request failed, as a WSGI application and exception.

    Args:
        msg: the text to explain it by: the body of the response.
        http_code: the status.
        response: restkit's response.

    Attributes:
        code, title, status: 404, "Not Found", "404 Not Found"; `status_int` is `code`.
        explanation, msg, message: the text.
        response: restkit's response.
    """

    code = 500

    def __init__(self, msg: Any = None, http_code: int | None = None, response: Any = None) -> None:
        if http_code is not None:
            self.code = http_code
        self.title = responses.get(self.code, "Unknown")
        self.explanation = msg or ""
        super().__init__()
        self.msg = msg or ""
        self.response = response

    @property
    def message(self) -> Any:
        """The same as `msg`; settable."""
        return self.msg

    @message.setter
    def message(self, value: Any) -> None:
        self.msg = value

    def __str__(self) -> str:
        return str(self.msg) or str(self.status)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.msg, self.code, None)


class _NotFoundError(WebobResourceError, errors.ResourceNotFound):
    code = 404


class _GoneError(WebobResourceError, errors.ResourceGone):
    code = 410


class _UnauthorizedError(WebobResourceError, errors.Unauthorized):
    code = 401


class _RequestFailedError(WebobResourceError, errors.RequestFailed):
    pass


_KINDS: dict[type[errors.ResourceError], type[WebobResourceError]] = {
    errors.ResourceNotFound: _NotFoundError,
    errors.ResourceGone: _GoneError,
    errors.Unauthorized: _UnauthorizedError,
    errors.RequestFailed: _RequestFailedError,
}

_lock = Lock()
_wrapped = 0
_original = Resource.request


def wrap_exceptions() -> _Wrapping:
    """Let every Resource raise WebobResourceErrors from now on.

    Returns:
        What undoes it: by its `undo()`, or at the end of a `with` block.
    """
    global _wrapped  # noqa: PLW0603 - what is wrapped is a class, of which there is one
    with _lock:
        _wrapped += 1
        Resource.request = _request  # type: ignore[method-assign]
    return _Wrapping()


class _Wrapping:
    """One call of `wrap_exceptions`; the last one to be undone brings restkit's own exceptions back."""

    _done = False

    def undo(self) -> None:
        global _wrapped  # noqa: PLW0603 - as above
        with _lock:
            if self._done:
                return
            self._done = True
            _wrapped -= 1
            if not _wrapped:
                Resource.request = _original  # type: ignore[method-assign]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.undo()


@wraps(_original)
def _request(self: Resource, *args: Any, **options: Any) -> Any:
    try:
        return _original(self, *args, **options)
    except errors.ResourceError as error:
        kind = _KINDS.get(type(error))
        if kind is None:
            raise
        raise kind(error.msg, error.status_int, error.response) from error
