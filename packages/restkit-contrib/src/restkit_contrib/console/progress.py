"""Progress on standard error, when that is a terminal: a bar, size, rate, time left."""

from __future__ import annotations

import os
import sys
from time import monotonic

__all__ = ["Bar", "progress_of", "size_text", "time_text"]

# Often enough to look alive, seldom enough to cost nothing.
INTERVAL = 0.1
# The rate of the last seconds, not of the first hour.
WINDOW = 5.0
BAR = 24


def progress_of(name: str, direction: str) -> Bar | None:
    """A bar for a transfer "down" or "up", or None when nobody would see it."""
    return Bar(name, "↓" if direction == "down" else "↑") if sys.stderr and sys.stderr.isatty() else None


def size_text(size: float) -> str:
    """Bytes for people: "12.3 MiB"."""
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.2f} GiB"


def time_text(seconds: float) -> str:
    """Seconds for people: "1:02:03" or "0:07"."""
    whole = int(seconds + 0.5)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


class Bar:
    """Called with (bytes so far, total or None); draws at most ten times a second.

    Args:
        name: what is transferred.
        arrow: the direction.
    """

    def __init__(self, name: str, arrow: str = "↓") -> None:
        self.label = f"{arrow} {name[-24:]}"
        self.drawn = 0.0
        self.begin: int | None = None
        self.last: tuple[int, int | None] = (0, None)
        self.marks: list[tuple[float, int]] = [(monotonic(), 0)]

    def __call__(self, done: int, total: int | None) -> None:
        """Note how far it is, and draw that when the last drawing is old enough."""
        if self.begin is None:
            # What an earlier attempt brought is not this one's speed.
            self.begin = done
            self.marks = [(self.marks[0][0], max(0, done - 65_536))]
        self.last = (done, total)
        now = monotonic()
        if now - self.drawn >= INTERVAL:
            self.drawn = now
            self.marks.append((now, done))
            while len(self.marks) > 2 and now - self.marks[0][0] > WINDOW:
                del self.marks[0]
            self._draw(self._rate(now))

    def _rate(self, now: float) -> float:
        started, size = self.marks[0]
        return (self.last[0] - size) / max(now - started, 0.001)

    def _draw(self, rate: float, *, final: bool = False) -> None:
        done, total = self.last
        parts = [self.label]
        if total:
            filled = BAR * min(done, total) // total
            parts.append(f"{'█' * filled}{'░' * (BAR - filled)} {100 * done // total:>3}%")
            parts.append(f"{size_text(done)} of {size_text(total)}")
        else:
            parts.append(size_text(done))
        parts.append(f"{size_text(rate)}/s")
        if total and not final:
            parts.append(f"ETA {time_text((total - done) / max(rate, 1))}")
        text = "  ".join(parts)[: _columns() - 1]
        sys.stderr.write(f"\r\033[K{text}")
        sys.stderr.flush()

    def end(self) -> None:
        """Draw the last state with the rate of the whole, and go to the next line; nothing when nothing came."""
        if self.begin is None:
            return
        started = self.marks[0][0]
        self.marks[0] = (started, min(self.marks[0][1], self.last[0]))
        self._draw(self._rate(monotonic()), final=True)
        sys.stderr.write("\n")

    def clear(self) -> None:
        """Take the bar away."""
        if self.drawn:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns or 80
    except (OSError, ValueError):
        return 80
