"""An error into restcli's exit code, curl's numbers where curl has one, and one line that says what to do."""

from __future__ import annotations

__all__ = ["INPUT", "OUTPUT", "USAGE", "UsageError", "code_of", "code_of_status", "line_of"]

USAGE = 2
OUTPUT = 23
INPUT = 26
# Class of restkit_client.errors → code and advice. The first that fits decides: subclasses stand before their bases.
ERRORS = {
    "InvalidUrl": (USAGE, ""),
    "ResolveError": (6, ""),
    "CertificateError": (60, "--cacert FILE trusts its authority, --insecure anybody"),
    "TLSError": (35, ""),
    "PoolTimeout": (28, ""),
    "ConnectTimeout": (28, "--connect-timeout sets the limit"),
    "TotalTimeout": (28, "--max-time sets the limit"),
    "RequestTimeout": (28, ""),
    "ConnectError": (7, "is a server listening there?"),
    "ProxyConnectError": (7, "is the proxy listening there?"),
    "RedirectLimit": (47, "--max-redirects sets the limit"),
    "RemoteDisconnected": (52, ""),
    "IncompleteHead": (18, ""),
    "IncompleteBody": (18, ""),
    "UnexpectedEOF": (18, ""),
    "BadStatusLine": (8, ""),
    "ParserError": (8, ""),
    "ParseException": (8, ""),
    "FormError": (USAGE, ""),
}

TABLE = """exit codes:
  0 done (whatever the status)   1 any other error      2 usage: command line, configuration, URL
  6 name not found               7 no connection        8 the answer is no HTTP
  18 body cut                    23 output              26 input
  28 timeout                     35 TLS                 47 too many redirects
  52 empty answer                60 certificate         130 interrupted
  with --check-status: 3, 4, 5 for a final status of 3xx, 4xx, 5xx"""


class UsageError(Exception):
    """The command line, an item, a file or the configuration is wrong.

    Attributes:
        code: the exit code.
    """

    def __init__(self, message: str, code: int = USAGE) -> None:
        super().__init__(message)
        self.code = code


def code_of(error: BaseException) -> int:
    """The exit code for an error."""
    if isinstance(error, UsageError):
        return error.code
    return _entry(error)[0]


def code_of_status(status: int) -> int:
    """The exit code of --check-status: 3, 4 or 5 for 3xx, 4xx or 5xx, else 0."""
    return status // 100 if 300 <= status < 600 else 0


def line_of(error: BaseException) -> str:
    """The error in one printable line, with what to do where that is known."""
    advice = "" if isinstance(error, UsageError) else _entry(error)[1]
    text = f"{str(error).strip() or type(error).__name__}{f'; {advice}' if advice else ''}"
    # Part of it may be a server's words: none of them moves the cursor.
    shown = "".join(char if char.isprintable() else " " for char in text)
    return f"An error happened: {' '.join(shown.split())}"


def _entry(error: BaseException) -> tuple[int, str]:
    names = [each.__name__ for each in type(error).__mro__]
    return next((entry for name, entry in ERRORS.items() if name in names), (1, ""))
