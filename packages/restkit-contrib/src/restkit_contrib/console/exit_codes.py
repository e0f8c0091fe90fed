"""An error into restcli's exit code, curl's numbers where curl has one, and one line that says what to do."""

from __future__ import annotations

__all__ = ["CODES", "UsageError", "code_of", "code_of_status", "line_of"]

USAGE = 2
# Class of restkit_client.errors → code; the first that fits, so subclasses come before their bases.
CODES = {
    "ResolveError": 6,
    "CertificateError": 60,
    "TLSError": 35,
    "ConnectTimeout": 28,
    "ConnectError": 7,
    "ProxyConnectError": 7,
    "RequestTimeout": 28,
    "RedirectLimit": 47,
    "RemoteDisconnected": 52,
    "IncompleteHead": 52,
    "UnexpectedEOF": 18,
    "ProtocolError": 8,
    "InvalidUrl": 3,
}
OUTPUT = 23
INPUT = 26

TABLE = """exit codes (curl's):
  0 done   1 any other error   2 usage   3 bad URL   6 name not found   7 no connection   8 no HTTP
  18 body cut   23 output   26 input   28 timeout   35 TLS   47 too many redirects   52 no answer
  60 certificate; with --check-status also 3, 4, 5 for a final status of 3xx, 4xx, 5xx"""


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
    names = {each.__name__ for each in type(error).__mro__}
    # A malformed field or method is the caller's, although the parser's classes name it.
    if "ParseException" in names and type(error).__name__ in (
        "InvalidHeader",
        "InvalidHeaderName",
        "InvalidRequestMethod",
    ):
        return USAGE
    return next((code for name, code in CODES.items() if name in names), 1)


def code_of_status(status: int) -> int:
    """The exit code of --check-status: 3, 4 or 5 for 3xx, 4xx or 5xx, else 0."""
    return status // 100 if 300 <= status < 600 else 0


def line_of(error: BaseException) -> str:
    """The error in one line."""
    return " ".join(f"An error happened: {error}".split())
