"""Requests through every kind of real proxy, on both backends: what is asked arrives, what is answered comes back."""

from collections.abc import Callable

import pytest

from restkit_client import Client
from servers import socks as socks_server
from servers.origin import Origin
from servers.socks import Socks

HTTP_PROXIES = [
    "squid",
    "locked_squid",
    "digest_squid",
    "tinyproxy",
    "locked_tinyproxy",
    "tls_squid",
    "locked_tls_squid",
]
SOCKS_PROXIES = ["socks4a", "socks5", "socks5h", "socks5 locked", "socks5h locked"]
# More than a TLS record, a socket's buffer and a proxy's: each side has to wait for the other.
LARGE = bytes(range(256)) * 8_192
# squid 5.7 now and then drops a forwarded body of megabytes unanswered, http.client's and curl's as well.
MEDIUM = bytes(range(256)) * 1_000


@pytest.fixture(params=[*HTTP_PROXIES, *SOCKS_PROXIES])
def proxy(request: pytest.FixtureRequest) -> str:
    """A proxy's URL, with credentials where it wants some."""
    name: str = request.param
    if name.startswith("socks"):
        running: Socks = request.getfixturevalue("socks")
        scheme, _, locked = name.partition(" ")
        credentials = f"{socks_server.USER}:{socks_server.PASSWORD}@" if locked else ""
        return f"{scheme}://{credentials}{running.locked if locked else running.open}"
    found = request.getfixturevalue(name)
    return found if isinstance(found, str) else str(found.url)


def reach(origin: Origin, proxy: str) -> str:
    # pproxy takes addresses only by SOCKS4; the certificate is for both.
    return origin.url.replace("localhost", "127.0.0.1") if proxy.startswith("socks4") else origin.url


def test_http_goes_through(proxy: str, make_client: Callable[..., Client], origin: Origin) -> None:
    client = make_client(proxy=proxy)
    for number in range(3):
        response = client.get(f"{reach(origin, proxy)}/small?{number}")
        assert response.status_int == 200
        assert response.body_string() == b"GET /small?%d HTTP/1.1" % number
        assert response.request.is_proxied
    assert client.post(reach(origin, proxy) + "/medium", MEDIUM).body_string() == MEDIUM
    assert not any(b"proxy-authorization" in head.lower() for head, _ in origin.requests)
    assert len(origin.requests) == 4


def test_https_goes_through_one_tunnel(
    proxy: str, make_client: Callable[..., Client], tls_origin: Origin
) -> None:
    client = make_client(proxy=proxy)
    for number in range(3):
        response = client.get(f"{reach(tls_origin, proxy)}/small?{number}")
        assert response.body_string() == b"GET /small?%d HTTP/1.1" % number
        assert response.request.is_proxied
    assert client.post(reach(tls_origin, proxy) + "/large", LARGE).body_string() == LARGE
    assert not any(b"proxy-" in head.lower() for head, _ in tls_origin.requests)
    assert tls_origin.connections == 1


@pytest.mark.parametrize("name", ["squid", "tinyproxy", "locked_tls_squid"])
def test_one_connection_to_a_forwarding_proxy_serves_all_http_origins(
    name: str, request: pytest.FixtureRequest, make_client: Callable[..., Client], origin: Origin
) -> None:
    found = request.getfixturevalue(name)
    client = make_client(proxy=found if isinstance(found, str) else found.url)
    for url in (origin.url, origin.url.replace("127.0.0.1", "localhost")) * 3:
        client.get(url).body_string()
    # tinyproxy closes after each answer; it is never asked twice on one connection.
    assert client.pool.counters["opened"] == (6 if name == "tinyproxy" else 1)
