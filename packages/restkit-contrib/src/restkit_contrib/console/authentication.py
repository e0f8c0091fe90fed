"""The filters that the authentication options ask for."""

from __future__ import annotations

import sys

from .exit_codes import INPUT, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_oauth2 import Consumer, Token

    from .arguments import Namespace

__all__ = ["auth_filters", "oauth_credentials"]


def auth_filters(options: Namespace) -> list[Any]:
    """The filters, in the order in which they act.

    Raises:
        UsageError: credentials that are none, or that nobody can be asked for.
    """
    chosen: list[Any] = []
    if options.digest and options.user is None:
        raise UsageError("--digest needs --user USER:PASSWORD")
    try:
        if options.user is not None:
            chosen.append(_by_password(options))
        if options.bearer is not None:
            from restkit_client.filters.bearer import BearerAuth

            chosen.append(BearerAuth(options.bearer))
    except ValueError as error:
        raise UsageError(str(error)) from error
    if options.netrc:
        chosen.append(_netrc())
    if options.oauth is not None or options.oauth_login is not None:
        chosen.append(_oauth(options))
    return chosen


def _by_password(options: Namespace) -> Any:
    user, colon, password = options.user.partition(":")
    if not colon:
        password = _ask_password(user)
    if options.digest:
        from restkit_client.filters.digest import DigestAuth

        return DigestAuth(user, password)
    from restkit_client.filters.basic import BasicAuth

    return BasicAuth(user, password)


def _ask_password(user: str) -> str:
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError(f"--user {user}: the password is missing, and nobody is there to ask: USER:PASSWORD")
    import getpass

    return getpass.getpass(f"password for {user}: ")


def _netrc() -> Any:
    from restkit_client.filters.netrc_auth import NetrcAuth

    try:
        return NetrcAuth()
    except (OSError, ValueError) as error:
        raise UsageError(f"--netrc: {error}", INPUT) from error


def _oauth(options: Namespace) -> Any:
    from restkit_oauth2 import OAuthFilter

    consumer, token = oauth_credentials(options.oauth)
    if options.oauth_login is not None:
        from .oauth_login import login

        token = login(consumer, options)
    return OAuthFilter("*", consumer, token)


def oauth_credentials(text: str | None) -> tuple[Consumer, Token | None]:
    """Consumer and token of KEY:SECRET[:TOKEN:SECRET]. Raises UsageError."""
    from restkit_oauth2 import Consumer, Token

    parts = (text or "").split(":")
    if len(parts) not in (2, 4) or not parts[0]:
        raise UsageError("--oauth takes KEY:SECRET or KEY:SECRET:TOKEN:SECRET")
    return Consumer(parts[0], parts[1]), Token(parts[2], parts[3]) if len(parts) == 4 else None
