"""One Digest challenge taken up, and the answers to it (RFC 7616 §3.4); used for origins and for proxies.

SHA-512-256 is SHA-512/256 of FIPS 180-4, as erratum 4897 says and servers do; RFC 7616 §3.9.2 prints a truncated SHA-512.
"""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from restkit_client.filters.challenges import quoted_string
from restkit_client.filters.digest_hash import ALGORITHMS, entity_hash, hash_of

if TYPE_CHECKING:
    from typing import Any

    from restkit_client.filters.challenges import Challenge

__all__ = ["DigestSession", "is_stale", "strongest"]


class DigestSession:
    """A challenge taken up: what stays the same while its nonces are used."""

    __slots__ = (
        "_uses",
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
        # Nonce and count in one, so that threads need no lock.
        self._uses = (given.get("nonce", ""), count(1))
        # The realm stands for the bytes that the server sent, whatever their encoding.
        realm = self.realm.encode("latin-1", "replace")
        self.ha1 = self.digest.over([f"{username}:".encode(), realm, f":{password}".encode()])
        if given.get("algorithm", "").lower().endswith("-sess"):
            # Once for the session, later nonces included (RFC 7616 §3.4.2).
            self.ha1 = self.digest(f"{self.ha1}:{self._uses[0]}:{self.cnonce}")
        self.username_parameter = self._name(username, given)
        self.fixed_parameters = [f"algorithm={given['algorithm']}"] if "algorithm" in given else []
        if "opaque" in given:
            self.fixed_parameters.append(f"opaque={quoted_string(given['opaque'])}")
        if self._hashes_name(given):
            self.fixed_parameters.append("userhash=true")

    def next_use(self) -> tuple[int, str]:
        """The nonce, and how often it is used with this time."""
        nonce, counts = self._uses
        return next(counts), nonce

    def renew(self, nonce: str) -> None:
        """Go on with another nonce, unless it is the same."""
        if nonce != self._uses[0]:
            self._uses = (nonce, count(1))

    def answer(self, method: str, target: str, body: Any, use: tuple[int, str]) -> str | None:
        """The value of Authorization (RFC 7616 §3.4), or None when the body can not be hashed for auth-int.

        Args:
            method: the request's.
            target: as its request line says it.
            body: its body, as `entity_hash` takes it.
            use: what `next_use` gave.
        """
        digest = self.digest
        number, nonce = use
        ha2 = f"{method}:{target}"
        if self.qop == "auth-int":
            body_hash = entity_hash(digest, body)
            if body_hash is None:
                return None
            ha2 = f"{ha2}:{body_hash}"
        nc = f"{number:08x}"
        middle = f"{nc}:{self.cnonce}:{self.qop}:" if self.qop else ""
        response = digest(f"{self.ha1}:{nonce}:{middle}{digest(ha2)}")
        fields = [
            self.username_parameter,
            f"realm={quoted_string(self.realm)}",
            f"nonce={quoted_string(nonce)}",
            f"uri={quoted_string(target)}",
            *self.fixed_parameters,
        ]
        if self.qop:
            fields += [f"qop={self.qop}", f"nc={nc}", f"cnonce={quoted_string(self.cnonce)}"]
        return f'Digest {", ".join(fields)}, response="{response}"'

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


def strongest(challenges: list[Challenge]) -> Challenge | None:
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


def is_stale(challenge: Challenge) -> bool:
    """Whether only the nonce was too old, and the answer right otherwise (RFC 7616 §3.3)."""
    return challenge.parameters.get("stale", "").lower() == "true"
