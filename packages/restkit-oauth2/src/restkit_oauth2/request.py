"""Request: a dict of parameters that can be signed and written in three ways (manual 3.1.7)."""

from __future__ import annotations

import os
import time

from .base_string import base_uri, normalize, split_url
from .body import body_hash as hash_of_body
from .body import form_text
from .encoding import (
    encode_pairs,
    form_pairs,
    format_authorization,
    join_pairs,
    parse_authorization,
    quote_illegal,
    signing_pieces,
    to_unicode,
    to_unicode_optional_iterator,
)
from .errors import Error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Self

    from .credentials import Consumer, Token
    from .signing import SignatureMethod

__all__ = ["HTTP_METHOD", "OAUTH_VERSION", "SIGNATURE_METHOD", "Request"]

OAUTH_VERSION = "1.0"
HTTP_METHOD = "GET"
SIGNATURE_METHOD = "PLAINTEXT"


class Request(dict[str, "Any"]):
    """The parameters of an HTTP request, to be signed with OAuth credentials.

    A dict of decoded text; a list or tuple is a parameter that comes several times. The URL's query is signed too and
    is not repeated here. The fields of a form body belong here; they are taken from `body` when `parameters` is empty.

    Args:
        method: the HTTP method; kept in upper case.
        url: an absolute http or https URL.
        parameters: name to value, or to several values.
        body: bytes, text, a seekable binary file or a rewindable body object.
        is_form_encoded: whether the body is `application/x-www-form-urlencoded`.

    Attributes:
        normalized_url: scheme, host and path as they are signed (RFC 5849 §3.4.1.2), or None.

    Raises:
        ValueError: the URL is not one of http or https with a host.
    """

    version = OAUTH_VERSION

    def __init__(
        self,
        method: str = HTTP_METHOD,
        url: str | None = None,
        parameters: Mapping[Any, Any] | None = None,
        body: Any = "",
        is_form_encoded: bool = False,
    ) -> None:
        super().__init__()
        self.method = method
        self.url = url
        self.body = body
        self.is_form_encoded = is_form_encoded
        if parameters:
            self._take(parameters)
        elif is_form_encoded and body:
            self.update(gather(form_pairs(form_text(body))))

    @property
    def method(self) -> str:
        """The HTTP method, in upper case."""
        return self._method

    @method.setter
    def method(self, value: str) -> None:
        self._method = value.upper()

    @property
    def url(self) -> str | None:
        """The URL; setting it sets `normalized_url`."""
        return self._url

    @url.setter
    def url(self, value: str | None) -> None:
        self.normalized_url = None if value is None else base_uri(value)
        self._url = value

    @classmethod
    def from_consumer_and_token(
        cls,
        consumer: Consumer,
        token: Token | None = None,
        http_method: str = HTTP_METHOD,
        http_url: str | None = None,
        parameters: Mapping[Any, Any] | None = None,
        body: Any = "",
        is_form_encoded: bool = False,
    ) -> Self:
        """Make a request with key, timestamp, nonce and version, and the token's key and verifier.

        The caller's `parameters` win.
        """
        request = cls(http_method, http_url, None, "", is_form_encoded)
        if is_form_encoded and body and not parameters:
            parameters = gather(form_pairs(form_text(body)))
        request["oauth_consumer_key"] = consumer.key
        request["oauth_timestamp"] = cls.make_timestamp()
        request["oauth_nonce"] = cls.make_nonce()
        request["oauth_version"] = cls.version
        if token:
            request["oauth_token"] = token.key
            if token.verifier:
                request["oauth_verifier"] = token.verifier
        request.body = body
        if parameters:
            request._take(parameters)
        return request

    def _take(self, parameters: Mapping[Any, Any]) -> None:
        """Add the caller's parameters, as text."""
        for name, value in parameters.items():
            self[to_unicode(name)] = to_unicode_optional_iterator(value)

    @classmethod
    def from_token_and_callback(
        cls,
        token: Token,
        callback: str | None = None,
        http_method: str = HTTP_METHOD,
        http_url: str | None = None,
        parameters: Mapping[Any, Any] | None = None,
    ) -> Self:
        """Make the request for a user's agreement: `oauth_token` and, when given, `oauth_callback`."""
        fields = {**(parameters or {}), "oauth_token": token.key}
        if callback:
            fields["oauth_callback"] = callback
        return cls(http_method, http_url, fields)

    @classmethod
    def from_request(
        cls,
        http_method: str,
        http_url: str,
        headers: Mapping[str, str] | None = None,
        parameters: Mapping[Any, Any] | None = None,
        query_string: str | None = None,
    ) -> Self | None:
        """Combine the Authorization field, a form's fields and the query of a request that was received.

        Args:
            http_method: its method.
            http_url: its URL; the query moves into the dict, so it is counted once.
            headers: its fields, whatever the case of their names.
            parameters: the fields of its form body, not those of its query.
            query_string: form text, as the query where a framework gives it apart, or the form body.

        Returns:
            The request, or None when there are no parameters at all.

        Raises:
            Error: the Authorization field can not be read.
        """
        bare, mark, rest = http_url.partition("?")
        query, hash_mark, fragment = rest.partition("#")
        pairs: list[tuple[str, Any]] = []
        for name, value in (headers or {}).items():
            if name.lower() == "authorization":
                pairs += [pair for pair in parse_authorization(value) or () if pair[0] != "realm"]
        for name, value in (parameters or {}).items():
            pairs += flat([(to_unicode(name), value)])
        if query_string and query_string != query:
            pairs += form_pairs(query_string)
        pairs += form_pairs(query)
        if not pairs:
            return None
        return cls(http_method, bare + hash_mark + fragment if mark else http_url, gather(pairs))

    @classmethod
    def make_timestamp(cls) -> str:
        """Return the seconds since the epoch as text."""
        return str(int(time.time()))

    @classmethod
    def make_nonce(cls) -> str:
        """Return 96 random bits as 29 digits: providers commonly take 20 to 30 characters."""
        return str(int.from_bytes(os.urandom(12))).zfill(29)

    def sign_request(
        self,
        signature_method: SignatureMethod,
        consumer: Consumer,
        token: Token | None,
        *,
        body_hash: bool = True,
    ) -> None:
        """Set oauth_signature, and what it needs and is missing.

        Args:
            signature_method: how to sign.
            consumer: whose key and secret.
            token: whose key and secret, or None.
            body_hash: add oauth_body_hash unless the body is a form, as restkit 4 did; False leaves RFC 5849 alone, and
                what the body holds unsigned.

        Raises:
            UnhashableBody: the body can be read only once.
            InsecureTransport: PLAINTEXT over http.
        """
        if body_hash and not self.is_form_encoded:
            self["oauth_body_hash"] = hash_of_body(self.body, signature_method.digest)
        self.setdefault("oauth_consumer_key", consumer.key)
        if token:
            self.setdefault("oauth_token", token.key)
        self["oauth_signature_method"] = signature_method.name
        self["oauth_signature"] = signature_method.sign(self, consumer, token)

    def get_normalized_parameters(self) -> str:
        """Return the text that is signed: the dict's parameters and the URL's query, but oauth_signature."""
        pieces = encode_pairs(self.items())
        if self._url and "?" in self._url:
            pieces += signing_pieces(split_url(self._url)[3])
        return normalize(pieces)

    def get_nonoauth_parameters(self) -> dict[str, Any]:
        """Return the parameters whose names do not begin with `oauth_`."""
        return {name: value for name, value in self.items() if not name.startswith("oauth_")}

    def get_parameter(self, parameter: str) -> Any:
        """Return one parameter.

        Raises:
            Error: there is none of that name.
        """
        if parameter not in self:
            raise Error(f"Parameter not found: {parameter}")
        return self[parameter]

    def to_header(self, realm: str = "") -> dict[str, str]:
        """Return the Authorization field with every `oauth_` parameter, in the dict's order (RFC 5849 §3.5.1)."""
        pairs = [(name, value) for name, value in self.items() if name.startswith("oauth_")]
        return {"Authorization": format_authorization(pairs, realm)}

    def to_postdata(self) -> str:
        """Return all parameters as form text (RFC 5849 §3.5.2)."""
        return join_pairs(self.items())

    def to_url(self) -> str:
        """Return the URL with all parameters in its query (RFC 5849 §3.5.3).

        Raises:
            ValueError: the request has no URL.
        """
        if self.url is None:
            raise ValueError("Base URL for request is not set.")
        rest, hash_mark, fragment = self.url.partition("#")
        base, _, query = rest.partition("?")
        parts = [part for part in (quote_illegal(query), join_pairs(self.items(), "+")) if part]
        return f"{base}?{'&'.join(parts)}{hash_mark}{fragment}" if parts else self.url

    def __repr__(self) -> str:
        """Return method, URL without query, and names: values may be secret."""
        return f"<{type(self).__name__} {self.method} {self.normalized_url} {' '.join(sorted(self))}>"


def flat(items: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return one pair for each value; a list or tuple has several."""
    pairs = []
    for name, value in items:
        if isinstance(value, list | tuple):
            pairs += [(name, item) for item in value]
        else:
            pairs.append((name, value))
    return pairs


def gather(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Make a dict of pairs; a name that comes again gets a list."""
    fields: dict[str, Any] = {}
    for name, value in pairs:
        if name not in fields:
            fields[name] = value
        elif isinstance(fields[name], list):
            fields[name].append(value)
        else:
            fields[name] = [fields[name], value]
    return fields
