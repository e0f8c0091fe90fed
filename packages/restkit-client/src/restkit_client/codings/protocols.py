"""What a body is read from, and what decodes it: the shapes that the layers over a body have in common.

Imported by type checkers only: `typing` costs more time at import than the rest of this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

__all__ = ["Decoder", "Reader", "Source"]


class Source(Protocol):
    """What a decoder needs of the layer below."""

    def read(self, n: int, /) -> bytes:
        """Up to n bytes (n > 0); b"" only at the end."""
        ...

    def close(self) -> None:
        """Gives up the rest."""
        ...


class Reader(Source, Protocol):
    """What a body is read from: the connection's reader, or a layer over it."""

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills the buffer's beginning; the number of bytes, 0 only at the end."""
        ...


class Decoder(Protocol):
    """One coding's decompressor with bounded output.

    Attributes:
        complete: whether the coded data may end here.
    """

    complete: bool

    def decode(self, data: bytes, /) -> bytes:
        """The next piece of output; b"" when it needs more input, and only then is `data` not empty."""
        ...
