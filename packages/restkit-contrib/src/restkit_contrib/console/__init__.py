"""restcli: HTTP from the command line (the manual's chapter 2.7, its module contrib.console).

    main → running.run      the command's life: arguments, request, output, exit code
      arguments, positionals  the parser; what stands behind the URL
      config                  ~/.restcli and its like
      items, content          key=value … into query, fields and body
      client_options          options of the client; authentication, sessions, oauth_login
      calls                   the request, and how it is sent
      output, terminal        the body to a pipe, a file, a terminal; downloads, progress
      pretty                  json_text, xml_text, colours
      trace, timing, …        what --verbose, --timing, --offline, --curl, --har show
      exit_codes              an error into its number and one line

Each is imported when it is needed: restcli is started a thousand times a day.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .arguments import options
    from .config import as_bool, update_defaults
    from .pretty import common_indent, external, indent, indent_json, indent_xml, prettify

_HOMES = {
    "as_bool": "config",
    "common_indent": "pretty",
    "external": "pretty",
    "indent": "pretty",
    "indent_json": "pretty",
    "indent_xml": "pretty",
    "options": "arguments",
    "prettify": "pretty",
    "update_defaults": "config",
}

__all__ = [
    "as_bool",
    "common_indent",
    "external",
    "indent",
    "indent_json",
    "indent_xml",
    "main",
    "options",
    "prettify",
    "update_defaults",
]


def main() -> None:
    """Run restcli with the arguments of the process, and end it with restcli's exit code (manual 3.1.10)."""
    from .running import run

    sys.exit(run(sys.argv[1:]))


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = found
    return found
