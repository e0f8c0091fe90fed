"""The pool: idle connections, kept for whoever wants the same server next.

A connection is idle in the pool, or in use, or gone. `take` moves it from idle to in use, `release_connection`
back, `discard` counts it out. What may stand in for another is said by the key: origin, proxy and settings.
One short lock guards the bookkeeping; it is never held while something waits, opens or closes.

Where the number of open connections is bounded, those who find none wait in a row: a connection that becomes
free, or the right to open one, is given to the first who can use it, and nobody overtakes.
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
from .errors import ClosedError, PoolTimeout
from .settings import Settings
from .timeouts import NO_DEADLINE, Phase
from .tls import settings_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any, Self

    from .sockets import Waiter
    from .timeouts import Deadline

__all__ = ["ConnectionPool", "TConnectionManager"]

# Idle connections kept for each origin, the manual's pool_size.
MAX_IDLE = 10
# As long as common servers keep an idle connection, and no longer: nginx 75 s, Apache 5 s, load balancers 60 s.
IDLE_SECONDS = 60.0
# socketpool's: however busy, a connection is not used for ever, so that a moved name is noticed.
LIFETIME_SECONDS = 600.0
# How often idle connections are looked through; it happens when one is given back, since there is no thread.
SWEEP_SECONDS = 5.0

_pools: WeakSet[ConnectionPool] = WeakSet()


class _Waiting:
    """Somebody who waits for a connection."""

    __slots__ = ("granted", "key", "waiter")

    def __init__(self, key: Any, waiter: Waiter) -> None:
        self.key = key
        self.waiter = waiter
        # None: still waiting; _OPEN: may open one; else the connection.
        self.granted: Any = None


_OPEN = object()


class ConnectionPool(socketpool.ConnectionPool):  # type: ignore[misc]  # socketpool is untyped; see the design: for isinstance only
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
        self._closed = False
        self._counters = {"opened": 0, "reused": 0, "dead": 0, "expired": 0, "waited": 0}
        self._reset()
        _pools.add(self)

    def _reset(self) -> None:
        self._lock = allocate_lock()
        self._idle: dict[Any, list[Connection]] = {}
        # Open connections of each key, idle ones and those that are being opened included.
        self._open: dict[Any, int] = {}
        self._total = 0
        self._row: deque[_Waiting] = deque()
        self._next_sweep = 0.0

    # -- taking

    def take(
        self,
        key: Any,
        deadline: Deadline = NO_DEADLINE,
        *,
        fresh: bool = False,
        max_idle: float | None = None,
    ) -> Connection | None:
        """An idle live connection for `key`, or None: then the caller opens one, and calls `discard(key=…)` if that fails.

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
            connection = self._next(key, fresh, max_idle)
            if connection is _OPEN:
                return None
            if connection is None:
                connection = self._wait(key, deadline)
                if connection is _OPEN:
                    return None
            if connection.is_connected():
                return connection  # type: ignore[no-any-return]
            self._counters["dead"] += 1
            connection.close()

    def _next(self, key: Any, fresh: bool, max_idle: float | None) -> Any:
        """The next idle connection of `key`, _OPEN when one may be opened, None when there is no place."""
        doomed: list[Connection] = []
        try:
            with self._lock:
                if self._closed:
                    raise ClosedError("the pool is closed")
                if self._row and self._bounded():
                    return None
                idle = self._idle.get(key)
                while idle and not fresh:
                    connection = idle.pop()
                    if self._usable(connection, max_idle):
                        self._counters["reused"] += 1
                        return connection
                    doomed.append(connection)
                if not self._has_place(key):
                    stranger = self._oldest_idle(key)
                    if stranger is None:
                        return None
                    doomed.append(stranger)
                    self._count(stranger.key, -1)
                    stranger.key = None
                self._count(key, 1)
                self._counters["opened"] += 1
                return _OPEN
        finally:
            for connection in doomed:
                connection.close()

    def _usable(self, connection: Connection, max_idle: float | None) -> bool:
        idle = monotonic() - connection.idle_since
        if max_idle is not None and idle > max_idle:
            return False
        if idle > self.idle_timeout or connection.expires(connection.idle_since + idle):
            self._counters["expired"] += 1
            return False
        return True

    def _bounded(self) -> bool:
        return self.max_connections is not None or self.max_per_origin is not None

    def _has_place(self, key: Any) -> bool:
        if self.max_connections is not None and self._total >= self.max_connections:
            return False
        return self.max_per_origin is None or self._open.get(key, 0) < self.max_per_origin

    def _oldest_idle(self, key: Any) -> Connection | None:
        """An idle connection to close so that `key` gets a place; None when that would not help."""
        if self.max_per_origin is not None and self._open.get(key, 0) >= self.max_per_origin:
            candidates = [self._idle.get(key, [])]
        else:
            candidates = list(self._idle.values())
        fullest = [idle for idle in candidates if idle]
        if not fullest:
            return None
        oldest = min(fullest, key=lambda idle: idle[0].idle_since)
        return oldest.pop(0)

    def _wait(self, key: Any, deadline: Deadline) -> Any:
        phase = Phase(deadline, deadline.timeout.pool, PoolTimeout, "waiting for a free connection")
        waiting = _Waiting(key, self.backend_mod.Waiter())
        with self._lock:
            self._row.append(waiting)
            self._counters["waited"] += 1
        granted = False
        try:
            # Something may have become free between the look and the place in the row.
            self._serve()
            granted = waiting.waiter.wait(phase.left())
        finally:
            if not granted:
                self._leave(waiting)
        if waiting.granted is None:
            raise phase.expired()
        if waiting.granted is _CLOSED:
            raise ClosedError("the pool was closed while a connection was waited for")
        return waiting.granted

    def _leave(self, waiting: _Waiting) -> None:
        """Step out of the row; what was granted in the last moment goes to the next."""
        with self._lock:
            if waiting in self._row:
                self._row.remove(waiting)
                return
            granted, waiting.granted = waiting.granted, None
        if granted is _OPEN:
            self.discard(key=waiting.key)
        elif granted is not None and granted is not _CLOSED:
            self.release_connection(granted)

    def _serve(self) -> None:
        """Give what is free to the first in the row who can use it."""
        woken: list[_Waiting] = []
        doomed: list[Connection] = []
        with self._lock:
            for waiting in tuple(self._row):
                idle = self._idle.get(waiting.key)
                if idle:
                    waiting.granted = idle.pop()
                    self._counters["reused"] += 1
                else:
                    if not self._has_place(waiting.key):
                        stranger = self._oldest_idle(waiting.key)
                        if stranger is None:
                            continue
                        doomed.append(stranger)
                        self._count(stranger.key, -1)
                        stranger.key = None
                    self._count(waiting.key, 1)
                    self._counters["opened"] += 1
                    waiting.granted = _OPEN
                self._row.remove(waiting)
                woken.append(waiting)
        for waiting in woken:
            waiting.waiter.wake()
        for connection in doomed:
            connection.close()

    # -- giving back

    def release_connection(self, conn: Connection) -> None:
        """Take a connection back; it is closed when it is too old, or its origin has its share of idle ones."""
        conn.idle_since = now = monotonic()
        key = conn.key
        with self._lock:
            idle = self._idle.get(key)
            if idle is None:
                idle = self._idle[key] = []
            keep = not self._closed and len(idle) < self.max_size and conn.is_fit(now, self.max_lifetime)
            if keep:
                idle.append(conn)
        if not keep:
            conn.close()
            return
        if self._row:
            self._serve()
        if now >= self._next_sweep:
            self._sweep(now)

    def discard(self, conn: Connection | None = None, *, key: Any = None) -> None:
        """Count out a connection that is closed or was given away, or one that could not be opened (by its key)."""
        if conn is not None:
            key, conn.key = conn.key, None
        if key is None:
            return
        with self._lock:
            self._count(key, -1)
        if self._row:
            self._serve()

    def _count(self, key: Any, change: int) -> None:
        count = self._open.get(key, 0) + change
        self._total += change
        if count > 0:
            self._open[key] = count
        else:
            self._open.pop(key, None)
            self._idle.pop(key, None)

    def _sweep(self, now: float) -> None:
        doomed = []
        with self._lock:
            self._next_sweep = now + SWEEP_SECONDS
            for idle in self._idle.values():
                # Newest last: the first that may stay ends the search.
                while idle and (now - idle[0].idle_since > self.idle_timeout or idle[0].expires(now)):
                    doomed.append(idle.pop(0))
            self._counters["expired"] += len(doomed)
        for connection in doomed:
            connection.close()

    # -- socketpool's interface

    def get(self, **options: Any) -> Connection:
        """A connection for these arguments of the factory: host, port, is_ssl, settings, proxy… (socketpool's interface).

        Raises:
            PoolTimeout, ClosedError: as `take`; and whatever the factory raises.
        """
        key = options.pop("key", None) or _key(options)
        deadline = options.get("deadline", NO_DEADLINE)
        connection = self.take(key, deadline)
        if connection is not None:
            connection.begin(deadline)
            return connection
        options["pool"] = self
        try:
            return self.factory(key=key, **options)
        except BaseException:
            self.discard(key=key)
            raise

    @property
    def size(self) -> int:
        """Idle connections."""
        return sum(map(len, self._idle.values()))

    def release_all(self) -> None:
        """Close the idle connections."""
        with self._lock:
            doomed = [connection for idle in self._idle.values() for connection in idle]
            for idle in self._idle.values():
                idle.clear()
        for connection in doomed:
            connection.close()

    def retire(self) -> None:
        """Keep nothing from now on: idle connections are closed, others when they are given back."""
        self.max_size = 0
        self.release_all()

    def close(self) -> None:
        """Close the idle connections, and the others when they are given back; who waits gets a ClosedError."""
        with self._lock:
            self._closed = True
            row, self._row = self._row, deque()
        for waiting in row:
            waiting.granted = _CLOSED
            waiting.waiter.wake()
        self.release_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_lock"):
            self.release_all()

    def stats(self) -> dict[str, int]:
        """Counts: idle, in_use, waiting now; opened, reused, dead, expired, waited since the pool was made."""
        with self._lock:
            idle, total, waiting = self.size, self._total, len(self._row)
        return {"idle": idle, "in_use": total - idle, "waiting": waiting, **self._counters}

    def __repr__(self) -> str:
        counts = ", ".join(f"{name}={value}" for name, value in self.stats().items())
        return f"<ConnectionPool {'closed, ' if self._closed else ''}{counts}>"

    # -- fork

    def _after_fork(self) -> None:
        """In the child: forget everything; the connections are the parent's."""
        doomed = [connection for idle in self._idle.values() for connection in idle]
        self._reset()
        for connection in doomed:
            connection.close()


_CLOSED = object()


def _key(options: dict[str, Any]) -> Any:
    is_ssl = bool(options.get("is_ssl"))
    settings = options.get("settings")
    if settings is None:
        settings = Settings.of(tls=settings_from(options))
    origin = ("https" if is_ssl else "http", options["host"], options["port"])
    return origin, options.get("proxy"), settings, options.get("proxy_pieces")


class TConnectionManager(ConnectionPool):
    """The manual's connection manager for threads: a pool that keeps `nb_connections` idle ones for each origin."""

    def __init__(self, nb_connections: int = MAX_IDLE, **options: Any) -> None:
        super().__init__(max_size=nb_connections, **options)


def _forget_pools() -> None:
    connection_module.fork_generation += 1
    for pool in tuple(_pools):
        pool._after_fork()


def _close_pools() -> None:
    for pool in tuple(_pools):
        pool.release_all()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_pools)
atexit.register(_close_pools)
