"""The cookie file of Netscape, curl and wget: one cookie a line, seven fields between tabs.

    domain  include-subdomains  path  secure  expires  name  value

`#HttpOnly_` in front of the domain marks those; an expiry of 0 is a session's cookie.
"""

from __future__ import annotations

import os
from pathlib import Path
from time import time
from typing import TYPE_CHECKING

from restkit_client.cookies.cookie import Cookie
from restkit_client.errors import InvalidUrl
from restkit_client.hosts import check_host

if TYPE_CHECKING:
    from restkit_client.cookies.store import CookieJar

__all__ = ["load_netscape", "save_netscape"]

_HEADER = "# Netscape HTTP Cookie File\n# Written by restkit. Edit at your own risk.\n\n"
_HTTP_ONLY = "#HttpOnly_"


def save_netscape(jar: CookieJar, path: str | os.PathLike[str]) -> None:
    """Write a jar's cookies, so that a reader sees the old file or the new one, and nobody but the owner may read it.

    Cookies that the format can not hold (a tab in them) are left out.

    Raises:
        OSError: the file can not be written; the old one is untouched.
    """
    now = time()
    lines = [line for cookie in jar if not cookie.is_expired(now) and (line := _write_line(cookie))]
    data = (_HEADER + "".join(lines)).encode("latin-1")
    target = Path(path)
    temporary = target.with_name(f"{target.name}.{os.urandom(8).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        temporary.unlink()
        raise


def load_netscape(jar: CookieJar, path: str | os.PathLike[str]) -> int:
    """Put a file's cookies into a jar; expired ones and lines that are no cookie are passed over.

    Returns:
        How many cookies were taken.

    Raises:
        OSError: the file can not be read.
    """
    now = time()
    taken = 0
    with Path(path).open(encoding="latin-1", newline="\n") as file:
        for line in file:
            cookie = _read_line(line.rstrip("\r\n"))
            if cookie is not None and not cookie.is_expired(now):
                jar.set(cookie)
                taken += 1
    return taken


def _write_line(cookie: Cookie) -> str | None:
    fields = (
        f"{_HTTP_ONLY if cookie.http_only else ''}{'' if cookie.host_only else '.'}{cookie.domain}",
        "FALSE" if cookie.host_only else "TRUE",
        cookie.path,
        "TRUE" if cookie.secure else "FALSE",
        "0" if cookie.expires is None else str(int(cookie.expires)),
        cookie.name,
        cookie.value,
    )
    return None if any("\t" in field for field in fields) else "\t".join(fields) + "\n"


def _read_line(line: str) -> Cookie | None:
    http_only = line.startswith(_HTTP_ONLY)
    line = line.removeprefix(_HTTP_ONLY)
    fields = line.split("\t")
    # curl leaves an empty value out.
    if line.startswith("#") or not 6 <= len(fields) <= 7:
        return None
    domain, subdomains, path, secure, expires, name = fields[:6]
    try:
        seconds = int(expires)
        return Cookie(
            name,
            fields[6] if len(fields) == 7 else "",
            domain=_check_domain(domain.removeprefix(".")),
            path=path if path.startswith("/") else "/",
            expires=float(seconds) if seconds else None,
            secure=secure.upper() == "TRUE",
            http_only=http_only,
            host_only=subdomains.upper() != "TRUE",
        )
    except (ValueError, InvalidUrl):
        return None


def _check_domain(domain: str) -> str:
    return domain if ":" in domain else check_host(domain)
