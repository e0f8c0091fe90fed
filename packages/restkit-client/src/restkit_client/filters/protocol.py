"""What a filter sees of a request and a response. Structural: nothing has to be imported to write a filter.

A filter is an object with `on_request(request)`, which may return a response and so leaves the network alone, and/or
`on_response(response, request)`, which may return a request to be sent next. With the class attribute `any_origin = True` it is
also shown the hops to other origins. A filter is shared by threads and greenlets: what it remembers between the requests of one
call stands in `request.context`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from restkit_client.urls import Url
    from restkit_parser import Headers

__all__ = ["FilteredRequest", "FilteredResponse"]


class FilteredRequest(Protocol):
    """The request as filters see it: a fresh copy of what the caller gave, each time one goes out.

    Attributes:
        context: one dict for a whole call: hops, challenge answers and retries share it.
    """

    method: str
    url: str
    headers: Headers
    body: Any
    context: dict[str, Any]

    @property
    def parsed_url(self) -> Url:
        """The parts of `url`."""
        ...

    def copy(self) -> FilteredRequest:
        """A new request of what the caller gave."""
        ...


class FilteredResponse(Protocol):
    """The response as filters see it; its body is unread."""

    headers: Headers

    @property
    def status_int(self) -> int:
        """The status code."""
        ...
