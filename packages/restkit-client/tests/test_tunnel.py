"""CONNECT: what is asked, which answers open the tunnel, what a refusal keeps; who gets Proxy-Authorization."""

import pytest

from restkit_client import Connection
from restkit_client.errors import ProxyError
from restkit_client.options import DEFAULTS, Options
from restkit_client.proxy_auth import authorization, take_challenge
from restkit_client.proxy_rules import ProxyUrl, parse_proxy
from restkit_client.urls import split_url

HELD = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize(
    ("url", "authority"),
    [
        ("https://Origin.Example/path?query", b"origin.example:443"),
        ("https://origin.example:8443/", b"origin.example:8443"),
        ("https://[2001:db8::1]/", b"[2001:db8::1]:443"),
    ],
)
def test_the_tunnel_is_asked_for_with_the_origins_authority(url, authority, serve, client):
    server = serve(["head", HELD])
    with pytest.raises(ProxyError):
        client.get(
            url, {"User-Agent": "mine", "Cookie": "secret"}, proxy=server.url.replace("://", "://u:p@")
        )
    assert bytes(server.received[0]).split(b"\r\n") == [
        b"CONNECT " + authority + b" HTTP/1.1",
        b"Host: " + authority,
        b"Proxy-Authorization: Basic dTpw",
        b"User-Agent: mine",
        b"",
        b"",
    ]


@pytest.mark.parametrize("status", [b"200 OK", b"200", b"204 No Content", b"299 Odd"])
@pytest.mark.parametrize("fields", [b"", b"Content-Length: 5\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_every_2xx_opens_the_tunnel_whatever_its_fields_say(status, fields, serve):
    server = serve(["head", b"HTTP/1.1 " + status + b"\r\n" + fields + b"\r\n", "serve"])
    connection = Connection("127.0.0.1", server.port, proxy_pieces=b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
    connection.send(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    assert connection.recv(4096).endswith(b"request 1")
    connection.close()


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 4097, 50_000])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_refusals_body_is_kept_up_to_4_kib(length, chunked, serve, client):
    body = bytes(i % 251 for i in range(length))
    coded = (
        b"%x\r\n%b\r\n0\r\n\r\n" % (length, body) if chunked and length else b"0\r\n\r\n" if chunked else body
    )
    framing = b"Transfer-Encoding: chunked" if chunked else b"Content-Length: %d" % length
    server = serve(["head", b"HTTP/1.1 502 Bad Gateway\r\n" + framing + b"\r\n\r\n" + coded, "drain"])
    with pytest.raises(ProxyError) as caught:
        client.get("https://origin.example/", proxy=server.url)
    assert (caught.value.status_int, caught.value.body) == (502, body[:4096])


@pytest.mark.parametrize(("url", "scheme", "forwards"), [
    ("http://o/", "http", True), ("http://o/", "https", True), ("https://o/", "http", False),
    ("https://o/", "https", False), ("http://o/", "socks5", False), ("http://o/", "socks4a", False),
])  # fmt: skip
def test_a_proxy_forwards_plain_requests_over_http_only(url, scheme, forwards):
    assert ProxyUrl(scheme, "p", 1).forwards(split_url(url)) is forwards


def digest(nonce, extra=""):
    return [f'Digest realm="r", nonce="{nonce}", qop="auth", algorithm=SHA-256{extra}']


def test_basic_first_and_digests_once_the_proxy_asked_for_one():
    proxy = parse_proxy("http://first-user:word@p")
    assert authorization(proxy, "CONNECT", "o:443").startswith("Basic ")
    assert take_challenge(proxy, ['Basic realm="r"', *digest("a")], 0)
    answers = [authorization(proxy, "CONNECT", "o:443") for _ in range(2)]
    assert all(answer.startswith("Digest ") and 'uri="o:443"' in answer for answer in answers)
    assert ["nc=00000001" in answers[0], "nc=00000002" in answers[1]] == [True, True]
    other = parse_proxy("http://first-user:other@p")
    assert authorization(other, "CONNECT", "o:443").startswith("Basic ")


def test_one_answer_a_challenge_and_two_when_stale():
    proxy = parse_proxy("http://second-user:word@p")
    assert [take_challenge(proxy, digest("a"), n) for n in range(3)] == [True, False, False]
    assert [take_challenge(proxy, digest("a", ", stale=TRUE"), n) for n in range(3)] == [True, True, False]


@pytest.mark.parametrize(
    "fields", [[], ['Basic realm="r"'], ["Negotiate"], ["Digest realm=r, nonce=n, algorithm=NEW"]]
)
def test_what_can_not_be_answered_is_not(fields):
    assert not take_challenge(parse_proxy("http://third-user:word@p"), fields, 0)


def test_a_proxy_that_takes_digests_no_more_gets_basic_once():
    proxy = parse_proxy("http://fourth-user:word@p")
    take_challenge(proxy, digest("a"), 0)
    assert take_challenge(proxy, ['Basic realm="r"'], 0)
    assert authorization(proxy, "GET", "http://o/").startswith("Basic ")
    assert not take_challenge(proxy, ['Basic realm="r"'], 1)


def test_without_credentials_nothing_is_sent_or_answered():
    proxy = parse_proxy("http://p")
    assert authorization(proxy, "GET", "http://o/") is None
    assert not take_challenge(proxy, digest("a"), 0)


def test_a_user_name_that_basic_can_not_send_is_a_proxy_error_without_it():
    with pytest.raises(ProxyError) as caught:
        authorization(parse_proxy("http://us%3Aer:word@p"), "GET", "http://o/")
    assert "us:er" not in str(caught.value)
    assert "word" not in str(caught.value)


def test_a_socket_of_this_machine_is_never_reached_through_a_proxy():
    for option in ({"use_proxy": True}, {"proxy": "http://p:1"}):
        options = Options({**DEFAULTS, "unix_socket": "/run/app.sock", **option})
        assert options.proxy_for(split_url("http://o/")) is None
