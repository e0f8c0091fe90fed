"""socketpool 0.5.3 on Python 3: its defects, repaired in its own classes.

The manual has programs call `socketpool.ConnectionPool(factory=Connection)` themselves, so a class of our own
would not reach them. Repaired are only these, each measured:

    ConnectionReaper (threads)   Thread.isAlive is gone, setDaemon warns
    get                          put connections for other servers back once per try, so that two callers got the same one
    _reap_connection             dropped a dead connection without closing it
    util.is_connected            took a socket that the peer has closed for connected (it is readable and writable)

A fifth, TypeError for two connections of equal age, needs `Connection.__lt__`.
"""

from __future__ import annotations

import select

import socketpool.conn
import socketpool.pool
import socketpool.util

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["repair"]


def repair() -> None:
    """Repair socketpool's classes in place; a second call changes nothing."""
    pool: Any = socketpool.pool.ConnectionPool
    pool.start_reaper = _start_reaper
    pool._reap_connection = _reap_connection
    pool.get = _get
    socketpool.util.is_connected = _is_connected


def _start_reaper(self: Any) -> None:
    import threading

    reaper = self.backend_mod.ConnectionReaper
    if issubclass(reaper, threading.Thread):
        self._reaper = _reaper_thread(self)
    else:
        self._reaper = reaper(self, delay=self.reap_delay)
    self._reaper.ensure_started()


def _reaper_thread(pool: Any) -> Any:
    import threading
    from weakref import ref

    class ConnectionReaper(threading.Thread):
        """Looks through a pool until it is gone; holds it by a weak reference only."""

        def __init__(self, pool: Any) -> None:
            super().__init__(name="socketpool reaper", daemon=True)
            self._pool = ref(pool)
            self._delay = pool.reap_delay

        def run(self) -> None:
            from time import sleep

            while True:
                sleep(self._delay)
                living = self._pool()
                if living is None:
                    return
                living.murder_connections()
                del living

        def ensure_started(self) -> None:
            if not self.is_alive() and self.ident is None:
                self.start()

    return ConnectionReaper(pool)


def _reap_connection(_self: Any, conn: Any) -> None:
    conn.invalidate()


def _get(self: Any, **options: Any) -> Any:
    options.update(self.options)
    last_error: Exception | None = None
    for _ in range(self.retry_max):
        found = _take(self, options)
        if found is not None:
            _begin(found, options.get("deadline"))
            return found
        try:
            made = self.factory(**options)
        except Exception as error:  # noqa: BLE001 - whatever a factory raises; the last is raised below
            last_error = error
        else:
            if made.is_connected():
                return made
            made.invalidate()
        self.backend_mod.sleep(self.retry_delay)
    raise last_error or socketpool.pool.MaxTriesError()


def _begin(connection: Any, deadline: Any) -> None:
    """Start the caller's clock: what was left of the one before it counts no more."""
    begin = getattr(connection, "begin", None)
    if begin is not None:
        from .timeouts import NO_DEADLINE

        begin(deadline or NO_DEADLINE)


def _take(pool: Any, options: Any) -> Any:
    """An idle connection that matches and lives; those for others are put back, each once."""
    others = []
    try:
        for _ in range(pool.pool.qsize()):
            entry = next(pool.pool, None)
            if entry is None:
                return None
            candidate = entry[1]
            if pool.too_old(candidate):
                candidate.invalidate()
            elif not candidate.matches(**options):
                others.append(entry)
            elif candidate.is_connected():
                return candidate
            else:
                candidate.invalidate()
    finally:
        for entry in others:
            pool.pool.put(entry)
    return None


def _is_connected(sock: Any) -> bool:
    try:
        return not select.select([sock], [], [], 0)[0]
    except (OSError, ValueError):
        return False
