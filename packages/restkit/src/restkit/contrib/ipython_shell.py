"""The restkit shell (the manual's ipython_shell)."""

from __future__ import annotations

from restkit_contrib.ipython_shell import JSON, ContentTypes, Request, Response, ShellClient, Stream, main

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_contrib.ipython_shell import RestShell

__all__ = ["JSON", "ContentTypes", "Request", "Response", "RestShell", "ShellClient", "Stream", "main"]


def __getattr__(name: str) -> object:
    from restkit._lazy import find

    return find(__name__, {"RestShell": "restkit_contrib.ipython_shell"}, name)
