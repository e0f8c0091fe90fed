"""The pool: idle connections, kept for whoever wants the same server next.

A connection is idle in the pool, or in use, or gone. `take` moves it from idle to in use, `release_connection`
back, `discard` counts it out. What may stand in for another lies on one shelf: origin, proxy and settings.
One short lock guards the bookkeeping; it is never held while something waits, opens or closes.

Where the number of open connections is bounded, those who find none wait in a row (waiting.py).
"""

from __future__ import annotations

import atexit
import os
from _thread import allocate_lock
from collections import deque
from time import monotonic
from weakref import WeakSet

import socketpool

from . import connection as connection_module
from . import sockets
from .connection import Connection
from .errors import ClosedError
from .settings import Settings
from .timeouts import NO_DEADLINE
from .tls import forget_lock, settings_from
from .waiting import Shelf, send_home, serve, wait_in_row

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Any, Self

    from .timeouts import Deadline
    from .waiting import Waiting

__all__ = ["ConnectionPool", "Shelf", "TConnectionManager"]

# Idle connections kept for each origin, the manual's pool_size.
MAX_IDLE = 10
# As long as common servers keep an idle connection, and no longer: nginx 75 s, Apache 5 s, load balancers 60 s.
IDLE_SECONDS = 60.0
# socketpool's: however busy, a connection is not used for ever, so that a moved name is noticed.
LIFETIME_SECONDS = 600.0
# How often idle connections are looked through; it happens when one is given back, since there is no thread.
SWEEP_SECONDS = 5.0

_pools: WeakSet[ConnectionPool] = WeakSet()


class ConnectionPool(socketpool.ConnectionPool):  # type: ignore[misc]  # untyped; a subclass for isinstance only
    """Keeps idle connections for reuse; safe for threads, greenlets, fork and interrupts.

    Args:
        factory: what `get` opens connections with.
        max_size: idle connections kept for each origin; further ones are closed when they are given back.
        max_lifetime: seconds after which a connection is no longer reused.
        backend: "thread", "gevent" or "eventlet".
        idle_timeout: seconds that a connection may be idle.
        max_connections: open connections in all, None for no bound; who finds none free waits.
        max_per_origin: open connections to one origin, None for no bound.
    """

    def __init__(
        self,
        factory: Callable[..., Connection] = Connection,
        max_size: int = MAX_IDLE,
        max_lifetime: float = LIFETIME_SECONDS,
        backend: Any = "thread",
        *,
        idle_timeout: float = IDLE_SECONDS,
        max_connections: int | None = None,
        max_per_origin: int | None = None,
    ) -> None:
        self.factory = factory
        self.max_size = max_size
        self.max_lifetime = max_lifetime
        self.backend = backend
        self.backend_mod = sockets.load(backend)
        self.idle_timeout = idle_timeout
        self.max_connections = max_connections
        self.max_per_origin = max_per_origin
        self.closed = False
        self.counters = {"opened": 0, "reused": 0, "dead": 0, "expired": 0, "waited": 0}
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self.lock = allocate_lock()
        self.shelves: dict[Any, Shelf] = {}
        self._total = 0
        self.row: deque[Waiting] = deque()
        # Shelves from which a connection is gone that was not yet counted out.
        self.gone: deque[Shelf] = deque()
        self._next_sweep = 0.0

    # -- taking

    def take(
        self,
        key: Any,
        deadline: Deadline = NO_DEADLINE,
        *,
        fresh: bool = False,
        max_idle: float | None = None,
    ) -> Connection | Shelf:
        """An idle live connection for `key`, or the shelf to open one for.

        Who gets a shelf opens a connection with it as its `key`, or calls `discard(key=shelf)`.

        Args:
            key: what the connection has to be fit for.
            deadline: the call's clock; its `pool` limit bounds the wait for a free place.
            fresh: take no idle connection.
            max_idle: seconds an idle connection may have been idle to be taken.

        Raises:
            PoolTimeout: every place was taken for that long.
            ClosedError: the pool is closed.
        """
        while True:
            found: Any = self._next(key, fresh, max_idle)
            waited = not found
            if waited:
                found = wait_in_row(self, key, deadline)
            if type(found) is Shelf or found.is_connected():
                return found  # type: ignore[no-any-return]
            self.counters["dead"] += 1
            if waited:
                return self._instead_of(found)
            found.close()

    def _instead_of(self, dead: Connection) -> Shelf:
        """The place of a dead connection: who has waited for it keeps it, and is not sent to the row's end."""
        shelf: Shelf = dead.key
        dead.key = None
        dead.close()
        self.counters["opened"] += 1
        return shelf

    def _next(self, key: Any, fresh: bool, max_idle: float | None) -> Any:
        """The next idle connection, the shelf when one may be opened, None when there is no place."""
        doomed: list[Connection] = []
        try:
            with self.lock:
                if self.closed:
                    raise ClosedError("the pool is closed")
                shelf = self.shelves.get(key)
                if shelf is not None and not self.row:
                    idle = shelf.idle
                    while idle and not fresh:
                        connection = idle.pop()
                        if self._is_usable(connection, max_idle):
                            self.counters["reused"] += 1
                            return connection
                        doomed.append(connection)
                return None if self.row else self.place(key, doomed)
        finally:
            for connection in doomed:
                connection.close()
            if self.gone:
                self.settle()

    def _is_usable(self, connection: Connection, max_idle: float | None) -> bool:
        now = monotonic()
        idle = now - connection.idle_since
        if max_idle is not None and idle > max_idle:
            return False
        if idle > self.idle_timeout or connection.expires(now):
            self.counters["expired"] += 1
            return False
        return True

    def place(self, key: Any, doomed: list[Connection]) -> Shelf | None:
        """The shelf of `key` with one more open connection on it, if need be in place of an idle one, which is doomed."""
        shelf = self.shelves.get(key)
        if shelf is None:
            shelf = Shelf(key)
        of_origin = self.max_per_origin is not None and shelf.open >= self.max_per_origin
        if of_origin or (self.max_connections is not None and self._total >= self.max_connections):
            idle = [each for each in ([shelf] if of_origin else self.shelves.values()) if each.idle]
            if not idle:
                return None
            stranger = min(idle, key=lambda each: each.idle[0].idle_since).idle.pop(0)
            self._count(stranger.key, -1)
            stranger.key = None
            doomed.append(stranger)
        self.shelves[key] = shelf
        self._count(shelf, 1)
        self.counters["opened"] += 1
        return shelf

    def _count(self, shelf: Shelf, change: int) -> None:
        self._total += change
        shelf.open += change
        if not shelf.open:
            self.shelves.pop(shelf.key, None)

    # -- giving back

    def release_connection(self, conn: Connection) -> None:
        """Take a connection back; it is closed when it is too old, or its origin has its share of idle ones."""
        conn.idle_since = now = monotonic()
        shelf = conn.key
        with self.lock:
            fit = conn.is_fit(now, self.max_lifetime) and not self.closed
            # Given back a second time, it is here already.
            here = fit and conn in shelf.idle
            keep = here or (fit and len(shelf.idle) < self.max_size)
            if keep and not here:
                shelf.idle.append(conn)
        if not keep:
            conn.close()
            return
        if self.gone:
            self.settle()
        if self.row:
            serve(self)
        if now >= self._next_sweep:
            self._sweep(now)

    def discard(self, conn: Connection | None = None, *, key: Shelf | None = None) -> None:
        """Count out a connection that is closed or was given away, or one that could not be opened (by its shelf)."""
        if conn is not None:
            key, conn.key = conn.key, None
        if key is not None:
            self.gone.append(key)
            self.settle()

    def settle(self) -> None:
        """Count out what is gone, unless the lock is held: then its holder does so afterwards.

        A finaliser may run inside the very thread that holds the lock, so this must not wait for it.
        """
        settled = False
        while self.gone and self.lock.acquire(False):
            try:
                while self.gone:
                    shelf = self.gone.popleft()
                    # Another one of that key is of a time after a fork.
                    if self.shelves.get(shelf.key) is shelf:
                        self._count(shelf, -1)
            finally:
                self.lock.release()
            settled = True
        if settled and self.row:
            serve(self)

    def _sweep(self, now: float) -> None:
        doomed = []
        with self.lock:
            self._next_sweep = now + SWEEP_SECONDS
            for shelf in self.shelves.values():
                # Newest last: the first that may stay ends the search.
                idle = shelf.idle
                while idle and (now - idle[0].idle_since > self.idle_timeout or idle[0].expires(now)):
                    doomed.append(idle.pop(0))
            self.counters["expired"] += len(doomed)
        for connection in doomed:
            connection.close()
        self.settle()

    # -- socketpool's interface

    def get(self, **options: Any) -> Connection:
        """A connection for these arguments of the factory: host, port, is_ssl, settings, proxy… (socketpool's interface).

        Raises:
            PoolTimeout, ClosedError: as `take`; and whatever the factory raises.
        """
        deadline = options.get("deadline", NO_DEADLINE)
        found = self.take(self._key(options), deadline)
        if not isinstance(found, Shelf):
            found.begin(deadline)
            return found
        options["pool"] = self
        options.setdefault("backend_mod", self.backend_mod)
        try:
            return self.factory(key=found, **options)
        except BaseException:
            self.discard(key=found)
            raise

    def _key(self, options: dict[str, Any]) -> Any:
        is_ssl = bool(options.get("is_ssl"))
        settings = options.get("settings") or Settings.of(
            backend=self.backend_mod.name, tls=settings_from(options)
        )
        origin = ("https" if is_ssl else "http", options["host"], options["port"])
        key = (origin, options.get("proxy"), settings)
        added = (options.get("proxy_pieces"), *(options.get("extra_headers") or ()))
        return key if added == (None,) else (*key, added)

    @property
    def size(self) -> int:
        """Idle connections."""
        return sum(len(shelf.idle) for shelf in tuple(self.shelves.values()))

    def release_all(self) -> None:
        """Close the idle connections."""
        for connection in self._empty():
            connection.close()

    def _empty(self) -> Iterable[Connection]:
        doomed: list[Connection] = []
        with self.lock:
            for shelf in self.shelves.values():
                doomed += shelf.idle
                shelf.idle.clear()
        self.settle()
        return doomed

    def retire(self) -> None:
        """Keep nothing from now on: idle connections are closed, others when they are given back."""
        self.max_size = 0
        self.release_all()

    def close(self) -> None:
        """Close the idle connections, and the others when they are given back; who waits gets a ClosedError."""
        with self.lock:
            self.closed = True
            row, self.row = self.row, deque()
        self.settle()
        send_home(row)
        self.release_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "lock"):
            self.release_all()

    def stats(self) -> dict[str, int]:
        """Counts: idle, in_use, waiting now; opened, reused, dead, expired, waited since the pool was made."""
        with self.lock:
            idle, total, waiting = self.size, self._total, len(self.row)
        self.settle()
        return {"idle": idle, "in_use": total - idle, "waiting": waiting, **self.counters}

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={value}" for name, value in self.stats().items())
        return f"<ConnectionPool {'closed, ' if self.closed else ''}{counts}>"

    def after_fork(self) -> None:
        """In the child: forget everything; the connections are the parent's."""
        # The lock may have been held by a thread that does not exist here.
        doomed = [connection for shelf in self.shelves.values() for connection in shelf.idle]
        self._reset()
        for connection in doomed:
            connection.close()


class TConnectionManager(ConnectionPool):
    """The manual's connection manager for threads: a pool that keeps `nb_connections` idle ones for each origin."""

    def __init__(self, nb_connections: int = MAX_IDLE, **options: Any) -> None:
        super().__init__(max_size=nb_connections, **options)


def _forget_pools() -> None:
    connection_module.fork_generation += 1
    forget_lock()
    for pool in tuple(_pools):
        pool.after_fork()


def _close_pools() -> None:
    for pool in tuple(_pools):
        pool.release_all()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pools)
atexit.register(_close_pools)
