"""socketpool's own pool, as the manual uses it: each of its defects, and rules 1 and 2. Other backends: tests-integration/transport."""

import gc
import threading
import time

import pytest
import socketpool
import socketpool.pool
import socketpool.util

from restkit_client import Client, Connection
from restkit_client.errors import ConnectError, TotalTimeout
from restkit_client.socketpool_repair import repair


@pytest.fixture
def pool():
    made = socketpool.ConnectionPool(factory=Connection, retry_delay=0.001, reap_delay=0.02)
    yield made
    made.release_all()


def until(condition):
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.002)


def get(pool, server, **options):
    return pool.get(host="127.0.0.1", port=server.port, **options)


def test_the_reaper_is_a_daemon_that_ends_with_its_pool(serve):
    pool = socketpool.ConnectionPool(factory=Connection, reap_delay=0.01)
    reaper = pool._reaper
    assert reaper.daemon
    assert reaper.is_alive()
    reaper.ensure_started()
    del pool
    # It holds itself, in its options.
    gc.collect()
    reaper.join(5)
    assert not reaper.is_alive()


def test_the_reaper_closes_what_is_too_old(pool, serve):
    connection = get(pool, serve())
    connection.release()
    connection._life -= 700
    until(lambda: connection.socket() is None)
    assert pool.size == 0


def test_without_a_reaper_there_is_no_thread(serve):
    before = threading.active_count()
    pool = socketpool.ConnectionPool(factory=Connection, reap_connections=False)
    assert threading.active_count() == before
    assert pool.size == 0


def test_two_connections_of_equal_age_can_be_given_back(pool, serve):
    server = serve()
    first, second = get(pool, server), get(pool, server)
    second._life = first._life
    first.release()
    second.release()
    assert pool.size == 2


def test_connections_for_others_are_put_back_once(pool, serve):
    one, two = serve(), serve()
    kept = get(pool, one)
    kept.release()
    two.stop()
    with pytest.raises(ConnectError):
        get(pool, two)
    assert pool.size == 1
    first, second = get(pool, one), get(pool, one)
    assert first is kept
    assert second is not kept
    first.close()
    second.close()


@pytest.mark.parametrize("kind", ["dead", "old"])
def test_what_can_not_be_used_is_closed(kind, pool, serve):
    server = serve(["head", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"]) if kind == "dead" else serve()
    connection = get(pool, server)
    connection.release()
    if kind == "dead":
        connection.send(b"GET / HTTP/1.1\r\n\r\n")
        until(connection.stream.readable)
    else:
        pool._reaper = None
        pool.max_lifetime = -100
    pool.too_old, too_old = (
        pool.too_old if kind == "dead" else (lambda conn: conn is connection),
        pool.too_old,
    )
    fresh = get(pool, server)
    pool.too_old = too_old
    assert fresh is not connection
    assert connection.socket() is None
    fresh.close()


def test_a_closed_peer_is_no_connection(serve):
    import socket

    server = serve([])
    with socket.create_connection(("127.0.0.1", server.port)) as sock:
        until(lambda: not socketpool.util.is_connected(sock))
    assert not socketpool.util.is_connected(sock)
    with socket.create_connection(("127.0.0.1", serve().port)) as sock:
        assert socketpool.util.is_connected(sock)


def test_a_factory_s_last_error_is_raised_and_a_stillborn_connection_closed(serve):
    made = []

    class Stillborn:
        def is_connected(self):
            return False

        def invalidate(self):
            made.append(self)

    pool = socketpool.ConnectionPool(factory=lambda **_: Stillborn(), retry_delay=0, reap_connections=False)
    with pytest.raises(socketpool.pool.MaxTriesError):
        pool.get(host="a", port=1)
    assert len(made) == 3


def test_any_connector_will_do():
    class Mine:
        def matches(self, **_):
            return True

        def is_connected(self):
            return True

        def get_lifetime(self):
            return time.time()

        def invalidate(self):
            pass

    mine = Mine()
    pool = socketpool.ConnectionPool(factory=lambda **_: mine, reap_connections=False)
    assert pool.get() is mine
    pool.release_connection(mine)
    assert pool.get() is mine


def test_the_caller_s_clock_starts_when_a_connection_is_taken(pool, serve):
    from restkit_client import Timeout
    from restkit_client.timeouts import Deadline

    server = serve()
    client = Client(pool=pool)
    client.get(server.url, timeout=Timeout(total=0.05)).body_string()
    time.sleep(0.06)
    connection = pool.get(
        host="127.0.0.1", port=server.port, settings=client._take_snapshot().settings, proxy=None
    )
    connection.send(b"GET / HTTP/1.1\r\n\r\n")
    assert connection.recv(9) == b"HTTP/1.1 "
    connection.close()
    get(pool, server).release()
    late = get(pool, server, deadline=Deadline(Timeout(total=0.01)))
    with pytest.raises(TotalTimeout):
        late.recv()
    late.close()


def test_a_client_reuses_it_and_keeps_nothing_unclean(pool, serve):
    half = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    server = serve(["head", ok, "head", ok, "head", half, "hold"])
    client = Client(pool=pool)
    assert [client.get(server.url).body_string() for _ in range(2)] == [b"ok", b"ok"]
    assert (len(server.received), pool.size) == (1, 1)
    with client.get(server.url) as response:
        response.body_stream().read(2)
    assert pool.size == 0
    assert client.get(server.url).body_string() == b"request 1"


def test_repairing_twice_changes_nothing():
    before = dict(vars(socketpool.ConnectionPool))
    repair()
    assert dict(vars(socketpool.ConnectionPool)) == before
