"""`auth=` objects for requests and httpx, which neither of them is needed to import."""

from __future__ import annotations

from .body import is_form
from .errors import Error
from .filter import OAuthFilter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .credentials import Consumer, Token

__all__ = ["HttpxAuth", "RequestsAuth"]


class RequestsAuth:
    """`requests.get(url, auth=RequestsAuth(consumer, token))`; options as those of `OAuthFilter`."""

    def __init__(self, consumer: Consumer, token: Token | None = None, **options: Any) -> None:
        self.filter = OAuthFilter("*", consumer, token, **options)

    def __call__(self, request: Any) -> Any:
        """Sign a prepared request; requests does not ask again when it follows a redirect."""
        self.filter.sign(request)
        return request


class HttpxAuth:
    """`httpx.get(url, auth=HttpxAuth(consumer, token))`; options as those of `OAuthFilter`, but not "body"."""

    def __init__(self, consumer: Consumer, token: Token | None = None, **options: Any) -> None:
        self.filter = OAuthFilter("*", consumer, token, **options)
        if self.filter.placement in ("body", "4.2"):
            raise Error('httpx has sealed the body before it is signed: use placement="header" or "query".')

    def __call__(self, request: Any) -> Any:
        """Sign a request; a body that is not in memory is read for it."""
        seen = Seen(request)
        if self.filter.body_hash or is_form(request.headers.get("Content-Type")):
            # What only an event loop can read is left to the filter to refuse.
            seen.body = request.read() if hasattr(request.stream, "__iter__") else request.stream
        self.filter.sign(seen)
        if seen.url != str(request.url):
            request.url = type(request.url)(seen.url)
        return request


class Seen:
    """A httpx request as the filter wants it: its URL is text."""

    def __init__(self, request: Any) -> None:
        self.method = request.method
        self.url = str(request.url)
        self.headers = request.headers
        self.body: Any = None
