"""A body on a terminal: indented, coloured, as it comes where it has no end, and nothing that a terminal would obey."""

from __future__ import annotations

import os
import re
from codecs import getincrementaldecoder, lookup

from .pretty import MAX_SIZE, colour, common_indent, indent, media_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from restkit_client import Response

    from .recording import Recording

__all__ = ["harmless", "show_body"]

# What is looked at before a body is called text.
SAMPLE = 1024
# Everything a terminal would obey but tab and line end; escape sequences too, where they are not for colours.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\r(?!\n)|\x1b(?!\[[0-9;]*m)")
# A sequence or a line end that the next block may complete.
UNFINISHED = re.compile(r"(?:\x1b(?:\[[0-9;]{0,30})?|\r)\Z")
REPLACEMENT = "\ufffd"


def harmless(text: str) -> str:
    """The text without what would move the cursor, set titles or ring the bell; colours may stay."""
    return CONTROLS.sub(REPLACEMENT, text)


def show_body(response: Response, out: BinaryIO, recording: Recording | None = None) -> None:
    """Write the body for a person to read.

    Raises:
        RestkitError: the body did not come whole.
    """
    blocks = response.iter_bytes()
    if recording is not None:
        blocks = recording.pass_on(blocks)
    first = next(blocks, b"")
    content_type = response.headers.get("content-type") or ""
    if _is_binary(first):
        out.write(_notice(response, content_type))
    else:
        screen = _Screen(out, content_type)
        if screen.kind in common_indent:
            _show_whole(screen, first, blocks)
        else:
            _stream(screen, first, blocks)
        screen.end()
    out.flush()


def _is_binary(sample: bytes) -> bool:
    """Whether it holds a NUL, or more control characters than any text."""
    sample = sample[:SAMPLE]
    controls = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in sample)
    return b"\0" in sample or controls * 20 > len(sample)


def _notice(response: Response, content_type: str) -> bytes:
    length = response.headers.get("content-length")
    what = harmless(f"{content_type or 'no Content-Type'}{f', {length} bytes' if length else ''}")
    return f"[binary, not shown: {what}; -o FILE saves it]\n".encode()


class _Screen:
    """Decodes, disarms, colours and writes; ends the last line."""

    def __init__(self, out: BinaryIO, content_type: str) -> None:
        self.out = out
        self.kind = media_type(content_type)
        self.charset = _charset(content_type)
        self.colours = "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self.decoder = getincrementaldecoder(self.charset)("replace")
        self.held = ""
        self.last = "\n"

    def pretty(self, data: bytes) -> None:
        """Write a whole document, indented and coloured."""
        text = indent(self.kind, data.decode(self.charset, "replace").replace("\r\n", "\n"))
        text = harmless(text.replace("\x1b", REPLACEMENT)).rstrip("\n")
        self._write((colour(text, self.kind) if self.colours else text) + "\n")

    def plain(self, block: bytes, *, final: bool = False) -> None:
        """Write a part of a text; what its next part may complete is held back."""
        text = self.held + self.decoder.decode(block, final)
        match = None if final else UNFINISHED.search(text)
        self.held = match[0] if match else ""
        self._write(harmless(text[: match.start()] if match else text))

    def end(self) -> None:
        """End the last line."""
        self.plain(b"", final=True)
        if self.last != "\n":
            self._write("\n")

    def _write(self, text: str) -> None:
        if text:
            self.last = text[-1]
            self.out.write(text.encode("utf-8", "replace"))
            self.out.flush()


def _charset(content_type: str) -> str:
    from restkit_client.parameters import parse_parameters

    try:
        return lookup(parse_parameters(content_type)[1].get("charset", "utf-8")).name
    except LookupError:
        return "utf-8"


def _stream(screen: _Screen, first: bytes, blocks: Iterator[bytes]) -> None:
    screen.plain(first)
    for block in blocks:
        screen.plain(block)


def _show_whole(screen: _Screen, data: bytes, blocks: Iterator[bytes]) -> None:
    """A document once it is all there; a stream of JSON lines line by line; what is too large as it comes."""
    pieces = [data]
    size = len(data)
    while True:
        if screen.kind == "application/json" and len(pieces) < 3 and _starts_with_json_line(b"".join(pieces)):
            _show_lines(screen, b"".join(pieces), blocks)
            return
        block = next(blocks, b"")
        if not block:
            if size:
                screen.pretty(b"".join(pieces))
            return
        pieces.append(block)
        size += len(block)
        if size > MAX_SIZE:
            _stream(screen, b"".join(pieces), blocks)
            return


def _starts_with_json_line(data: bytes) -> bool:
    """Whether the first line is a JSON value of its own: then the second may come tomorrow."""
    line, end, _ = data.partition(b"\n")
    if not end or not line.strip():
        return False
    import json

    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _show_lines(screen: _Screen, data: bytes, blocks: Iterator[bytes]) -> None:
    while True:
        *lines, data = data.split(b"\n")
        for line in lines:
            if line.strip():
                screen.pretty(line)
        block = next(blocks, b"")
        if not block:
            break
        data += block
    if data.strip():
        screen.pretty(data)
