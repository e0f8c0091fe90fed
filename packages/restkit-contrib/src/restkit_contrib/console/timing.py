"""--timing: the phases of a request as bars, on standard error."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_client.timings import Timings

__all__ = ["picture"]

# Columns of the bars; with label and number a line is 78 wide.
WIDTH = 48
LABELS = {
    "name": "name look-up",
    "connect": "connect",
    "tls": "TLS",
    "send": "send",
    "wait": "wait",
    "body": "body",
}


def picture(timings: Timings) -> str:
    """The lines: label, milliseconds, and a bar that stands where its phase passed."""
    phases = timings.as_dict()
    total = max(sum(phases.values()), 1e-9)
    lines = []
    begin = 0.0
    for name, seconds in phases.items():
        left = min(round(WIDTH * begin / total), WIDTH - 1)
        right = round(WIDTH * (begin + seconds) / total)
        # Below a hundredth of a millisecond nothing happened: a handshake that was not needed.
        width = max(1, right - left) if seconds >= 1e-5 else 0
        bar = f"{' ' * left}{'█' * width}".ljust(WIDTH)
        lines.append(f"{LABELS[name]:<13}{seconds * 1000:>10.1f} ms  |{bar}|\n")
        begin += seconds
    return "".join(lines) + f"{'total':<13}{total * 1000:>10.1f} ms\n"
