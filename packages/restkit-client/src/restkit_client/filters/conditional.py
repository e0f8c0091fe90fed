"""Conditional requests (RFC 9110 §13): ask only for what has changed since the last time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restkit_client.urls import split_url

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from restkit_client.filters.protocol import FilteredRequest, FilteredResponse

__all__ = ["ConditionalFilter"]

# A request that has one of them is the caller's own affair.
_OWN_CONDITIONS = (
    "If-None-Match",
    "If-Modified-Since",
    "If-Match",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
)


class ConditionalFilter:
    """Sends the validators that a URL's last response had; a 304 is handed back to the caller, who has kept the body.

    Args:
        store: where validators are kept: a dict, or any mapping (a shelve). Keys are URLs, values dicts with "etag" and/or
            "last_modified". One store serves one set of credentials: it does not look at who asks.
    """

    def __init__(self, store: MutableMapping[str, dict[str, str]]) -> None:
        self.store = store
        self._key = f"restkit.conditional.{id(self)}"

    def on_request(self, request: FilteredRequest) -> None:
        """Add If-None-Match and If-Modified-Since to a GET or HEAD."""
        # A later filter may change the URL (OAuth signs in the query): what is stored belongs to this one.
        url = split_url(request.url)
        key = f"{url.scheme}://{url.netloc}{url.target}"
        request.context[self._key] = key
        if request.method not in ("GET", "HEAD") or any(name in request.headers for name in _OWN_CONDITIONS):
            return
        validators = self.store.get(key) or {}
        if "etag" in validators:
            request.headers["If-None-Match"] = validators["etag"]
        if "last_modified" in validators:
            request.headers["If-Modified-Since"] = validators["last_modified"]

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> None:
        """Keep the validators of a full answer to a GET; forget those of what is gone or must not be stored."""
        key = request.context.get(self._key)
        if key is None or request.method != "GET" or response.status_int not in (200, 404, 410):
            return
        validators = {}
        if response.status_int == 200 and "no-store" not in response.headers.get("Cache-Control", "").lower():
            for name, field in (("etag", "ETag"), ("last_modified", "Last-Modified")):
                value = response.headers.get(field)
                if value:
                    validators[name] = value
        if validators:
            self.store[key] = validators
        else:
            self.store.pop(key, None)

    def __repr__(self) -> str:
        return "<ConditionalFilter>"
