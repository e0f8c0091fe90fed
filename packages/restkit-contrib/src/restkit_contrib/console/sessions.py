"""--session NAME: cookies, and the fields given to each origin, kept in a file that only its owner can read.

The file is JSON: {"cookies": [{"name": …}], "fields": {"https://host:443": [["Name", "value"]]}}. A field goes only to the
origin for which it was given; a cookie where RFC 6265 sends it.
"""

from __future__ import annotations

import os
import re

from .config import config_folder
from .exit_codes import INPUT, OUTPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client import Request

__all__ = ["Session"]

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
# These belong to one request.
NOT_KEPT = ("content-", "if-", "host", "range", "cookie", "transfer-encoding", "expect", "connection", "te")
COOKIE_PARTS = (
    "name",
    "value",
    "domain",
    "path",
    "expires",
    "secure",
    "http_only",
    "host_only",
    "same_site",
)


class Session:
    """What is remembered under a name.

    Args:
        name: letters, digits, `.`, `_` and `-`; no path.

    Attributes:
        filter: the CookieFilter with the session's cookies.

    Raises:
        UsageError: the name is none, or the file can not be read.
    """

    def __init__(self, name: str) -> None:
        if not NAME.fullmatch(name):
            raise UsageError(f"--session {name!r}: a name is letters, digits, `.`, `_` and `-`")
        from restkit_client.filters import CookieFilter

        self.path = f"{config_folder()}/sessions/{name}.json"
        self.filter = CookieFilter()
        self.fields: dict[str, list[list[str]]] = {}
        self._load()

    def complete(self, request: Request, given: list[tuple[str, str]]) -> None:
        """Add the fields that are kept for the request's origin, and keep those that were given now."""
        origin = "{}://{}:{}".format(*request.parsed_url.origin)
        names = {name.lower() for name, _ in given}
        kept = [[name, value] for name, value in self.fields.get(origin, []) if name.lower() not in names]
        for name, value in kept:
            request.headers[name] = value
        added = [[name, value] for name, value in given if not name.lower().startswith(NOT_KEPT)]
        self.fields[origin] = kept + added

    def save(self) -> None:
        """Write the file, so that it is there whole. Raises UsageError."""
        import json

        text = json.dumps({"cookies": [_cookie(each) for each in self.filter.jar], "fields": self.fields})
        temporary = f"{self.path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(self.path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(temporary, self.path)  # noqa: PTH105
        except OSError as error:
            raise UsageError(
                f"the session {self.path} can not be written: {error.strerror}", OUTPUT
            ) from error

    def _load(self) -> None:
        import json

        try:
            with open(self.path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib costs 5 ms of start-up
                found = json.load(file)
            self.fields = {origin: [[str(n), str(v)] for n, v in f] for origin, f in found["fields"].items()}
            self._load_cookies(found["cookies"])
        except FileNotFoundError:
            return
        except OSError as error:
            raise UsageError(f"the session {self.path} can not be read: {error.strerror}", INPUT) from error
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(f"{self.path} is no session file: move it away", INPUT) from error

    def _load_cookies(self, cookies: list[dict[str, Any]]) -> None:
        from restkit_client.cookies import Cookie

        for each in cookies:
            self.filter.jar.set(Cookie(each.pop("name"), each.pop("value"), **each))


def _cookie(cookie: Any) -> dict[str, Any]:
    return {part: getattr(cookie, part) for part in COOKIE_PARTS}
