"""SOCKS: the bytes that the RFCs ask for, over our own socket."""

import pytest

from restkit_client import Timeout

GRANTED_5 = b"\x05\x00\x00\x01" + bytes(6)
GRANTED_4 = b"\x00\x5a" + bytes(6)
NAME = b"\x03\x0eorigin.example\x00\x50"
LOCAL = b"\x01\x7f\x00\x00\x01\x00\x50"

ROWS = {
    "5h gives the name": ("socks5h://", "origin.example", [("read", 3), b"\x05\x00", ("read", 21), GRANTED_5],
                          b"\x05\x01\x00" b"\x05\x01\x00" + NAME),
    "5 gives an address": ("socks5://", "127.0.0.1", [("read", 3), b"\x05\x00", ("read", 10), GRANTED_5],
                           b"\x05\x01\x00" b"\x05\x01\x00" + LOCAL),
    "5 looks names up": ("socks5://", "looked.example", [("read", 3), b"\x05\x00", ("read", 10), GRANTED_5],
                         b"\x05\x01\x00" b"\x05\x01\x00" + LOCAL),
    "5h with a password": ("socks5h://me:word@", "origin.example",
                           [("read", 4), b"\x05\x02", ("read", 9), b"\x01\x00", ("read", 21), GRANTED_5],
                           b"\x05\x02\x00\x02" b"\x01\x02me\x04word" b"\x05\x01\x00" + NAME),
    "5h with a password that is not wanted": ("socks5h://me:word@", "origin.example",
                                              [("read", 4), b"\x05\x00", ("read", 21), GRANTED_5],
                                              b"\x05\x02\x00\x02" b"\x05\x01\x00" + NAME),
    "5h, IPv6": ("socks5h://", "[2001:db8::1]", [("read", 3), b"\x05\x00", ("read", 22), GRANTED_5],
                 b"\x05\x01\x00" b"\x05\x01\x00\x04" b"\x20\x01\x0d\xb8" + bytes(11) + b"\x01\x00\x50"),
    "4a gives the name": ("socks4a://", "origin.example", [("read", 24), GRANTED_4],
                          b"\x04\x01\x00\x50\x00\x00\x00\x01\x00origin.example\x00"),
    "4a gives an address": ("socks4a://me@", "127.0.0.1", [("read", 11), GRANTED_4],
                            b"\x04\x01\x00\x50\x7f\x00\x00\x01me\x00"),
}  # fmt: skip


@pytest.mark.parametrize(("scheme", "host", "script", "asked"), ROWS.values(), ids=ROWS)
def test_the_server_is_asked_as_the_protocol_says(scheme, host, script, asked, serve, client):
    server = serve([*script, "serve"])
    looked_up = []

    def resolver(name, port, _phase):
        looked_up.append(name)
        return [(2, ("127.0.0.1", port))]

    client.timeout = Timeout(total=10)
    proxy = f"{scheme}127.0.0.1:{server.port}"
    assert client.get(f"http://{host}/", proxy=proxy, resolver=resolver).body_string() == b"request 1"
    sent = bytes(server.received[0])
    assert sent.startswith(asked + b"GET / HTTP/1.1\r\nHost: " + host.encode())
    # The proxy's own name is always looked up here.
    assert looked_up == ["127.0.0.1", *(["looked.example"] if host == "looked.example" else [])]
