"""A connection by the manual's names, and by socketpool's."""

import gc

import pytest

from restkit_client import Connection, ConnectionPool
from restkit_client.errors import ClosedError, ConnectError, RemoteDisconnected
from restkit_client.settings import Settings

REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.fixture
def opened(serve):
    server = serve()
    made = Connection("127.0.0.1", server.port)
    yield made
    made.close()


def test_it_is_open_when_the_constructor_returns(opened):
    assert opened.is_connected()
    assert opened.address == ("127.0.0.1", opened.port)
    assert len(opened.opened) == 3
    assert repr(opened) == f"<Connection http://127.0.0.1:{opened.port} in use>"
    opened.send(REQUEST)
    assert opened.recv().startswith(b"HTTP/1.1 200 OK")
    assert opened.tls_facts is None


def test_without_a_pool_releasing_is_closing(opened):
    opened.release()
    assert opened.socket() is None
    assert not opened.is_connected()
    assert "closed" in repr(opened)
    opened.release()
    with pytest.raises(ClosedError):
        opened.send(REQUEST)
    with pytest.raises(ClosedError):
        opened.detach()


def test_what_could_not_be_opened_raises(serve):
    server = serve()
    server.stop()
    with pytest.raises(ConnectError):
        Connection("127.0.0.1", server.port)


@pytest.mark.parametrize("should_close", [True, False])
def test_release_keeps_only_what_is_clean(should_close, serve, pool):
    server = serve()
    connection = pool.get(host="127.0.0.1", port=server.port)
    if not should_close:
        connection.stream.received = b"left over"
    connection.release(should_close)
    assert connection.socket() is None
    assert pool.stats() | {"idle": 0, "in_use": 0} == pool.stats()


def test_after_an_error_nobody_uses_it(opened):
    with pytest.raises(RemoteDisconnected):
        opened.handle_exception(RemoteDisconnected())
    assert opened.socket() is None
    opened.invalidate()


def test_it_matches_what_it_was_made_for(opened):
    like = {"host": "127.0.0.1", "port": opened.port, "is_ssl": False}
    assert opened.matches(**like)
    assert opened.matches(**like, settings=opened.settings, proxy=None, extra_headers=[])
    for other in (
        {"host": "localhost"},
        {"port": 1},
        {"is_ssl": True},
        {"extra_headers": [("A", "b")]},
        {"proxy_pieces": b"x"},
        {"verify": False},
        {"settings": Settings.of(family=2)},
    ):
        assert not opened.matches(**{**like, **other})


def test_the_older_comes_first(opened, serve):
    other = Connection("127.0.0.1", serve().port)
    other._life = opened.get_lifetime() + 1
    assert sorted([other, opened]) == [opened, other]
    other.close()


def test_an_idle_one_is_dropped_silently(serve):
    pool = ConnectionPool()
    connection = pool.get(host="127.0.0.1", port=serve().port)
    connection.release()
    assert "idle" in repr(connection)
    pool.shelves.clear()
    del connection
    gc.collect()


def test_a_detached_socket_blocks_and_leaves_the_pool(serve, pool):
    connection = pool.get(host="127.0.0.1", port=serve().port)
    sock, received = connection.detach()
    with sock:
        assert received == b""
        sock.sendall(REQUEST)
        assert sock.recv(100).startswith(b"HTTP/1.1 200")
    assert pool.stats()["in_use"] == 0


def test_settings_that_are_equal_are_one():
    assert Settings.of(family=2) is Settings.of(family=2)
    assert Settings.of(family=2) is not Settings.of(family=10)
    assert Settings.of(socket_options=[(1, 2, 3)]) is Settings.of(socket_options=((1, 2, 3),))
    one = Settings.of(source_address=("127.0.0.1", 0))
    assert one.on_backend("thread") is one
