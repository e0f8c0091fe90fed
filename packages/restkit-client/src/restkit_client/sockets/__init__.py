"""How to wait: the one part of the client that threads, gevent and eventlet do differently.

Every socket is non-blocking. An operation is tried; when it can not go on, the backend's `wait` is called. A
backend is a module of five functions and a class:

    wait(fd, events, seconds) -> bool          until `fd` can be read (READ) or written (WRITE); False: time is up
    wait_any(fds, seconds) -> None             until one of `fds` can be written
    resolve(host, port, family, seconds)       getaddrinfo's list; None: time is up
    sleep(seconds)
    Waiter()                                   .wait(seconds) -> bool, .wake(): one task waits, another wakes it
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    class Waiter(Protocol):
        """One task waits for one call of `wake`."""

        def wait(self, seconds: float | None) -> bool:
            """Whether `wake` was called within `seconds`."""

        def wake(self) -> None:
            """End the wait."""

    class Backend(Protocol):
        """What a backend module offers."""

        name: str

        def wait(self, fd: int, events: int, seconds: float | None) -> bool: ...
        def wait_any(self, fds: Sequence[int], seconds: float | None) -> None: ...
        def resolve(self, host: str, port: int, family: int, seconds: float | None) -> list[Any] | None: ...
        def sleep(self, seconds: float) -> None: ...
        def Waiter(self) -> Waiter: ...  # noqa: N802 - a class in each module


__all__ = ["READ", "WRITE", "load", "native"]

# The values of select.epoll and of gevent's event loop; poll's POLLOUT differs and is mapped where it is used.
READ = 1
WRITE = 2

NAMES = ("thread", "gevent", "eventlet")


def load(backend: Any = "thread") -> Backend:
    """The backend module for a name, or for a module of socketpool.

    "thread" in a process whose sockets gevent or eventlet have monkey-patched is that library's backend: there
    a thread is a greenlet, and only its own loop may wait.

    Raises:
        ImportError: no such backend, or its library is not installed.
    """
    name = backend if isinstance(backend, str) else getattr(backend, "__name__", "thread")
    name = name.rpartition(".")[2].removeprefix("backend_")
    if name not in NAMES:
        raise ImportError(f"{name} isn't a socketpool backend: use one of {', '.join(NAMES)}")
    if name == "thread":
        name = _patched_by()
    if name == "thread":
        from . import thread

        return thread
    if name == "gevent":
        from . import gevent

        return gevent
    from . import eventlet

    return eventlet


def _patched_by() -> str:
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched("socket"):
        return "gevent"
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.is_monkey_patched("socket"):
        return "eventlet"
    return "thread"


def native(module: str, name: str) -> Any:
    """An attribute of a standard module as it is without monkey-patching; None where the platform lacks it."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is not None and monkey.is_module_patched(module):
        return monkey.get_original(module, name)
    patcher = sys.modules.get("eventlet.patcher")
    if patcher is not None and patcher.is_monkey_patched(module):
        return getattr(patcher.original(module), name, None)
    return getattr(__import__(module), name, None)
