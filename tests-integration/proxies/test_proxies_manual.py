"""Connection(extra_headers=, proxy_pieces=) and Client.proxy_connection, as restkit 4's programs use them."""

import ssl
from collections.abc import Callable, Iterator

import pytest

from restkit_client import Client, Connection
from restkit_client.errors import CertificateError, ProxyError, RequestError
from restkit_client.messages.request import Request
from servers.certificates import Certificates
from servers.origin import Origin, run_origin
from servers.squid import Squid

GET = b"GET /by-hand HTTP/1.1\r\nHost: h\r\n\r\n"


@pytest.fixture
def connect(squid: Squid, backend: str, certificates: Certificates) -> Iterator[Callable[..., Connection]]:
    """A function that opens a connection to squid's port."""
    opened = []

    def open_one(pieces: bytes | str | None, *, url: str = squid.url, is_ssl: bool = False) -> Connection:
        host, _, port = url.removeprefix("http://").rpartition(":")
        opened.append(
            Connection(
                host,
                int(port),
                backend,
                is_ssl=is_ssl,
                proxy_pieces=pieces,
                ca_certs=str(certificates.authority),
            )
        )
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.mark.parametrize("as_text", [False, True])
def test_proxy_pieces_open_a_tunnel_for_plain_bytes(
    as_text: bool, connect: Callable[..., Connection], origin: Origin
) -> None:
    pieces = f"CONNECT 127.0.0.1:{origin.port} HTTP/1.0\r\nUser-Agent: mine\r\n\r\n"
    connection = connect(pieces if as_text else pieces.encode())
    connection.send(GET)
    assert connection.recv(4096).endswith(b"\r\n\r\nGET /by-hand HTTP/1.1")


def test_tls_in_the_tunnel_is_verified_for_the_connects_target(
    connect: Callable[..., Connection], tls_origin: Origin, authority_contexts: dict[str, ssl.SSLContext]
) -> None:
    connection = connect(f"CONNECT localhost:{tls_origin.port} HTTP/1.1\r\nHost: h\r\n\r\n", is_ssl=True)
    connection.send(GET)
    assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
    with run_origin(authority_contexts["other"]) as other:
        # By the proxy's own host and port it would be another name that the certificate has not.
        with pytest.raises(CertificateError, match=f"localhost:{other.port}"):
            connect(f"CONNECT localhost:{other.port} HTTP/1.1\r\nHost: h\r\n\r\n", is_ssl=True)
        assert other.requests == []


def test_a_refusal_of_proxy_pieces_is_a_proxy_error(connect: Callable[..., Connection], squid: Squid) -> None:
    with pytest.raises(ProxyError) as caught:
        connect("CONNECT localhost:1 HTTP/1.1\r\nHost: h\r\n\r\n", url=squid.locked_url)
    assert caught.value.status_int == 407
    assert caught.value.body.startswith(b"<!DOCTYPE html")
    assert len(caught.value.body) <= 4096


@pytest.mark.parametrize(
    "pieces", ["GET / HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT h HTTP/1.1\r\nHost: h\r\n\r\n", "CONNECT h:1"]
)
def test_what_is_no_connect_is_not_sent(
    pieces: str, connect: Callable[..., Connection], squid: Squid
) -> None:
    with pytest.raises(RequestError, match="proxy_pieces"):
        connect(pieces)


def test_extra_headers_stand_in_every_request_of_the_connection(
    backend: str, squid: Squid, origin: Origin
) -> None:
    from restkit_client.messages.request_head import make_head
    from restkit_client.options import DEFAULT_OPTIONS

    connection = Connection(
        "127.0.0.1", origin.port, backend, extra_headers=[("X-Site", "a"), ("X-Site", "b")]
    )
    try:
        for _ in range(2):
            request = Request(origin.url)
            connection.send(make_head(request, DEFAULT_OPTIONS, "/", connection.extra_headers))
            assert connection.recv(4096).startswith(b"HTTP/1.1 200 OK")
    finally:
        connection.close()
    assert [head.count(b"X-Site: ") for head, _ in origin.requests] == [2, 2]


def test_proxy_connection_connects_through_the_proxy_of_the_environment(
    make_client: Callable[..., Client], squid: Squid, tls_origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(use_proxy=True)
    request = Request(tls_origin.url + "/manual")
    address = ("localhost", tls_origin.port)
    assert client.proxy_connection(request, address, True) is None
    assert not request.is_proxied
    monkeypatch.setenv("https_proxy", squid.url)
    connection = client.proxy_connection(request, address, True)
    assert connection is not None
    assert request.is_proxied
    connection.send(client.make_headers_string(request).encode("latin-1"))
    response = client.get_response(request, connection)
    assert response.body_string() == b"GET /manual HTTP/1.1"
    connection.close()
    assert squid.served(f"CONNECT localhost:{tls_origin.port}", 1)
