"""Cookies to and from `http.cookiejar` of the standard library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from restkit_client.cookies.cookie import Cookie
from restkit_client.cookies.store import CookieJar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from http import cookiejar

__all__ = ["from_cookiejar", "to_cookiejar"]


def to_cookiejar(jar: CookieJar) -> cookiejar.CookieJar:
    """A jar of the standard library with the same cookies."""
    from http import cookiejar

    converted = cookiejar.CookieJar()
    for cookie in jar:
        converted.set_cookie(
            cookiejar.Cookie(
                version=0,
                name=cookie.name,
                value=cookie.value,
                port=None,
                port_specified=False,
                domain=_their_domain(cookie),
                domain_specified=not cookie.host_only,
                domain_initial_dot=not cookie.host_only,
                path=cookie.path,
                path_specified=True,
                secure=cookie.secure,
                expires=None if cookie.expires is None else int(cookie.expires),
                discard=cookie.expires is None,
                comment=None,
                comment_url=None,
                rest=_rest(cookie),
            )
        )
    return converted


def from_cookiejar(cookies: Iterable[cookiejar.Cookie], jar: CookieJar | None = None) -> CookieJar:
    """Put the cookies of a standard jar into a jar (a new one by default), which is returned.

    Cookies without a name, and those whose text would break a Cookie field, are left out.
    """
    jar = CookieJar() if jar is None else jar
    for cookie in cookies:
        domain = cookie.domain.lower()
        # The standard library's own name for a host without dots; taken back only where no other host can be meant.
        if domain == "localhost.local":
            domain = "localhost"
        try:
            converted = Cookie(
                cookie.name,
                cookie.value or "",
                domain=domain.removeprefix("."),
                path=cookie.path,
                expires=None if cookie.expires is None else float(cookie.expires),
                secure=cookie.secure,
                http_only=cookie.has_nonstandard_attr("HttpOnly") or cookie.has_nonstandard_attr("httponly"),
                host_only=not domain.startswith("."),
                same_site=cookie.get_nonstandard_attr("SameSite") or "",
            )
        except ValueError:
            continue
        jar.set(converted)
    return jar


def _their_domain(cookie: Cookie) -> str:
    if not cookie.host_only:
        return f".{cookie.domain}"
    return cookie.domain if "." in cookie.domain or ":" in cookie.domain else f"{cookie.domain}.local"


def _rest(cookie: Cookie) -> dict[str, str]:
    rest = {"HttpOnly": ""} if cookie.http_only else {}
    if cookie.same_site:
        rest["SameSite"] = cookie.same_site
    return rest
