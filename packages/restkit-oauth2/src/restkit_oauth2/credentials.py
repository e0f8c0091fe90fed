"""Consumer and Token, RFC 5849's client and token credentials (manual 3.1.7)."""

from __future__ import annotations

import os
import time

from .encoding import form_pairs, join_pairs, to_unicode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

__all__ = ["Consumer", "Token", "generate_nonce", "generate_timestamp", "generate_verifier", "setter"]


class Consumer:
    """A consumer of OAuth-protected services: RFC 5849's client credentials.

    Args:
        key: the public name that the provider gave.
        secret: the shared secret; for the RSA methods the PEM text or the key object of `cryptography`:
            the private key where requests are signed, the public one where they are verified.

    Raises:
        ValueError: key or secret is None.
    """

    def __init__(self, key: str, secret: Any) -> None:
        if key is None or secret is None:
            raise ValueError("Key and secret must be set.")
        self.key = key
        self.secret = secret

    def __str__(self) -> str:
        """Return key and secret as form text, for storage; never log it."""
        return join_pairs([("oauth_consumer_key", self.key), ("oauth_consumer_secret", self.secret)])

    def __repr__(self) -> str:
        return f"{type(self).__name__}(key={self.key!r}, secret=***)"


class Token:
    """A request token (temporary credentials) or an access token (token credentials).

    Args:
        key: what goes with each request.
        secret: what only signs.

    Attributes:
        callback: where the provider sends the user back, "oob" for a PIN, or None.
        callback_confirmed: "true" once a callback is set, else None.
        verifier: what the provider gave when the user agreed, or None.
        extra: what else the provider's answer held, as `screen_name`.

    Raises:
        ValueError: key or secret is None.
    """

    def __init__(self, key: str, secret: str) -> None:
        if key is None or secret is None:
            raise ValueError("Key and secret must be set.")
        self.key = key
        self.secret = secret
        self.callback: str | None = None
        self.callback_confirmed: str | None = None
        self.verifier: str | None = None
        self.extra: dict[str, str] = {}

    def set_callback(self, callback: str) -> None:
        """Remember the callback and that the provider confirmed it."""
        self.callback = callback
        self.callback_confirmed = "true"

    def set_verifier(self, verifier: str | None = None) -> None:
        """Set the verifier; without one, 8 random digits as a provider gives them."""
        self.verifier = generate_verifier() if verifier is None else verifier

    def get_callback_url(self) -> str | None:
        """Return the callback, with `oauth_verifier` in its query when there is a verifier."""
        if not (self.callback and self.verifier):
            return self.callback
        url, hash_mark, fragment = self.callback.partition("#")
        mark = "&" if "?" in url else "?"
        return f"{url}{mark}{join_pairs([('oauth_verifier', self.verifier)])}{hash_mark}{fragment}"

    def to_string(self) -> str:
        """Return the token as form text for storage; it holds the secret."""
        pairs = [("oauth_token", self.key), ("oauth_token_secret", self.secret)]
        if self.callback_confirmed is not None:
            pairs.append(("oauth_callback_confirmed", self.callback_confirmed))
        return join_pairs(pairs)

    @staticmethod
    def from_string(s: str | bytes) -> Token:
        """Make a token from the text that `to_string` gave or a provider answered.

        Raises:
            ValueError: it is empty or lacks `oauth_token` or `oauth_token_secret`.
        """
        if not s:
            raise ValueError("Invalid parameter string.")
        fields = dict(form_pairs(to_unicode(s)))
        for name in ("oauth_token", "oauth_token_secret"):
            if name not in fields:
                raise ValueError(f"{name!r} not found in OAuth request.")
        token = Token(fields.pop("oauth_token"), fields.pop("oauth_token_secret"))
        token.callback_confirmed = fields.pop("oauth_callback_confirmed", None)
        token.extra = fields
        return token

    def __str__(self) -> str:
        return self.to_string()

    def __repr__(self) -> str:
        return f"{type(self).__name__}(key={self.key!r}, secret=***)"


def generate_timestamp() -> int:
    """Return the seconds since the epoch."""
    return int(time.time())


def generate_nonce(length: int = 8) -> str:
    """Return so many random digits, from the operating system's generator."""
    # Each byte under 250 gives a digit without bias; one in 40 is thrown away.
    digits = ""
    while len(digits) < length:
        digits += "".join([str(byte % 10) for byte in os.urandom(length + 8) if byte < 250])
    return digits[:length]


def generate_verifier(length: int = 8) -> str:
    """Return so many random digits for a user to type."""
    return generate_nonce(length)


def setter(attr: Callable[[Any, Any], None]) -> property:
    """Make a property of the function that sets it; the value is kept under its name in the instance."""
    name = attr.__name__

    def getter(self: Any) -> Any:
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None

    def deleter(self: Any) -> None:
        try:
            del self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None

    return property(getter, attr, deleter)
