"""From a command line to a request and its response."""

from __future__ import annotations

import os
import sys

from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any

    from restkit_client import Client, Request, Response

    from .arguments import Positionals
    from .items import Items

__all__ = ["Call", "full_url", "plan"]

# Statuses that --retry takes for a passing trouble.
RETRIED = (429, 502, 503, 504)


class Call:
    """A request ready to be sent.

    Attributes:
        client: with all options of the command line.
        request: what to send.
    """

    __slots__ = ("client", "request")

    def __init__(self, client: Client, request: Request) -> None:
        self.client = client
        self.request = request

    def as_sent(self) -> Request:
        """The request as the filters make it: for display."""
        request = self.request.copy()
        for each in self.client.request_filters:
            each.on_request(request)
        return request

    def send(self) -> Response:
        """Send it. Raises RestkitError."""
        return self.client.perform(self.request)


def full_url(url: str) -> str:
    """The URL that a short form means: `:8080/path`, `example.com`."""
    if url.startswith(":"):
        return (
            "http://localhost"
            + ("" if url[1:2].isdigit() else "/")
            + (url if url[1:2].isdigit() else url[1:].lstrip("/"))
        )
    if "://" in url.partition("?")[0] or url.startswith("/"):
        return url
    return f"http://{url}"


def plan(options: argparse.Namespace, words: Positionals) -> Call:
    """The call that a command line asks for.

    Raises:
        UsageError: contradictions, and files that can not be read.
        RestkitError: what may not be sent.
    """
    from restkit_client import Client, Headers

    from .items import read_header, read_items

    items = read_items(words.items)
    headers = Headers([read_header(text) for text in options.headers])
    for name, value in items.headers:
        headers[name] = value
    body, content_type = _body(options, words, items)
    if content_type is not None:
        headers.setdefault("Content-Type", content_type)
    method = (
        options.method or words.method or ("HEAD" if options.head else "POST" if body is not None else "GET")
    ).upper()
    client = Client(**client_options(options))
    request = client.build_request(full_url(words.url), method, body, headers, params=items.query or None)
    return Call(client, request)


def _body(options: argparse.Namespace, words: Positionals, items: Items) -> tuple[Any, str | None]:
    """The body, and its type where the items decide it."""
    sources = [source for source in (options.data, options.input, words.filename) if source is not None]
    if len(sources) + bool(items.data or items.files) > 1:
        raise UsageError("more than one body: give --data, --input, one filename, or items")
    if options.data is not None:
        return options.data, "application/x-www-form-urlencoded"
    if sources:
        return _open(sources[0]), None
    if options.multipart or items.files:
        from restkit_forms import MultipartForm

        fields = [(name, value if isinstance(value, str) else _dumped(value)) for name, value in items.data]
        return MultipartForm([*fields, *items.files]), None
    if not items.data:
        return None, None
    if options.form:
        return [
            (name, value if isinstance(value, str) else _dumped(value)) for name, value in items.data
        ], None
    return _dumped(dict(items.data)).encode(), "application/json"


def _dumped(value: Any) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)


def _open(path: str) -> Any:
    if path == "-":
        return sys.stdin.buffer
    try:
        return open(path, "rb")  # noqa: PTH123 - it is read while it is sent
    except OSError as error:
        raise UsageError(f"{path} can not be read: {error.strerror}", INPUT) from error


def client_options(options: argparse.Namespace) -> dict[str, Any]:
    """The options of the Client."""
    from restkit_client import Timeout

    chosen: dict[str, Any] = {
        "follow_redirect": options.follow_redirect,
        "max_follow_redirect": options.max_redirects,
        "timeout": Timeout(connect=options.connect_timeout, total=options.max_time),
        "filters": filters(options),
        "headers": {"User-Agent": "restcli/5.0.0"},
        "max_tries": 1 + (options.retry or 2),
    }
    if options.retry:
        chosen["retry_statuses"] = RETRIED
    if options.proxy:
        chosen["proxy"] = options.proxy
    else:
        chosen["use_proxy"] = True
    if options.insecure:
        chosen["verify"] = False
    if options.cacert:
        chosen["ca_certs"] = options.cacert
    if options.cert:
        chosen["certfile"] = options.cert
    if options.unix_socket:
        chosen["unix_socket"] = options.unix_socket
    if options.family:
        import socket

        chosen["family"] = socket.AF_INET if options.family == 4 else socket.AF_INET6
    if options.resolve:
        chosen["resolver"] = _resolver(options.resolve)
    return chosen


def _resolver(entries: list[str]) -> Any:
    """A resolver that knows the addresses of --resolve, and asks the system for all others."""
    import socket

    known: dict[tuple[str, int], str] = {}
    for entry in entries:
        host, _, rest = entry.partition(":")
        port, _, address = rest.partition(":")
        if not (host and port.isdigit() and address):
            raise UsageError(f"--resolve {entry!r} is no HOST:PORT:ADDRESS")
        known[host.lower(), int(port)] = address.strip("[]")

    def resolve(host: str, port: int, _phase: Any) -> list[tuple[int, Any]]:
        found = socket.getaddrinfo(known.get((host, port), host), port, 0, socket.SOCK_STREAM)
        return [(info[0], info[4]) for info in found]

    return resolve


def filters(options: argparse.Namespace) -> list[Any]:
    """The filters that the authentication options ask for."""
    chosen: list[Any] = []
    if options.user is not None:
        user, _, password = options.user.partition(":")
        if ":" not in options.user:
            password = _ask_password(user)
        from restkit_client import filters as known

        chosen.append(known.DigestAuth(user, password) if options.digest else known.BasicAuth(user, password))
    if options.bearer is not None:
        from restkit_client.filters import BearerAuth

        chosen.append(BearerAuth(options.bearer))
    if options.netrc:
        from restkit_client.filters import NetrcAuth

        chosen.append(NetrcAuth())
    if options.oauth is not None:
        chosen.append(_oauth(options.oauth))
    return chosen


def _ask_password(user: str) -> str:
    if not sys.stdin.isatty():
        raise UsageError(f"--user {user}: the password is missing, write USER:PASSWORD")
    import getpass

    return getpass.getpass(f"password for {user}: ")


def _oauth(text: str) -> Any:
    from restkit_oauth2 import Consumer, OAuthFilter, Token

    parts = text.split(":")
    if len(parts) not in (2, 4):
        raise UsageError("--oauth takes KEY:SECRET or KEY:SECRET:TOKEN:SECRET")
    token = Token(*parts[2:]) if len(parts) == 4 else None
    return OAuthFilter("*", Consumer(*parts[:2]), token)


def terminal_width() -> int:
    """Columns of the terminal."""
    try:
        return os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        return 80
