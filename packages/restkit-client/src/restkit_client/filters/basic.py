"""Basic authentication (RFC 7617; the manual's "Basic authentication")."""

from __future__ import annotations

from binascii import b2a_base64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_client.filters.protocol import FilteredRequest

__all__ = ["BasicAuth", "basic_credentials"]


def basic_credentials(username: str, password: str) -> str:
    """The value of an Authorization field, in UTF-8 (RFC 7617 §2).

    Raises:
        ValueError: a ":" in the user name, which no server could tell from the separator, or a control character.
    """
    if ":" in username:
        raise ValueError("a user name for Basic authentication can not hold a colon")
    if any(char < " " or char == "\x7f" or "\ud800" <= char <= "\udfff" for char in username + password):
        raise ValueError("control character or lone surrogate in the user name or password")
    return "Basic " + b2a_base64(f"{username}:{password}".encode(), newline=False).decode("ascii")


class BasicAuth:
    """Sends user name and password with every request to the origin that the caller asked.

    Attributes:
        credentials: (username, password).
    """

    def __init__(self, username: str, password: str) -> None:
        self.credentials = (username, password)

    def on_request(self, request: FilteredRequest) -> None:
        """Set Authorization, in place of one that is there.

        Raises:
            ValueError: the credentials can not be sent: see `basic_credentials`.
        """
        request.headers["Authorization"] = basic_credentials(*self.credentials)

    def __repr__(self) -> str:
        return f"<BasicAuth {self.credentials[0]!r}>"

    def __eq__(self, other: Any) -> bool:
        return self.credentials == other.credentials if isinstance(other, BasicAuth) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.credentials)
