"""The client (the manual's restkit.client)."""

from restkit_client.client import (
    CLIENT_WAIT_TRIES,
    MAX_CLIENT_CONNECTIONS,
    MAX_CLIENT_TIMEOUT,
    MAX_CLIENT_TRIES,
    MAX_FOLLOW_REDIRECTS,
    USER_AGENT,
    Client,
)
from restkit_client.connection import Connection
from restkit_client.errors import InvalidUrl, ProxyError, RedirectLimit, RequestError, RequestTimeout
from restkit_client.messages.request import Request
from restkit_client.messages.response import Response
from restkit_client.session import get_session

__all__ = [
    "CLIENT_WAIT_TRIES",
    "MAX_CLIENT_CONNECTIONS",
    "MAX_CLIENT_TIMEOUT",
    "MAX_CLIENT_TRIES",
    "MAX_FOLLOW_REDIRECTS",
    "USER_AGENT",
    "Client",
    "Connection",
    "InvalidUrl",
    "ProxyError",
    "RedirectLimit",
    "Request",
    "RequestError",
    "RequestTimeout",
    "Response",
    "get_session",
]
