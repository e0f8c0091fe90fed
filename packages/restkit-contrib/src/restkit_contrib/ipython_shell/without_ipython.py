"""The shell where there is no IPython: the standard library's console, with the same names."""

from __future__ import annotations

import code
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["HINT", "RestShell", "run_console"]

HINT = "IPython is not installed: pip install restkit-contrib[shell]"


class RestShell:
    """The restkit shell on IPython, which is not there.

    Raises:
        ImportError: always; it says what to install.
    """

    def __init__(self, user_ns: dict[str, Any] | None = None) -> None:  # noqa: ARG002 - RestShell's
        raise ImportError(HINT)


class _Prompt:
    """`sys.ps1` that counts: it is made text each time it is shown."""

    def __init__(self) -> None:
        self.number = 0

    def __str__(self) -> str:
        self.number += 1
        return f"{self.number}) restcli$ "


def run_console(names: dict[str, Any]) -> None:
    """Read and run lines until the end of input."""
    prompt = _Prompt()

    def show(value: Any) -> None:
        if value is not None:
            names["_"] = value
            print(f"\n{prompt.number}) {value!r}")  # noqa: T201 - what a console is for

    before = sys.displayhook, getattr(sys, "ps1", None)
    sys.displayhook, sys.ps1 = show, prompt
    try:
        _complete(names)
        code.InteractiveConsole(names).interact("", "quit restcli shell")
    except SystemExit:  # exit()
        print("quit restcli shell")  # noqa: T201 - as above
    finally:
        sys.displayhook = before[0]
        if before[1] is None:
            del sys.ps1
        else:
            sys.ps1 = before[1]


def _complete(names: dict[str, Any]) -> None:
    try:
        import readline
        import rlcompleter
    except ImportError:  # a Python without readline: lines are typed without completion
        return
    readline.set_completer(rlcompleter.Completer(names).complete)
    readline.parse_and_bind("tab: complete")
