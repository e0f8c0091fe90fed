"""The pools that everybody shares: one for each backend and process (the manual's restkit.session)."""

from __future__ import annotations

import os
from _thread import allocate_lock

from . import sockets
from .pool import ConnectionPool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["backend_of", "default_pools", "default_session", "get_session", "set_session"]

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
    return _default_session.get(name) or _made(name, options)


def _made(name: str, options: dict[str, Any]) -> ConnectionPool:
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
    while True:
        pool = get_session(backend_of(backend), max_size=max_size)
        with _lock:
            # Not when `set_session` has replaced it meanwhile.
            if _default_session.get(pool.backend_mod.name) is pool:
                default_pools[backend] = pool
                return pool


def backend_of(backend: str) -> str:
    """The backend of a client that asks for `backend`: at its default, "thread", the one that `set_session` has chosen."""
    return _default_backend if backend == "thread" else backend


def _forget_lock() -> None:
    global _lock  # noqa: PLW0603 - held, it may be, by a thread that only the parent has
    _lock = allocate_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_lock)
