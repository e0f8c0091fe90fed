"""zstd (RFC 8878) by way of the zstandard package (extra `zstd`).

The package's push interface knows no limit on its output, and its pull interface takes a cut frame for a
whole one. So the frame's elements are walked here (RFC 8878 §3.1.1): the decompressor is given at most one
block at a time, which makes at most 128 KiB, and the end of the frame is known.
"""

from __future__ import annotations

import zstandard

from ..errors import DecodeError

__all__ = ["ZstdDecoder"]

# A decoder for the web need not, and should not, allow more (RFC 9659 §3).
_MAX_WINDOW = 8 << 20
_MAGIC = 0xFD2FB528
_SKIPPABLE = 0x184D2A50
_RLE = 1
_DICTIONARY_ID_SIZE = (0, 1, 2, 4)
_CONTENT_SIZE_SIZE = (0, 2, 4, 8)

# What comes next when the bytes of the element at hand are used up.
_FRAME, _BLOCK, _CHECKSUM = range(3)


class ZstdDecoder:
    """One or more zstd frames, skippable ones among them."""

    __slots__ = ("_frame", "_has_checksum", "_input", "_left", "_next", "_position", "complete")

    def __init__(self) -> None:
        self.complete = True
        self._input = b""
        self._position = 0
        # The decompressor of the frame, None in a skippable one.
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._next = _FRAME
        self._left = 0
        self._has_checksum = False

    def decode(self, data: bytes, /) -> bytes:
        """The next piece of output; b"" when more input is needed."""
        if data:
            self._input = self._input[self._position :] + data
            self._position = 0
        try:
            while self._left or self._begin_element():
                start, available = self._position, len(self._input)
                if start >= available:
                    break
                self._position = min(start + self._left, available)
                self._left -= self._position - start
                piece = self._frame.decompress(self._input[start : self._position]) if self._frame else b""
                if piece:
                    self._note_whether_complete()
                    return piece
        except zstandard.ZstdError as error:
            raise DecodeError(f"the body is not valid zstd: {error}") from error
        self._note_whether_complete()
        return b""

    def _note_whether_complete(self) -> None:
        at_boundary = self._next == _FRAME and not self._left
        self.complete = at_boundary and self._position == len(self._input)

    def _begin_element(self) -> bool:
        """Sets how many bytes the element at `_position` has; False when too little of it is there."""
        if self._next == _FRAME:
            return self._begin_frame()
        if self._next == _CHECKSUM:
            self._left = 4
            self._next = _FRAME
            return True
        header = self._input[self._position : self._position + 3]
        if len(header) < 3:
            return False
        self._begin_block(int.from_bytes(header, "little"))
        return True

    def _begin_block(self, header: int) -> None:
        is_last, kind, size = header & 1, header >> 1 & 3, header >> 3
        self._left = 3 + (1 if kind == _RLE else size)
        if is_last:
            self._next = _CHECKSUM if self._has_checksum else _FRAME

    def _begin_frame(self) -> bool:
        start = self._position
        if len(self._input) - start < 8:
            # The shortest frame has nine bytes: magic, descriptor, content size, one empty block's header.
            return False
        magic = int.from_bytes(self._input[start : start + 4], "little")
        if magic & 0xFFFFFFF0 == _SKIPPABLE:
            self._frame = None
            self._left = 8 + int.from_bytes(self._input[start + 4 : start + 8], "little")
            return True
        if magic != _MAGIC:
            raise DecodeError("the body is not valid zstd: there is no frame where one has to begin")
        descriptor = self._input[start + 4]
        is_single_segment = descriptor >> 5 & 1
        content_size = _CONTENT_SIZE_SIZE[descriptor >> 6] or is_single_segment
        self._left = 5 + (1 - is_single_segment) + _DICTIONARY_ID_SIZE[descriptor & 3] + content_size
        self._has_checksum = bool(descriptor & 4)
        self._frame = zstandard.ZstdDecompressor(max_window_size=_MAX_WINDOW).decompressobj()
        self._next = _BLOCK
        return True
