"""Through a proxy: a connection to it, and a tunnel to the origin where one is needed (RFC 9110 §9.3.6).

    http origin, http(s) proxy     no tunnel: the request itself goes to the proxy, in absolute form
    https origin, http(s) proxy    CONNECT, then TLS with the origin inside
    socks4a, socks5, socks5h       python-socks speaks the protocol, over our socket and our waits

TLS to the proxy is verified for the proxy's own name; a dead proxy is never gone around.
"""

from __future__ import annotations

from restkit_parser import RestkitError, parse_request_head, write_request_head

from . import opening
from .errors import ConnectError, ProxyConnectError, RequestError, ResolveError
from .hosts import split_authority
from .messages.request_head import USER_AGENT
from .proxy_auth import authorization, take_challenge
from .proxy_link import Link
from .tls import TLSSettings, wrap
from .tunnel_answer import check_granted, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .connection import Connection
    from .proxy_rules import ProxyUrl
    from .settings import Settings
    from .timeouts import Phase

__all__ = ["ask", "connect_through"]


def connect_through(proxy: ProxyUrl, connection: Connection, phase: Phase) -> tuple[Any, Any, float]:
    """A connected socket to the connection's host through a proxy; returns as `opening.connect`.

    Raises:
        ProxyConnectError: the proxy can not be reached.
        ProxyError: it refuses, or does not speak its protocol.
        ConnectTimeout, TotalTimeout: time is up.
    """
    settings = connection.settings
    answered = 0
    while True:
        sock, address, resolved = _reach(proxy, settings, phase)
        try:
            if _is_open(Link(sock, settings, phase), proxy, connection, answered):
                return sock, address, resolved
        except BaseException:
            sock.close()
            raise
        # A challenge was taken up. What the proxy sends after its head is left unread.
        sock.close()
        answered += 1


def _reach(proxy: ProxyUrl, settings: Settings, phase: Phase) -> tuple[Any, Any, float]:
    """A socket to the proxy itself, under TLS when its URL says https."""
    try:
        sock, address, resolved = opening.connect(proxy.host, proxy.port, settings, phase)
        if proxy.scheme == "https":
            sock = wrap(sock, proxy.host, proxy.port, _of_proxy(settings.tls), settings.backend, phase)
    except (ConnectError, ResolveError) as error:
        raise ProxyConnectError(f"proxy {proxy}: {error}") from error
    return sock, address, resolved


def _of_proxy(tls: TLSSettings) -> TLSSettings:
    """What is asked of TLS to the proxy: whom to trust. Name, fingerprint and our certificate are for the origin alone."""
    if not (tls.certfile or tls.fingerprint or tls.server_hostname):
        return tls
    return TLSSettings(
        verify=tls.verify,
        ssl_context=tls.ssl_context,
        ca_certs=tls.ca_certs,
        ca_path=tls.ca_path,
        ssl_version=tls.ssl_version,
        ciphers=tls.ciphers,
    )


def _is_open(link: Link, proxy: ProxyUrl, connection: Connection, answered: int) -> bool:
    """Whether the way to the origin is open; False when a challenge is to be answered on another connection."""
    if proxy.is_socks:
        from .socks import ask_socks

        ask_socks(link, proxy, connection.host, connection.port)
        return True
    if not connection.is_ssl:
        return True
    link.send(_connect_head(proxy, connection))
    head, rest = read_answer(link, str(proxy))
    if head.status == 407 and take_challenge(proxy, head.headers.get_all("Proxy-Authenticate"), answered):
        return False
    check_granted(link, head, rest, str(proxy))
    return True


def _connect_head(proxy: ProxyUrl, connection: Connection) -> bytes:
    host = connection.host.partition("%")[0]
    authority = f"[{host}]:{connection.port}" if ":" in host else f"{host}:{connection.port}"
    fields = [("Host", authority)]
    credentials = authorization(proxy, "CONNECT", authority)
    if credentials is not None:
        fields.append(("Proxy-Authorization", credentials))
    fields.append(("User-Agent", connection.user_agent or USER_AGENT))
    return write_request_head("CONNECT", authority, fields)


def ask(sock: Any, connection: Connection, phase: Phase) -> tuple[str, int]:
    """Send the connection's ready-made CONNECT over a socket to a proxy, and read the answer; a failure closes the socket.

    Returns:
        Host and port at the tunnel's end, with whom TLS is to be spoken.

    Raises:
        RequestError: it is no CONNECT.
        ProxyError: the answer is no 2xx.
        ConnectTimeout, TotalTimeout: time is up.
    """
    pieces = connection.proxy_pieces or b""
    head = pieces.encode("latin-1") if isinstance(pieces, str) else pieces
    name = f"{connection.host}:{connection.port}"
    try:
        end = _tunnel_end(head)
        link = Link(sock, connection.settings, phase)
        link.send(head)
        check_granted(link, *read_answer(link, name), name)
    except BaseException:
        sock.close()
        raise
    return end


def _tunnel_end(head: bytes) -> tuple[str, int]:
    try:
        request = parse_request_head(head)
        host, _, port = split_authority(request.target, secret=False)
    except RestkitError as error:
        # Not the text: it may name a field, and one of them holds credentials.
        raise RequestError(f"proxy_pieces is no request's head: {type(error).__name__}") from None
    if request.method != "CONNECT" or port is None:
        raise RequestError(
            "proxy_pieces is not 'CONNECT host:port HTTP/1.1' with its fields and a blank line"
        )
    return host, port
