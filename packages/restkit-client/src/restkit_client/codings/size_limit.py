"""A reader that refuses a body larger than a limit."""

from __future__ import annotations

from ..errors import BodyTooLarge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from _typeshed import WriteableBuffer

    from .protocols import Reader

__all__ = ["SizeLimitedReader"]


class SizeLimitedReader:
    """Hands on `max_size` bytes of `source`; one more raises BodyTooLarge and gives up the source."""

    __slots__ = ("_left", "_max_size", "_source")

    def __init__(self, source: Reader, max_size: int) -> None:
        self._source = source
        self._max_size = max_size
        self._left = max_size

    def read(self, n: int, /) -> bytes:
        """Up to n bytes; b"" only at the end."""
        if not self._left:
            return self._expect_end()
        data = self._source.read(min(n, self._left))
        self._left -= len(data)
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer's beginning; 0 only at the end."""
        if not self._left:
            return len(self._expect_end())
        view = memoryview(buffer).cast("B")
        count = self._source.readinto(view[: self._left] if len(view) > self._left else view)
        self._left -= count
        return count

    def close(self) -> None:
        """Gives up the rest."""
        self._source.close()

    def _expect_end(self) -> bytes:
        data = self._source.read(1)
        if data:
            self._refuse()
        return data

    def _refuse(self) -> NoReturn:
        self._source.close()
        raise BodyTooLarge(
            f"the body has more than {self._max_size} bytes; raise max_size to allow it", self._max_size
        )
