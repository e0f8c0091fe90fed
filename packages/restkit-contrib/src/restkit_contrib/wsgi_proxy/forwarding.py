"""What a proxy says about the request it passes on: Via, Forwarded (RFC 7239) and the X-Forwarded-* fields.

Such fields in a request are believed of trusted proxies only, and continued; anybody else's are replaced, since
any client can send them.
"""

from __future__ import annotations

from .networks import Networks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Pair = tuple[str, str]

__all__ = ["Forwarding", "is_loop", "via"]

# What servers and frameworks believe about the client. One of them passed on unseen would be somebody's lie.
CLAIMS = frozenset({"forwarded", "x-real-ip"})


class Forwarding:
    """How the client is described to the upstream server.

    Args:
        trusted: addresses and networks of the proxies in front, whose fields are continued; "*" for any.
        enabled: whether anything is said at all.
        mounted: whether SCRIPT_NAME is left out of the path, and so is told as X-Forwarded-Prefix.
    """

    __slots__ = ("_enabled", "_mounted", "_trusted")

    def __init__(self, trusted: Iterable[str], *, enabled: bool, mounted: bool) -> None:
        self._trusted = Networks(trusted)
        self._enabled = enabled
        self._mounted = mounted

    def apply(self, environ: Mapping[str, Any], fields: list[Pair]) -> list[Pair]:
        """The fields with what is to be said; untrusted claims are gone."""
        claims: dict[str, str] = {}
        kept = []
        for pair in fields:
            name = pair[0].lower()
            if name in CLAIMS or name.startswith("x-forwarded-"):
                claims[name] = pair[1]
            else:
                kept.append(pair)
        if claims and not self._trusts(environ):
            claims = {}
        if self._enabled:
            self._describe(environ, claims)
        return kept + [(name.title(), value) for name, value in claims.items()]

    def _trusts(self, environ: Mapping[str, Any]) -> bool:
        return bool(self._trusted) and environ.get("REMOTE_ADDR", "") in self._trusted

    def _describe(self, environ: Mapping[str, Any], claims: dict[str, str]) -> None:
        client = environ.get("REMOTE_ADDR") or "unknown"
        host, scheme = environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"]
        _append(claims, "x-forwarded-for", client)
        claims.setdefault("x-forwarded-proto", scheme)
        if host:
            claims.setdefault("x-forwarded-host", host)
        if self._mounted and environ.get("SCRIPT_NAME"):
            claims.setdefault("x-forwarded-prefix", environ["SCRIPT_NAME"])
        node = f'"[{client}]"' if ":" in client else client
        _append(claims, "forwarded", f'for={node};host="{host}";proto={scheme}')


def _append(claims: dict[str, str], name: str, value: str) -> None:
    claims[name] = f"{claims[name]}, {value}" if name in claims else value


def via(environ: Mapping[str, Any], name: str) -> str:
    """This proxy's member of Via (RFC 9110 §7.6.3) for a request it received."""
    version = environ.get("SERVER_PROTOCOL", "HTTP/1.1").rpartition("/")[2]
    return f"{version} {name}"


def is_loop(environ: Mapping[str, Any], name: str) -> bool:
    """Whether a request has been through the proxy of this name before."""
    members = environ.get("HTTP_VIA", "").split(",")
    return any(name in member.split()[1:2] for member in members)
