"""Which proxy a URL goes through: one pure function over the URL and the environment, and the reading of proxy URLs.

    http_proxy, https_proxy     for URLs of that scheme; upper case too
    all_proxy, ALL_PROXY        for both schemes
    no_proxy, NO_PROXY          what is reached directly: see `bypasses`

Lower case comes first. The first variable that is set decides; when it is empty, the URL is reached directly. HTTP_PROXY is ignored
in a CGI process (REQUEST_METHOD is set), where the field `Proxy:` of any visitor's request becomes that variable ("httpoxy").
"""

from __future__ import annotations

import os

from restkit_client.errors import InvalidUrl
from restkit_client.hosts import check_host, show, split_authority
from restkit_client.urls import cut_userinfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import NoReturn

    from restkit_client.urls import Url

    # (version, number), so that the ipaddress module is imported only when an address or a network is in play.
    _Address = tuple[int, int]
    _Matcher = Callable[[str, _Address | None], bool]
    # What matches, and the port it is for, None for any.
    _Rule = tuple[_Matcher, int | None]

__all__ = ["ProxyUrl", "bypasses", "parse_proxy", "proxy_for"]

# 1080: RFC 1928 §3, and what everybody else uses for SOCKS.
DEFAULT_PORTS = {"http": 80, "https": 443, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}

# A process has one no_proxy, a test run some dozens; of one company's names and networks, not of megabytes.
_MEMO_ENTRIES = 64
_MEMO_LENGTH = 16384
_memo: dict[str, tuple[_Rule, ...]] = {}


class ProxyUrl:
    """A proxy; immutable, and usable as part of a pool's key: equal only when the credentials are.

    Attributes:
        scheme: "http", "https", "socks4a", "socks5" or "socks5h".
        host: as `Url.hostname`: ASCII, lower case, IPv6 without brackets.
        port: the port, the scheme's default when the URL names none.
        credentials: (user, password) or None; never in `repr`.
    """

    __slots__ = ("credentials", "host", "port", "scheme")

    scheme: str
    host: str
    port: int
    credentials: tuple[str, str] | None

    def __init__(self, scheme: str, host: str, port: int, credentials: tuple[str, str] | None = None) -> None:
        for name, value in zip(
            ("scheme", "host", "port", "credentials"), (scheme, host, port, credentials), strict=True
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a ProxyUrl can not be changed: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a ProxyUrl can not be changed: {name}")

    @property
    def netloc(self) -> str:
        """Host and port, IPv6 in brackets: what an error may say."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_socks(self) -> bool:
        """Whether it speaks SOCKS, and so never HTTP."""
        return self.scheme.startswith("socks")

    def forwards(self, url: Url) -> bool:
        """Whether a request for the URL itself goes to the proxy, and not through a tunnel."""
        return not (url.is_ssl or self.is_socks)

    def geturl(self) -> str:
        """The URL without credentials."""
        return f"{self.scheme}://{self.netloc}"

    __str__ = geturl

    def __repr__(self) -> str:
        return f"<ProxyUrl {self.geturl()}>"

    def __eq__(self, other: object) -> bool:
        return self._parts() == other._parts() if isinstance(other, ProxyUrl) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._parts())

    def __reduce__(self) -> tuple[type[ProxyUrl], tuple[str, str, int, tuple[str, str] | None]]:
        return ProxyUrl, self._parts()

    def _parts(self) -> tuple[str, str, int, tuple[str, str] | None]:
        return self.scheme, self.host, self.port, self.credentials


def proxy_for(url: Url, environ: Mapping[str, str]) -> ProxyUrl | None:
    """The proxy that the environment names for a URL, or None: reach it directly.

    `proxy_username` and `proxy_password` (or with a hyphen, as in restkit 4) come before the credentials of the proxy's URL.

    Raises:
        InvalidUrl: the variable's value is no proxy URL; the text names the variable.
    """
    variable = _variable_for(url.scheme, environ)
    if variable is None or bypasses(url, environ.get("no_proxy", environ.get("NO_PROXY", ""))):
        return None
    try:
        proxy = parse_proxy(environ[variable].strip())
    except InvalidUrl as error:
        raise InvalidUrl(f"environment variable {variable}: {error}") from None
    username = environ.get("proxy-username") or environ.get("proxy_username")
    if not username:
        return proxy
    password = environ.get("proxy-password") or environ.get("proxy_password") or ""
    return ProxyUrl(proxy.scheme, proxy.host, proxy.port, (username, password))


def parse_proxy(url: str) -> ProxyUrl:
    """The parts of a proxy's URL; `host:port` alone is an http proxy, and a path is ignored.

    Raises:
        InvalidUrl: another scheme, or a malformed host, port or userinfo.
    """
    if isinstance(url, str) and "://" not in url:
        url = f"http://{url}"
    bare, credentials = cut_userinfo(url)
    scheme, _, rest = bare.partition("://")
    scheme = scheme.lower()
    if scheme not in DEFAULT_PORTS:
        raise InvalidUrl(f"the proxy's scheme is not one of {', '.join(DEFAULT_PORTS)}: {show(scheme)}")
    if "@" in rest:
        raise InvalidUrl(
            "the proxy URL has an @ after its host; percent-encode / ? # in the user name and password"
        )
    authority = rest.partition("/")[0].partition("?")[0].partition("#")[0]
    if not authority:
        raise InvalidUrl("the proxy URL names no host")
    host, zone, port = split_authority(authority, secret=False)
    return ProxyUrl(scheme, f"{host}%{zone}" if zone else host, port or DEFAULT_PORTS[scheme], credentials)


def bypasses(url: Url, no_proxy: str) -> bool:
    """Whether `no_proxy` says that a URL is reached directly.

    Entries are separated by commas or blanks. Case, a dot at the host's end and an IPv6 zone do not count. An entry is one of

        example.com  .example.com   the host and every subdomain
        *.example.com               subdomains only
        10.0.0.1  2001:db8::1       that address; IPv6 with or without brackets
        10.0.0.0/8  fd00::/8        every address of the network; names are not looked up
        localhost                   also *.localhost and the loopback addresses
        *                           everything

    and, except for networks, may end in `:port`. An entry that is none of these matches nothing.
    """
    if not no_proxy:
        return False
    rules = _memo.get(no_proxy) or _read_rules(no_proxy)
    host = url.host.removesuffix(".")
    address = _address(host)
    return any(port in (None, url.port) and matches(host, address) for matches, port in rules)


def _read_rules(no_proxy: str) -> tuple[_Rule, ...]:
    entries = dict.fromkeys(no_proxy.replace(",", " ").split())
    rules = tuple(rule for entry in entries if (rule := _read_entry(entry)) is not None)
    if len(no_proxy) <= _MEMO_LENGTH:
        if len(_memo) >= _MEMO_ENTRIES:
            _memo.clear()
        _memo[no_proxy] = rules
    return rules


def _variable_for(scheme: str, environ: Mapping[str, str]) -> str | None:
    """The name of the variable that names the proxy, or None."""
    names = [f"{scheme}_proxy", f"{scheme.upper()}_PROXY", "all_proxy", "ALL_PROXY"]
    if "REQUEST_METHOD" in environ and scheme == "http":
        names.remove("HTTP_PROXY")
        if os.name == "nt":
            # Names have no case there, so the lower-case one is the visitor's too.
            names.remove("http_proxy")
    for name in names:
        if name in environ:
            return name if environ[name].strip() else None
    return None


def _read_entry(entry: str) -> _Rule | None:
    if "/" in entry:
        return _network_rule(entry)
    host, port = _split_port(entry.lower())
    matches = _host_matcher(host)
    if matches is None or (port is not None and not 0 < port < 65536):
        return None
    return matches, port


def _host_matcher(host: str) -> _Matcher | None:
    if host == "*":
        return lambda _host, _address: True
    if host == "localhost":
        return _is_loopback
    wanted = _address(host)
    if wanted is not None:
        return lambda _host, address: address == wanted
    subdomains_only = host.startswith("*.")
    try:
        name = check_host(host.removeprefix("*").removeprefix(".")).removesuffix(".")
    except InvalidUrl:
        return None
    suffix = f".{name}"
    return lambda found, address: (
        address is None and (found.endswith(suffix) or (found == name and not subdomains_only))
    )


def _split_port(entry: str) -> tuple[str, int | None]:
    """Host without brackets, and port; -1 stands for a port that is no number. Two colons make a bare IPv6 address."""
    if entry.startswith("["):
        host, _, rest = entry[1:].partition("]")
        port = rest.removeprefix(":")
    elif entry.count(":") == 1:
        host, _, port = entry.partition(":")
    else:
        return entry, None
    if not port:
        return host, None
    return host, int(port) if len(port) <= 5 and port.isascii() and port.isdigit() else -1


def _network_rule(entry: str) -> _Rule | None:
    from ipaddress import ip_network

    try:
        network = ip_network(entry.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return None
    low, high = int(network.network_address), int(network.broadcast_address)
    version = network.version
    return (
        lambda _host, address: address is not None and address[0] == version and low <= address[1] <= high
    ), None


def _is_loopback(host: str, address: _Address | None) -> bool:
    if address is None:
        return host == "localhost" or host.endswith(".localhost")
    version, number = address
    return number >> 24 == 127 if version == 4 else number == 1


def _address(host: str) -> _Address | None:
    """The address a host is, an IPv4 one mapped into IPv6 as IPv4; None for a name."""
    if ":" not in host and not host[-1:].isdigit():
        return None
    from ipaddress import IPv4Address, IPv6Address

    try:
        found = IPv6Address(host.partition("%")[0]) if ":" in host else IPv4Address(host)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    found = mapped or found
    return found.version, int(found)
