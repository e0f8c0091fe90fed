"""How long a call may take: the limits, and the clock that holds them.

`Timeout` is what the caller says; `Deadline` is one call's clock, started when the call starts. Every wait
on the network asks the deadline how many seconds are left, so that no number of small steps adds up to more
than `total`.
"""

from __future__ import annotations

from time import monotonic

from .errors import ConnectTimeout, TotalTimeout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from .errors import RequestTimeout

__all__ = ["NO_DEADLINE", "Deadline", "Phase", "Timeout"]

# A pool that is bounded and full is a fault of the program as often as it is load: it should not look like a hang.
POOL_SECONDS = 30.0
# poll(2) counts milliseconds in 31 bits, which is 24 days; a longer limit is as good as none.
MAX_SECONDS = 2_000_000.0
# Event loops look at the clock once a round: their timers may go off this much early.
TIMER_SECONDS = 0.02


class Timeout:
    """The limits of a call, each in seconds, None for no limit.

    Args:
        connect: resolving the name, connecting, the proxy's tunnel and the TLS handshake, together.
        read: between two reads that bring a byte.
        write: between two writes that take a byte.
        pool: waiting for a connection where their number is bounded (`max_connections`).
        total: the whole call: all of the above, redirects, retries and the reading of the body.

    Raises:
        ValueError: a limit is not a positive number.
    """

    __slots__ = ("connect", "pool", "read", "total", "write")

    def __init__(
        self,
        connect: float | None = None,
        read: float | None = None,
        write: float | None = None,
        pool: float | None = POOL_SECONDS,
        total: float | None = None,
    ) -> None:
        self.connect = _limit("connect", connect)
        self.read = _limit("read", read)
        self.write = _limit("write", write)
        self.pool = _limit("pool", pool)
        self.total = _limit("total", total)

    @classmethod
    def of(cls, value: float | Timeout | None) -> Timeout:
        """A Timeout from what `timeout=` takes.

        A number is that many seconds for connect, for each read and for each write (the manual's SO_TIMEOUT).
        """
        if value is None:
            return NO_TIMEOUT
        if isinstance(value, Timeout):
            return value
        return cls(connect=value, read=value, write=value)

    def __repr__(self) -> str:
        limits = ", ".join(
            f"{name}={getattr(self, name)}" for name in ("connect", "read", "write", "pool", "total")
        )
        return f"Timeout({limits})"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Timeout):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self.__slots__))


def _limit(name: str, value: float | None) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not value > 0:
        raise ValueError(f"timeout {name}={value!r}: give seconds as a number above 0, or None for no limit")
    return min(float(value), MAX_SECONDS)


class Deadline:
    """The clock of one call; monotonic, so that a change of the system's time changes nothing.

    Args:
        timeout: the limits of the call. Its `total` starts to run now.
    """

    __slots__ = ("end", "timeout")

    def __init__(self, timeout: Timeout) -> None:
        self.timeout = timeout
        self.end = None if timeout.total is None else monotonic() + timeout.total

    def seconds(self, limit: float | None) -> float | None:
        """How long the next wait may take: `limit`, or less when the call ends earlier; None for no limit.

        Raises:
            TotalTimeout: the call's time is up.
        """
        if self.end is None:
            return limit
        left = self.end - monotonic()
        if left <= 0:
            raise self._total()
        return left if limit is None or left < limit else limit

    def check(self) -> None:
        """Raise TotalTimeout when the call's time is up: for loops that never have to wait."""
        if self.end is not None and monotonic() >= self.end:
            raise self._total()

    def expired(self, error: type[RequestTimeout], limit: float | None, doing: str) -> RequestTimeout:
        """The error for a wait that ended in vain: the call's own when its time is up, else that of the phase."""
        if self.end is not None and (limit is None or monotonic() + TIMER_SECONDS >= self.end):
            return self._total()
        return error(f"{doing}: nothing for {limit:g} s" if limit is not None else doing, limit)

    def _total(self) -> TotalTimeout:
        total = self.timeout.total
        return TotalTimeout(f"the call took longer than total={total:g} s", total)


class Phase:
    """A part of a call that has a limit of its own for all of its steps together (connect, pool).

    Args:
        deadline: the call's clock.
        limit: seconds for the phase, None for no limit.
        error: what is raised when they are over.
        doing: the phase in words, for the error's text.
    """

    __slots__ = ("deadline", "doing", "end", "error", "limit")

    def __init__(
        self, deadline: Deadline, limit: float | None, error: type[RequestTimeout], doing: str
    ) -> None:
        self.deadline = deadline
        self.limit = limit
        self.error = error
        self.doing = doing
        self.end = None if limit is None else monotonic() + limit

    @classmethod
    def connecting(cls, deadline: Deadline, doing: str) -> Self:
        """The phase that the limit `connect` bounds."""
        return cls(deadline, deadline.timeout.connect, ConnectTimeout, doing)

    def left(self) -> float | None:
        """Seconds left for the next step, None for no limit.

        Raises:
            RequestTimeout: the phase's error, or TotalTimeout when the call's time is up.
        """
        if self.end is None:
            return self.deadline.seconds(None)
        left = self.end - monotonic()
        if left <= 0:
            raise self.expired()
        return self.deadline.seconds(left)

    def expired(self) -> RequestTimeout:
        """The error that says which limit was passed."""
        total = self.deadline.end
        if self.end is None or (total is not None and total < self.end):
            return self.deadline.expired(TotalTimeout, None, self.doing)
        return self.error(f"{self.doing}: not done within {self.limit:g} s", self.limit)


NO_TIMEOUT = Timeout()
NO_DEADLINE = Deadline(NO_TIMEOUT)
