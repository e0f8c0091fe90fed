"""Digest authentication (RFC 7616): MD5, SHA-256, SHA-512-256, each also -sess; qop auth and auth-int, and none (RFC 2069).

A challenge is remembered for its origin, so that later requests are answered in advance with the next nonce count.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from restkit_client.filters.challenges import parse_challenges, parse_parameters
from restkit_client.filters.digest_session import DigestSession, is_stale, strongest
from restkit_client.urls import split_url

if TYPE_CHECKING:
    from restkit_client.filters.protocol import FilteredRequest, FilteredResponse
    from restkit_client.urls import Url

__all__ = ["DigestAuth"]

# One client seldom talks to more origins that ask for a digest; the oldest is asked again.
_MAX_SESSIONS = 256


class DigestAuth:
    """Answers Digest challenges of the origin that the caller asked; once each, and once more when the nonce was stale.

    Attributes:
        username: the user's name.
    """

    def __init__(self, username: str, password: str) -> None:
        if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in username + password):
            raise ValueError("control character or lone surrogate in the user name or password")
        self.username = username
        self._password = password
        self._sessions: dict[tuple[str, str, int], DigestSession] = {}
        # Guards the dict and the nonce counts; never held while anything blocks.
        self._lock = Lock()
        self._key = f"restkit.digest.{id(self)}"

    def on_request(self, request: FilteredRequest) -> None:
        """Set Authorization when the origin's challenge is known."""
        url = split_url(request.url)
        own = request.context.get(self._key, {})
        with self._lock:
            # The challenge to this very request comes first: another thread's may be newer, but not for us.
            session = own.pop("session", None) or self._sessions.get(url.origin)
            if session is None:
                return
            use = session.next_use()
        content = getattr(request, "content", request.body)
        answer = session.answer(request.method, url.target, content, use)
        if answer is not None:
            request.headers["Authorization"] = answer

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> FilteredRequest | None:
        """Answer a 401, or take the next nonce of a success."""
        url = split_url(request.url)
        if response.status_int != 401:
            self._take_next_nonce(response, url)
            return None
        challenge = strongest(parse_challenges(response.headers.get_all("WWW-Authenticate")))
        if challenge is None:
            return None
        own = request.context.setdefault(self._key, {})
        answered = own.get(url.target, 0)
        if answered >= (2 if is_stale(challenge) else 1):
            return None
        own[url.target] = answered + 1
        session = DigestSession(challenge, self.username, self._password)
        own["session"] = session
        with self._lock:
            if len(self._sessions) >= _MAX_SESSIONS:
                self._sessions.clear()
            self._sessions[url.origin] = session
        return request.copy()

    def __repr__(self) -> str:
        return f"<DigestAuth {self.username!r}>"

    def _take_next_nonce(self, response: FilteredResponse, url: Url) -> None:
        field = response.headers.get("Authentication-Info")
        if not field:
            return
        nonce = parse_parameters(field).get("nextnonce")
        with self._lock:
            session = self._sessions.get(url.origin)
            if session is not None and nonce:
                session.renew(nonce)
