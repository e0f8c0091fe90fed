"""OAuthFilter: signs requests whose path matches (manual 2.4.2, 3.1.5).

It knows no client: it signs anything with `.method`, `.url`, `.headers` and `.body`.
"""

from __future__ import annotations

from .base_string import base_uri, split_url
from .body import form_text, is_form
from .encoding import form_pairs, format_authorization, join_pairs
from .errors import Error
from .message import empty_form, field, replace_form, sent_body, sent_url, set_field, with_query
from .request import Request, gather
from .signing import SignatureMethod_HMAC_SHA1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any, Literal

    from .credentials import Consumer, Token
    from .signing import SignatureMethod

    Placement = Literal["header", "query", "body", "4.2"]

__all__ = ["OAuthFilter", "validate_consumer", "validate_token"]

SET_BY_SIGNING = ("oauth_signature", "oauth_signature_method", "oauth_body_hash")
PLACEMENTS = ("header", "query", "body", "4.2")


class OAuthFilter:
    """Sign each request whose path matches.

    Args:
        path: `*` for every path, `/some/resource/*` for those that begin with `/some/resource/`, or `/some/resource`
            for that one alone. It is text: only a `*` at its end means something.
        consumer: key and secret.
        token: key and secret of the user's agreement, or None.
        method: how to sign; HMAC-SHA1 unless given.
        realm: the realm of the Authorization field.
        placement: where the OAuth parameters go: "header"; "query"; "body", which is for forms and empty bodies;
            or "4.2" for restkit 4's choice: a form's body, the query of GET and HEAD, else the header.
        body_hash: cover a body that is no form with oauth_body_hash; False leaves it unsigned.

    Raises:
        ValueError: consumer, token or placement is none.
    """

    # The signature is for one origin: a redirect to another is not even shown to this filter.
    any_origin = False

    def __init__(
        self,
        path: str,
        consumer: Consumer,
        token: Token | None = None,
        method: SignatureMethod | None = None,
        realm: str = "",
        *,
        placement: Placement = "header",
        body_hash: bool = True,
    ) -> None:
        if placement not in PLACEMENTS:
            raise ValueError(f"placement is one of {', '.join(PLACEMENTS)}; not {placement!r}.")
        self.path = path
        self.consumer = validate_consumer(consumer)
        self.token = None if token is None else validate_token(token)
        self.method = SignatureMethod_HMAC_SHA1() if method is None else method
        self.realm = realm
        self.placement = placement
        self.body_hash = body_hash

    def on_path(self, request: Any) -> bool:
        """Say whether the request's path is one to sign."""
        if self.path == "*":
            return True
        path = split_url(sent_url(request))[2] or "/"
        if self.path.endswith("*"):
            return path.startswith(self.path[:-1])
        return path == self.path

    def on_request(self, request: Any) -> None:
        """Sign the request in place, when its path matches.

        Raises:
            UnhashableBody: a body that can be read only once, while `body_hash` is on.
            InsecureTransport: PLAINTEXT over http.
            Error: the request already carries a parameter that signing sets, or its body can not take parameters.
        """
        if self.on_path(request):
            self.sign(request)

    def sign(self, request: Any) -> None:
        """Sign the request in place, whatever its path."""
        form = form_text(sent_body(request)) if is_form(field(request.headers, "Content-Type")) else None
        placement = self.place(request, form)
        if placement == "body" and form is None:
            form = empty_form(request)
        parameters = self.parameters(request, form)
        if placement == "header":
            set_field(request.headers, "Authorization", format_authorization(parameters, self.realm))
        elif placement == "query":
            request.original_url = request.url
            request.url = with_query(str(request.url), join_pairs(parameters))
        else:
            replace_form(request, "&".join(filter(None, (form, join_pairs(parameters)))))

    def place(self, request: Any, form: str | None) -> str:
        """Decide where the parameters go."""
        if self.placement != "4.2":
            return self.placement
        if form is not None:
            return "body"
        return "query" if request.method.upper() in ("GET", "HEAD") else "header"

    def parameters(self, request: Any, form: str | None) -> list[tuple[str, str]]:
        """Return the OAuth parameters with the signature over them, the query and the form."""
        url = sent_url(request)
        signed = Request.from_consumer_and_token(self.consumer, self.token, request.method, url)
        host = field(request.headers, "Host")
        if host:
            signed.normalized_url = base_uri(url, host)
        signed.body = sent_body(request)
        signed.is_form_encoded = form is not None
        fields = gather(form_pairs(form)) if form else {}
        if fields or "oauth_" in url:
            refuse_twice(signed, url, fields)
            signed.update(fields)
        signed.sign_request(self.method, self.consumer, self.token, body_hash=self.body_hash)
        return [pair for pair in signed.items() if pair[0] not in fields]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path} {self.consumer!r} {self.token!r} {self.method.name}>"


def refuse_twice(signed: Request, url: str, fields: Iterable[str]) -> None:
    """Refuse a request whose query or form already holds what signing sets: nothing may come twice (RFC 5849 §3.1)."""
    for name in (*fields, *(name for name, _ in form_pairs(split_url(url)[3]))):
        if name in signed or name in SET_BY_SIGNING:
            raise Error(f"The request already carries {name}; leave it to the filter.")


def validate_consumer(consumer: Consumer) -> Consumer:
    """Return the consumer, or raise ValueError when it is none (manual 3.1.5)."""
    if not hasattr(consumer, "key"):
        raise ValueError("Invalid consumer.")
    return consumer


def validate_token(token: Token) -> Token:
    """Return the token, or raise ValueError when it is none (manual 3.1.5)."""
    if not hasattr(token, "key"):
        raise ValueError("Invalid token.")
    return token
