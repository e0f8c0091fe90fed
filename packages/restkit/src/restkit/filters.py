"""The filters (the manual's restkit.filters)."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_client.filters import (
        BasicAuth,
        BearerAuth,
        ConditionalFilter,
        CookieFilter,
        DigestAuth,
        LoggingFilter,
        NetrcAuth,
    )
    from restkit_oauth2.filter import OAuthFilter, validate_consumer, validate_token

_HOMES = {
    "BasicAuth": "restkit_client.filters",
    "BearerAuth": "restkit_client.filters",
    "ConditionalFilter": "restkit_client.filters",
    "CookieFilter": "restkit_client.filters",
    "DigestAuth": "restkit_client.filters",
    "LoggingFilter": "restkit_client.filters",
    "NetrcAuth": "restkit_client.filters",
    "OAuthFilter": "restkit_oauth2.filter",
    "validate_consumer": "restkit_oauth2.filter",
    "validate_token": "restkit_oauth2.filter",
}

__all__ = [
    "BasicAuth",
    "BearerAuth",
    "ConditionalFilter",
    "CookieFilter",
    "DigestAuth",
    "LoggingFilter",
    "NetrcAuth",
    "OAuthFilter",
    "validate_consumer",
    "validate_token",
]


def __getattr__(name: str) -> object:
    from restkit._lazy import find

    return find(__name__, _HOMES, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
