"""Credentials from a netrc file; only when asked for, and only for the exact host of a request."""

from __future__ import annotations

import netrc
from typing import TYPE_CHECKING

from restkit_client.errors import InvalidUrl
from restkit_client.filters.basic import basic_credentials
from restkit_client.hosts import check_host
from restkit_client.urls import split_url

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

    from restkit_client.filters.protocol import FilteredRequest

__all__ = ["NetrcAuth"]


class NetrcAuth:
    """Basic authentication with the `machine` entry of the host; the `default` entry is never used: it would be sent to anybody.

    An Authorization field that the caller gave stays. The file is read once, here.

    Args:
        path: the file; default `~/.netrc`, which nobody else may be able to read.

    Raises:
        OSError: the file can not be read.
        ValueError: it is not a netrc file; the text names the line, not what stands there.
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        entries = _read(path)
        self._entries = {_host(name): entry for name, entry in entries.items() if name != "default"}

    def on_request(self, request: FilteredRequest) -> None:
        """Set Authorization when the file knows the host."""
        entry = self._entries.get(split_url(request.url).hostname)
        if entry is None or "Authorization" in request.headers:
            return
        login, _, password = entry
        request.headers["Authorization"] = basic_credentials(login or "", password or "")

    def __repr__(self) -> str:
        return f"<NetrcAuth for {len(self._entries)} hosts>"


def _read(path: str | os.PathLike[str] | None) -> Mapping[str, tuple[str, str | None, str | None]]:
    try:
        return netrc.netrc(None if path is None else str(path)).hosts
    except netrc.NetrcParseError as error:
        place = f"{error.filename}, line {error.lineno}"
    # Outside of the except clause: the parser's own error quotes a token, maybe a password, and must not be its context.
    raise ValueError(f"{place}: not a netrc file")


def _host(name: str) -> str:
    """The name as `Url` writes hosts; one that is no host name never matches."""
    try:
        return check_host(name)
    except InvalidUrl:
        return name.lower().strip("[]")
