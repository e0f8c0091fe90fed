"""Cookies: the rules of draft-ietf-httpbis-rfc6265bis, a jar, files shared with curl, and the filter that sends and takes them.

    jar = CookieJar()
    client = Client(filters=[CookieFilter(jar)])

Layers: dates ← parsing ← store (with cookie and suffixes) ← netscape, stdlib, filter.
"""

from __future__ import annotations

from restkit_client.cookies.cookie import Cookie
from restkit_client.cookies.filter import CookieFilter
from restkit_client.cookies.netscape import load_netscape, save_netscape
from restkit_client.cookies.stdlib import from_cookiejar, to_cookiejar
from restkit_client.cookies.store import CookieJar

__all__ = [
    "Cookie",
    "CookieFilter",
    "CookieJar",
    "from_cookiejar",
    "load_netscape",
    "save_netscape",
    "to_cookiejar",
]
