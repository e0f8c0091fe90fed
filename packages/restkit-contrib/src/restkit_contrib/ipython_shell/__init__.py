"""The restkit shell: HTTP typed at a prompt (the manual's chapter "restkit shell" and its module contrib.ipython_shell).

main             reads the arguments, opens the shell
  → ShellClient    get, post, … and what they make of what was typed
  → RestShell      IPython with our prompts and completion; without IPython, the standard library's console
"""

from __future__ import annotations

from .bodies import JSON, Stream
from .content_types import ContentTypes
from .messages import Request, Response
from .shell_client import ShellClient
from .start import main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .rest_shell import RestShell

__all__ = ["JSON", "ContentTypes", "Request", "Response", "RestShell", "ShellClient", "Stream", "main"]


def __getattr__(name: str) -> object:
    # IPython takes longer to import than everything else together, and may not be there.
    if name != "RestShell":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from .rest_shell import RestShell
    except ImportError:
        from .without_ipython import RestShell  # type: ignore[assignment]
    globals()[name] = RestShell
    return RestShell
