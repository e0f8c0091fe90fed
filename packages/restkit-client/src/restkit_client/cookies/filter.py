"""The filter that sends a jar's cookies and takes what servers set."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restkit_client.cookies.store import CookieJar

if TYPE_CHECKING:
    from restkit_client.filters.protocol import FilteredRequest, FilteredResponse

__all__ = ["CookieFilter"]


class CookieFilter:
    """Cookies across requests and redirects. Last in a list of filters it also sees answers that another one answers.

    Attributes:
        jar: the cookies; one jar may serve several clients.
    """

    # The jar itself knows which origin gets which cookie.
    any_origin = True

    def __init__(self, jar: CookieJar | None = None) -> None:
        self.jar = CookieJar() if jar is None else jar

    def on_request(self, request: FilteredRequest) -> None:
        """Add the jar's cookies to those that the caller gave; the caller's come first and win."""
        given = request.headers.get("Cookie")
        pairs = [given] if given else []
        names = {pair.partition("=")[0].strip(" \t") for pair in given.split(";")} if given else set()
        pairs += [
            f"{cookie.name}={cookie.value}"
            for cookie in self.jar.cookies_for(request.url)
            if cookie.name not in names
        ]
        if pairs:
            request.headers["Cookie"] = "; ".join(pairs)

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> None:
        """Take the response's Set-Cookie fields."""
        fields = response.headers.get_all("Set-Cookie")
        if fields:
            self.jar.receive(request.url, fields)
