"""Whatever ends a line or a field is refused before a byte is sent, wherever a caller can put it."""

import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from restkit_client import Client
from restkit_client.cookies import Cookie, CookieJar
from restkit_client.errors import RestkitError
from restkit_client.filters import BasicAuth, BearerAuth, CookieFilter, DigestAuth

CHARACTERS = {
    "CR": "\r",
    "LF": "\n",
    "NUL": "\0",
    "CRLF": "\r\n",
    "CRLF and a field": "\r\nX-Evil: 1",
    "low byte CR": "\u010d",
    "low byte LF": "\u010a",
    "low byte NUL": "\u0100",
    "lone surrogate": "\ud80d",
}
# Text of other scripts has a meaning in these places, and is encoded: UTF-8 in percent-encoding or base64.
ENCODED = {
    "path",
    "query",
    "user name of the URL",
    "password of the URL",
    "BasicAuth",
    "parameters",
    "DigestAuth",
}
SLOTS: dict[str, Callable[[Client, str, str], Any]] = {
    "method": lambda c, url, x: c.request(url, f"GE{x}T"),
    "scheme": lambda c, url, x: c.request(url.replace("http", f"ht{x}tp")),
    "host": lambda c, url, x: c.request(url.replace("127.0.0.1", f"127.0.0.1{x}.invalid")),
    "port": lambda c, url, x: c.request(f"{url[:-1]}{x}/"),
    "path": lambda c, url, x: c.request(f"{url}a{x}b"),
    "query": lambda c, url, x: c.request(f"{url}?a{x}b"),
    "user name of the URL": lambda c, url, x: c.request(url.replace("://", f"://us{x}er:p@")),
    "password of the URL": lambda c, url, x: c.request(url.replace("://", f"://user:p{x}q@")),
    "Host": lambda c, url, x: c.request(url, headers={"Host": f"a{x}b"}),
    "field name": lambda c, url, x: c.request(url, headers={f"X-{x}Y": "v"}),
    "field value": lambda c, url, x: c.request(url, headers={"X-Y": f"v{x}w"}),
    "field value at its end": lambda c, url, x: c.request(url, headers=[("X-Y", f"v{x}")]),
    "client's field": lambda c, url, x: c.request(url, headers={"User-Agent": f"v{x}w"}),
    "content type": lambda c, url, x: c.request(url, "POST", b"x", {"Content-Type": f"text/{x}plain"}),
    "Cookie": lambda c, url, x: c.request(url, headers={"Cookie": f"a=b{x}c"}),
    "jar": lambda c, url, x: c.request(url, filters=[CookieFilter(jar_with(f"v{x}w"))]),
    "BasicAuth": lambda c, url, x: c.request(url, filters=[BasicAuth("u", f"p{x}q")]),
    "BearerAuth": lambda c, url, x: c.request(url, filters=[BearerAuth(f"t{x}u")]),
    "DigestAuth": lambda c, url, x: c.request(url, filters=[DigestAuth("u", f"p{x}q")]),
    "trailer name": lambda c, url, x: c.request(url, "POST", iter([b"x"]), trailers=[(f"X-{x}Y", "v")]),
    "trailer value": lambda c, url, x: c.request(url, "POST", iter([b"x"]), trailers=[("X-Y", f"v{x}w")]),
    "parameters": lambda c, url, x: c.request(url, params={"a": f"b{x}c"}),
}


def jar_with(value: str) -> CookieJar:
    jar = CookieJar()
    jar.set(Cookie("a", value, domain="127.0.0.1"))
    return jar


class Listener:
    """Answers each request with 204 and keeps every byte."""

    def __init__(self) -> None:
        self.received = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                self.received += connection.recv(65536)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


@pytest.mark.parametrize("slot", SLOTS)
@pytest.mark.parametrize("name", CHARACTERS)
def test_nothing_is_injected(listener, slot, name):
    text = CHARACTERS[name]
    client = Client(timeout=10, max_tries=1)
    if (slot in ENCODED and name.startswith("low byte")) or (
        slot == "parameters" and "surrogate" not in name
    ):
        SLOTS[slot](client, listener.url, text)
        lines = listener.received.removesuffix(b"\r\n\r\n").split(b"\r\n")
        assert not any(line.startswith(b"X-Evil") for line in lines)
        assert all(byte >= 32 for line in lines for byte in line)
        return
    with pytest.raises((RestkitError, ValueError)) as caught:
        SLOTS[slot](client, listener.url, text)
    assert listener.received == b""
    if text.isprintable():
        return
    assert text not in str(caught.value)
