"""The shared pools, and what set_session changes."""

import gc
import os
import subprocess
import sys
import threading

import pytest

from restkit_client import Client, Resource, request, session, settings, sockets
from restkit_client.session import get_session, set_session


@pytest.fixture(autouse=True)
def _as_before():
    before = dict(session._default_session), session._default_backend
    session._default_session.clear()
    session.default_pools.clear()
    yield
    for pool in session._default_session.values():
        pool.close()
    session._default_session.clear()
    session._default_session.update(before[0])
    session._default_backend = before[1]
    session.default_pools.clear()


def test_there_is_one_pool_a_backend():
    assert get_session("thread") is get_session("thread")
    assert get_session("thread", max_size=3).max_size == 10


def test_a_backend_that_does_not_exist_is_named():
    for function in (get_session, set_session):
        with pytest.raises(ImportError, match="twisted isn't a socketpool backend"):
            function("twisted")


def test_clients_requests_and_resources_share_it(serve):
    server = serve()
    bodies = [
        Client().get(server.url).body_string(),
        request(server.url).body_string(),
        Resource(server.url).get().body_string(),
    ]
    assert bodies == [b"request 1", b"request 2", b"request 3"]
    assert get_session("thread").stats()["opened"] == 1


def test_set_session_counts_from_the_next_request_on(serve):
    server = serve()
    client = Client()
    assert client.get(server.url).body_string() == b"request 1"
    old = get_session("thread")
    held = client.get_connection(client_request(server.url))
    new = set_session("thread", max_size=1)
    assert get_session("thread") is new
    assert client.get(server.url).body_string() == b"request 1"
    assert new.stats()["opened"] == 1
    held.release()
    assert old.stats() | {"idle": 0, "in_use": 0} == old.stats()
    assert held.socket() is None


def client_request(url):
    from restkit_client import Request

    return Request(url)


class Other:
    """A backend of another name, that waits as threads do."""

    name = "gevent"

    def __init__(self):
        self.waits = 0
        for name in ("wait_any", "resolve", "sleep", "Waiter"):
            setattr(self, name, getattr(sockets.load("thread"), name))

    def wait(self, *given):
        self.waits += 1
        return sockets.thread.wait(*given)


@pytest.fixture
def other(monkeypatch):
    made = Other()
    load = sockets.load
    # Equal settings are one object; those of another test's backend are not equal to these.
    monkeypatch.setattr(settings, "_interned", {})
    monkeypatch.setattr(
        sockets, "load", lambda name="thread": made if name in ("gevent", made) else load(name)
    )
    return made


def test_the_chosen_backend_is_waited_with_by_clients_that_name_none(serve, other):
    server = serve(["head", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", b"ok", "serve"])
    client, bounded = Client(), Client(max_connections=1)
    client.get(server.url).body_string()
    assert other.waits == 0
    set_session("gevent")
    client.get(server.url).body_string()
    assert other.waits > 0
    waits = other.waits
    bounded.get(server.url).body_string()
    assert other.waits > waits
    connection = client.get_connection(client_request(server.url))
    assert connection.settings.backend is other
    connection.close()
    bounded.close()
    gc.collect()


def test_a_request_of_another_backend_has_that_one_s_pool(serve, other):
    server = serve()
    request(server.url, backend="gevent").body_string()
    assert other.waits > 0
    assert get_session("gevent").stats()["opened"] == 1


def test_a_pool_that_was_replaced_meanwhile_is_not_noted(monkeypatch):
    real = session.get_session
    replaced = []

    def slow(name, **options):
        pool = real(name, **options)
        if not replaced:
            replaced.append(set_session("thread"))
        return pool

    monkeypatch.setattr(session, "get_session", slow)
    assert session.default_session("thread", 10) is replaced[0]
    assert session.default_pools["thread"] is replaced[0]


def test_many_threads_make_one_pool():
    found = set()
    start = threading.Barrier(8)

    def get():
        start.wait()
        found.add(id(get_session("thread")))

    threads = [threading.Thread(target=get) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform has no fork")
def test_a_lock_that_is_held_at_the_fork_is_not_the_child_s():
    with session._lock:
        child = os.fork()
        if child == 0:
            get_session("thread")
            os._exit(0)
    assert os.waitpid(child, 0)[1] == 0


def test_the_session_is_closed_at_exit(serve):
    server = serve()
    code = f"import restkit_client as r; print(r.request({server.url!r}).body_string())"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, check=True, text=True
    )
    assert (done.stdout, done.stderr) == ("b'request 1'\n", "")
