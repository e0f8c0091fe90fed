"""Bearer tokens (RFC 6750)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from restkit_client.filters.protocol import FilteredRequest, FilteredResponse

__all__ = ["BearerAuth"]


class BearerAuth:
    """Sends a token with every request to the origin that the caller asked.

    Args:
        token: the token, or a callable without arguments that gives one. The callable is asked once, and again after a 401, at most
            once a call of the client; it may be asked by two threads at the same time.
    """

    def __init__(self, token: str | Callable[[], str]) -> None:
        self._source = None if isinstance(token, str) else token
        self._token = _check(token) if isinstance(token, str) else None
        self._key = f"restkit.bearer.{id(self)}"

    def on_request(self, request: FilteredRequest) -> None:
        """Set Authorization, in place of one that is there."""
        token = self._token
        if token is None:
            token = self._fetch()
        request.context.setdefault(self._key, {})["used"] = token
        request.headers["Authorization"] = f"Bearer {token}"

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> FilteredRequest | None:
        """After a 401, try once more with a new token."""
        own = request.context.get(self._key, {})
        if response.status_int != 401 or self._source is None or "used" not in own or own.get("refreshed"):
            return None
        own["refreshed"] = True
        if self._token == own["used"]:
            # Otherwise another thread has a newer one already.
            self._fetch()
        return request.copy()

    def __repr__(self) -> str:
        return "<BearerAuth>"

    def _fetch(self) -> str:
        """Ask the callable. No lock: it may block, and greenlets of one thread would wait for each other for ever."""
        if self._source is None:
            raise ValueError("there is no bearer token")
        token = _check(self._source())
        self._token = token
        return token


def _check(token: str) -> str:
    if not isinstance(token, str) or not token:
        raise ValueError("a bearer token is a str, and not empty")
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ValueError("a bearer token has only printable ASCII characters and no blank")
    return token
