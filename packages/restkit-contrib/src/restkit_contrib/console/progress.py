"""A progress bar on standard error: size, rate, time left."""

from __future__ import annotations

import sys
from time import monotonic

from .sending import terminal_width

__all__ = ["Bar", "size_text"]

# Often enough to look alive, seldom enough to cost nothing.
INTERVAL = 0.1


def size_text(size: float) -> str:
    """Bytes for people: "12.3 MiB"."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if size < 1024 or unit == "GiB":
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return ""


class Bar:
    """Called with (bytes so far, total or None); draws at most ten times a second."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.started = monotonic()
        self.drawn = 0.0
        self.last: tuple[int, int | None] = (0, None)

    def __call__(self, done: int, total: int | None) -> None:
        """Note how far it is, and draw that when the last drawing is old enough."""
        self.last = (done, total)
        now = monotonic()
        if now - self.drawn >= INTERVAL:
            self.drawn = now
            self._draw()

    def _draw(self) -> None:
        done, total = self.last
        rate = done / max(monotonic() - self.started, 0.001)
        text = f"{size_text(done)}{' of ' + size_text(total) if total else ''}  {size_text(rate)}/s"
        if total:
            text += f"  {max(total - done, 0) / max(rate, 1):.0f} s left"
            room = max(terminal_width() - len(text) - len(self.name) - 6, 10)
            filled = room * done // total
            text = f"[{'=' * filled}{' ' * (room - filled)}] {text}"
        sys.stderr.write(f"\r\033[K{self.name} {text}")
        sys.stderr.flush()

    def end(self) -> None:
        """Draw the last state, and go to the next line."""
        self._draw()
        sys.stderr.write("\n")
