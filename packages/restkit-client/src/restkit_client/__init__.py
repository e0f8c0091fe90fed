"""An HTTP client and resource kit: pooled connections, streaming, filters, deadlines that hold.

Names are imported when they are first used, so that a program pays only for what it needs.

Layers, each of which may import those before it: errors, timeouts, log ← urls, hosts ← sockets ← tls, settings
← opening, tunnel ← body_reader, connection ← pool, session ← messages ← redirects, retries,
filters, cookies ← options ← sending, transports ← exchange ← client ← resource.
"""

from __future__ import annotations

__version__ = "5.0.0"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser import Headers, Limits

    from .client import Client, request
    from .connection import Connection
    from .filters import (
        BasicAuth,
        BearerAuth,
        ConditionalFilter,
        CookieFilter,
        DigestAuth,
        LoggingFilter,
        NetrcAuth,
    )
    from .log import set_logging
    from .messages.request import Request
    from .messages.response import ClientResponse, Response
    from .pool import ConnectionPool
    from .resource import Resource
    from .session import get_session, set_session
    from .timeouts import Timeout
    from .transports.function import FunctionTransport, Reply
    from .transports.wsgi import WSGITransport

_HOMES = {
    "BasicAuth": "filters",
    "BearerAuth": "filters",
    "Client": "client",
    "ClientResponse": "messages.response",
    "ConditionalFilter": "filters",
    "Connection": "connection",
    "ConnectionPool": "pool",
    "CookieFilter": "filters",
    "DigestAuth": "filters",
    "FunctionTransport": "transports.function",
    "LoggingFilter": "filters",
    "NetrcAuth": "filters",
    "Reply": "transports.function",
    "Request": "messages.request",
    "Resource": "resource",
    "Response": "messages.response",
    "Timeout": "timeouts",
    "WSGITransport": "transports.wsgi",
    "get_session": "session",
    "request": "client",
    "set_logging": "log",
    "set_session": "session",
}

__all__ = [
    "BasicAuth",
    "BearerAuth",
    "Client",
    "ClientResponse",
    "ConditionalFilter",
    "Connection",
    "ConnectionPool",
    "CookieFilter",
    "DigestAuth",
    "FunctionTransport",
    "Headers",
    "Limits",
    "LoggingFilter",
    "NetrcAuth",
    "Reply",
    "Request",
    "Resource",
    "Response",
    "Timeout",
    "WSGITransport",
    "get_session",
    "request",
    "set_logging",
    "set_session",
]


def __getattr__(name: str) -> object:
    if name in ("Headers", "Limits"):
        import restkit_parser

        return getattr(restkit_parser, name)
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
