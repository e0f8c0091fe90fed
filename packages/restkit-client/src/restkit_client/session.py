"""The pools that everybody shares: one for each backend and process (the manual's restkit.session)."""

from __future__ import annotations

from _thread import allocate_lock

from . import sockets
from .pool import ConnectionPool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["default_pools", "default_session", "get_session", "set_session"]

_default_session: dict[str, ConnectionPool] = {}
_lock = allocate_lock()
_default_backend = "thread"

# The answers of `default_session`, by the client's backend.
default_pools: dict[str, ConnectionPool] = {}


def get_session(backend_name: str, **options: Any) -> ConnectionPool:
    """The process's pool for a backend, made at its first use.

    Args:
        backend_name: "thread", "gevent" or "eventlet".
        **options: arguments of ConnectionPool, for when it has to be made.

    Raises:
        ImportError: there is no such backend, or its library is not installed.
    """
    name = sockets.load(backend_name).name
    pool = _default_session.get(name)
    if pool is None:
        with _lock:
            pool = _default_session.get(name)
            if pool is None:
                pool = _default_session[name] = ConnectionPool(backend=name, **options)
    return pool


def set_session(backend_name: str, **options: Any) -> ConnectionPool:
    """Make a backend, with a new pool of these options, what clients use that name neither a pool nor a backend.

    It counts from each client's next request on. Connections of the pool before are closed when they are given back.

    Raises:
        ImportError: there is no such backend, or its library is not installed.
    """
    global _default_backend  # noqa: PLW0603 - one choice for the process, as the manual has it
    name = sockets.load(backend_name).name
    with _lock:
        old = _default_session.pop(name, None)
        pool = _default_session[name] = ConnectionPool(backend=name, **options)
        _default_backend = name
        default_pools.clear()
    if old is not None:
        old.retire()
    return pool


def default_session(backend: str, max_size: int) -> ConnectionPool:
    """The pool of a client that was given none: that of its backend, or the one that `set_session` has chosen."""
    pool = get_session(_default_backend if backend == "thread" else backend, max_size=max_size)
    default_pools[backend] = pool
    return pool
