"""Defaults from $XDG_CONFIG_HOME/restcli/config and ~/.restcli: lines `long-option = value`."""

from __future__ import annotations

import os

from .exit_codes import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["as_bool", "config_files", "config_folder", "update_defaults"]


def as_bool(value: str) -> bool:
    """Whether a configuration value means yes: "true" or "1", in any case; all else is no (manual 3.1.10)."""
    return value.strip().lower() in ("true", "1")


def config_folder() -> str:
    """The folder of restcli's own files."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - pathlib costs 5 ms
    return f"{base}/restcli"


def config_files() -> list[str]:
    """The files that are read, in order; later ones win, headers are collected."""
    return [f"{config_folder()}/config", os.path.expanduser("~/.restcli")]  # noqa: PTH111


def update_defaults(defaults: dict[str, Any]) -> dict[str, Any]:
    """Put what the configuration files say into `defaults`, and return it (manual 3.1.10).

    Args:
        defaults: name to default. True and False take what `as_bool` says, lists get one more item, all else the text;
            names that are not there are left alone. `header…` is the list "headers", `request` the "method".

    Raises:
        UsageError: a line without "=", or a file that can not be read.
    """
    for path in config_files():
        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - as above
                text = file.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeError) as error:
            raise UsageError(f"the configuration {path} can not be read: {error}") from error
        _read(text, path, defaults)
    return defaults


def _read(text: str, path: str, defaults: dict[str, Any]) -> None:
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, mark, value = line.partition("=")
        if not mark:
            # What stands there may be a password.
            raise UsageError(f"{path}, line {number} is not of the form `name = value`")
        _set(defaults, _key(name, defaults), value.strip())


def _key(name: str, defaults: dict[str, Any]) -> str:
    key = "_".join(name.strip().lower().split("-"))
    if key.startswith("header"):
        return "headers"
    renamed = {"request": "method", "continue": "resume"}.get(key)
    return renamed if renamed in defaults and key not in defaults else key


def _set(defaults: dict[str, Any], key: str, value: str) -> None:
    if key not in defaults:
        return
    old = defaults[key]
    if isinstance(old, bool):
        defaults[key] = as_bool(value)
    elif isinstance(old, list):
        defaults[key] = [*old, value]
    else:
        defaults[key] = value
