"""One cookie."""

from __future__ import annotations

__all__ = ["Cookie"]

# What would end the pair or the field; the rest of the controls never were cookies, but for the tab (rfc6265bis §5.6).
_REFUSED_IN_VALUE = frozenset(map(chr, (*range(0x20), 0x7F))) - {"\t"} | {";"}
_REFUSED_IN_NAME = _REFUSED_IN_VALUE | {"="}


class Cookie:
    """A cookie and where it goes.

    Attributes:
        name: the name, never empty.
        value: the value, as the server sent it; quotes are part of it. A secret: not in `repr`.
        domain: the host, or the domain when `host_only` is false; lower case, no dot in front.
        path: the path it goes to, and everything below.
        expires: seconds since 1970, or None: it lives as long as the jar.
        secure: whether it goes to https only.
        http_only: noted; a client has no scripts to hide it from.
        host_only: whether subdomains do not get it.
        same_site: "Strict", "Lax", "None" or "": noted; a client has no sites to tell apart.
        created: order of creation in its jar.
        used: order of the last use in its jar.

    Raises:
        ValueError: a name or value that would break the Cookie field.
    """

    __slots__ = (
        "created",
        "domain",
        "expires",
        "host_only",
        "http_only",
        "name",
        "path",
        "same_site",
        "secure",
        "used",
        "value",
    )

    def __init__(
        self,
        name: str,
        value: str,
        *,
        domain: str,
        path: str = "/",
        expires: float | None = None,
        secure: bool = False,
        http_only: bool = False,
        host_only: bool = True,
        same_site: str = "",
    ) -> None:
        if not name or not _REFUSED_IN_NAME.isdisjoint(name) or max(name) > "\xff":
            raise ValueError(f"not a cookie's name: {name!r}")
        if not _REFUSED_IN_VALUE.isdisjoint(value) or max(value, default="") > "\xff":
            raise ValueError(
                f"the value of the cookie {name!r} holds a control character, a semicolon, or text beyond latin-1"
            )
        self.name = name
        self.value = value
        self.domain = domain
        self.path = path
        self.expires = expires
        self.secure = secure
        self.http_only = http_only
        self.host_only = host_only
        self.same_site = same_site
        self.created = 0
        self.used = 0

    def is_expired(self, now: float) -> bool:
        """Whether it must not be sent any more at a moment, in seconds since 1970."""
        return self.expires is not None and self.expires <= now

    def __repr__(self) -> str:
        return f"<Cookie {self.name} for {'' if self.host_only else '*.'}{self.domain}{self.path}>"
