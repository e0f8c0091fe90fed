"""--oauth-login: the three legs of OAuth 1.0a (RFC 5849 §2), by a PIN or by a callback on this machine."""

from __future__ import annotations

import sys

from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from typing import Any

    from restkit_oauth2 import Consumer, Flow, Token

    from .arguments import Namespace

__all__ = ["login", "print_token"]

# Time for a person to agree in a browser; --max-time sets another.
PATIENCE = 300.0
# The request line of a browser that comes back; what is longer is none.
MAX_LINE = 16_384
PAGE = b"<!doctype html><title>restcli</title><p>Done: go back to the terminal."


def login(consumer: Consumer, options: Namespace) -> Token:
    """Let the user agree, and return the access token.

    Raises:
        ProviderError: the provider, or the user, said no.
        UsageError: nobody is there to type the PIN, or the browser did not come back.
    """
    from restkit_oauth2 import Flow

    request_url, authorize_url, access_url = options.oauth_login
    send = _sender(options)
    if options.oauth_callback is None:
        flow = Flow(consumer, request_url, authorize_url, access_url, send=send)
        token = flow.request_token()
        _tell(flow.authorization_url(token))
        return flow.access_token(token, _ask_pin())
    import socket

    with socket.create_server(("127.0.0.1", options.oauth_callback)) as listener:
        callback = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        flow = Flow(consumer, request_url, authorize_url, access_url, send=send, callback=callback)
        token = flow.request_token()
        _tell(flow.authorization_url(token))
        return flow.access_token(token, _await_callback(listener, flow, token, options.max_time or PATIENCE))


def print_token(options: Namespace) -> None:
    """Print what --oauth takes, with the token of a login."""
    from .authentication import oauth_credentials

    consumer, _ = oauth_credentials(options.oauth)
    token = login(consumer, options)
    sys.stdout.write(f"{consumer.key}:{consumer.secret}:{token.key}:{token.secret}\n")


def _sender(options: Namespace) -> Any:
    from restkit_client import Client

    from .client_options import connection_options

    client = Client(**connection_options(options))

    def send(method: str, url: str, headers: Any, body: bytes) -> tuple[int, Any, bytes]:
        response = client.request(url, method, body or None, headers)
        return response.status_int, response.headers, response.body

    return send


def _tell(url: str) -> None:
    sys.stderr.write(f"Open this in a browser, and agree:\n  {url}\n")
    sys.stderr.flush()


def _ask_pin() -> str:
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(
            "--oauth-login: nobody is there to type the PIN; --oauth-callback 0 needs none", INPUT
        )
    sys.stderr.write("PIN: ")
    sys.stderr.flush()
    pin = sys.stdin.readline().strip()
    if not pin:
        raise UsageError("--oauth-login: no PIN was given", INPUT)
    return pin


def _await_callback(listener: socket.socket, flow: Flow, token: Token, seconds: float) -> str:
    """The verifier that the browser brings; other requests (an icon) are answered and forgotten."""
    from time import monotonic

    end = monotonic() + seconds
    while (left := end - monotonic()) > 0:
        listener.settimeout(left)
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            break
        with connection:
            connection.settimeout(min(left, 10.0))
            target = _read_target(connection)
            if "oauth_" in target or "denied" in target:
                return flow.verifier(f"http://127.0.0.1{target}", token)
    raise UsageError(f"--oauth-login: the browser did not come back within {seconds:g} s", 28)


def _read_target(connection: socket.socket) -> str:
    received = b""
    try:
        while b"\r\n\r\n" not in received and len(received) < MAX_LINE:
            block = connection.recv(4096)
            if not block:
                break
            received += block
        head = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        )
        connection.sendall(head % len(PAGE) + PAGE)
    except OSError:
        # A browser that opens a connection and leaves it alone is no callback.
        return ""
    words = received.split(b"\r\n", 1)[0].split(b" ")
    return words[1].decode("latin-1") if len(words) == 3 else ""
