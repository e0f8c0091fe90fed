"""Redirects over sockets: the chain, its limit, bodies, and responses that nobody wants to read (faults.md row 45)."""

import io
import socket
import threading
from collections.abc import Iterator
from time import monotonic
from typing import Any

import pytest

from restkit_client import Client
from restkit_client.errors import InvalidUrl, RedirectLimit, UnrewindableBody


class Redirecting:
    """One origin: a list of answers, given in turn, each (status, location, body); and what was asked."""

    def __init__(self) -> None:
        self.answers: list[tuple[int, str, bytes]] = []
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
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
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(10)
        try:
            with connection, connection.makefile("rb") as file:
                while line := file.readline().decode("latin-1"):
                    self._answer(connection, file, line)
        except OSError:
            return

    def _answer(self, connection: socket.socket, file: Any, line: str) -> None:
        fields = {}
        while text := file.readline().decode("latin-1").rstrip("\r\n"):
            name, _, value = text.partition(": ")
            fields[name.lower()] = value
        body = file.read(int(fields.get("content-length", 0)))
        if fields.get("transfer-encoding") == "chunked":
            while size := int(file.readline(), 16):
                body += file.read(size)
                file.readline()
            file.readline()
        self.seen.append((line.rpartition(" ")[0], fields, body))
        status, location, content = self.answers.pop(0) if self.answers else (200, "", b"ok")
        more = f"Location: {location}\r\n" if location else ""
        connection.sendall(f"HTTP/1.1 {status} X\r\n{more}Content-Length: {len(content)}\r\n\r\n".encode())
        if not line.startswith("HEAD"):
            connection.sendall(content)


@pytest.fixture
def server() -> Iterator[Redirecting]:
    made = Redirecting()
    yield made
    made.close()


def lines(server: Redirecting) -> list[str]:
    return [line for line, _, _ in server.seen]


def test_the_response_tells_the_way(server):
    server.answers = [(302, "/b", b""), (301, "c?d#e", b"moved")]
    response = Client(follow_redirect=True, timeout=10).request(f"{server.url}a#top")
    assert response.status_int == 200
    assert response.body_string() == b"ok"
    assert response.final_url == f"{server.url}c?d#e"
    assert response.request.initial_url == f"{server.url}a#top"
    assert [one.status_int for one in response.history] == [302, 301]
    assert [one.location for one in response.history] == [f"{server.url}b", f"{server.url}c?d#e"]
    assert lines(server) == ["GET /a", "GET /b", "GET /c?d"]


def test_what_is_not_followed_is_returned_with_its_body(server):
    server.answers = [(302, "/b", b"see there")] * 3
    for client, method in [
        (Client(timeout=10), "GET"),
        (Client(force_follow_redirect=True, timeout=10), "GET"),
        (Client(follow_redirect=True, timeout=10), "POST"),
    ]:
        response = client.request(server.url, method)
        assert (response.status_int, response.location) == (302, f"{server.url}b")
        assert response.body_string() == b"see there"


@pytest.mark.parametrize("limit", [0, 1, 5])
def test_the_limit_counts_hops_and_names_the_chain(server, limit):
    server.answers = [(302, "/again?token=s3cret", b"")] * 10
    with pytest.raises(RedirectLimit, match="Redirection limit is reached") as caught:
        Client(follow_redirect=True, max_follow_redirect=limit, timeout=10).request(f"{server.url}start")
    assert len(server.seen) == limit + 1
    expected = [f"{server.url}start"] + [f"{server.url}again?token=***"] * limit
    assert list(caught.value.history) == expected
    # The client is none the worse for it.
    server.answers.clear()
    assert Client(follow_redirect=True, timeout=10).request(server.url).body_string() == b"ok"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize(
    "body",
    [b"bytes", "text", {"a": "b"}, io.BytesIO(b"0123456789"), io.BytesIO(b"x" * 100_000)],
    ids=["bytes", "text", "form", "file", "large file"],
)
def test_a_forced_redirect_sends_the_body_again(server, status, body):
    if isinstance(body, io.BytesIO):
        body.seek(4)
    server.answers = [(status, "/b", b"")]
    client = Client(follow_redirect=True, force_follow_redirect=True, timeout=10)
    assert client.request(f"{server.url}a", "PUT", body, {"X-Key": "1"}).body_string() == b"ok"
    (_, first_fields, first), (line, fields, second) = server.seen
    assert line == "PUT /b"
    assert second == first != b""
    assert fields == first_fields


def test_a_303_drops_the_body_and_its_fields(server):
    server.answers = [(303, "/b", b"")]
    fields = {"Content-Type": "text/plain", "Content-Language": "de", "Digest": "x", "X-Key": "1"}
    client = Client(follow_redirect=True, timeout=10)
    assert client.request(f"{server.url}a", "POST", b"body", fields).body_string() == b"ok"
    line, sent, body = server.seen[1]
    assert (line, body) == ("GET /b", b"")
    assert set(sent) == {"host", "user-agent", "accept-encoding", "x-key"}


def test_a_body_that_can_be_read_once_is_an_error(server):
    server.answers = [(307, "/b", b"")]
    client = Client(follow_redirect=True, force_follow_redirect=True, timeout=10)
    with pytest.raises(UnrewindableBody, match="can not be sent a second time"):
        client.request(f"{server.url}a", "POST", iter([b"once", b"only"]))
    assert len(server.seen) == 1
    # With a 303 there is nothing to send again.
    server.answers = [(303, "/b", b"")]
    assert client.request(f"{server.url}a", "POST", iter([b"once"])).body_string() == b"ok"


def test_a_redirect_s_huge_body_is_not_read(server):
    server.answers = [(302, "/b", b"x" * 50_000_000)]
    start = monotonic()
    response = Client(follow_redirect=True, timeout=10).request(server.url)
    assert response.body_string() == b"ok"
    assert monotonic() - start < 2


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "http+unix://%2Frun%2Fdocker.sock/", "http://a b/", "//"]
)
def test_a_target_that_can_not_be_requested_is_an_error(server, location):
    server.answers = [(302, location, b"")]
    with pytest.raises(InvalidUrl, match="redirect can not be followed"):
        Client(follow_redirect=True, timeout=10).request(server.url)


def test_each_call_has_hops_of_its_own(server):
    """restkit 4 counted on the client: the budget was shared by its calls and threads."""
    client = Client(follow_redirect=True, max_follow_redirect=2, timeout=10)
    for _ in range(3):
        server.answers = [(302, "/b", b"")] * 2
        assert client.request(server.url).body_string() == b"ok"
