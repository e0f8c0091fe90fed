"""A set of addresses, written as addresses and networks (`10.0.0.0/8`, `fd00::/8`), or `*` for all."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv6Address

__all__ = ["Networks", "is_public", "parse_address"]

# Addresses that stand for an IPv4 address: through NAT64 (RFC 6052) they lead to it.
NAT64 = IPv6Network("64:ff9b::/96")


class Networks:
    """Answers `address in networks`.

    Args:
        texts: addresses, networks in CIDR notation, or "*".

    Raises:
        ValueError: something else.
    """

    __slots__ = ("_all", "_networks")

    def __init__(self, texts: Iterable[str]) -> None:
        given = (texts,) if isinstance(texts, str) else tuple(texts)
        self._all = "*" in given
        self._networks = [ip_network(text) for text in given if text != "*"]

    def __bool__(self) -> bool:
        return self._all or bool(self._networks)

    def __contains__(self, text: str) -> bool:
        if self._all:
            return True
        address = parse_address(text)
        return address is not None and any(address in network for network in self._networks)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, without its zone and as IPv4 where it is one in IPv6's dress; None for what is no address."""
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is of the internet: not private, loopback, link-local, reserved or multicast, nor a tunnel to such."""
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return True
    inner = [address.sixtofour, *(address.teredo or ())]
    if address in NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return all(is_public(each) for each in inner if each is not None)
