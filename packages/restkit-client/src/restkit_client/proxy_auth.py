"""Proxy-Authorization: the credentials of a proxy's URL, for that proxy only (RFC 9110 §11.7).

Basic is sent with the first request, which saves the common proxy a refusal. Once a proxy has asked for a digest it gets digests.
"""

from __future__ import annotations

from .errors import ProxyError
from .filters.basic import basic_credentials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .filters.digest_session import DigestSession
    from .proxy_rules import ProxyUrl

__all__ = ["authorization", "take_challenge"]

# A process goes through a few proxies; a crawler with a list of them is asked again by some.
_MAX_SESSIONS = 64
_sessions: dict[ProxyUrl, DigestSession] = {}


def authorization(proxy: ProxyUrl, method: str, target: str, body: Any = None) -> str | None:
    """The value of Proxy-Authorization, or None when the proxy's URL has no credentials.

    Args:
        proxy: who gets it.
        method: the request's.
        target: as the request line says it to the proxy.
        body: the request's body, for a digest of it.

    Raises:
        ProxyError: Basic can not send these credentials.
    """
    if proxy.credentials is None:
        return None
    session = _sessions.get(proxy)
    if session is not None:
        return session.answer(method, target, body, session.next_use())
    try:
        return basic_credentials(*proxy.credentials)
    except ValueError as error:
        raise ProxyError(f"proxy {proxy}: {error}") from None


def take_challenge(proxy: ProxyUrl, fields: Iterable[str], answered: int) -> bool:
    """Whether a request that a proxy refused with 407 is to be sent once more, with what `authorization` gives now.

    Args:
        proxy: whose challenge it is.
        fields: its Proxy-Authenticate fields.
        answered: how many challenges to this request were answered before; a second answer only follows a stale nonce.
    """
    if proxy.credentials is None:
        return False
    from .filters.challenges import parse_challenges
    from .filters.digest_session import DigestSession, is_stale, strongest

    challenges = parse_challenges(fields)
    digest = strongest(challenges)
    if digest is None:
        # It took digests before and offers none now: another proxy has its address.
        known = _sessions.pop(proxy, None) is not None
        return known and not answered and any(each.scheme == "basic" for each in challenges)
    if answered >= (2 if is_stale(digest) else 1):
        return False
    if len(_sessions) >= _MAX_SESSIONS:
        _sessions.clear()
    _sessions[proxy] = DigestSession(digest, *proxy.credentials)
    return True
