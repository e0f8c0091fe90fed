"""Waiting in threads: poll(2), or select(2) where there is no poll.

Python restarts both after a signal with what is left of the time, so signals change no deadline.
"""

from __future__ import annotations

import select
import time
from _thread import allocate_lock
from socket import SOCK_STREAM, getaddrinfo

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["Waiter", "name", "resolve", "sleep", "wait", "wait_any"]

name = "thread"

if hasattr(select, "poll"):
    from select import POLLIN, POLLOUT, poll

    _EVENTS = (0, POLLIN, POLLOUT, POLLIN | POLLOUT)

    def wait(fd: int, events: int, seconds: float | None) -> bool:
        """Wait until `fd` is ready for `events` (READ, WRITE or both); False when `seconds` are over."""
        poller = poll()
        poller.register(fd, _EVENTS[events])
        return bool(poller.poll(None if seconds is None else seconds * 1000))

    def wait_any(fds: Sequence[int], seconds: float | None) -> None:
        """Wait until one of `fds` can be written, or `seconds` are over."""
        poller = poll()
        for fd in fds:
            poller.register(fd, POLLOUT)
        poller.poll(None if seconds is None else seconds * 1000)

else:  # Windows

    def wait(fd: int, events: int, seconds: float | None) -> bool:
        """Wait until `fd` is ready for `events` (READ, WRITE or both); False when `seconds` are over."""
        one = [fd]
        # A refused connection is an exceptional condition there, not a writable socket.
        return any(select.select(one if events & 1 else [], one if events & 2 else [], one, seconds))

    def wait_any(fds: Sequence[int], seconds: float | None) -> None:
        """Wait until one of `fds` can be written, or `seconds` are over."""
        select.select([], fds, fds, seconds)


def resolve(host: str, port: int, family: int, seconds: float | None) -> list[Any] | None:
    """The addresses of a name, as getaddrinfo gives them; None when `seconds` are over.

    getaddrinfo can not be interrupted: under a deadline it runs in a daemon thread, which is left behind when
    it is late. An executor's thread would hold up the end of the process.

    Raises:
        OSError: the name has no address (socket.gaierror).
    """
    if seconds is None:
        return getaddrinfo(host, port, family, SOCK_STREAM)
    import threading

    found: list[Any] = []
    failed: list[BaseException] = []
    waiter = Waiter()

    def look_up() -> None:
        try:
            found.extend(getaddrinfo(host, port, family, SOCK_STREAM))
        except BaseException as error:  # noqa: BLE001 - raised in the caller's thread, below
            failed.append(error)
        waiter.wake()

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    if not waiter.wait(seconds):
        return None
    if failed:
        raise failed[0]
    return found


def sleep(seconds: float) -> None:
    """Sleep for `seconds`."""
    time.sleep(seconds)


class Waiter:
    """One thread waits for one call of `wake`."""

    __slots__ = ("_lock",)

    def __init__(self) -> None:
        self._lock = allocate_lock()
        self._lock.acquire()

    def wait(self, seconds: float | None) -> bool:
        """Whether `wake` was called within `seconds` (None: wait for ever)."""
        return self._lock.acquire(True, -1 if seconds is None else seconds)

    def wake(self) -> None:
        """End the wait."""
        self._lock.release()
