"""The command line: one parser for the arguments, the help, the man page and the completions."""

from __future__ import annotations

import argparse
import re

from .. import __version__
from .exit_codes import TABLE, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

__all__ = ["Positionals", "options", "positionals"]

LOG_LEVELS = ("critical", "error", "warning", "info", "debug")

USAGE = "restcli [options] url [METHOD] [filename] [item ...]"

EPILOG = f"""What stands behind the url:
  METHOD     letters only; a file of such a name is written ./name
  item       name=value      a field of the JSON body (of the form with --form or --multipart)
             name:=json      the same, the value is JSON
             name==value     a parameter of the URL's query
             Name:value      a header field
             name@file       a file of a multipart form
  filename   anything else; one file, sent as the body, by POST unless a METHOD is given; - is stdin

:8080/path is http://localhost:8080/path, example.com is http://example.com/.

{TABLE}"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (restcli --help shows what there is)")


def options() -> argparse.ArgumentParser:
    """The parser of restcli's command line."""
    parser = _Parser(
        prog="restcli",
        usage=f"'{USAGE}'",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=False,
        allow_abbrev=False,
    )
    add = parser.add_argument
    parser.add_argument("words", nargs="*", help=argparse.SUPPRESS)
    add(
        "-H",
        "--header",
        dest="headers",
        action="append",
        default=[],
        metavar="HEADERS",
        help='http string header in the form of Key:Value. For example: "Accept: application/json"',
    )
    add("-X", "--request", dest="method", metavar="METHOD", help="http request method")
    add("--follow-redirect", action="store_true", help="follow redirects")
    add("-S", "--server-response", action="store_true", help="print server response")
    add("-p", "--prettify", action="store_true", help="Prettify display")
    add(
        "--log-level", default="warning", choices=LOG_LEVELS, help="Log level below which to silence messages"
    )
    add("-i", "--input", metavar="FILE", help="the name of the file to read from; - is stdin")
    add("-o", "--output", metavar="OUTPUT", help="the name of the file to write to; - is stdout")
    add("--shell", action="store_true", help="Open a IPython shell")
    add(
        "--version",
        action="version",
        version=f"restcli {__version__}",
        help="show program's version number and exit",
    )
    add("-h", "--help", action="help", help="show this help message and exit")
    _add_body(parser)
    _add_auth(parser)
    _add_network(parser)
    _add_display(parser)
    return parser


def _add_body(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("body")
    kinds = group.add_mutually_exclusive_group()
    kinds.add_argument("--json", action="store_true", help="items make a JSON body (the default)")
    kinds.add_argument("--form", action="store_true", help="items make a url-encoded form")
    kinds.add_argument("--multipart", action="store_true", help="items make a multipart form")
    group.add_argument("-d", "--data", metavar="DATA", help="the body itself; POST unless a METHOD is given")


def _add_auth(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("authentication")
    group.add_argument("-u", "--user", metavar="USER:PASSWORD", help="Basic authentication")
    group.add_argument("--digest", action="store_true", help="with --user: Digest authentication")
    group.add_argument("--bearer", metavar="TOKEN", help="a bearer token")
    group.add_argument(
        "--netrc", action="store_true", help="user and password from ~/.netrc, by the exact host"
    )
    group.add_argument("--oauth", metavar="KEY:SECRET[:TOKEN:SECRET]", help="sign with OAuth 1.0a")


def _add_network(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("network")
    add = group.add_argument
    add("--max-time", type=_seconds, metavar="SECONDS", help="for the whole call")
    add("--connect-timeout", type=_seconds, metavar="SECONDS", help="for name, connection and TLS together")
    add("--max-redirects", type=int, default=5, metavar="N", help="redirects followed before giving up")
    add(
        "--retry",
        type=int,
        default=0,
        metavar="N",
        help="tries after the first, also for 429, 502, 503 and 504",
    )
    add("--proxy", metavar="URL", help="the proxy; without it those of the environment")
    add("--cacert", metavar="FILE", help="trust the authorities in this file only")
    add("--cert", metavar="FILE", help="our certificate, with its key")
    add("-k", "--insecure", action="store_true", help="do not verify certificates")
    add(
        "--resolve",
        action="append",
        default=[],
        metavar="HOST:PORT:ADDRESS",
        help="connect to ADDRESS for HOST:PORT",
    )
    add("--unix-socket", metavar="PATH", help="connect to this socket")
    families = group.add_mutually_exclusive_group()
    families.add_argument("-4", dest="family", action="store_const", const=4, help="IPv4 only")
    families.add_argument("-6", dest="family", action="store_const", const=6, help="IPv6 only")


def _add_display(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("display")
    add = group.add_argument
    add("-O", "--download", action="store_true", help="save the body under the URL's last name")
    add(
        "--continue",
        dest="resume",
        action="store_true",
        help="with --download or --output: go on where it broke off",
    )
    add("--force", action="store_true", help="with --download: overwrite")
    add("--head", "-I", action="store_true", help="HEAD, and print the fields")
    add("-v", "--verbose", action="store_true", help="show what is sent and received; secrets are masked")
    add("--timing", action="store_true", help="show where the time went")
    add("--offline", action="store_true", help="print the request, send nothing")
    add("--curl", action="store_true", help="print the curl command for the request, send nothing")
    add("--har", metavar="FILE", help="write request and response as a HAR file")
    add("--check-status", action="store_true", help="exit 3, 4 or 5 for a status of 3xx, 4xx or 5xx")


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise ValueError
    return seconds


_ITEM = re.compile(r"[^\s:=@]+?(?::=|==|=|:|@)", re.DOTALL)
# A scheme, a drive or a port would look like an item.
_METHOD = re.compile(r"[A-Za-z]+")


class Positionals:
    """What stands behind the options.

    Attributes:
        url, method, filename: as given, None where there is none.
        items: in their order.
    """

    __slots__ = ("filename", "items", "method", "url")

    def __init__(self) -> None:
        self.url = ""
        self.method: str | None = None
        self.filename: str | None = None
        self.items: list[str] = []


def positionals(words: Sequence[str]) -> Positionals:
    """Tell URL, METHOD, items and filename apart; the table is in the help.

    Raises:
        UsageError: no URL, two filenames or two methods.
    """
    found = Positionals()
    if not words:
        raise UsageError("incorrect number of arguments: the url is missing")
    found.url = words[0]
    for word in words[1:]:
        if found.method is None and _METHOD.fullmatch(word):
            found.method = word
        elif not word.startswith((".", "/", "-")) and _ITEM.match(word):
            found.items.append(word)
        elif found.filename is None:
            found.filename = word
        else:
            raise UsageError(f"two filenames: {found.filename!r} and {word!r}; one file is sent")
    return found


def parse(arguments: Sequence[str], defaults: dict[str, Any]) -> argparse.Namespace:
    """The options of a command line, over those of the configuration.

    Raises:
        UsageError: an option that does not exist, or a value that it can not have.
    """
    parser = options()
    headers = defaults.pop("headers", [])
    parser.set_defaults(**defaults)
    # Options and positionals may be mixed: `restcli -X POST url file -p`.
    parsed = parser.parse_intermixed_args(list(arguments))
    parsed.headers = [*headers, *parsed.headers]
    return parsed
