"""The loggers `restkit.*`, and `set_logging`; the logging module is imported when a program first logs."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging

__all__ = ["LOG_LEVELS", "debugging", "logger", "set_logging"]

# The logging module's own numbers, written out so that naming a level imports nothing.
LOG_LEVELS = {"critical": 50, "error": 40, "warning": 30, "info": 20, "debug": 10}

_handlers: list[logging.Handler] = []
_root: logging.Logger | None = None


def logger(name: str = "") -> logging.Logger:
    """The logger `restkit`, or `restkit.NAME`."""
    import logging

    return logging.getLogger(f"restkit.{name}" if name else "restkit")


def debugging() -> bool:
    """Whether somebody listens to `restkit` at debug level; costs nothing in a program that does not log."""
    global _root  # noqa: PLW0603 - the logger, once there is one: looking it up takes a lock
    if _root is None:
        if "logging" not in sys.modules:
            return False
        _root = logger()
    return _root.isEnabledFor(10)


def set_logging(level: str, handler: logging.Handler | None = None) -> None:
    """Set the level of logging, and where the records go (the manual's restkit.set_logging).

    Args:
        level: a key of LOG_LEVELS; any other means "info".
        handler: a logging.Handler, by default one that writes to stderr. A second call replaces the first one's.
    """
    import logging

    root = logger()
    for old in _handlers:
        root.removeHandler(old)
    root.setLevel(LOG_LEVELS.get(level.lower(), logging.INFO))
    handler = handler or logging.StreamHandler()
    handler.setFormatter(
        logging.Formatter("%(asctime)s [%(process)d] [%(levelname)s] %(message)s", "%Y-%m-%d %H:%M:%S")
    )
    _handlers[:] = [handler]
    root.addHandler(handler)
