"""RestShell: IPython with the restkit shell's prompts, autocall and completion. Importing it needs IPython."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from IPython.terminal.embed import InteractiveShellEmbed
from IPython.terminal.ipapp import load_default_config
from IPython.terminal.prompts import Prompts
from pygments.token import Token

from .completion import make_matcher

if TYPE_CHECKING:
    from .shell_client import ShellClient

__all__ = ["RestShell"]


class _RestcliPrompts(Prompts):
    """`1) restcli$ ` in front of what is typed, `1) ` in front of what comes of it."""

    def in_prompt_tokens(self) -> list[tuple[Any, str]]:
        return [(Token.PromptNum, str(self.shell.execution_count)), (Token.Prompt, ") restcli$ ")]

    def out_prompt_tokens(self) -> list[tuple[Any, str]]:
        count = self.shell.displayhook.prompt_count
        return [(Token.OutPromptNum, str(count)), (Token.OutPrompt, ") ")]


class RestShell(InteractiveShellEmbed):
    """The restkit shell on IPython, with the user's own configuration; `RestShell(names)()` opens it.

    Args:
        user_ns: the names in the shell.
    """

    def __init__(self, user_ns: dict[str, Any] | None = None, **options: Any) -> None:
        # A copy is ours: nothing of the user's profile is changed.
        settings = {
            "config": load_default_config(),  # type: ignore[no-untyped-call]
            "banner1": "",
            "banner2": "",
            "exit_msg": "quit restcli shell",
            "prompts_class": _RestcliPrompts,
            # `get` and `req` typed alone are called.
            "autocall": 2,
            "separate_in": "",
            "separate_out": "\n",
            "confirm_exit": False,
            "enable_tip": False,
        }
        names = {} if user_ns is None else user_ns
        super().__init__(user_ns=names, **{**settings, **options})  # type: ignore[no-untyped-call]
        client = names.get("client")
        if client is not None:
            completer = cast("Any", self.Completer)
            completer.custom_matchers.append(make_matcher(cast("ShellClient", client)))
