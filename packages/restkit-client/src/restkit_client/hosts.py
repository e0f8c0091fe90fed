"""The authority of a URL: the host as it is looked up, and the port; one reading, or an error.

Whoever checks a host against a list sees the same text as whoever connects to it: ASCII and lower case, internationalised
names as A-labels (RFC 5891), IPv4 only as four decimal numbers, IPv6 in its shortest form (RFC 5952) with the zone id apart.
"""

from __future__ import annotations

from restkit_client.errors import InvalidUrl

__all__ = ["check_host", "show", "split_authority"]

# Letters, digits and hyphen are RFC 952's; the underscore is no host name's, but stands in many (service names, containers).
_HOST_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_ZONE_CHARS = _HOST_CHARS | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ~")
_DIGITS = frozenset("0123456789")

# RFC 1035 §2.3.4: 253 characters without the dot at the end, 63 a label.
_HOST_LIMIT = 254
_LABEL_LIMIT = 63


def split_authority(authority: str, *, secret: bool) -> tuple[str, str, int | None]:
    """Host, zone id and port of an authority without userinfo.

    With `secret` an "@" follows somewhere: what looks like a port may be a password with a raw "/", so it is not shown.
    """
    zone = ""
    if authority.startswith("["):
        inside, bracket, rest = authority[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise InvalidUrl(f"brackets of the IPv6 address do not match: {show(authority)}")
        host, zone = _check_ipv6(inside)
        port = rest[1:]
    else:
        host, _, port = authority.partition(":")
        host = check_host(host)
    if not port:
        return host, zone, None
    if not _DIGITS.issuperset(port):
        raise InvalidUrl(f"nonnumeric port: {'***' if secret else show(port)}")
    port = port.lstrip("0")
    if not port or len(port) > 5 or int(port) > 65535:
        raise InvalidUrl(f"the port is not between 1 and 65535: {show(port or '0')}")
    return host, zone, int(port)


def check_host(host: str) -> str:
    """A registered name or an IPv4 address, in ASCII and lower case."""
    if len(host) > _HOST_LIMIT:
        raise InvalidUrl(f"the host is longer than {_HOST_LIMIT} characters: {show(host)}")
    host = host.lower() if host.isascii() else _to_a_labels(host)
    if not _HOST_CHARS.issuperset(host):
        raise InvalidUrl(f"a character that no host name has: {show(host)}")
    labels = host.removesuffix(".").split(".")
    if "" in labels or max(map(len, labels)) > _LABEL_LIMIT or len(host) > _HOST_LIMIT:
        raise InvalidUrl(f"an empty or too long label in the host: {show(host)}")
    # The name look-up would read 127.1, 0x7f.1 and 2130706433 as an address: not what a policy check reads.
    last = labels[-1]
    if _DIGITS.issuperset(last) or last.startswith("0x"):
        _check_ipv4(host)
    return host


def _check_ipv4(host: str) -> None:
    parts = host.split(".")
    if len(parts) != 4 or not all(
        part and len(part) <= 3 and _DIGITS.issuperset(part) and str(int(part)) == part and int(part) < 256
        for part in parts
    ):
        raise InvalidUrl(f"an IPv4 address has four decimal numbers: {show(host)}")


def _check_ipv6(text: str) -> tuple[str, str]:
    """The address in its shortest form (RFC 5952) and its zone id."""
    from ipaddress import IPv6Address

    address, mark, zone = text.partition("%")
    # RFC 6874 writes the "%" as %25; everybody else types it.
    zone = zone.removeprefix("25")
    if mark and (not zone or not _ZONE_CHARS.issuperset(zone)):
        raise InvalidUrl(f"the zone id of the IPv6 address is not usable: {show(text)}")
    try:
        return str(IPv6Address(address)), zone
    except ValueError:
        raise InvalidUrl(f"not an IPv6 address: {show(text)}") from None


def _to_a_labels(host: str) -> str:
    import idna

    try:
        return idna.encode(host, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError) as error:
        raise InvalidUrl(f"the host is no internationalised name: {show(host)} ({error})") from None


def show(text: str) -> str:
    """The wrong part for a message; cut, since it may be megabytes."""
    return repr(text if len(text) <= 80 else text[:77] + "...")
