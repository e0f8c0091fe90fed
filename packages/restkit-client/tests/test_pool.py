"""The pool: who gets which connection, what is kept, and who waits."""

import gc
import os
import threading
import time

import pytest

from restkit_client import Client, Connection, ConnectionPool, Timeout
from restkit_client import pool as pool_module
from restkit_client.errors import ClosedError, ConnectError, PoolTimeout
from restkit_client.pool import TConnectionManager
from restkit_client.settings import Settings

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CLOSING = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok"
HALF = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"


def get(pool, server):
    return pool.get(host="127.0.0.1", port=server.port)


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.002)


def test_the_newest_idle_connection_is_taken(pool, serve):
    server = serve()
    first, second = get(pool, server), get(pool, server)
    first.release()
    second.release()
    assert get(pool, server) is second
    assert pool.stats()["reused"] == 1
    for each in (first, second):
        each.close()


@pytest.mark.parametrize(
    "other",
    [
        {"extra_headers": [("X", "y")]},
        {"proxy_pieces": None, "settings": Settings.of(socket_options=((1, 9, 1),))},
        {"verify": False},
    ],
)
def test_a_connection_serves_only_those_who_ask_for_its_like(other, pool, serve):
    server = serve()
    first = get(pool, server)
    first.release()
    second = pool.get(host="127.0.0.1", port=server.port, **other)
    assert second is not first
    second.close()
    assert get(pool, server) is first
    first.close()


def test_a_connection_can_be_given_back_twice(pool, serve):
    server = serve()
    connection = get(pool, server)
    connection.release()
    connection.release()
    assert pool.size == 1
    assert get(pool, server) is connection
    assert pool.size == 0
    connection.close()


def test_no_more_idle_ones_are_kept_than_max_size(serve, descriptors):
    server = serve()
    before = descriptors()
    with ConnectionPool(max_size=2) as pool:
        for connection in [get(pool, server) for _ in range(5)]:
            connection.release()
        assert pool.size == 2
        assert pool.stats()["in_use"] == 0
    until(lambda: descriptors() <= before + 0)


@pytest.mark.parametrize("kind", ["closed", "unasked"])
def test_a_connection_on_which_something_has_come_is_dead(kind, pool, serve):
    server = serve([], []) if kind == "closed" else serve([OK, "hold"])
    connection = get(pool, server)
    connection.release()
    until(connection.stream.readable)
    fresh = get(pool, server)
    assert fresh is not connection
    assert connection.socket() is None
    assert pool.stats()["dead"] == 1
    fresh.close()


def test_idle_and_old_connections_expire(serve, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(pool_module, "monotonic", lambda: now[0])
    server = serve()
    with ConnectionPool(idle_timeout=10, max_lifetime=1e9) as pool:
        first = get(pool, server)
        first.release()
        now[0] += 11
        second = get(pool, server)
        assert second is not first
        assert first.socket() is None
        second.release()
        third = get(pool, server)
        third.release()
        # Without a thread: whoever gives one back next sweeps out the others.
        now[0] += 11
        other = pool.get(host="127.0.0.1", port=server.port, extra_headers=[("A", "b")])
        other.release()
        assert third.socket() is None
        assert pool.stats()["expired"] == 2
        other = get(pool, server)
        other._born -= 2e9
        other.release()
        assert other.socket() is None


def test_what_the_server_says_of_its_patience_is_honoured(client, pool, serve):
    once = OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=100, max=0\r\n\r\n")
    brief = OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=1\r\n\r\n")
    odd = OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=\xb2, max=99999999999, what\r\n\r\n")
    server = serve(["head", once, "hold"], ["head", brief, "hold"], ["head", odd, "hold"])
    for expected in (0, 0, 1):
        client.get(server.url).body_string()
        assert pool.size == expected
    assert len(server.received) == 3


def test_a_method_that_may_not_be_repeated_takes_no_connection_that_was_idle_for_long(client, pool, serve):
    server = serve()
    client.get(server.url).body_string()
    for shelf in pool.shelves.values():
        shelf.idle[0].idle_since -= 3
    assert client.get(server.url).body_string() == b"request 2"
    for shelf in pool.shelves.values():
        shelf.idle[0].idle_since -= 3
    assert client.post(server.url, b"x").body_string() == b"request 1"


def test_what_can_not_be_opened_is_counted_out(pool, serve):
    server = serve()
    server.stop()
    with pytest.raises(ConnectError):
        get(pool, server)
    assert pool.stats()["in_use"] == 0
    assert pool.shelves == {}


def test_a_bound_is_kept_and_found_by_waiting(serve):
    server = serve()
    with ConnectionPool(max_connections=1) as pool:
        connection = get(pool, server)
        threading.Timer(0.1, connection.release).start()
        assert get(pool, server) is connection
        assert pool.stats()["waited"] == 1
        connection.close()


@pytest.mark.parametrize("bound", ["max_connections", "max_per_origin"])
def test_who_waits_in_vain_is_told_after_how_long(bound, serve):
    server = serve()
    with ConnectionPool(**{bound: 1}) as pool:
        connection = get(pool, server)
        client = Client(pool=pool, timeout=Timeout(pool=0.05))
        with pytest.raises(PoolTimeout, match=r"free connection: not done within 0\.05 s"):
            client.get(server.url)
        assert pool.stats()["waiting"] == 0
        connection.close()
        assert client.get(server.url).body_string() == b"request 1"


def test_an_idle_connection_to_another_server_makes_room(serve):
    one, two = serve(), serve()
    with ConnectionPool(max_connections=2) as pool:
        first, second = get(pool, one), get(pool, one)
        second.release()
        first.release()
        other = get(pool, two)
        assert second.socket() is None
        assert first.socket() is not None
        assert pool.stats()["in_use"] == 1
        other.close()


def test_a_fresh_connection_takes_the_place_of_an_idle_one_of_its_origin(serve):
    server = serve()
    with ConnectionPool(max_per_origin=1) as pool:
        first = get(pool, server)
        key = first.key.key
        first.release()
        shelf = pool.take(key, fresh=True)
        assert shelf.open == 1
        assert first.socket() is None
        pool.discard(key=shelf)


def waiting_threads(pool, server, count, act):
    """Threads that come one after another to a full pool; the order in which they were served."""
    served = []
    threads = []
    for number in range(count):

        def work(number=number):
            connection = get(pool, server)
            served.append(number)
            act(connection)

        threads.append(threading.Thread(target=work))
        threads[-1].start()
        until(lambda: pool.stats()["waiting"] == len(threads))
    return served, threads


@pytest.mark.parametrize("act", ["release", "close", "detach"])
def test_who_came_first_is_served_first_however_a_place_becomes_free(act, serve):
    server = serve()
    with ConnectionPool(max_connections=1) as pool:
        held = get(pool, server)

        def end(connection):
            if act == "detach":
                connection.detach()[0].close()
            else:
                getattr(connection, act)()

        served, threads = waiting_threads(pool, server, 6, end)
        end(held)
        for each in threads:
            each.join(10)
        assert served == list(range(6))
        assert pool.stats()["in_use"] == 0


def test_who_is_given_a_dead_connection_keeps_its_place(serve):
    server = serve()
    with ConnectionPool(max_connections=1) as pool:
        held = get(pool, server)
        served, threads = waiting_threads(pool, server, 3, lambda connection: connection.close())
        # The server closes it at the moment at which it is given back.
        server.sockets[0].shutdown(2)
        until(held.stream.readable)
        held.release()
        for each in threads:
            each.join(10)
        assert served == [0, 1, 2]
        assert pool.stats() | {"opened": 4, "dead": 1, "in_use": 0, "idle": 0} == pool.stats()


def test_one_who_can_not_use_what_is_free_does_not_hold_up_the_next(serve):
    one, two = serve(), serve()
    with ConnectionPool(max_per_origin=1) as pool:
        held_one, held_two = get(pool, one), get(pool, two)
        served, first = waiting_threads(pool, one, 1, lambda connection: connection.close())
        done = []
        second = threading.Thread(target=lambda: done.append(get(pool, two)))
        second.start()
        until(lambda: pool.stats()["waiting"] == 2)
        held_two.release()
        second.join(10)
        assert done == [held_two]
        assert served == []
        held_one.close()
        first[0].join(10)
        held_two.close()


def test_what_is_granted_to_one_who_just_gave_up_goes_on(serve, monkeypatch):
    server = serve()
    with ConnectionPool(max_connections=1) as pool:
        held = get(pool, server)

        class Late:
            """Time is up at the moment at which the connection is there."""

            def wait(self, _seconds):
                held.release()
                return False

            def wake(self):
                pass

        monkeypatch.setattr(pool.backend_mod, "Waiter", Late)
        with pytest.raises(PoolTimeout):
            pool.take(held.key.key, Client(timeout=Timeout(pool=0.01))._take_snapshot().endless)
        assert pool.stats() | {"idle": 1, "in_use": 0, "waiting": 0} == pool.stats()
        assert get(pool, server) is held
        held.close()


def test_the_right_to_open_one_goes_on_too(serve, monkeypatch):
    server = serve()
    with ConnectionPool(max_connections=1) as pool:
        held = get(pool, server)

        class Interrupted:
            def wait(self, _seconds):
                held.close()
                raise KeyboardInterrupt

            def wake(self):
                pass

        with monkeypatch.context() as patched:
            patched.setattr(pool.backend_mod, "Waiter", Interrupted)
            with pytest.raises(KeyboardInterrupt):
                get(pool, server)
        assert pool.stats() | {"idle": 0, "in_use": 0, "waiting": 0} == pool.stats()


def test_a_closed_pool_gives_nothing_and_keeps_nothing(serve):
    server = serve()
    pool = ConnectionPool(max_connections=1)
    held = get(pool, server)
    errors = []

    def wait():
        try:
            get(pool, server)
        except ClosedError as error:
            errors.append(str(error))

    waiter = threading.Thread(target=wait)
    waiter.start()
    until(lambda: pool.stats()["waiting"] == 1)
    pool.close()
    waiter.join(10)
    assert errors == ["the pool was closed while a connection was waited for"]
    with pytest.raises(ClosedError, match="closed"):
        get(pool, server)
    held.release()
    assert held.socket() is None
    assert repr(pool).startswith("<ConnectionPool closed, idle=0, in_use=0, waiting=0, opened=1")


def test_who_comes_as_the_pool_is_closed_does_not_wait(serve, monkeypatch):
    from restkit_client import waiting

    pool = ConnectionPool(max_connections=1)
    pool.closed = True
    from restkit_client.timeouts import NO_DEADLINE

    with pytest.raises(ClosedError):
        waiting.wait_in_row(pool, "key", NO_DEADLINE)


def test_a_finaliser_inside_the_pool_s_own_lock_does_not_wait_for_it(serve):
    server = serve(["head", HALF, "hold"])
    with ConnectionPool(max_connections=1) as pool:
        response = Client(pool=pool).get(server.url)
        cycle = [response]
        cycle.append(cycle)
        del response, cycle
        with pool.lock, pytest.warns(ResourceWarning):
            gc.collect()
        assert pool.stats()
        assert pool.stats()["in_use"] == 0
        assert Client(pool=pool, timeout=5).get(server.url).body_string() == b"request 1"


def test_a_connection_dropped_by_its_owner_is_closed_and_counted_out(pool, serve):
    connection = get(pool, serve())
    cycle = [connection]
    cycle.append(cycle)
    del connection, cycle
    with pytest.warns(ResourceWarning, match="unclosed <Connection http://127"):
        gc.collect()
    assert pool.stats()["in_use"] == 0


def test_a_dropped_pool_closes_what_it_holds(serve, descriptors):
    server = serve()
    pool = ConnectionPool()
    connection = get(pool, server)
    connection.release()
    del pool
    gc.collect()
    del connection
    until(lambda: len(server.sockets) == 1)


def test_retiring_keeps_nothing_from_then_on(pool, serve):
    server = serve()
    idle, held = get(pool, server), get(pool, server)
    idle.release()
    pool.retire()
    assert idle.socket() is None
    held.release()
    assert held.socket() is None


def test_the_manual_s_manager_keeps_nb_connections():
    assert TConnectionManager(nb_connections=3).max_size == 3
    assert TConnectionManager().max_size == 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
def test_a_forked_child_has_an_empty_pool_and_the_parent_its_connection(pool, client, serve):
    server = serve()
    client.get(server.url).body_string()
    held = client.get_connection(client_request(server.url))
    client.get(server.url).body_string()
    child = os.fork()
    if child == 0:
        try:
            good = pool.stats() == {**pool.stats(), "idle": 0, "in_use": 0}
            held.close()
            good = good and pool.stats()["in_use"] == 0
            good = good and client.get(server.url).body_string() == b"request 1"
            good = good and pool.stats()["idle"] == 1
            pool.release_all()
        except BaseException:  # noqa: BLE001 - whatever it is, the child says no
            good = False
        os._exit(0 if good else 1)
    assert os.waitpid(child, 0)[1] == 0
    held.release()
    assert client.get(server.url).body_string() in (b"request 2", b"request 3")


def client_request(url):
    from restkit_client import Request

    return Request(url)


def test_a_lock_that_another_thread_holds_at_the_fork_is_not_the_child_s(pool):
    pool.lock.acquire()
    pool.after_fork()
    assert pool.stats()["idle"] == 0


def test_a_count_of_before_the_fork_is_none_of_the_child_s(pool, serve):
    connection = get(pool, serve())
    shelf = connection.key
    pool.after_fork()
    pool.discard(key=shelf)
    assert pool.stats()["in_use"] == 0
    connection.key = None
    connection.close()


def test_a_pool_for_a_backend_opens_connections_for_it(serve):
    server = serve()
    with ConnectionPool(backend="thread") as pool:
        connection = get(pool, server)
        assert connection.settings.backend is pool.backend_mod
        assert isinstance(connection, Connection)
        connection.close()


def test_at_exit_idle_connections_are_closed(pool, serve):
    connection = get(pool, serve())
    connection.release()
    pool_module._close_pools()
    assert connection.socket() is None
