"""An HTTP resource kit for Python: everything of restkit under its documented names.

Names are imported when they are first used; each is the very object of the package that it lives in.
"""

from __future__ import annotations

__version__ = "5.0.0"
version_info = (5, 0, 0)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_client.client import MAX_FOLLOW_REDIRECTS, Client, request
    from restkit_client.connection import Connection
    from restkit_client.errors import (
        InvalidUrl,
        ProxyError,
        RedirectLimit,
        RequestError,
        RequestFailed,
        ResourceError,
        ResourceGone,
        ResourceNotFound,
        ResponseError,
        Unauthorized,
    )
    from restkit_client.filters import BasicAuth
    from restkit_client.log import LOG_LEVELS, set_logging
    from restkit_client.messages.request import Request
    from restkit_client.messages.response import ClientResponse, Response
    from restkit_client.resource import Resource
    from restkit_client.timeouts import Timeout
    from restkit_client.transports.function import FunctionTransport, Reply
    from restkit_client.transports.wsgi import WSGITransport
    from restkit_oauth2 import OAuthFilter

_HOMES = {
    "Client": "restkit_client.client",
    "request": "restkit_client.client",
    "Connection": "restkit_client.connection",
    "InvalidUrl": "restkit_client.errors",
    "ProxyError": "restkit_client.errors",
    "RedirectLimit": "restkit_client.errors",
    "RequestError": "restkit_client.errors",
    "RequestFailed": "restkit_client.errors",
    "ResourceError": "restkit_client.errors",
    "ResourceGone": "restkit_client.errors",
    "ResourceNotFound": "restkit_client.errors",
    "ResponseError": "restkit_client.errors",
    "Unauthorized": "restkit_client.errors",
    "BasicAuth": "restkit_client.filters",
    "LOG_LEVELS": "restkit_client.log",
    "set_logging": "restkit_client.log",
    "Request": "restkit_client.messages.request",
    "ClientResponse": "restkit_client.messages.response",
    "Response": "restkit_client.messages.response",
    "Resource": "restkit_client.resource",
    "FunctionTransport": "restkit_client.transports.function",
    "Reply": "restkit_client.transports.function",
    "Timeout": "restkit_client.timeouts",
    "WSGITransport": "restkit_client.transports.wsgi",
    "OAuthFilter": "restkit_oauth2",
    "MAX_FOLLOW_REDIRECTS": "restkit_client.client",
}

__all__ = [
    "LOG_LEVELS",
    "MAX_FOLLOW_REDIRECTS",
    "BasicAuth",
    "Client",
    "ClientResponse",
    "Connection",
    "FunctionTransport",
    "InvalidUrl",
    "OAuthFilter",
    "ProxyError",
    "RedirectLimit",
    "Reply",
    "Request",
    "RequestError",
    "RequestFailed",
    "Resource",
    "ResourceError",
    "ResourceGone",
    "ResourceNotFound",
    "Response",
    "ResponseError",
    "Timeout",
    "Unauthorized",
    "WSGITransport",
    "request",
    "set_logging",
    "version_info",
]


# restkit 4 had imported them: `import restkit; restkit.conn` goes on working.
_MODULES = frozenset(
    {
        "client",
        "conn",
        "contrib",
        "datastructures",
        "errors",
        "ext",
        "filters",
        "forms",
        "oauth2",
        "resource",
        "session",
        "tee",
        "util",
        "version",
        "wrappers",
    }
)


def __getattr__(name: str) -> object:
    if name in _MODULES:
        from importlib import import_module

        return import_module(f"restkit.{name}")
    from restkit._lazy import find

    return find(__name__, _HOMES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
