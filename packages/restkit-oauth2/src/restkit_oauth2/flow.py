"""Flow: the three legs of getting a user's agreement (RFC 5849 §2), with any HTTP client."""

from __future__ import annotations

from .credentials import Token
from .encoding import escape, form_pairs, parse_authorization
from .errors import Error, ProviderError
from .request import Request
from .signing import SignatureMethod_HMAC_SHA1
from .sources import field_values

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .credentials import Consumer
    from .protocols import Send
    from .signing import SignatureMethod

__all__ = ["Flow"]

# What a provider says is shown in an error; its length is not ours to trust.
SHOWN = 200


class Flow:
    """Get an access token: `request_token`, `authorization_url`, the user agrees, `access_token`.

    Args:
        consumer: key and secret.
        request_token_url: where temporary credentials are given.
        authorize_url: where the user agrees.
        access_token_url: where token credentials are given.
        send: `send(method, url, headers, body)` returns `(status, headers, body)`; it does not follow redirects.
        callback: where the provider sends the user back; "oob" when the user types a PIN instead.
        method: how to sign; HMAC-SHA1 unless given.
        realm: the realm of the Authorization field.
        http_method: the method of the first and the last leg.
    """

    def __init__(
        self,
        consumer: Consumer,
        request_token_url: str,
        authorize_url: str,
        access_token_url: str,
        *,
        send: Send,
        callback: str = "oob",
        method: SignatureMethod | None = None,
        realm: str = "",
        http_method: str = "POST",
    ) -> None:
        self.consumer = consumer
        self.request_token_url = request_token_url
        self.authorize_url = authorize_url
        self.access_token_url = access_token_url
        self.send = send
        self.callback = callback
        self.method = SignatureMethod_HMAC_SHA1() if method is None else method
        self.realm = realm
        self.http_method = http_method

    def request_token(self) -> Token:
        """Ask for a request token (RFC 5849 §2.1).

        Raises:
            ProviderError: it was refused, or the callback was not confirmed.
        """
        token = self._ask(self.request_token_url, None, {"oauth_callback": self.callback})
        if token.callback_confirmed != "true":
            # Without it the provider speaks OAuth 1.0, in which a stranger can finish what the user began.
            raise ProviderError("The provider did not confirm the callback: it does not speak OAuth 1.0a.")
        token.set_callback(self.callback)
        return token

    def authorization_url(self, token: Token) -> str:
        """Return the URL at which the user agrees (RFC 5849 §2.2)."""
        return Request.from_token_and_callback(token, http_url=self.authorize_url).to_url()

    def verifier(self, url: str, token: Token) -> str:
        """Return the verifier of the URL to which the provider sent the user back.

        Raises:
            ProviderError: the user or the provider said no, or the URL is for another token.
        """
        fields = dict(form_pairs(url.partition("#")[0].partition("?")[2]))
        if "oauth_problem" in fields or "denied" in fields:
            raise self._refused(0, {"oauth_problem": "permission_denied", **fields}, token)
        if fields.get("oauth_token") != token.key:
            raise ProviderError("The callback is for another token.")
        if not fields.get("oauth_verifier"):
            raise ProviderError("The callback has no oauth_verifier.")
        return fields["oauth_verifier"]

    def access_token(self, token: Token, verifier: str | None = None) -> Token:
        """Exchange the request token for an access token (RFC 5849 §2.3).

        Args:
            token: the request token.
            verifier: the PIN, or what `verifier()` returned; the token's own when None.

        Raises:
            ProviderError: it was refused.
        """
        if verifier is not None:
            token.set_verifier(verifier)
        return self._ask(self.access_token_url, token, {})

    def _ask(self, url: str, token: Token | None, parameters: dict[str, str]) -> Token:
        """Send one signed request and read the token of its answer."""
        request = Request.from_consumer_and_token(self.consumer, token, self.http_method, url, parameters)
        request.sign_request(self.method, self.consumer, token, body_hash=False)
        status, headers, body = self.send(self.http_method, url, request.to_header(self.realm), b"")
        text = body if isinstance(body, str) else body.decode("utf-8", "replace")
        fields = dict(form_pairs(text.strip()))
        if not 200 <= status < 300 or "oauth_problem" in fields:
            raise self._refused(status, {**challenge(headers), **fields}, token)
        try:
            return Token.from_string(text.strip())
        except ValueError:
            raise ProviderError(f"The answer of {request.normalized_url} holds no token.", status) from None

    def _refused(self, status: int, fields: dict[str, str], token: Token | None) -> ProviderError:
        """Make an error of what the provider said, without our secrets should it have repeated them."""
        problem = fields.get("oauth_problem") or fields.get("error", "")
        advice = fields.get("oauth_problem_advice") or fields.get("error_description", "")
        secrets = [str(self.consumer.secret)] + ([token.secret] if token else [])
        problem, advice = clean(problem, secrets), clean(advice, secrets)
        words = ": ".join(
            filter(None, (f"The provider refused with {status}" if status else "Refused", problem, advice))
        )
        return ProviderError(f"{words}.", status, problem, advice)


def challenge(headers: Any) -> dict[str, str]:
    """Return the parameters of an OAuth challenge, where providers put oauth_problem."""
    fields: dict[str, str] = {}
    for value in field_values(headers, "WWW-Authenticate"):
        try:
            fields.update(parse_authorization(value) or ())
        except Error:
            # A challenge that can not be read explains nothing; the status still does.
            continue
    return fields


def clean(text: str, secrets: list[str]) -> str:
    """Return one printable line of what a provider said, no secret in it."""
    for secret in filter(None, secrets):
        text = text.replace(secret, "***").replace(escape(secret), "***")
    return "".join([char if char.isprintable() else " " for char in text[:SHOWN]])
