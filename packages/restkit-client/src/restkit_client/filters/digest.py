"""Digest authentication (RFC 7616): MD5, SHA-256, SHA-512-256, each also -sess; qop auth and auth-int, and none (RFC 2069).

SHA-512-256 is SHA-512/256 of FIPS 180-4, as erratum 4897 says and servers do; RFC 7616 §3.9.2 prints a truncated SHA-512.

A challenge is remembered for its origin, so that later requests are answered in advance with the next nonce count.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from restkit_client.filters.challenges import parse_challenges, parse_parameters, quoted_string
from restkit_client.filters.digest_hash import ALGORITHMS, entity_hash, hash_of
from restkit_client.urls import split_url

if TYPE_CHECKING:
    from restkit_client.filters.challenges import Challenge
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
        self._sessions: dict[tuple[str, str, int], _Session] = {}
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
            count, nonce = session.next_use()
        answer = self._answer(session, count, nonce, request, url)
        if answer is not None:
            request.headers["Authorization"] = answer

    def on_response(self, response: FilteredResponse, request: FilteredRequest) -> FilteredRequest | None:
        """Answer a 401, or take the next nonce of a success."""
        url = split_url(request.url)
        if response.status_int != 401:
            self._take_next_nonce(response, url)
            return None
        challenge = _strongest(parse_challenges(response.headers.get_all("WWW-Authenticate")))
        if challenge is None:
            return None
        own = request.context.setdefault(self._key, {})
        answered = own.get(url.target, 0)
        stale = challenge.parameters.get("stale", "").lower() == "true"
        if answered >= (2 if stale else 1):
            return None
        own[url.target] = answered + 1
        session = _Session(challenge, self.username, self._password)
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

    def _answer(
        self, session: _Session, count: int, nonce: str, request: FilteredRequest, url: Url
    ) -> str | None:
        """The value of Authorization (RFC 7616 §3.4), or None when the body can not be hashed for auth-int."""
        digest = session.digest
        ha2 = f"{request.method}:{url.target}"
        if session.qop == "auth-int":
            body_hash = entity_hash(digest, getattr(request, "content", request.body))
            if body_hash is None:
                return None
            ha2 = f"{ha2}:{body_hash}"
        nc = f"{count:08x}"
        middle = f"{nc}:{session.cnonce}:{session.qop}:" if session.qop else ""
        response = digest(f"{session.ha1}:{nonce}:{middle}{digest(ha2)}")
        fields = [
            session.username_parameter,
            f"realm={quoted_string(session.realm)}",
            f"nonce={quoted_string(nonce)}",
            f"uri={quoted_string(url.target)}",
            *session.fixed_parameters,
        ]
        if session.qop:
            fields += [f"qop={session.qop}", f"nc={nc}", f"cnonce={quoted_string(session.cnonce)}"]
        return f'Digest {", ".join(fields)}, response="{response}"'


class _Session:
    """A challenge taken up: what stays the same while its nonces are used."""

    __slots__ = (
        "_count",
        "_nonce",
        "cnonce",
        "digest",
        "fixed_parameters",
        "ha1",
        "qop",
        "realm",
        "username_parameter",
    )

    def __init__(self, challenge: Challenge, username: str, password: str) -> None:
        given = challenge.parameters
        self.digest = hash_of(given.get("algorithm", "MD5"))
        self.realm = given.get("realm", "")
        self.qop = _choose_qop(given)
        # 128 bits: nobody meets the same one twice.
        self.cnonce = os.urandom(16).hex()
        self._nonce = given.get("nonce", "")
        self._count = 0
        # The realm stands for the bytes that the server sent, whatever their encoding.
        realm = self.realm.encode("latin-1", "replace")
        self.ha1 = self.digest.over([f"{username}:".encode(), realm, f":{password}".encode()])
        if given.get("algorithm", "").lower().endswith("-sess"):
            # Once for the session, later nonces included (RFC 7616 §3.4.2).
            self.ha1 = self.digest(f"{self.ha1}:{self._nonce}:{self.cnonce}")
        self.username_parameter = self._name(username, given)
        self.fixed_parameters = [f"algorithm={given['algorithm']}"] if "algorithm" in given else []
        if "opaque" in given:
            self.fixed_parameters.append(f"opaque={quoted_string(given['opaque'])}")
        if self._hashes_name(given):
            self.fixed_parameters.append("userhash=true")

    def next_use(self) -> tuple[int, str]:
        self._count += 1
        return self._count, self._nonce

    def renew(self, nonce: str) -> None:
        if nonce != self._nonce:
            self._nonce = nonce
            self._count = 0

    def _name(self, username: str, given: dict[str, str]) -> str:
        if self._hashes_name(given):
            hashed = self.digest.over([f"{username}:".encode(), self.realm.encode("latin-1", "replace")])
            return f'username="{hashed}"'
        if username.isascii():
            return f"username={quoted_string(username)}"
        if given.get("charset", "").lower() == "utf-8":
            return f"username*=UTF-8''{quote(username, safe='')}"
        # A server from before RFC 7616: the bytes as they are hashed.
        return f"username={quoted_string(username.encode().decode('latin-1'))}"

    @staticmethod
    def _hashes_name(given: dict[str, str]) -> bool:
        return given.get("userhash", "").lower() == "true"


def _choose_qop(given: dict[str, str]) -> str:
    """What to answer with: auth before auth-int, which has to read the whole body; "" when the server names none (RFC 2069)."""
    offered = _offered_qops(given)
    return "auth" if "auth" in offered else "auth-int" if "auth-int" in offered else ""


def _offered_qops(given: dict[str, str]) -> set[str]:
    return {qop.strip(" \t").lower() for qop in given["qop"].split(",")} if given.get("qop") else set()


def _strongest(challenges: list[Challenge]) -> Challenge | None:
    """The Digest challenge with the best algorithm that can be answered: a list may be tampered with to weaken it."""
    usable = [challenge for challenge in challenges if challenge.scheme == "digest" and _is_usable(challenge)]
    return max(usable, key=_strength, default=None)


def _strength(challenge: Challenge) -> int:
    return ALGORITHMS.get(challenge.parameters.get("algorithm", "MD5").lower(), -1)


def _is_usable(challenge: Challenge) -> bool:
    given = challenge.parameters
    if not given.get("nonce") or _strength(challenge) < 0:
        return False
    if not _offered_qops(given):
        # RFC 2069 sends no client nonce, of which a session key is made.
        return not given.get("algorithm", "").lower().endswith("-sess")
    return bool(_choose_qop(given))
