"""Where a TransparentProxy may go, so that it is no way into its own network (server-side request forgery).

The address is judged when it is connected to, not when the name is looked up for the judgement: between two look-ups
a name may change what it stands for.
"""

from __future__ import annotations

from restkit_client.urls import split_url

from .networks import Networks, is_public, parse_address
from .refusals import Refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

__all__ = ["AllowedHosts"]


class AllowedHosts:
    """The hosts and networks that may be reached.

    Args:
        entries: `host`, `host:port`, addresses, networks in CIDR notation, or "*"; None for any public address.

    Raises:
        ValueError: an entry is none of these.
    """

    def __init__(self, entries: Iterable[str] | None) -> None:
        given = [entries] if isinstance(entries, str) else None if entries is None else list(entries)
        self._public = given is None
        self._hosts: set[tuple[str, int | None]] = set()
        networks = []
        for entry in given or ():
            if entry == "*" or "/" in entry:
                networks.append(entry)
            else:
                self._hosts.add(_host_and_port(entry))
        self._networks = Networks(networks)

    def names(self, host: str, port: int) -> bool:
        """Whether a host is listed by its name: then it may have any address."""
        return (host, port) in self._hosts or (host, None) in self._hosts

    def check_address(self, address: Any) -> None:
        """Refuse the address of a socket that is about to be connected (the client's `on_connect`).

        Raises:
            Refusal: 403, naming the setting.
        """
        text = str(address[0])
        parsed = parse_address(text)
        if text in self._networks or (self._public and parsed is not None and is_public(parsed)):
            return
        raise Refusal(403, "this proxy does not go there: the owner can list the host in allowed_hosts")

    def checked(self, on_connect: Callable[[Any], None] | None) -> Callable[[Any], None]:
        """A callable for `on_connect` that checks, and then asks the caller's own one if there is one."""
        if on_connect is None:
            return self.check_address
        own = on_connect

        def both(address: Any) -> None:
            self.check_address(address)
            own(address)

        return both


def _host_and_port(entry: str) -> tuple[str, int | None]:
    # A bare IPv6 address has no brackets in a list.
    text = f"[{entry}]" if entry.count(":") > 1 and not entry.startswith("[") else entry
    url = split_url(f"http://{text}/")
    if any(mark in entry for mark in "/?#@"):
        raise ValueError(f"allowed_hosts: {entry!r} is no host, host:port, network or '*'")
    has_port = text.rpartition("]")[2].partition(":")[1] or False
    return url.host, url.port if has_port else None
