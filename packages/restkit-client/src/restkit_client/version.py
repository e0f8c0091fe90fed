"""The version of this package, as text and as numbers (manual 3.1.1)."""

from __future__ import annotations

from restkit_client import __version__

__all__ = ["__version__", "version_info"]

version_info = tuple(int(number) for number in __version__.split("."))
