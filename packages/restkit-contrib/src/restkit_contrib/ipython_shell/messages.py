"""Request and Response as the shell shows them: long bodies left out, JSON laid out, binary ones described."""

from __future__ import annotations

import json
import shlex
import sys

import webob  # type: ignore[import-untyped]

from restkit_client.urls import join_url

from .. import webob_api

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client.timings import Timings

__all__ = ["Request", "Response"]

# restkit 4's: a longer body is left out.
SHOWN_BODY = 200
# A session is copied into tickets: who is asking stays out of it.
MASKED = frozenset({"authorization", "proxy-authorization"})


class Request(webob_api.Request):
    """A request to play with; called, it shows itself."""

    def __call__(self) -> None:
        """Print the request."""
        print(self)  # noqa: T201 - what it is for

    def __str__(self) -> str:
        lines = [f"{self.method} {self.path_qs} {self.http_version}"]
        for name, value in sorted(self.headers.items()):
            scheme = value.partition(" ")[0]
            lines.append(f"{name}: {scheme + ' ***' if name.lower() in MASKED else value}")
        body = self.body if (self.content_length or 0) < SHOWN_BODY else b""
        return "\n".join([*lines, *(["", _as_text(body, self.content_type)] if body else [])])

    def get_response(self, *args: Any, **options: Any) -> Response:
        """Send the request; its answer as the shell shows it. Arguments as webob_api's."""
        return super().get_response(*args, **options)  # type: ignore[no-any-return]


class Response(webob.Response):  # type: ignore[misc]
    """An answer; called, it shows itself. For the arguments see WebOb.

    Attributes:
        timings: seconds spent in each phase.
    """

    timings: Timings | None = None
    sent: Request | None = None

    def __call__(self, *args: Any) -> Any:
        """Print the response; with the arguments of a WSGI application, be one."""
        if args:
            return super().__call__(*args)
        print(self)  # noqa: T201 - what it is for
        return None

    def __str__(self) -> str:
        lines = [self.status, *(f"{name}: {value}" for name, value in self.headerlist)]
        # What is still on its way is not in a list.
        here = b"".join(self.app_iter) if isinstance(self.app_iter, list) else b""
        body = _as_text(here, self.content_type) if 0 < len(here) < SHOWN_BODY else ""
        return "\n".join([*lines, *(["", body.rstrip()] if body else [])])

    @property
    def location(self) -> str | None:
        """The Location field, absolute; None when there is none."""
        value: str | None = self.headers.get("Location")
        return value if value is None or self.sent is None else join_url(self.sent.url, value)

    def to_curl(self) -> str:
        """The curl command that sends the request of this answer once more, credentials and all."""
        request = self.sent
        if request is None:
            raise ValueError("this response was made here: there is no request of it")
        words = ["curl", "-i"]
        if request.method == "HEAD":
            words.append("--head")
        elif request.method != "GET":
            words += ["-X", request.method]
        for name, value in request.headers.items():
            if name not in ("Host", "Content-Length"):
                words += ["-H", f"{name}: {value}"]
        if request.body:
            words += ["--data-binary", request.body.decode("utf-8", "surrogateescape")]
        return shlex.join([*words, request.url])


Request.ResponseClass = Response


def _as_text(body: bytes, content_type: str | None) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\0"
    if not all(character.isprintable() or character in "\t\r\n" for character in text):
        return f"<{len(body)} bytes of {content_type or 'no known type'}>"
    if content_type is None or not content_type.endswith(("/json", "+json")):
        return text
    try:
        text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
    return _coloured(text) if sys.stdout.isatty() else text


def _coloured(text: str) -> str:
    from pygments import highlight
    from pygments.formatters import TerminalFormatter
    from pygments.lexers import JsonLexer

    coloured: str = highlight(text, JsonLexer(), TerminalFormatter())
    return coloured.rstrip("\n")
