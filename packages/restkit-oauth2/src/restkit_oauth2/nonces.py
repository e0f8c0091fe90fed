"""MemoryNonceStore: nonces of one process, bounded."""

from __future__ import annotations

import time
from heapq import heappop, heappush

from .errors import VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MemoryNonceStore"]


class MemoryNonceStore:
    """Remembers each nonce for as long as its timestamp is accepted; for one process, safe in threads.

    Nothing is forgotten early to make room, for that would let an old request through again: when it is full, requests
    are refused until the oldest nonces expire.

    Args:
        limit: how many nonces at most; 100 000 take about 30 MB.
        clock: seconds; only differences matter.
    """

    def __init__(self, limit: int = 100_000, clock: Callable[[], float] = time.monotonic) -> None:
        from threading import Lock

        self.limit = limit
        self._clock = clock
        self._lock = Lock()
        self._seen: set[str] = set()
        self._expiry: list[tuple[float, str]] = []

    def add(self, key: str, seconds: float) -> bool:
        """Remember a key for so many seconds; False when it is remembered already.

        Raises:
            VerificationError: the store is full (status 503).
        """
        now = self._clock()
        with self._lock:
            while self._expiry and self._expiry[0][0] < now:
                self._seen.remove(heappop(self._expiry)[1])
            if key in self._seen:
                return False
            if len(self._seen) >= self.limit:
                raise VerificationError(
                    f"The nonce store holds its limit of {self.limit}; try later.", "nonce_store_full", 503
                )
            self._seen.add(key)
            heappush(self._expiry, (now + seconds, key))
            return True

    def __len__(self) -> int:
        return len(self._seen)
