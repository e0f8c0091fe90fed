"""gzip (RFC 1952) and deflate (RFC 1950, and RFC 1951 without its wrapper) by way of zlib."""

from __future__ import annotations

import zlib

from ..errors import DecodeError
from .decoding_reader import PIECE

__all__ = ["DeflateDecoder", "GzipDecoder"]

# zlib's wbits: the largest window, and 16 more for a gzip wrapper, negative for none.
_ZLIB = 15
_GZIP = 31
_RAW = -15


class GzipDecoder:
    """One or more gzip members; anything else after the first is an error."""

    __slots__ = ("_member", "_rest", "complete")

    def __init__(self) -> None:
        self.complete = True
        self._member = zlib.decompressobj(_GZIP)
        self._rest = b""

    def decode(self, data: bytes, /) -> bytes:
        """The next piece of output; b"" when more input is needed."""
        rest = self._rest or data
        try:
            while rest or not self.complete:
                piece = self._member.decompress(rest, PIECE)
                self.complete = self._member.eof
                if self.complete:
                    rest = self._member.unused_data
                    self._member = zlib.decompressobj(_GZIP)
                else:
                    rest = self._member.unconsumed_tail
                if piece or not rest:
                    self._rest = rest
                    return piece
        except zlib.error as error:
            raise DecodeError(f"the body is not valid gzip: {error}") from error
        return b""


class DeflateDecoder:
    """The deflate coding: a zlib stream, or raw deflate data as some servers send it."""

    __slots__ = ("_rest", "_stream", "complete")

    def __init__(self) -> None:
        self.complete = True
        self._stream: zlib._Decompress | None = None
        self._rest = b""

    def decode(self, data: bytes, /) -> bytes:
        """The next piece of output; b"" when more input is needed."""
        rest = self._rest + data
        if self._stream is None:
            # Two bytes tell the kinds apart (RFC 1950 §2.2).
            if len(rest) < 2:
                self._rest = rest
                self.complete = not rest
                return b""
            self._stream = zlib.decompressobj(_ZLIB if _has_zlib_header(rest) else _RAW)
        elif self._stream.eof:
            return _no_more(rest)
        try:
            piece = self._stream.decompress(rest, PIECE)
        except zlib.error as error:
            raise DecodeError(f"the body is not valid deflate: {error}") from error
        self.complete = self._stream.eof
        self._rest = self._stream.unused_data if self.complete else self._stream.unconsumed_tail
        return piece or (_no_more(self._rest) if self.complete else b"")


def _has_zlib_header(data: bytes) -> bool:
    return data[0] & 0x8F == 0x08 and (data[0] << 8 | data[1]) % 31 == 0


def _no_more(rest: bytes) -> bytes:
    if rest:
        raise DecodeError(f"{len(rest)} or more bytes follow the end of the body's deflate data")
    return b""
