"""Limits and clocks: which one ends a wait, and what the error says."""

import pickle
from time import monotonic

import pytest

from restkit_client import Timeout, timeouts
from restkit_client.errors import ConnectTimeout, PoolTimeout, ReadTimeout, TotalTimeout
from restkit_client.timeouts import MAX_SECONDS, NO_DEADLINE, NO_TIMEOUT, Deadline, Phase


def test_a_number_limits_connect_each_read_and_each_write():
    timeout = Timeout.of(5)
    assert (timeout.connect, timeout.read, timeout.write, timeout.total) == (5.0, 5.0, 5.0, None)
    assert timeout.pool == 30.0


def test_none_is_no_limit_and_a_timeout_is_itself():
    mine = Timeout(total=1)
    assert Timeout.of(None) is NO_TIMEOUT
    assert Timeout.of(mine) is mine


@pytest.mark.parametrize("wrong", [0, -1, "5", True, float("nan"), [1]])
@pytest.mark.parametrize("name", ["connect", "read", "write", "pool", "total"])
def test_a_limit_is_a_number_above_0(name, wrong):
    with pytest.raises(ValueError, match=f"timeout {name}="):
        Timeout(**{name: wrong})


@pytest.mark.parametrize("long", [float("inf"), 1e300, 10**12])
def test_a_limit_that_no_system_can_wait_for_is_a_long_one(long, serve, client):
    assert Timeout(read=long).read == MAX_SECONDS
    server = serve(["head", b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n", b"x"])
    assert client.get(server.url, timeout=Timeout(long, long, long, long, long)).body_string() == b"x"


def test_equal_limits_are_equal_and_hash_alike():
    assert Timeout(read=1) == Timeout(read=1.0)
    assert hash(Timeout(read=1)) == hash(Timeout(read=1.0))
    assert Timeout(read=1) != Timeout(write=1)
    assert Timeout(read=1) != 1
    assert repr(Timeout(read=1)) == "Timeout(connect=None, read=1.0, write=None, pool=30.0, total=None)"


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

        def __call__(self):
            return self.now

    made = Clock()
    monkeypatch.setattr(timeouts, "monotonic", made)
    return made


def test_the_total_shortens_every_wait(clock):
    deadline = Deadline(Timeout(total=10))
    assert deadline.seconds(None) == 10
    assert deadline.seconds(3) == 3
    clock.now += 8
    assert deadline.seconds(3) == 2
    deadline.check()
    clock.now += 2
    for ask in (lambda: deadline.seconds(3), deadline.check):
        with pytest.raises(TotalTimeout, match="total=10 s") as caught:
            ask()
        assert (caught.value.phase, caught.value.seconds) == ("total", 10.0)


def test_without_a_total_nothing_is_shortened():
    assert NO_DEADLINE.seconds(None) is None
    assert NO_DEADLINE.seconds(7) == 7
    NO_DEADLINE.check()


@pytest.mark.parametrize(
    ("read", "total", "passed", "expected"),
    [
        (5, None, 5, ReadTimeout),
        (5, 10, 5, ReadTimeout),
        (5, 10, 10, TotalTimeout),
        # A timer that goes off a little early is still that of the total.
        (5, 10, 9.99, TotalTimeout),
        (None, 10, 9.9, TotalTimeout),
    ],
)
def test_the_error_names_the_limit_that_was_passed(read, total, passed, expected, clock):
    deadline = Deadline(Timeout(read=read, total=total))
    clock.now += passed
    error = deadline.expired(ReadTimeout, read, "waiting for the server")
    assert type(error) is expected
    assert error.seconds == (read if expected is ReadTimeout else total)


def test_a_phase_bounds_its_steps_together(clock):
    phase = Phase.connecting(Deadline(Timeout(connect=4)), "connecting to a:1")
    assert phase.left() == 4
    clock.now += 3
    assert phase.left() == 1
    clock.now += 1
    with pytest.raises(ConnectTimeout, match="connecting to a:1: not done within 4 s") as caught:
        phase.left()
    assert pickle.loads(pickle.dumps(caught.value)).args == caught.value.args


@pytest.mark.parametrize(
    ("limit", "total", "expected"),
    [(4, None, PoolTimeout), (4, 9, PoolTimeout), (9, 4, TotalTimeout), (None, 4, TotalTimeout)],
)
def test_a_phase_ends_by_the_limit_that_ends_first(limit, total, expected, clock):
    phase = Phase(Deadline(Timeout(total=total)), limit, PoolTimeout, "waiting")
    clock.now += 3.99
    assert phase.left() == pytest.approx(0.01)
    # As a backend says that time is up, be its timer a little early.
    assert type(phase.expired()) is expected


def test_a_phase_without_limits_never_ends(clock):
    phase = Phase(NO_DEADLINE, None, PoolTimeout, "waiting")
    clock.now += 1e9
    assert phase.left() is None


def test_the_clock_is_monotonic(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1e12)
    deadline = Deadline(Timeout(total=5))
    assert 0 < deadline.end - monotonic() <= 5
