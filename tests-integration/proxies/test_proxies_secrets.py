"""Rows 31-37 of the security checklist where proxies are concerned: whose certificate, whose credentials, whose bytes."""

import hashlib
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from faults.script_server import ScriptServer
from restkit_client import Client
from restkit_client.errors import CertificateError, ProxyConnectError, ProxyError
from servers.certificates import Certificates
from servers.forwarder import Forwarder, forwarding
from servers.origin import Origin, run_origin
from servers.squid import Squid
from servers.tls_front import tls_front

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
TUNNEL = b"HTTP/1.1 200 OK\r\n\r\n"


@pytest.fixture
def wrong_origin(authority_contexts: dict[str, ssl.SSLContext]) -> Iterator[Origin]:
    """An https origin with somebody else's certificate."""
    with run_origin(authority_contexts["other"]) as running:
        yield running


@pytest.fixture
def recorder(squid: Squid) -> Iterator[Forwarder]:
    """What is sent to squid, in the clear."""
    with forwarding(int(squid.url.rpartition(":")[2])) as running:
        yield running


# -- 31, 33: certificates


def test_the_proxys_certificate_is_verified_for_the_proxys_name(
    squid: Squid,
    certificates: Certificates,
    make_client: Callable[..., Client],
    origin: Origin,
    tls_origin: Origin,
) -> None:
    with tls_front(squid.url, certificates.other) as url:
        client = make_client(proxy=url)
        for target in (origin, tls_origin):
            with pytest.raises(ProxyConnectError) as caught:
                client.get(target.url)
            assert isinstance(caught.value.__cause__, CertificateError)
            assert "attempt 2 of 3" not in caught.value.__notes__
            assert target.requests == []


def test_a_proxy_of_an_unknown_authority_is_refused(
    squid: Squid, tmp_path: Path, make_client: Callable[..., Client], origin: Origin
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().issue_cert("localhost").private_key_and_cert_chain_pem.write_to_path(stranger)
    with tls_front(squid.url, stranger) as url, pytest.raises(ProxyConnectError):
        make_client(proxy=url).get(origin.url)
    assert origin.requests == []


@pytest.mark.parametrize("kind", ["plain", "tls", "socks"])
def test_the_origins_certificate_is_verified_through_the_tunnel(
    kind: str, request: pytest.FixtureRequest, make_client: Callable[..., Client], wrong_origin: Origin
) -> None:
    proxy = {
        "plain": lambda: request.getfixturevalue("squid").url,
        "tls": lambda: request.getfixturevalue("tls_squid"),
        "socks": lambda: "socks5h://" + request.getfixturevalue("socks").open,
    }[kind]()
    with pytest.raises(CertificateError) as caught:
        make_client(proxy=proxy).get(wrong_origin.url)
    assert not isinstance(caught.value, ProxyError)
    assert wrong_origin.requests == []


def test_name_and_fingerprint_of_the_origin_are_not_asked_of_the_proxy(
    tls_squid: str, certificates: Certificates, make_client: Callable[..., Client], wrong_origin: Origin
) -> None:
    pem = certificates.other.read_text()
    leaf = pem[pem.index("-----BEGIN CERTIFICATE-----") :].partition("-----END CERTIFICATE-----")
    fingerprint = hashlib.sha256(ssl.PEM_cert_to_DER_cert(leaf[0] + leaf[1] + "\n")).hexdigest()
    client = make_client(proxy=tls_squid, server_hostname="other.example", fingerprint=fingerprint)
    assert client.get(wrong_origin.url).body_string()


def test_our_certificate_is_not_shown_to_the_proxy(
    squid: Squid, certificates: Certificates, make_client: Callable[..., Client], origin: Origin
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server)
    context.load_verify_locations(certificates.authority)
    context.verify_mode = ssl.CERT_REQUIRED
    with forwarding(int(squid.url.rpartition(":")[2]), context) as front:
        client = make_client(
            proxy=f"https://localhost:{front.port}", certfile=str(certificates.other), max_tries=1
        )
        with pytest.raises(Exception, match=r"CERTIFICATE_REQUIRED|refused our certificate|closed|broke"):
            client.get(origin.url)
    assert origin.requests == []


# -- 32, 35: nothing is shared that must not be


def test_each_set_of_credentials_has_connections_of_its_own(
    recorder: Forwarder, make_client: Callable[..., Client], origin: Origin, tls_origin: Origin
) -> None:
    client = make_client()
    users = ["anna:1", "anna:2", "bert:1", ""]
    for target in (origin, tls_origin):
        del recorder.received[:]
        for user in (*users, *users):
            proxy = (
                f"http://{user}@127.0.0.1:{recorder.port}" if user else f"http://127.0.0.1:{recorder.port}"
            )
            client.get(target.url, proxy=proxy).body_string()
        assert len(recorder.received) == len(users)
        said = [set(_fields(log, b"proxy-authorization")) for log in recorder.received]
        assert [len(each) for each in said] == [1, 1, 1, 0]
        assert len(set().union(*said)) == 3


def test_tunnels_direct_connections_and_other_proxies_are_not_mixed(
    recorder: Forwarder,
    squid: Squid,
    socks: Any,
    make_client: Callable[..., Client],
    origin: Origin,
    tls_origin: Origin,
) -> None:
    client = make_client()
    ways = [
        f"http://127.0.0.1:{recorder.port}",
        squid.url,
        f"socks5://{socks.open}",
        f"socks5h://{socks.open}",
        None,
    ]
    for _ in range(2):
        for way in ways:
            for target in (origin, tls_origin):
                response = client.get(target.url, proxy=way)
                response.body_string()
                assert response.request.is_proxied is (way is not None)
    assert tls_origin.connections == len(ways)
    # One to forward, one as a tunnel.
    assert len(recorder.received) == 2


def test_verify_false_shares_no_tunnel_with_verified_requests(
    tls_squid: str, make_client: Callable[..., Client], wrong_origin: Origin
) -> None:
    client = make_client(proxy=tls_squid)
    assert client.get(wrong_origin.url, verify=False).body_string()
    with pytest.raises(CertificateError):
        client.get(wrong_origin.url)


def test_proxy_authorization_goes_only_to_its_proxy(
    recorder: Forwarder, make_client: Callable[..., Client], origin: Origin, tls_origin: Origin
) -> None:
    proxy = f"http://user:word@127.0.0.1:{recorder.port}"
    client = make_client(proxy=proxy)
    client.get(origin.url).body_string()
    client.get(tls_origin.url).body_string()
    forwarded, tunnel = recorder.received
    assert len(_fields(forwarded, b"proxy-authorization")) == 1
    assert len(_fields(tunnel, b"proxy-authorization")) == 1
    assert all(b"roxy-" not in head for head, _ in (*origin.requests, *tls_origin.requests))


def test_a_field_of_the_callers_for_the_proxy_stays_out_of_tunnels(
    recorder: Forwarder, socks: Any, make_client: Callable[..., Client], origin: Origin, tls_origin: Origin
) -> None:
    fields = {"Proxy-Authorization": "Basic b3duOm93bg=="}
    proxy = f"http://user:word@127.0.0.1:{recorder.port}"
    client = make_client()
    client.get(origin.url, fields, proxy=proxy).body_string()
    assert _fields(recorder.received[0], b"proxy-authorization") == [b"Basic b3duOm93bg=="]
    client.get(tls_origin.url, fields, proxy=proxy).body_string()
    client.get(origin.url, fields, proxy=f"socks5://{socks.open}").body_string()
    client.get(origin.url, fields, proxy=lambda _url: None).body_string()
    assert len(origin.requests) == 3
    assert all(b"roxy-" not in head for head, _ in (*origin.requests, *tls_origin.requests))


def test_a_redirect_to_another_proxy_takes_no_credentials_along(make_client: Callable[..., Client]) -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: http://second.example/\r\nContent-Length: 0\r\n\r\n"
    with ScriptServer([["head", moved, "hold"]]) as first, ScriptServer([["head", OK, "hold"]]) as second:
        proxies = {
            "first.example": f"http://user:word@127.0.0.1:{first.port}",
            "second.example": f"http://127.0.0.1:{second.port}",
        }
        client = make_client(proxy=lambda url: proxies[url.split("/")[2]], follow_redirect=True)
        assert client.get("http://first.example/").body_string() == b"ok"
        assert len(_fields(first.received[0], b"proxy-authorization")) == 1
        assert _fields(second.received[0], b"proxy-authorization") == []


# -- 36, 37: bytes nobody asked for


def test_a_second_answer_of_a_forwarding_proxy_poisons_nothing(make_client: Callable[..., Client]) -> None:
    with ScriptServer([["head", OK + OK.replace(b"ok", b"no"), "hold"]]) as server:
        client = make_client(proxy=f"http://127.0.0.1:{server.port}")
        assert client.get("http://one.example/").body_string() == b"ok"
        assert client.get("http://two.example/").body_string() == b"request 1"


def test_a_407_inside_the_tunnel_gets_no_credentials_of_the_proxy(
    make_client: Callable[..., Client], authority_contexts: dict[str, ssl.SSLContext]
) -> None:
    challenge = b'HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm="x", nonce="n", qop="auth"\r\nContent-Length: 0\r\n\r\n'
    with ScriptServer(
        [["head", TUNNEL, ("tls", authority_contexts["server"]), "head", challenge, "hold"]]
    ) as server:
        client = make_client(proxy=f"http://user:word@127.0.0.1:{server.port}")
        assert client.get("https://localhost/").status_int == 407
        assert b"roxy-Authorization" not in bytes(server.received[0]).partition(b"\r\n\r\n")[2]


# -- Digest


CHALLENGE = (
    b'HTTP/1.1 407 No\r\nProxy-Authenticate: Digest realm="x", nonce="%b", qop="auth", algorithm=SHA-256%b\r\n'
    b"Content-Length: 0\r\n\r\n"
)


@pytest.mark.parametrize("url", ["http://origin.example/p?q", "https://origin.example/"])
def test_a_wrong_digest_is_given_up_after_one_answer_and_two_when_stale(
    url: str, make_client: Callable[..., Client]
) -> None:
    for extra, asked in ((b"", 2), (b", stale=true", 3)):
        scripts = [["head", CHALLENGE % (b"n%d" % number, extra), "hold"] for number in range(6)]
        with ScriptServer(scripts) as server:
            client = make_client(proxy=f"http://user:word@127.0.0.1:{server.port}")
            if url.startswith("https"):
                with pytest.raises(ProxyError) as caught:
                    client.get(url)
                assert caught.value.status_int == 407
            else:
                assert client.get(url).status_int == 407
            assert len(server.received) == asked
            last = _fields(server.received[-1], b"proxy-authorization")[0]
            target = b"origin.example:443" if url.startswith("https") else url.encode()
            assert last.startswith(b"Digest ")
            assert b'uri="%b"' % target in last
            assert b'nonce="n%d"' % (asked - 2) in last


def test_without_credentials_no_challenge_is_answered(make_client: Callable[..., Client]) -> None:
    with ScriptServer([["head", CHALLENGE % (b"n", b""), "hold"]]) as server:
        assert make_client(proxy=f"http://127.0.0.1:{server.port}").get("http://o.example/").status_int == 407
        assert len(server.received) == 1


def test_a_body_that_can_not_be_sent_again_leaves_the_407(make_client: Callable[..., Client]) -> None:
    with ScriptServer([["head", ("read", 9), CHALLENGE % (b"n", b""), "hold"]]) as server:
        client = make_client(proxy=f"http://user:word@127.0.0.1:{server.port}")
        assert client.post("http://o.example/", iter([b"once"])).status_int == 407
        assert len(server.received) == 1


def test_a_known_proxy_is_sent_digests_in_advance(
    digest_squid: str, make_client: Callable[..., Client], origin: Origin, tls_origin: Origin
) -> None:
    with forwarding(int(digest_squid.rpartition(":")[2])) as recorder:
        proxy = f"{digest_squid.rpartition(':')[0]}:{recorder.port}"
        client = make_client(proxy=proxy)
        for _ in range(3):
            assert client.get(origin.url).body_string()
        assert client.get(tls_origin.url).body_string()
        # The challenge, the connection that forwards, the tunnel.
        assert len(recorder.received) == 3
        sent = _fields(recorder.received[1], b"proxy-authorization")
        assert [each.partition(b"nc=")[2][:8] for each in sent] == [b"00000001", b"00000002", b"00000003"]
        assert b"nc=00000004" in _fields(recorder.received[2], b"proxy-authorization")[0]


def _fields(log: bytearray, name: bytes) -> list[bytes]:
    """The values of a field in everything a connection was sent."""
    return [
        line.partition(b": ")[2] for line in bytes(log).split(b"\r\n") if line.lower().startswith(name + b":")
    ]
