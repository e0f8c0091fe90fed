"""`restcli --shell URL`: open the shell."""

from __future__ import annotations

import sys

from .shell_client import ShellClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["main"]


def main(*args: Any, **kwargs: Any) -> None:
    """Open the shell, and return when it is left.

    Args:
        *args: the one that begins with http:// or https:// is where `req` leads.
        **kwargs: `options`, those of the command line; `client`, the Client to send with; other names for the shell.

    Raises:
        InvalidUrl: the URL can not be requested.
    """
    urls = [arg for arg in args if isinstance(arg, str) and arg.lower().startswith(("http://", "https://"))]
    client = ShellClient(urls[0] if urls else "/", **kwargs)
    names: dict[str, Any] = {"__name__": "__main__"}
    client.update_ns(names)
    client.help()
    from . import RestShell, without_ipython

    try:
        shell = RestShell(user_ns=names)
    except ImportError as error:
        print(error, file=sys.stderr)  # noqa: T201 - what to install
        without_ipython.run_console(names)
        return
    shell()
