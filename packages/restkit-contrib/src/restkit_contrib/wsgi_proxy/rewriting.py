"""What upstream says about places, told as the front's clients know them: Location, Content-Location, Set-Cookie."""

from __future__ import annotations

from restkit_client.errors import InvalidUrl
from restkit_client.urls import split_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Pair = tuple[str, str]

__all__ = ["Mount"]


class Mount:
    """An upstream place, and where the front's clients find it.

    Args:
        origins: (scheme, host, port) of those that mean the upstream server.
        inner: the path of the place there, without a slash at its end.
        front: scheme and authority that the client asked: "http://front:8000".
        outer: the path of the place here, without a slash at its end.
    """

    __slots__ = ("front", "inner", "origins", "outer")

    def __init__(self, origins: tuple[Any, ...], inner: str, front: str, outer: str) -> None:
        self.origins = origins
        self.inner = inner
        self.front = front
        self.outer = outer

    def location(self, value: str) -> str:
        """A URI reference (RFC 9110 §10.2.2) as the front's clients need it; what names another place stays as it is."""
        if value.startswith("/") and not value.startswith("//"):
            return self._path(value) or value
        if "://" not in value:
            return value
        try:
            origin = split_url(value).origin
        except InvalidUrl:
            return value
        if origin not in self.origins:
            return value
        rest = value.partition("://")[2]
        end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
        path = self._path(rest[end:] if rest[end : end + 1] == "/" else "/" + rest[end:])
        return value if path is None else self.front + path

    def _path(self, path: str) -> str | None:
        """The same place in the front's paths; None when the front does not reach it."""
        if path == self.inner or path.startswith((self.inner + "/", self.inner + "?", self.inner + "#")):
            return self.outer + path[len(self.inner) :] or "/"
        return None

    def set_cookie(self, value: str) -> str:
        """A Set-Cookie value (RFC 6265 §4.1) for the front: its own host and its own path."""
        hosts = {host for _, host, _ in self.origins}
        pair, *attributes = value.split(";")
        kept = [pair]
        for attribute in attributes:
            name, _, text = attribute.partition("=")
            kind, text = name.strip().lower(), text.strip()
            if kind == "domain" and any(_covers(text.lower().lstrip("."), host) for host in hosts):
                continue
            if kind == "path" and text.startswith("/"):
                inner = self.inner if text == self.inner or text.startswith(self.inner + "/") else ""
                kept.append(f" Path={self.outer + text[len(inner) :] or '/'}")
            else:
                kept.append(attribute)
        return ";".join(kept)

    def rewrite(self, fields: list[Pair], *, cookies: bool) -> list[Pair]:
        """The response's fields with the places changed; Set-Cookie only when `cookies`."""
        if self.inner == self.outer and split_url(self.front).origin in self.origins:
            return fields
        changed = []
        for name, value in fields:
            kind = name.lower()
            if kind in ("location", "content-location"):
                changed.append((name, self.location(value)))
            elif cookies and kind == "set-cookie":
                changed.append((name, self.set_cookie(value)))
            else:
                changed.append((name, value))
        return changed


def _covers(domain: str, host: str) -> bool:
    return host == domain or host.endswith("." + domain)
