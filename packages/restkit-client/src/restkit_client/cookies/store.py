"""The cookie store of draft-ietf-httpbis-rfc6265bis §5.7, bounded and shared by threads.

Every decision takes time linear in what was received: the cookies stand by domain, and those with Secure also by name. Cookies are
not kept apart by port (RFC 6265 §8.5): whoever runs two services on one host lets them see each other's cookies.
"""

from __future__ import annotations

from copy import copy
from threading import Lock
from time import time
from typing import TYPE_CHECKING

from restkit_client.cookies.cookie import Cookie
from restkit_client.cookies.parsing import (
    default_path,
    domain_match,
    is_address,
    parse_set_cookie,
    path_match,
)
from restkit_client.cookies.suffixes import installed_rule
from restkit_client.errors import InvalidUrl
from restkit_client.hosts import check_host
from restkit_client.urls import split_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from restkit_client.cookies.parsing import SetCookie
    from restkit_client.urls import Url

__all__ = ["CookieJar"]

# rfc6265bis §5.5: no cookie lives longer.
MAX_AGE = 400 * 86400
# What browsers keep: 180 a domain, 3000 in all (rfc6265bis §6.1 asks for at least 50 and 3000).
MAX_PER_DOMAIN = 180
MAX_TOTAL = 3000

_Key = tuple[str, str, bool]


class CookieJar:
    """Cookies: what servers set, and what goes with a request.

    Args:
        max_per_domain: how many cookies a domain may have; the least recently used leave first, those without Secure before others.
        max_total: how many cookies in all.
        is_public_suffix: tells whether a domain is a public suffix. Default: the list of the extra `cookies`; without it, cookies
            never go beyond the host that set them.
    """

    def __init__(
        self,
        *,
        max_per_domain: int = MAX_PER_DOMAIN,
        max_total: int = MAX_TOTAL,
        is_public_suffix: Callable[[str], bool] | None = None,
    ) -> None:
        self.max_per_domain = max_per_domain
        self.max_total = max_total
        self._is_public_suffix = is_public_suffix
        self._domains: dict[str, dict[_Key, Cookie]] = {}
        self._secure_names: dict[str, dict[int, Cookie]] = {}
        self._count = 0
        self._clock = 0
        # Guards the three above; never held while anything blocks.
        self._lock = Lock()

    def receive(self, url: str, fields: Iterable[str], now: float | None = None) -> None:
        """Take what a response from a URL set.

        Args:
            url: the URL of the request.
            fields: the values of its Set-Cookie fields, in order.
            now: seconds since 1970; default: the clock.
        """
        origin = split_url(url)
        moment = time() if now is None else now
        for field in fields:
            parsed = parse_set_cookie(field)
            cookie = None if parsed is None else self._admit(parsed, origin, moment)
            if cookie is not None:
                self._put(cookie, moment, secure_origin=origin.is_ssl)

    def set(self, cookie: Cookie) -> None:
        """Put a copy of a cookie in, as if its server had set it over https; an expired one deletes."""
        self._put(copy(cookie), time(), secure_origin=True)

    def cookies_for(self, url: str, now: float | None = None) -> list[Cookie]:
        """The cookies that go with a request to a URL, in the order they are sent in (RFC 6265 §5.4)."""
        target = split_url(url)
        moment = time() if now is None else now
        with self._lock:
            found = [
                cookie for cookie in self._candidates(target.hostname) if _is_sent(cookie, target, moment)
            ]
            self._clock += 1
            for cookie in found:
                cookie.used = self._clock
        found.sort(key=lambda cookie: (-len(cookie.path), cookie.created))
        return found

    def header_for(self, url: str, now: float | None = None) -> str | None:
        """The value of the Cookie field for a URL, or None when no cookie goes there."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.cookies_for(url, now)) or None

    def clear(self, domain: str | None = None) -> None:
        """Forget all cookies, or those of a domain."""
        self._remove_where(lambda cookie: domain is None or cookie.domain == domain)

    def end_session(self) -> None:
        """Forget the cookies without an expiry, as a browser does when it is closed."""
        self._remove_where(lambda cookie: cookie.expires is None)

    def __iter__(self) -> Iterator[Cookie]:
        with self._lock:
            cookies = [cookie for stored in self._domains.values() for cookie in stored.values()]
        return iter(sorted(cookies, key=lambda cookie: cookie.created))

    def __len__(self) -> int:
        return self._count

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<CookieJar with {self._count} cookies>"

    def _admit(self, parsed: SetCookie, origin: Url, now: float) -> Cookie | None:
        """The cookie to store, or None when this origin may not set it."""
        scope = self._scope(parsed.domain, origin.hostname)
        if scope is None or (parsed.secure and not origin.is_ssl):
            return None
        domain, host_only = scope
        prefix = parsed.name[:9].lower()
        if prefix == "__secure-" and not parsed.secure:
            return None
        if prefix.startswith("__host-") and not (parsed.secure and host_only and parsed.path == "/"):
            return None
        return Cookie(
            parsed.name,
            parsed.value,
            domain=domain,
            path=parsed.path or default_path(origin.path),
            expires=_expiry(parsed, now),
            secure=parsed.secure,
            http_only=parsed.http_only,
            host_only=host_only,
            same_site=parsed.same_site,
        )

    def _scope(self, domain: str, host: str) -> tuple[str, bool] | None:
        """(domain, host-only) of a cookie from a host, or None when the host may not set it (rfc6265bis §5.7, steps 8 to 10)."""
        if not domain:
            return host, True
        try:
            domain = domain if is_address(host) else check_host(domain)
        except InvalidUrl:
            return None
        if not domain_match(host, domain):
            return None
        is_public = self._is_public_suffix or installed_rule()
        if is_public is None or is_address(host):
            return host, True
        if is_public(domain):
            return (host, True) if domain == host else None
        return domain, False

    def _put(self, cookie: Cookie, now: float, *, secure_origin: bool) -> None:
        key = (cookie.name, cookie.path, cookie.host_only)
        with self._lock:
            if not secure_origin and self._hides_secure(cookie):
                return
            old = self._domains.get(cookie.domain, {}).get(key)
            self._clock += 1
            cookie.created = self._clock if old is None else old.created
            cookie.used = self._clock
            if old is not None:
                self._remove(old)
            if cookie.expires is not None and cookie.expires <= now:
                return
            self._domains.setdefault(cookie.domain, {})[key] = cookie
            self._count += 1
            if cookie.secure:
                self._secure_names.setdefault(cookie.name, {})[id(cookie)] = cookie
            self._make_room(cookie.domain, now)

    def _hides_secure(self, cookie: Cookie) -> bool:
        """Whether http would replace or shadow a cookie that https set (rfc6265bis §5.7, 16)."""
        return any(
            (domain_match(other.domain, cookie.domain) or domain_match(cookie.domain, other.domain))
            and path_match(cookie.path, other.path)
            for other in self._secure_names.get(cookie.name, {}).values()
        )

    def _candidates(self, host: str) -> Iterator[Cookie]:
        yield from self._domains.get(host, {}).values()
        if is_address(host):
            return
        parent = host
        while parent := parent.partition(".")[2]:
            for cookie in self._domains.get(parent, {}).values():
                if not cookie.host_only:
                    yield cookie

    def _make_room(self, domain: str, now: float) -> None:
        stored = self._domains[domain]
        if len(stored) > self.max_per_domain:
            self._evict(list(stored.values()), self.max_per_domain, now)
        if self._count > self.max_total:
            self._evict(
                [cookie for each in self._domains.values() for cookie in each.values()], self.max_total, now
            )

    def _evict(self, cookies: list[Cookie], limit: int, now: float) -> None:
        """Down to nine tenths of the limit, so that a flood of cookies does not sort at each one."""
        cookies.sort(key=lambda cookie: (not cookie.is_expired(now), cookie.secure, cookie.used))
        for cookie in cookies[: len(cookies) - max(limit * 9 // 10, 1)]:
            self._remove(cookie)

    def _remove(self, cookie: Cookie) -> None:
        stored = self._domains[cookie.domain]
        del stored[cookie.name, cookie.path, cookie.host_only]
        if not stored:
            del self._domains[cookie.domain]
        if cookie.secure:
            named = self._secure_names[cookie.name]
            del named[id(cookie)]
            if not named:
                del self._secure_names[cookie.name]
        self._count -= 1

    def _remove_where(self, chosen: Callable[[Cookie], bool]) -> None:
        with self._lock:
            for cookie in [cookie for each in self._domains.values() for cookie in each.values()]:
                if chosen(cookie):
                    self._remove(cookie)


def _is_sent(cookie: Cookie, url: Url, now: float) -> bool:
    return (
        (url.is_ssl or not cookie.secure) and not cookie.is_expired(now) and path_match(url.path, cookie.path)
    )


def _expiry(parsed: SetCookie, now: float) -> float | None:
    if parsed.max_age is not None:
        return now + min(parsed.max_age, MAX_AGE) if parsed.max_age > 0 else 0.0
    return None if parsed.expires is None else min(float(parsed.expires), now + MAX_AGE)
