"""A response's body: as many bytes as its framing gives, and what becomes of the connection then (rules 2 and 3)."""

import gc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from restkit_client import Client, ConnectionPool
from restkit_client.body_reader import BytesReader
from restkit_client.errors import ClosedError, IncompleteBody, InvalidChunkSize, ReadTimeout

LENGTH = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
UNTIL_CLOSE = b"HTTP/1.1 200 OK\r\n\r\n"
DATA = bytes(range(256)) * 700


def chunks(data, size):
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\nX-Sum: 7\r\n\r\n"


FRAMED = {
    "length": (LENGTH % len(DATA) + DATA, True),
    "chunked": (CHUNKED + chunks(DATA, 4096), True),
    "tiny chunks": (CHUNKED + chunks(DATA, 7), True),
    "large chunks": (CHUNKED + chunks(DATA, 100_000), True),
    "until close": (UNTIL_CLOSE + DATA, False),
    "length, closing": (
        b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(DATA) + DATA,
        False,
    ),
}


def by_read(response, size):
    reader = response.reader
    return b"".join(iter(lambda: reader.read(size), b""))


def by_readinto(response, size):
    reader, buffer, got = response.reader, bytearray(size), []
    while count := reader.readinto(buffer):
        got.append(bytes(buffer[:count]))
    return b"".join(got)


WAYS = {"read": by_read, "readinto": by_readinto, "whole": lambda response, _: response.body_string()}


@pytest.mark.parametrize("size", [1000, 65536, 1_000_000])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", FRAMED)
def test_every_framing_gives_the_same_bytes_by_every_way(kind, way, size, serve, client, pool):
    data, kept = FRAMED[kind]
    server = serve(["head", data, "serve" if kept else "close"])
    response = client.get(server.url)
    assert WAYS[way](response, size) == DATA
    assert response.reader.read(10) == b""
    assert pool.size == (1 if kept else 0)
    assert pool.stats()["in_use"] == 0
    if "chunks" in kind or kind == "chunked":
        assert response.trailers["x-sum"] == "7"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chunk=st.integers(1, 5000), size=st.integers(1, 70_000), data=st.binary(max_size=20_000))
def test_any_chunks_read_by_any_size(chunk, size, data, serve):
    with ConnectionPool() as pool:
        server = serve(["head", CHUNKED + chunks(data, chunk), "serve"])
        response = Client(pool=pool).get(server.url)
        assert by_read(response, size) == data
        assert pool.size == 1


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (LENGTH % 10 + b"short", 10),
        (LENGTH % 10, 10),
        (CHUNKED + b"5\r\nab", None),
        (CHUNKED + b"5\r\nabcde\r\n", None),
        (CHUNKED + b"5\r\nabcde\r\n0\r\n", None),
        (CHUNKED, None),
    ],
)
@pytest.mark.parametrize("end", ["fin", "rst"])
def test_fewer_bytes_than_promised_are_an_error_with_the_numbers(
    data, expected, way, end, serve, client, pool
):
    import threading

    ready = threading.Event()
    server = serve(["head", data, ready, end, "hold"])
    response = client.get(server.url)
    ready.set()
    with pytest.raises(IncompleteBody) as caught:
        WAYS[way](response, 3)
    assert caught.value.expected == expected
    assert pool.stats() | {"idle": 0, "in_use": 0} == pool.stats()
    # And again, whoever asks: a cut body never looks like a whole one.
    with pytest.raises(IncompleteBody):
        response.reader.read(1)


def test_broken_chunks_close_the_connection(serve, client, pool):
    server = serve(["head", CHUNKED, b"5\r\nabcde\r\nzz\r\n", "hold"])
    with pytest.raises(InvalidChunkSize):
        client.get(server.url).body_string()
    assert pool.stats()["in_use"] == 0
    server = serve(["head", CHUNKED + b"zz\r\n", "hold"])
    with pytest.raises(InvalidChunkSize):
        client.get(server.url)
    assert pool.stats()["in_use"] == 0


@pytest.mark.parametrize("data", [LENGTH % 2 + b"ok!", CHUNKED + b"2\r\nok\r\n0\r\n\r\n!"])
def test_a_byte_too_many_closes_the_connection_and_nothing_else(data, serve, client, pool):
    server = serve(["head", data, "hold"])
    assert client.get(server.url).body_string() == b"ok"
    assert pool.size == 0


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_request_that_says_close_is_not_kept(method, serve, client, pool):
    server = serve()
    if method == "HEAD":
        server.scripts.append(["head", LENGTH % 5, "hold"])
    body = client.request(server.url, method, headers={"Connection": "close"}).body_string()
    assert body == (b"request 1" if method == "GET" else b"")
    assert pool.size == 0


def test_a_rest_that_is_here_is_read_to_keep_the_connection(serve, client, pool):
    for data in (LENGTH % 30_000 + bytes(30_000), CHUNKED + chunks(bytes(30_000), 999)):
        pool.release_all()
        server = serve(["head", data[:9000], data[9000:], "serve"])
        response = client.get(server.url)
        response.reader.read(10)
        reader = response._raw
        if reader._connection is not None:
            reader._connection.stream.is_readable_within(1)
        while (
            reader._connection is not None
            and reader._connection.stream.is_readable_within(0.2)
            and pool.size == 0
        ):
            response.close()
        assert pool.stats()["in_use"] == 0


@pytest.mark.parametrize(
    "data",
    [
        LENGTH % 500_000 + bytes(100),
        LENGTH % 500 + b"x",
        CHUNKED + b"5\r\nab",
        UNTIL_CLOSE + b"x",
        CHUNKED + b"5\r\nabcde\r\nzz",
    ],
)
def test_a_rest_that_is_long_or_not_here_is_given_up(data, serve, client, pool):
    server = serve(["head", data[:-1], data[-1:], "hold"])
    with client.get(server.url) as response:
        pass
    assert pool.stats() | {"idle": 0, "in_use": 0} == pool.stats()
    response.close()
    with pytest.raises(ClosedError, match="closed before its body was read"):
        response.reader.read(1)


def test_a_dropped_response_closes_its_connection_with_a_warning(serve, client, pool):
    server = serve(["head", LENGTH % 10, "hold"])
    cycle = [client.get(server.url)]
    cycle.append(cycle)
    del cycle
    with pytest.warns(ResourceWarning, match="dropped before its body was read|unclosed"):
        gc.collect()
    assert pool.stats()["in_use"] == 0


def test_a_late_body_is_a_timeout_and_stays_one(serve, client, pool):
    server = serve(["head", LENGTH % 10 + b"half", "hold"])
    response = client.get(server.url, timeout=0.05)
    with pytest.raises(ReadTimeout):
        response.body_string()
    assert pool.stats()["in_use"] == 0


def test_after_an_interrupt_the_rest_is_gone(serve, client, pool, monkeypatch):
    server = serve(["head", LENGTH % 10 + b"half", "hold"])
    response = client.get(server.url)
    response.reader.read(4)

    def interrupt(*_):
        raise KeyboardInterrupt

    connection = response._raw._connection
    monkeypatch.setattr(type(connection.stream), "recv", interrupt)
    monkeypatch.setattr(type(connection.stream), "recv_into", interrupt)
    with pytest.raises(KeyboardInterrupt):
        response.reader.read(1)
    with pytest.raises(ClosedError, match="interrupted"):
        response.reader.readinto(bytearray(1))
    assert pool.stats()["in_use"] == 0


UPGRADE = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\n"


@pytest.mark.parametrize(("method", "head"), [("GET", UPGRADE), ("CONNECT", b"HTTP/1.1 200 OK\r\n\r\n")])
def test_a_tunnel_is_handed_over_with_what_was_read_of_it(method, head, serve, client, pool):
    server = serve(["head", head + b"hello", ("read", 4), b"pong", "hold"])
    response = client.request(server.url, method, headers={"Connection": "upgrade", "Upgrade": "echo"})
    sock, received = response.detach()
    with sock:
        assert received == b"hello"
        sock.sendall(b"ping")
        assert sock.recv(4) == b"pong"
    line = bytes(server.received[0]).partition(b"\r\n")[0]
    assert line == (b"GET / HTTP/1.1" if method == "GET" else b"CONNECT 127.0.0.1:%d HTTP/1.1" % server.port)
    assert pool.stats() | {"idle": 0, "in_use": 0} == pool.stats()
    for again in (response.detach, lambda: response.reader.read(1)):
        with pytest.raises(ClosedError):
            again()


def test_a_plain_response_has_nothing_to_hand_over(serve, client):
    with pytest.raises(ClosedError, match="no longer has a connection"):
        client.get(serve().url).detach()


def test_a_body_in_memory():
    reader = BytesReader(b"abcdef")
    buffer = bytearray(4)
    assert (reader.read(2), reader.readinto(buffer), bytes(buffer), reader.read(1)) == (
        b"ab",
        4,
        b"cdef",
        b"",
    )
    assert BytesReader(b"x").read_all() == b"x"
    closed = BytesReader(b"x")
    closed.close()
    assert closed.read(1) == b""
