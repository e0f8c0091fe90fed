"""The manual page, from the parser."""

from __future__ import annotations

from .. import __version__
from .arguments import USAGE
from .exit_codes import TABLE
from .positionals import RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

__all__ = ["man_page"]

EXAMPLES = {
    "Fetch, readable on a terminal, the body's bytes into a pipe": "restcli example.com/data.json | sha256sum",
    "Send JSON": "restcli :8080/users name=Ann age:=42",
    "Send a form with a file": "restcli --form :8080/photos title=Sea picture@sea.jpg",
    "Download, and go on after a break": "restcli -O --continue example.com/large.iso",
    "Look at a request without sending it": "restcli --offline example.com a=b",
}


def man_page(parser: argparse.ArgumentParser) -> str:
    """The page in man(7)'s macros."""
    parts = [
        f'.TH RESTCLI 1 "" "restkit {__version__}" "restkit"',
        ".SH NAME\nrestcli \\- HTTP requests from the command line",
        f".SH SYNOPSIS\n.B restcli\n{_text(USAGE.removeprefix('restcli '))}",
        ".SH DESCRIPTION\nSends a request and prints what comes back: for eyes on a terminal, and for programs\n"
        "into a pipe or a file, which get the body's bytes and nothing else.",
        f".SH WORDS BEHIND THE URL\n.nf\n{_text(RULES)}\n.fi",
    ]
    for group in parser._action_groups:
        actions = [action for action in group._group_actions if action.option_strings]
        if actions:
            parts.append(f".SH {str(group.title).upper()}")
            parts += [_option(action) for action in actions]
    parts.append(
        ".SH FILES\n.TP\n.I ~/.restcli\n.TQ\n.I $XDG_CONFIG_HOME/restcli/config\n"
        'Defaults: lines\n.IR long\\-option " = " value ;\n'
        '.BR header " = Name: value"\nmay be repeated. Flags are true or 1. The first file wins.'
    )
    parts.append(f".SH EXIT STATUS\n.nf\n{_text(TABLE.partition(chr(10))[2])}\n.fi")
    examples = "".join(f"\n.TP\n{_text(what)}\n.nf\n{_text(how)}\n.fi" for what, how in EXAMPLES.items())
    parts.append(f".SH EXAMPLES{examples}")
    return "\n".join(parts) + "\n"


def _option(action: argparse.Action) -> str:
    metavar = " ".join(action.metavar) if isinstance(action.metavar, tuple) else action.metavar
    value = f" \\fI{_text(metavar)}\\fR" if metavar and action.nargs != 0 else ""
    if action.choices:
        value = f" \\fI{_text('|'.join(map(str, action.choices)))}\\fR"
    names = ", ".join(f"\\fB{_text(name)}\\fR{value}" for name in action.option_strings)
    return f".TP\n{names}\n{_text(action.help or '')}"


def _text(text: str) -> str:
    """Text with roff's own characters made harmless."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join(f"\\&{line}" if line.startswith((".", "'")) else line for line in escaped.split("\n"))
