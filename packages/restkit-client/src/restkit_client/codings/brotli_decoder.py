"""br (RFC 7932) by way of the brotli package (extra `br`)."""

from __future__ import annotations

import brotli

from ..errors import DecodeError
from .decoding_reader import PIECE

__all__ = ["BrotliDecoder"]


class BrotliDecoder:
    """One brotli stream; bytes after its end are an error."""

    __slots__ = ("_stream", "complete")

    def __init__(self) -> None:
        self.complete = True
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes, /) -> bytes:
        """The next piece of output; b"" when more input is needed."""
        if not data and self.complete:
            return b""
        try:
            piece: bytes = self._stream.process(data, output_buffer_limit=PIECE)
        except brotli.error as error:
            raise DecodeError("the body is not valid br, or bytes follow its end") from error
        except TypeError as error:
            raise DecodeError("to decode br in bounded memory, brotli 1.2 or later is needed") from error
        self.complete = self._stream.is_finished()
        return piece
