"""The pool against a model of it: whatever happens in whatever order, each connection has one owner, and only clean ones come back."""

from time import monotonic

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from restkit_client import ConnectionPool, Timeout
from restkit_client.errors import PoolTimeout
from restkit_client.pool import Shelf
from restkit_client.timeouts import Deadline

KEYS = ["a", "b", "c"]


class Fake:
    """A connection as the pool sees it."""

    made: list["Fake"]

    def __init__(self, pool, shelf):
        self.pool = pool
        self.key = shelf
        self.of = shelf.key
        self.open = True
        self.alive = True
        self.clean = True
        self.fit = True
        self.late = False
        self.idle_since = 0.0
        self.closed_times = 0

    def is_connected(self):
        return self.open and self.alive

    def is_fit(self, _now, _lifetime):
        return self.open and self.key is not None and self.fit

    def expires(self, _now):
        return self.late

    def close(self):
        if self.open:
            self.open = False
            self.closed_times += 1
            self.pool.discard(self)

    def release(self):
        if not self.clean:
            self.close()
        else:
            self.pool.release_connection(self)

    def forget(self):
        """As Connection.close in a forked child: without counting."""
        self.open = False
        self.closed_times += 1


class PoolMachine(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.pool = None
        self.used = []
        self.made = []

    @initialize(
        size=st.integers(0, 3),
        total=st.none() | st.integers(1, 4),
        each=st.none() | st.integers(1, 3),
    )
    def begin(self, size, total, each):
        self.pool = ConnectionPool(max_size=size, max_connections=total, max_per_origin=each)
        self.total, self.each = total, each

    def full(self, key):
        """Whether the model has no place for another connection of `key`, and no idle one to put in its place."""
        used = [each.of for each in self.used]
        if self.each is not None and used.count(key) >= self.each:
            return True
        return self.total is not None and len(used) >= self.total

    @rule(
        key=st.sampled_from(KEYS),
        fresh=st.booleans(),
        fails=st.booleans(),
        patience=st.sampled_from([None, 0.0, 60.0]),
    )
    def take(self, key, fresh, fails, patience):
        idle = [each for each in self.made if each.open and each not in self.used and each.of == key]
        deadline = Deadline(Timeout(pool=0.001))
        if self.full(key):
            with pytest.raises(PoolTimeout):
                self.pool.take(key, deadline, fresh=fresh, max_idle=patience)
            return
        found = self.pool.take(key, deadline, fresh=fresh, max_idle=patience)
        if type(found) is Shelf:
            if fails:
                self.pool.discard(key=found)
                return
            found = Fake(self.pool, found)
            self.made.append(found)
        else:
            assert not fresh
            assert found in idle
            assert found.is_connected()
            assert not found.late
        assert found not in self.used
        self.used.append(found)

    @precondition(lambda self: self.used)
    @rule(data=st.data(), clean=st.booleans(), fit=st.booleans(), twice=st.booleans())
    def release(self, data, clean, fit, twice):
        connection = data.draw(st.sampled_from(self.used))
        self.used.remove(connection)
        connection.clean, connection.fit = clean, fit
        connection.release()
        if twice and connection.open:
            connection.release()
        assert connection.open is False or (clean and fit)

    @precondition(lambda self: self.used)
    @rule(data=st.data())
    def close_in_use(self, data):
        connection = data.draw(st.sampled_from(self.used))
        self.used.remove(connection)
        connection.close()

    @rule(data=st.data())
    def server_closes_one(self, data):
        idle = self.idle()
        if idle:
            data.draw(st.sampled_from(idle)).alive = False

    @rule(data=st.data())
    def one_expires(self, data):
        idle = self.idle()
        if idle:
            data.draw(st.sampled_from(idle)).late = True

    @rule()
    def sweep(self):
        self.pool._sweep(monotonic() + 1)
        assert not any(each.late for each in self.idle() if self.pool.shelves[each.of].idle[0] is each)

    @rule()
    def time_passes(self):
        for each in self.idle():
            each.idle_since -= 61

    @rule()
    def release_all(self):
        self.pool.release_all()
        assert self.pool.size == 0

    @rule()
    def fork(self):
        """The child's side of a fork: what was open is the parent's, what is in use is closed without a count."""
        idle = self.idle()
        for each in idle:
            each.close = each.forget
        self.pool.after_fork()
        assert all(not each.open for each in idle)
        for each in self.used:
            each.forget()
        self.used.clear()

    @rule()
    def dropped_in_the_lock(self):
        """The garbage collector runs where the lock is held, and finds one that nobody owns any more."""
        if self.used:
            connection = self.used.pop()
            with self.pool.lock:
                connection.close()

    def idle(self):
        return [each for shelf in self.pool.shelves.values() for each in shelf.idle]

    @invariant()
    def one_owner_each(self):
        if self.pool is None:
            return
        self.pool.settle()
        idle = self.idle()
        assert len({id(each) for each in idle}) == len(idle)
        for each in self.made:
            owners = (each in idle) + (each in self.used) + (not each.open)
            assert owners == 1, (owners, vars(each))
            assert each.closed_times <= 1

    @invariant()
    def only_clean_ones_are_kept(self):
        if self.pool is not None:
            assert all(each.clean and each.fit and each.open for each in self.idle())

    @invariant()
    def the_books_are_right(self):
        if self.pool is None:
            return
        stats = self.pool.stats()
        assert stats["in_use"] == len(self.used)
        assert stats["waiting"] == 0
        assert all(len(shelf.idle) <= self.pool.max_size for shelf in self.pool.shelves.values())
        for key, shelf in self.pool.shelves.items():
            assert shelf.open == len(shelf.idle) + sum(each.of == key for each in self.used)
            assert self.each is None or shelf.open <= self.each
        assert self.total is None or stats["in_use"] + stats["idle"] <= self.total

    def teardown(self):
        if self.pool is None:
            return
        for each in self.used:
            each.close()
        self.pool.close()
        assert all(not each.open for each in self.made)
        assert self.pool.stats()["in_use"] == 0


PoolMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestPoolModel = PoolMachine.TestCase
