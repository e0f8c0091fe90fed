"""Waiting in gevent's greenlets: the hub's own watchers, with or without monkey-patching."""

from __future__ import annotations

from gevent import Timeout, get_hub
from gevent import sleep as _sleep
from gevent.event import Event
from gevent.select import select

from . import native

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Waiter", "name", "resolve", "sleep", "wait", "wait_any"]

name = "gevent"


def wait(fd: int, events: int, seconds: float | None) -> bool:
    """Wait until `fd` is ready for `events` (READ, WRITE or both); False when `seconds` are over."""
    hub = get_hub()
    watcher = hub.loop.io(fd, events)
    try:
        if seconds is None:
            hub.wait(watcher)
            return True
        with Timeout(seconds, False):
            hub.wait(watcher)
            return True
        return False
    finally:
        watcher.close()


def wait_any(fds: Sequence[int], seconds: float | None) -> None:
    """Wait until one of `fds` can be written, or `seconds` are over."""
    select([], list(fds), [], seconds)


def resolve(host: str, port: int, family: int, seconds: float | None) -> list[Any] | None:
    """The addresses of a name, as getaddrinfo gives them, by gevent's resolver; None when `seconds` are over.

    Raises:
        OSError: the name has no address (socket.gaierror).
    """
    stream = native("socket", "SOCK_STREAM")
    with Timeout(seconds, False):
        found: list[Any] = get_hub().resolver.getaddrinfo(host, port, family, stream)
        return found
    return None


def sleep(seconds: float) -> None:
    """Let the other greenlets run for `seconds`."""
    _sleep(seconds)


class Waiter:
    """One greenlet waits for one call of `wake`."""

    __slots__ = ("_event",)

    def __init__(self) -> None:
        self._event = Event()

    def wait(self, seconds: float | None) -> bool:
        """Whether `wake` was called within `seconds` (None: wait for ever)."""
        return bool(self._event.wait(seconds))

    def wake(self) -> None:
        """End the wait."""
        self._event.set()
