"""Rows 41-43 of the fault list: proxies that refuse, break off, lie, or say nothing, on both backends."""

import pickle
import ssl
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from faults.script_server import ScriptServer, black_hole
from restkit_client import Client, Timeout
from restkit_client.errors import ProxyConnectError, ProxyError, RestkitError, TLSError

ORIGIN = "https://origin.example/"
SECRET = "Pa55word-of-the-proxy"
HUGE = b"x" * 100_000_000


class Refusal(NamedTuple):
    """What a proxy answers to CONNECT, and what must come of it."""

    script: list[Any]
    status: int | None
    body: bytes = b""
    text: str = ""


ROWS = {
    "407 with a body": Refusal(
        ["head", b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 4\r\n\r\nwho?", "hold"],
        407,
        b"who?",
    ),
    "407 with Basic again": Refusal(
        [
            "head",
            b'HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
            "hold",
        ],
        407,
    ),
    "403 whose body comes later": Refusal(
        ["head", b"HTTP/1.1 403 Forbidden\r\nContent-Length: 6\r\n\r\n", ("pause", 0.05), b"policy", "hold"],
        403,
        b"policy",
    ),
    "403 until close": Refusal(["head", b"HTTP/1.1 403 Forbidden\r\n\r\npolicy", "close"], 403, b"policy"),
    "502 with a huge body": Refusal(
        ["head", b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 100000000\r\n\r\n", HUGE], 502, HUGE[:4096]
    ),
    "502 with an endless body": Refusal(
        ["head", b"HTTP/1.1 502 Bad Gateway\r\n\r\n", HUGE], 502, HUGE[:4096]
    ),
    "502 with a chunked body": Refusal(
        [
            "head",
            b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n",
            ("pause", 0.02),
            b"7\r\n second\r\n0\r\n\r\n",
            "hold",
        ],
        502,
        b"first second",
    ),
    "502 with broken chunks": Refusal(
        ["head", b"HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "hold"], 502
    ),
    "502 with a broken length": Refusal(
        ["head", b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: -1\r\n\r\n", "hold"], 502
    ),
    "503 whose body never comes": Refusal(
        ["head", b"HTTP/1.1 503 Busy\r\nContent-Length: 9\r\n\r\npart", "hold"], 503, b"part"
    ),
    "302": Refusal(
        ["head", b"HTTP/1.1 302 Found\r\nLocation: http://portal/\r\nContent-Length: 0\r\n\r\n"], 302
    ),
    "101": Refusal(["head", b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", "hold"], 101),
    "1xx first, then 403": Refusal(
        [
            "head",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno",
        ],
        403,
        b"no",
    ),
    "1xx without end": Refusal(["head", b"HTTP/1.1 102 Processing\r\n\r\n" * 100_000], 102, text="interim"),
    "200 with Content-Length and a body": Refusal(
        ["head", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hold"],
        200,
        text="5 bytes into the tunnel",
    ),
    "200 and bytes of TLS": Refusal(
        ["head", b"HTTP/1.1 200 OK\r\n\r\n\x16\x03\x03\x00\x02", "hold"], 200, text="into the tunnel"
    ),
    "garbage": Refusal(["head", b"\x00\xffgarbage\r\n\r\n", "hold"], None, text="did not answer in HTTP"),
    "another protocol": Refusal(
        ["head", b"SSH-2.0-OpenSSH_9.2\r\n", "hold"], None, text="did not answer in HTTP"
    ),
    "a head without end": Refusal(
        ["head", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 2_000_000], None, text="did not answer in HTTP"
    ),
    "EOF": Refusal(["head", "close"], None, text="closed the connection before it answered"),
    "EOF inside the head": Refusal(
        ["head", b"HTTP/1.1 200 OK\r\nVia:", "close"], None, text="closed the connection before it answered"
    ),
    "reset": Refusal(["head", "rst"], None, text="broke"),
}


def with_secret(server: ScriptServer, scheme: str = "http") -> str:
    return f"{scheme}://user:{SECRET}@127.0.0.1:{server.port}"


def shown(error: BaseException) -> str:
    """Everything that a log would show of an error."""
    texts = []
    each: BaseException | None = error
    while each is not None:
        texts += [str(each), repr(each), *getattr(each, "__notes__", ())]
        each = each.__cause__ or each.__context__
    return "\n".join(texts)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_refused_tunnel_is_a_proxy_error(row: Refusal, make_client: Callable[..., Client]) -> None:
    with ScriptServer([row.script] * 3) as server:
        started = time.monotonic()
        with pytest.raises(ProxyError) as caught:
            make_client(proxy=with_secret(server), timeout=5).get(ORIGIN)
        error = caught.value
        assert not isinstance(error, ProxyConnectError)
        assert (error.status_int, error.body) == (row.status, row.body)
        assert row.text in str(error)
        assert time.monotonic() - started < 3
        # Asked once, and not a byte of TLS was said to it.
        assert len(server.received) == 1
        assert bytes(server.received[0]).count(b"\r\n\r\n") == 1
        assert b"\x16\x03" not in server.received[0]
        assert SECRET not in shown(error)
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), again.status_int, again.body) == (ProxyError, row.status, row.body)


SLOW = {
    "never answers": ["head", "hold"],
    "does not even read": ["hold"],
    "a byte now and then": ["head", ("drip", b"HTTP/1.1 200 OK\r\nVia: " + b"x" * 1000, 0.02)],
    "interim answers now and then": ["head", ("drip", b"HTTP/1.1 102 Processing\r\n\r\n" * 40, 0.01)],
    "the tunnel, and then nothing": ["head", b"HTTP/1.1 200 OK\r\n\r\n", "hold"],
}


@pytest.mark.parametrize("timeout", [Timeout(connect=0.3), Timeout(total=0.3)], ids=["connect", "total"])
@pytest.mark.parametrize("script", SLOW.values(), ids=SLOW)
def test_deadlines_cover_the_tunnel(
    script: list[Any], timeout: Timeout, make_client: Callable[..., Client]
) -> None:
    with ScriptServer([script]) as server:
        started = time.monotonic()
        with pytest.raises(TimeoutError) as caught:
            make_client(proxy=with_secret(server), timeout=timeout).get(ORIGIN)
        assert 0.28 <= time.monotonic() - started <= 0.8
        assert type(caught.value).__name__ == ("ConnectTimeout" if timeout.connect else "TotalTimeout")
        assert SECRET not in shown(caught.value)


def test_a_proxy_that_answers_nobody_is_a_connect_timeout(make_client: Callable[..., Client]) -> None:
    listener, fillers = black_hole()
    try:
        proxy = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(TimeoutError) as caught:
            make_client(proxy=proxy, timeout=Timeout(connect=0.3), max_tries=1).get(ORIGIN)
        assert type(caught.value).__name__ == "ConnectTimeout"
    finally:
        for sock in (listener, *fillers):
            sock.close()


@pytest.mark.parametrize("scheme", ["http", "https", "socks4a", "socks5", "socks5h"])
def test_a_dead_proxy_is_never_gone_around(scheme: str, make_client: Callable[..., Client]) -> None:
    with ScriptServer() as gone:
        pass
    with ScriptServer() as origin:
        for url in (origin.url, origin.url.replace("http:", "https:")):
            with pytest.raises(ProxyConnectError) as caught:
                make_client(proxy=with_secret(gone, scheme)).get(url)
            assert "attempt 3 of 3" in caught.value.__notes__
            assert SECRET not in shown(caught.value)
        assert origin.received == []


def test_a_proxy_whose_name_has_no_address_is_a_proxy_connect_error(
    make_client: Callable[..., Client],
) -> None:
    def resolver(host: str, _port: int, _phase: object) -> list[Any]:
        raise OSError(None, f"no such name: {host}")

    with pytest.raises(ProxyConnectError):
        make_client(proxy=f"http://user:{SECRET}@proxy.example:3128", resolver=resolver).get(ORIGIN)


def test_a_proxy_that_dies_between_two_tunnels(
    make_client: Callable[..., Client], authority_contexts: dict[str, ssl.SSLContext]
) -> None:
    tunnel = ["head", b"HTTP/1.1 200 OK\r\n\r\n", ("tls", authority_contexts["server"]), "head",
              b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "close"]  # fmt: skip
    server = ScriptServer([tunnel])
    client = make_client(proxy=with_secret(server))
    with server:
        assert client.get("https://localhost/").body_string() == b"ok"
        # It was opened, or is being closed: either way no request is lost to it.
        (shelf,) = client.pool.shelves.values()
        end = time.monotonic() + 5
        while shelf.idle and shelf.idle[-1].is_connected() and time.monotonic() < end:
            client.pool.backend_mod.sleep(0.005)
    with pytest.raises(ProxyConnectError):
        client.get("https://localhost/")


REFUSED_BY_SOCKS = {
    "auth refused": ("socks5", [("read", 4), b"\x05\x02", ("read", 20), b"\x01\x01", "hold"]),
    "no method is acceptable": ("socks5", [("read", 4), b"\x05\xff", "hold"]),
    "a method nobody offered": ("socks5", [("read", 4), b"\x05\x01", "hold"]),
    "a bad address type": ("socks5h", [("read", 4), b"\x05\x00", ("read", 10), b"\x05\x00\x00\x09" + bytes(6), "hold"]),
    "a truncated reply": ("socks5h", [("read", 4), b"\x05\x00", ("read", 10), b"\x05\x00\x00\x01\x7f", "close"]),
    "a truncated method": ("socks5", [("read", 4), b"\x05", "close"]),
    "connection refused": ("socks5h", [("read", 4), b"\x05\x00", ("read", 10), b"\x05\x05\x00\x01" + bytes(6), "hold"]),
    "an unknown reply": ("socks5h", [("read", 4), b"\x05\x00", ("read", 10), b"\x05\x63\x00\x01" + bytes(6), "hold"]),
    "another version": ("socks5", [("read", 4), b"\x04\x00", "hold"]),
    "HTTP": ("socks5", [("read", 4), b"HTTP/1.1 400 Bad Request\r\n\r\n", "close"]),
    "EOF": ("socks5", ["close"]),
    "reset": ("socks5", [("read", 1), "rst"]),
    "SOCKS4 refused": ("socks4a", [("read", 9), b"\x00\x5b" + bytes(6), "hold"]),
    "SOCKS4 truncated": ("socks4a", [("read", 9), b"\x00\x5a", "close"]),
    "SOCKS4 garbage": ("socks4a", [("read", 9), b"garbage!", "hold"]),
}  # fmt: skip


@pytest.mark.parametrize(("scheme", "script"), REFUSED_BY_SOCKS.values(), ids=REFUSED_BY_SOCKS)
def test_a_socks_server_that_refuses_is_a_proxy_error(
    scheme: str, script: list[Any], make_client: Callable[..., Client]
) -> None:
    with ScriptServer([script] * 3) as server:
        with pytest.raises(ProxyError) as caught:
            make_client(proxy=with_secret(server, scheme), timeout=5).get("http://127.0.0.1:9/")
        assert not isinstance(caught.value, ProxyConnectError)
        assert len(server.received) == 1
        assert SECRET not in shown(caught.value)


SLOW_SOCKS = {
    "never answers": ["hold"],
    "answers half": [("read", 4), b"\x05", "hold"],
    "a byte now and then": [("read", 4), b"\x05\x00", ("drip", b"\x05\x00\x00\x03\xff" + bytes(255), 0.02)],
}


@pytest.mark.parametrize("script", SLOW_SOCKS.values(), ids=SLOW_SOCKS)
def test_deadlines_cover_socks(script: list[Any], make_client: Callable[..., Client]) -> None:
    with ScriptServer([script]) as server:
        started = time.monotonic()
        with pytest.raises(TimeoutError):
            make_client(proxy=with_secret(server, "socks5h"), timeout=Timeout(total=0.3)).get("http://h/")
        assert 0.28 <= time.monotonic() - started <= 0.8


@pytest.mark.parametrize("user", ["n%C3%A4me", "u" * 256, "a%00b"], ids=["not ASCII", "too long", "a NUL"])
@pytest.mark.parametrize("scheme", ["socks4a", "socks5"])
def test_credentials_that_socks_can_not_carry(
    scheme: str, user: str, make_client: Callable[..., Client]
) -> None:
    with ScriptServer([["hold"]] * 3) as server:
        with pytest.raises(RestkitError) as caught:
            make_client(proxy=f"{scheme}://{user}:{SECRET}@127.0.0.1:{server.port}").get("http://h/")
        assert SECRET not in shown(caught.value)
        assert user not in shown(caught.value)
        assert not any(server.received)


def test_an_https_proxy_that_speaks_no_tls_gets_nothing_else(make_client: Callable[..., Client]) -> None:
    with (
        ScriptServer([["hold"]]) as silent,
        ScriptServer([[b"HTTP/1.1 400 Bad\r\n\r\n", "close"]] * 3) as plain,
    ):
        with pytest.raises(ProxyConnectError) as caught:
            make_client(proxy=with_secret(plain, "https")).get(ORIGIN)
        assert isinstance(caught.value.__cause__, TLSError)
        assert len(plain.received) == 1
        with pytest.raises(TimeoutError):
            make_client(proxy=with_secret(silent, "https"), timeout=0.3).get(ORIGIN)
