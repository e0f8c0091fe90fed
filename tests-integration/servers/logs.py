"""Reading a server's log: it is written after the answer was sent, so a reader waits for its lines."""

import time
from collections.abc import Callable
from typing import TypeVar

Line = TypeVar("Line")

PATIENCE = 5.0
"""Seconds; a line takes a millisecond."""


def lines_with(read: Callable[[], list[Line]], mark: str, count: int) -> list[Line]:
    """The log's entries whose text holds the mark, once there are `count` of them (or patience has ended)."""
    deadline = time.monotonic() + PATIENCE
    while True:
        found = [line for line in read() if mark in str(line)]
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.01)
