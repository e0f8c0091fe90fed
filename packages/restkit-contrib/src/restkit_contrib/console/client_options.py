"""The options of the Client, from those of the command line."""

from __future__ import annotations

from .. import __version__
from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .arguments import Namespace

__all__ = ["USER_AGENT", "client_options", "connection_options"]

USER_AGENT = f"restcli/{__version__}"
# Statuses that --retry takes for a passing trouble; curl's.
RETRIED = (408, 429, 500, 502, 503, 504)


def client_options(options: Namespace) -> dict[str, Any]:
    """All options for the request itself, but its filters. Raises UsageError."""
    chosen = connection_options(options)
    chosen["follow_redirect"] = options.follow_redirect
    chosen["max_follow_redirect"] = options.max_redirects
    if options.retry:
        chosen["retry_statuses"] = RETRIED
    return chosen


def connection_options(options: Namespace) -> dict[str, Any]:
    """The options that say how connections are made and how long they may take. Raises UsageError."""
    from restkit_client.timeouts import Timeout

    chosen: dict[str, Any] = {
        "timeout": Timeout(connect=options.connect_timeout, total=options.max_time),
        "headers": {"User-Agent": USER_AGENT},
        "max_tries": 1 + options.retry,
        "use_proxy": True,
    }
    if options.proxy:
        chosen["proxy"] = _proxy(options.proxy)
    if options.unix_socket:
        chosen["unix_socket"] = options.unix_socket
    if options.family:
        import socket

        chosen["family"] = socket.AF_INET if options.family == 4 else socket.AF_INET6
    if options.resolve:
        chosen["resolver"] = _resolver(options.resolve, chosen.get("family", 0))
    return chosen | _tls(options)


def _proxy(url: str) -> str:
    # curl's short form: a proxy without a scheme speaks http.
    return url if "://" in url else f"http://{url}"


def _tls(options: Namespace) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if options.insecure:
        chosen["verify"] = False
    for name, value in (("ca_certs", options.cacert), ("certfile", options.cert), ("keyfile", options.key)):
        if value:
            chosen[name] = _readable(value)
    return chosen


def _readable(path: str) -> str:
    """The path, when it can be read: OpenSSL's own message does not name it."""
    try:
        with open(path, "rb"):  # noqa: PTH123 - pathlib costs 5 ms of start-up
            return path
    except OSError as error:
        raise UsageError(f"{path} can not be read: {error.strerror}", INPUT) from error


def _resolver(entries: list[str], family: int) -> Any:
    """A resolver that knows the addresses of --resolve, and asks the system for all others."""
    from restkit_client.opening import resolve
    from restkit_client.settings import Settings

    known: dict[tuple[str, int], str] = {}
    for entry in entries:
        host, _, rest = entry.partition(":")
        port, _, address = rest.partition(":")
        if not (host and port.isascii() and port.isdigit() and address):
            raise UsageError(f"--resolve {entry!r} is not of the form HOST:PORT:ADDRESS")
        known[host.lower(), int(port)] = address.strip("[]")
    settings = Settings.of(family=family)

    def look_up(host: str, port: int, phase: Any) -> Any:
        return resolve(known.get((host, port), host), port, settings, phase)

    return look_up
