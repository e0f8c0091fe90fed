"""Waiting in eventlet's green threads: the hub's own trampoline, with or without monkey-patching."""

from __future__ import annotations

from eventlet import Timeout, tpool
from eventlet import sleep as _sleep
from eventlet.event import Event
from eventlet.green.select import select
from eventlet.hubs import trampoline

from . import READ, native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Waiter", "name", "resolve", "sleep", "wait", "wait_any"]

name = "eventlet"


class _TimeUpError(Exception):
    """Raised by the hub into the waiting green thread; never leaves this module."""


def wait(fd: int, events: int, seconds: float | None) -> bool:
    """Wait until `fd` is ready for `events` (READ, WRITE or both); False when `seconds` are over."""
    if events == 3:
        return any(select([fd], [fd], [], seconds))
    read = events == READ
    try:
        trampoline(fd, read=read, write=not read, timeout=seconds, timeout_exc=_TimeUpError)
    except _TimeUpError:
        return False
    return True


def wait_any(fds: Sequence[int], seconds: float | None) -> None:
    """Wait until one of `fds` can be written, or `seconds` are over."""
    select([], fds, [], seconds)


def resolve(host: str, port: int, family: int, seconds: float | None) -> list[Any] | None:
    """The addresses of a name, as getaddrinfo gives them, by eventlet's thread pool; None when time is up.

    Raises:
        OSError: the name has no address (socket.gaierror).
    """
    getaddrinfo, stream = native("socket", "getaddrinfo"), native("socket", "SOCK_STREAM")
    with Timeout(seconds, False):
        found: list[Any] = tpool.execute(getaddrinfo, host, port, family, stream)
        return found
    return None


def sleep(seconds: float) -> None:
    """Let the other green threads run for `seconds`."""
    _sleep(seconds)


class Waiter:
    """One green thread waits for one call of `wake`."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event: Event = Event()

    def wait(self, seconds: float | None) -> bool:
        """Whether `wake` was called within `seconds` (None: wait for ever)."""
        with Timeout(seconds, False):
            self._event.wait()
            return True
        return False

    def wake(self) -> None:
        """End the wait."""
        if not self._event.ready():
            self._event.send()
