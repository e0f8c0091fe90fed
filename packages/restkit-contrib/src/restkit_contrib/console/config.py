"""Defaults from ~/.restcli and $XDG_CONFIG_HOME/restkit/restcli: lines `name = value` (compatibility with restkit 4)."""

from __future__ import annotations

import os

from .exit_codes import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["as_bool", "config_files", "read_defaults", "update_defaults"]

BOOLEANS = frozenset({"follow_redirect", "server_response", "prettify", "check_status", "insecure"})
TEXTS = {
    "request": "method",
    "log_level": "log_level",
    "input": "input",
    "output": "output",
    "proxy": "proxy",
    "cacert": "cacert",
}


def as_bool(value: str) -> bool:
    """Whether a configuration value means yes: "true" or "1", in any case."""
    return value.strip().lower() in ("true", "1")


def config_files() -> list[str]:
    """The files that are read, in order; later ones win."""
    home = os.path.expanduser("~")  # noqa: PTH111 - pathlib costs 5 ms of start-up
    xdg = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
    return [f"{xdg}/restkit/restcli", f"{home}/.restcli"]


def update_defaults(defaults: dict[str, Any]) -> dict[str, Any]:
    """Add what the configuration files say to `defaults`, and return it.

    Raises:
        UsageError: a line that is no `name = value`; unknown names are left alone.
    """
    for path in config_files():
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as above
                read_defaults(file.read(), path, defaults)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeError) as error:
            raise UsageError(f"the configuration {path} can not be read: {error}") from error
    return defaults


def read_defaults(text: str, path: str, defaults: dict[str, Any]) -> None:
    """Add what the text of a configuration file says to `defaults`. Raises UsageError."""
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, mark, value = line.partition("=")
        if not mark:
            raise UsageError(f"{path}, line {number}: {line!r} is no `name = value`")
        key = name.strip().lower().replace("-", "_")
        value = value.strip()
        if key.startswith("header"):
            defaults.setdefault("headers", []).append(value)
        elif key in BOOLEANS:
            defaults[key] = as_bool(value)
        elif key in TEXTS:
            defaults[TEXTS[key]] = value
