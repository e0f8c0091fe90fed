"""The command line: one table of options for the parser, the help, the man page and the completions."""

from __future__ import annotations

import argparse

from .exit_codes import TABLE, UsageError
from .positionals import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

__all__ = ["LOG_LEVELS", "Namespace", "options", "parse"]

Namespace = argparse.Namespace

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")
SHELLS = ("bash", "zsh", "fish")

USAGE = "restcli [options] url [METHOD] [filename] [item ...]"

EPILOG = f"""What stands behind the url:
{RULES}

:8080/path is http://localhost:8080/path, example.com is http://example.com/.
Defaults are read from ~/.restcli and $XDG_CONFIG_HOME/restcli/config (lines `long-option = value`).

{TABLE}"""


def seconds(text: str) -> float:
    """Seconds above 0, as an argument's type."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise ValueError(text)
    return value


def count(text: str) -> int:
    """A number of 0 or more, as an argument's type."""
    value = int(text)
    if value < 0:
        raise ValueError(text)
    return value


# Title of the group → (flags, what argparse wants to know). "flag" is short for store_true.
OPTIONS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "request": [
        ("-H --header", {"dest": "headers", "action": "append", "metavar": "HEADERS", "default": [],
         "help": "http string header in the form of Key:Value. For example: \"Accept: application/json\""}),
        ("-X --request", {"dest": "method", "metavar": "METHOD", "help": "http request method"}),
        ("-i --input", {"metavar": "FILE", "help": "the name of the file to read from; - is stdin"}),
        ("-d --data", {"action": "append", "metavar": "TEXT", "default": [],
         "help": "the body itself, as a form is sent; @FILE reads it, repeated ones are joined by &"}),
        ("-j --json", {"action": "flag", "help": "JSON is sent and wanted; items make an object (the default)"}),
        ("-f --form", {"action": "flag", "help": "items make a url-encoded form, with files a multipart one"}),
        ("--multipart", {"action": "flag", "help": "items make a multipart form"}),
        ("-I --head", {"action": "flag", "help": "send HEAD and print the fields"}),
        ("--from-curl", {"metavar": "COMMAND", "help": "do what a curl command does; options here are added to it"}),
    ],
    "redirects, time and retries": [
        ("-L --follow-redirect", {"action": "flag", "help": "follow redirects"}),
        ("--max-redirects", {"type": count, "default": 5, "metavar": "N", "help": "redirects before giving up (5)"}),
        ("-m --max-time", {"type": seconds, "metavar": "SECONDS", "help": "for the whole call, body included"}),
        ("--connect-timeout", {"type": seconds, "metavar": "SECONDS", "help": "for name, connection and TLS"}),
        ("--retry", {"type": count, "default": 0, "metavar": "N",
         "help": "tries after the first, where that is safe; also for 408, 429, 500, 502, 503, 504"}),
    ],
    "authentication and sessions": [
        ("-u --user", {"metavar": "USER[:PASSWORD]", "help": "Basic authentication; asks for a missing password"}),
        ("--digest", {"action": "flag", "help": "with --user: Digest authentication"}),
        ("--bearer", {"metavar": "TOKEN", "help": "a bearer token"}),
        ("--netrc", {"action": "flag", "help": "user and password from ~/.netrc, for the exact host"}),
        ("--oauth", {"metavar": "KEY:SECRET[:TOKEN:SECRET]", "help": "sign with OAuth 1.0a"}),
        ("--oauth-login", {"nargs": 3, "metavar": ("REQUEST_URL", "AUTHORIZE_URL", "ACCESS_URL"),
         "help": "with --oauth KEY:SECRET: get a token, and use it; without a url print it"}),
        ("--oauth-callback", {"type": count, "metavar": "PORT",
         "help": "with --oauth-login: wait for the browser on this port (0: any) instead of asking for a PIN"}),
        ("--session", {"metavar": "NAME", "help": "keep cookies and fields under this name"}),
    ],
    "network": [
        ("-x --proxy", {"metavar": "URL", "help": "the proxy; else those of the environment"}),
        ("--cacert", {"metavar": "FILE", "help": "trust the authorities in this file only"}),
        ("--cert", {"metavar": "FILE", "help": "our certificate (PEM)"}),
        ("--key", {"metavar": "FILE", "help": "its key, when that is not in the same file"}),
        ("-k --insecure", {"action": "flag", "help": "do not verify certificates"}),
        ("--resolve", {"action": "append", "metavar": "HOST:PORT:ADDRESS", "default": [],
         "help": "connect to ADDRESS for HOST:PORT"}),
        ("--unix-socket", {"metavar": "PATH", "help": "connect to this socket instead of the host"}),
        ("-4", {"dest": "family", "action": "store_const", "const": 4, "help": "IPv4 only"}),
        ("-6", {"dest": "family", "action": "store_const", "const": 6, "help": "IPv6 only"}),
    ],
    "output": [
        ("-S --server-response", {"action": "flag", "help": "print server response: the fields; the body with -o"}),
        ("-p --prettify", {"action": "flag", "help": "Prettify display (without colours into a pipe)"}),
        ("-o --output", {"metavar": "OUTPUT", "help": "the name of the file to write to; - is stdout"}),
        ("-O --download", {"action": "flag", "help": "save the body under the name the server or the url gives it"}),
        ("-c --continue", {"dest": "resume", "action": "flag", "help": "go on with a download that broke off"}),
        ("--force", {"action": "flag", "help": "let --download overwrite a file"}),
        ("--check-status", {"action": "flag", "help": "exit with 3, 4 or 5 for a status of 3xx, 4xx or 5xx"}),
    ],
    "looking closer": [
        ("-v --verbose", {"action": "flag", "help": "show what is sent and received; secrets are masked"}),
        ("--timing", {"action": "flag", "help": "show where the time went"}),
        ("--offline", {"action": "flag", "help": "print the exact request, send nothing"}),
        ("--curl", {"action": "flag", "help": "print the curl command for the request, secrets and all; send nothing"}),
        ("--har", {"metavar": "FILE", "help": "also write an HTTP archive of the exchange, secrets masked"}),
        ("--log-level", {"choices": LOG_LEVELS, "metavar": "LOG_LEVEL", "default": "info",
         "help": "Log level below which to silence messages. [info]"}),
        ("--shell", {"action": "flag", "help": "Open a IPython shell"}),
    ],
    "restcli itself": [
        ("--completion", {"choices": SHELLS, "metavar": "SHELL", "help": "print the completion for bash, zsh or fish"}),
        ("--man", {"action": "flag", "help": "print the manual page: restcli --man | man -l -"}),
        ("--version", {"action": "flag",
         "help": "show program's version number and exit"}),
        ("-h --help", {"action": "help", "help": "show this help message and exit"}),
    ],
}  # fmt: skip


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (restcli --help shows what there is)")


def options() -> argparse.ArgumentParser:
    """The parser of restcli's command line (manual 3.1.10); its errors are raised as UsageError."""
    parser = _Parser(
        prog="restcli",
        usage=f"'{USAGE}'",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    # In a group, since the parser's own add_argument imports shutil: 4 ms at each start.
    parser.add_argument_group().add_argument("words", nargs="*", help=argparse.SUPPRESS)
    for title, rows in OPTIONS.items():
        group = parser.add_argument_group(title)
        for flags, settings in rows:
            given = dict(settings)
            if given.get("action") == "flag":
                given["action"] = "store_true"
            if given.get("default") == []:
                given["default"] = []
            group.add_argument(*flags.split(), **given)
    return parser


def parse(arguments: Sequence[str], parser: argparse.ArgumentParser | None = None) -> argparse.Namespace:
    """The options of a command line; `words` are the positionals, wherever they stand among the options.

    Raises:
        UsageError: an option that does not exist, a value that it can not have, two options that exclude each other.
    """
    parsed = (parser or options()).parse_intermixed_args(list(arguments))
    if parsed.json + parsed.form + parsed.multipart > 1:
        raise UsageError("--json, --form and --multipart exclude each other: give one")
    if parsed.log_level not in LOG_LEVELS:
        raise UsageError(f"log level {parsed.log_level!r}: choose one of {', '.join(LOG_LEVELS)}")
    return parsed
