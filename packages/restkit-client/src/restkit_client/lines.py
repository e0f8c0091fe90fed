"""Lines of a body that comes in chunks, right wherever the chunks are cut."""

from __future__ import annotations

from .errors import BodyTooLarge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MAX_LINE", "iter_lines"]

# More than any line-based format has; without a limit one line could fill memory.
MAX_LINE = 16 << 20


def iter_lines(chunks: Iterable[bytes], *, max_length: int | None = MAX_LINE) -> Iterator[bytes]:
    r"""The lines without their ends, which are `\n`, `\r\n` or `\r`; each as soon as its end has come.

    Args:
        chunks: the body, cut anywhere.
        max_length: the most bytes of a line; None is no limit.

    Raises:
        BodyTooLarge: a line is longer than `max_length`.
    """
    unfinished: list[bytes] = []
    size = 0
    after_cr = False
    for given in chunks:
        # A \r ended its line at once; the \n of the pair is no line of its own, whenever it comes.
        chunk = given[1:] if after_cr and given[:1] == b"\n" else given
        after_cr = given[-1:] == b"\r" if given else after_cr
        if not chunk:
            continue
        lines = chunk.splitlines()
        tail = lines.pop() if chunk[-1:] not in (b"\n", b"\r") else b""
        if size and lines:
            # Only now: each byte is joined once, however many chunks its line has.
            lines[0] = b"".join([*unfinished, lines[0]])
            unfinished.clear()
            size = 0
        for line in lines:
            _check(len(line), max_length)
            yield line
        if tail:
            unfinished.append(tail)
            size += len(tail)
            _check(size, max_length)
    if size:
        yield b"".join(unfinished)


def _check(length: int, max_length: int | None) -> None:
    if max_length is not None and length > max_length:
        raise BodyTooLarge(
            f"a line has more than {max_length} bytes; raise max_length to allow it", max_length
        )
