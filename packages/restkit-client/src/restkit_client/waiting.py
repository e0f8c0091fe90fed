"""The row in front of a bounded pool: who finds no connection free waits, and nobody overtakes.

A connection that becomes free, or the right to open one, is given to the first who can use it. The pool's lock guards
the row; it is not held while somebody waits.
"""

from __future__ import annotations

from .errors import ClosedError, PoolTimeout
from .timeouts import Phase

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from .connection import Connection
    from .pool import ConnectionPool
    from .sockets import Waiter
    from .timeouts import Deadline

__all__ = ["Shelf", "Waiting", "send_home", "serve", "wait_in_row"]


class Shelf:
    """The connections of one key: origin, proxy and settings.

    Attributes:
        idle: those that can be taken, oldest first.
        open: how many there are, idle ones and those that are being opened included.
    """

    __slots__ = ("idle", "key", "open")

    def __init__(self, key: Any) -> None:
        self.key = key
        self.idle: list[Connection] = []
        self.open = 0


class Waiting:
    """Somebody who waits for a connection; `granted` is what became of it: a Connection, the Shelf to open one for, _CLOSED."""

    __slots__ = ("granted", "key", "waiter")

    def __init__(self, key: Any, waiter: Waiter) -> None:
        self.key = key
        self.waiter = waiter
        self.granted: Any = None


_CLOSED = object()


def wait_in_row(pool: ConnectionPool, key: Any, deadline: Deadline) -> Any:
    """Wait for a connection of `key`, or for the shelf to open one for.

    Raises:
        PoolTimeout, TotalTimeout: there was none in time.
        ClosedError: the pool was closed.
    """
    phase = Phase(deadline, deadline.timeout.pool, PoolTimeout, "waiting for a free connection")
    waiting = Waiting(key, pool.backend_mod.Waiter())
    with pool.lock:
        if pool.closed:
            raise ClosedError("the pool is closed")
        pool.row.append(waiting)
        pool.counters["waited"] += 1
    pool.settle()
    granted = False
    try:
        # Something may have become free between the look and the place in the row.
        serve(pool)
        granted = waiting.waiter.wait(phase.left())
    finally:
        if not granted:
            _leave(pool, waiting)
    if waiting.granted is None:
        raise phase.expired()
    if waiting.granted is _CLOSED:
        raise ClosedError("the pool was closed while a connection was waited for")
    return waiting.granted


def _leave(pool: ConnectionPool, waiting: Waiting) -> None:
    """Step out of the row; what was granted in the last moment goes to the next."""
    with pool.lock:
        if waiting in pool.row:
            pool.row.remove(waiting)
        granted, waiting.granted = waiting.granted, None
    pool.settle()
    if type(granted) is Shelf:
        pool.discard(key=granted)
    elif granted is not _CLOSED and granted is not None:
        pool.release_connection(granted)


def serve(pool: ConnectionPool) -> None:
    """Give what is free to the first in the row who can use it."""
    woken: list[Waiting] = []
    doomed: list[Connection] = []
    with pool.lock:
        for waiting in tuple(pool.row):
            shelf = pool.shelves.get(waiting.key)
            if shelf is not None and shelf.idle:
                waiting.granted = shelf.idle.pop()
                pool.counters["reused"] += 1
            else:
                waiting.granted = pool.place(waiting.key, doomed)
            if waiting.granted is not None:
                pool.row.remove(waiting)
                woken.append(waiting)
    for waiting in woken:
        waiting.waiter.wake()
    for connection in doomed:
        connection.close()
    pool.settle()


def send_home(row: Iterable[Waiting]) -> None:
    """Tell those in the row that the pool is closed."""
    for waiting in row:
        waiting.granted = _CLOSED
        waiting.waiter.wake()
