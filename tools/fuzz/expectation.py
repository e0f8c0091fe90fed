"""What a target expects besides documented errors; `assert` would be gone under `python -O`."""

from __future__ import annotations

__all__ = ["expect"]


def expect(holds: object, otherwise: object = "") -> None:
    """Raise an AssertionError that says `otherwise`, unless it holds."""
    if not holds:
        raise AssertionError(otherwise)
