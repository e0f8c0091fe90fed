"""Filters: authentication, cookies, validators, logging (the manual's "HTTP Filters").

All but BasicAuth are imported when first used, since they cost hashlib, netrc or logging.
"""

from __future__ import annotations

from restkit_client.filters.basic import BasicAuth

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_client.cookies.filter import CookieFilter
    from restkit_client.filters.bearer import BearerAuth
    from restkit_client.filters.conditional import ConditionalFilter
    from restkit_client.filters.digest import DigestAuth
    from restkit_client.filters.logged import LoggingFilter
    from restkit_client.filters.netrc_auth import NetrcAuth

__all__ = [
    "BasicAuth",
    "BearerAuth",
    "ConditionalFilter",
    "CookieFilter",
    "DigestAuth",
    "LoggingFilter",
    "NetrcAuth",
]

_MODULES = {
    "BearerAuth": "restkit_client.filters.bearer",
    "ConditionalFilter": "restkit_client.filters.conditional",
    "CookieFilter": "restkit_client.cookies.filter",
    "DigestAuth": "restkit_client.filters.digest",
    "LoggingFilter": "restkit_client.filters.logged",
    "NetrcAuth": "restkit_client.filters.netrc_auth",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found = getattr(import_module(_MODULES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
