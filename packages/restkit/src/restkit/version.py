"""The version (restkit 4's restkit.version)."""

from restkit import __version__, version_info

__all__ = ["__version__", "version_info"]
