"""SOCKS proxies (RFC 1928, RFC 1929, SOCKS4a): python-socks speaks the protocol, over our socket and our waits.

socks5h and socks4a give the name to the proxy; socks5 resolves it here.
"""

from __future__ import annotations

from .errors import ProxyError, RequestTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .proxy_link import Link
    from .proxy_rules import ProxyUrl

__all__ = ["ask_socks"]


class _Stream:
    """A link as python-socks wants to see it."""

    __slots__ = ("link",)

    def __init__(self, link: Link) -> None:
        self.link = link

    def write(self, data: bytes) -> None:
        self.link.send(data)

    def read(self, max_bytes: int = 2048) -> bytes:
        return self.link.recv(max_bytes)

    def read_exactly(self, n: int) -> bytes:
        data = b""
        while len(data) < n:
            block = self.link.recv(n - len(data))
            if not block:
                raise ProxyError(
                    f"the SOCKS proxy closed the connection after {len(data)} of {n} bytes of its answer"
                )
            data += block
        return data


class _Resolver:
    """Names for socks5, by the connection's own resolver."""

    __slots__ = ("link",)

    def __init__(self, link: Link) -> None:
        self.link = link

    def resolve(self, host: str, port: int = 0, family: int = 0) -> tuple[int, str]:
        from .opening import resolve

        del family  # the connection's settings say which
        found, address = resolve(host, port, self.link.settings, self.link.phase)[0]
        return found, address[0]


def ask_socks(link: Link, proxy: ProxyUrl, host: str, port: int) -> None:
    """Have a SOCKS proxy connect to `host` and `port`; the link's socket is the way there afterwards.

    Raises:
        ProxyError: it refuses, does not speak SOCKS, or python-socks is not installed.
        ConnectTimeout, TotalTimeout: time is up.
    """
    try:
        # python-socks' own Proxy opens a blocking socket: its protocol half is what serves here.
        from python_socks import ProxyType
        from python_socks._connectors.factory_sync import create_connector
        from python_socks._protocols.errors import ReplyError
    except ImportError as error:
        raise ProxyError("SOCKS proxies need python-socks: pip install 'restkit-client[socks]'") from error
    user, password = _credentials(proxy)
    kind = ProxyType.SOCKS4 if proxy.scheme == "socks4a" else ProxyType.SOCKS5
    resolver: Any = _Resolver(link)
    connector: Any = create_connector(kind, user, password, proxy.scheme != "socks5", resolver)
    try:
        connector.connect(_Stream(link), host, port)
    except (ProxyError, RequestTimeout):
        raise
    except ReplyError as error:
        raise ProxyError(f"proxy {proxy} refused: {error}") from error
    except (ValueError, LookupError, AssertionError, OSError) as error:
        raise ProxyError(f"proxy {proxy} did not answer in SOCKS: {error}") from error


def _credentials(proxy: ProxyUrl) -> tuple[str | None, str | None]:
    """User and password as python-socks can send them (RFC 1929 §2: up to 255 bytes each).

    Raises:
        ProxyError: it can not; the text shows neither.
    """
    if proxy.credentials is None:
        return None, None
    for what, value in zip(("user name", "password"), proxy.credentials, strict=True):
        # NUL ends SOCKS4's user name, and what follows it would be the host.
        if not value.isascii() or len(value) > 255 or "\0" in value:
            raise ProxyError(f"the {what} for proxy {proxy} is longer than 255 bytes, or not printable ASCII")
    return proxy.credentials
