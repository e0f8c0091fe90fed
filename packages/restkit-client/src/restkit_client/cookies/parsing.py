"""Set-Cookie fields, read as draft-ietf-httpbis-rfc6265bis §5.6 says; and the matching of domains and paths.

A cookie without a name ("=v" or "v") is dropped, as in RFC 6265 §5.2: a bare value in a Cookie field can be read as anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from restkit_client.cookies.dates import parse_cookie_date

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SetCookie", "default_path", "domain_match", "is_address", "parse_set_cookie", "path_match"]

# rfc6265bis §5.6: a longer pair is dropped, a longer attribute ignored.
PAIR_LIMIT = 4096
ATTRIBUTE_LIMIT = 1024

_CONTROLS = dict.fromkeys((*range(0x09), *range(0x0A, 0x20), 0x7F))
_SAME_SITE = {"strict": "Strict", "lax": "Lax", "none": "None"}
_DIGITS = frozenset("0123456789")


class SetCookie(NamedTuple):
    """A Set-Cookie field.

    Attributes:
        domain: lower case, without a dot in front; "" when there was none, or an empty one.
        path: "" when there was none, or one that does not start with a slash.
        max_age: seconds from now, or None; it comes before `expires`.
        expires: seconds since 1970, or None.
        same_site: "Strict", "Lax", "None", or "" when there was none.
    """

    name: str
    value: str
    domain: str = ""
    path: str = ""
    max_age: int | None = None
    expires: int | None = None
    secure: bool = False
    http_only: bool = False
    same_site: str = ""


def parse_set_cookie(text: str) -> SetCookie | None:
    """The cookie of one Set-Cookie field, or None when it is to be ignored."""
    if text.translate(_CONTROLS) != text or max(text, default="") > "\xff":
        return None
    pair, _, rest = text.partition(";")
    name, mark, value = pair.partition("=")
    name, value = name.strip(" \t"), value.strip(" \t")
    if not mark or not name or len(name) + len(value) > PAIR_LIMIT:
        return None
    return _with_attributes(SetCookie(name, value), rest)


def _with_attributes(cookie: SetCookie, text: str) -> SetCookie:
    """The last attribute of a name counts, but one that can not be read does not count at all."""
    found: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        name, value = name.strip(" \t").lower(), value.strip(" \t")
        if len(value) <= ATTRIBUTE_LIMIT and (name not in _READABLE or _READABLE[name](value)):
            found[name] = value
    path = found.get("path", "")
    return cookie._replace(
        domain=found.get("domain", "").removeprefix(".").lower(),
        path=path if path.startswith("/") else "",
        max_age=int(found["max-age"]) if "max-age" in found else None,
        expires=parse_cookie_date(found["expires"]) if "expires" in found else None,
        secure="secure" in found,
        http_only="httponly" in found,
        same_site=_SAME_SITE.get(found.get("samesite", "").lower(), ""),
    )


def _is_max_age(value: str) -> bool:
    digits = value.removeprefix("-")
    return bool(digits) and _DIGITS.issuperset(digits)


def _is_date(value: str) -> bool:
    return parse_cookie_date(value) is not None


_READABLE: dict[str, Callable[[str], bool]] = {"max-age": _is_max_age, "expires": _is_date}


def domain_match(host: str, domain: str) -> bool:
    """Whether a host is a domain or under it (RFC 6265 §5.1.3); an address only matches itself."""
    host, domain = host.lower(), domain.lower()
    return host == domain or (host.endswith(f".{domain}") and not is_address(host))


def path_match(path: str, cookie_path: str) -> bool:
    """Whether a path is at or below a cookie's path (RFC 6265 §5.1.4)."""
    return path == cookie_path or (
        path.startswith(cookie_path) and (cookie_path.endswith("/") or path[len(cookie_path)] == "/")
    )


def default_path(path: str) -> str:
    """The path of a cookie that names none: the folder of the URL's path (RFC 6265 §5.1.4)."""
    return (path.rpartition("/")[0] or "/") if path.startswith("/") else "/"


def is_address(host: str) -> bool:
    """Whether a host, as `Url` gives it, is an IP address: such a host ends in a number or holds a colon."""
    return ":" in host or _DIGITS.issuperset(host.rpartition(".")[2])
