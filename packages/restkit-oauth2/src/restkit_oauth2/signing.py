"""Signature methods: HMAC-SHA1, HMAC-SHA256, HMAC-SHA512 and PLAINTEXT (RFC 5849 §3.4; the RSA ones are in `rsa`)."""

from __future__ import annotations

from binascii import b2a_base64

from .base_string import base_string
from .encoding import escape, utf8
from .errors import Error, InsecureTransport

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .credentials import Consumer, Token
    from .request import Request

__all__ = [
    "SignatureMethod",
    "SignatureMethod_HMAC_SHA1",
    "SignatureMethod_HMAC_SHA256",
    "SignatureMethod_HMAC_SHA512",
    "SignatureMethod_PLAINTEXT",
]

PEM = "-----BEGIN"


class SignatureMethod:
    """A way of signing requests: subclass it, give it a `name`, and implement `sign` (manual 3.1.7).

    Attributes:
        name: the value of oauth_signature_method.
        digest: the hash of oauth_body_hash that goes with the method.
    """

    name = ""
    digest = "sha1"

    def signing_base(self, request: Request, consumer: Consumer, token: Token | None) -> tuple[object, str]:
        """Return the key and the signature base string (RFC 5849 §3.4.1, §3.4.2)."""
        return shared_key(consumer, token).encode("ascii"), signature_base_string(request)

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:  # noqa: ARG002
        """Return the signature, as it stands in oauth_signature before it is percent-encoded."""
        raise TypeError(f"{type(self).__name__} can not sign {request!r}: it does not implement sign().")

    def check(self, request: Request, consumer: Consumer, token: Token | None, signature: str) -> bool:
        """Say whether the signature is right, in a time that does not depend on where it is wrong."""
        from hmac import compare_digest

        return compare_digest(utf8(self.sign(request, consumer, token)), utf8(signature))


class SignatureMethod_HMAC_SHA1(SignatureMethod):  # noqa: N801 - the manual's name
    """HMAC-SHA1 (RFC 5849 §3.4.2)."""

    name = "HMAC-SHA1"

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:
        """Return the base64 of the HMAC of the base string."""
        return hmac_signature(self, request, consumer, token)


class SignatureMethod_HMAC_SHA256(SignatureMethod):  # noqa: N801 - named after the manual's
    """HMAC-SHA256: not in RFC 5849, made like HMAC-SHA1; some providers demand it."""

    name = "HMAC-SHA256"
    digest = "sha256"

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:
        """Return the base64 of the HMAC of the base string."""
        return hmac_signature(self, request, consumer, token)


class SignatureMethod_HMAC_SHA512(SignatureMethod):  # noqa: N801 - named after the manual's
    """HMAC-SHA512: not in RFC 5849, made like HMAC-SHA1."""

    name = "HMAC-SHA512"
    digest = "sha512"

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:
        """Return the base64 of the HMAC of the base string."""
        return hmac_signature(self, request, consumer, token)


class SignatureMethod_PLAINTEXT(SignatureMethod):  # noqa: N801 - the manual's name
    """PLAINTEXT: the signature is the secrets themselves (RFC 5849 §3.4.4).

    Args:
        insecure: allow it over http, where everybody on the way can read the secrets.
    """

    name = "PLAINTEXT"

    def __init__(self, *, insecure: bool = False) -> None:
        self.insecure = insecure

    def signing_base(self, request: Request, consumer: Consumer, token: Token | None) -> tuple[str, str]:  # noqa: ARG002
        """Return the signature twice, as restkit 4 did: nothing of the request is signed."""
        key = shared_key(consumer, token)
        return key, key

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:
        """Return both secrets, encoded and joined.

        Raises:
            InsecureTransport: the request goes over http and `insecure` was not asked for.
        """
        if not self.insecure and not (request.normalized_url or "").startswith("https:"):
            raise InsecureTransport(
                "PLAINTEXT sends the secrets as they are, so it is refused over http: use https or an HMAC method, "
                "or ask for SignatureMethod_PLAINTEXT(insecure=True)."
            )
        return shared_key(consumer, token)


def signature_base_string(request: Request) -> str:
    """Return the text that is signed (RFC 5849 §3.4.1.1)."""
    if request.normalized_url is None:
        raise ValueError("Base URL for request is not set.")
    return base_string(request.method, request.normalized_url, request.get_normalized_parameters())


def shared_key(consumer: Consumer, token: Token | None) -> str:
    """Return `consumer secret&token secret`, each encoded; the second may be empty.

    Raises:
        Error: the consumer's secret is an RSA key. A public key is no secret: whoever knows it could sign with HMAC
            for a consumer that is registered with RSA.
    """
    secret = escape(consumer.secret) if isinstance(consumer.secret, str | bytes) else PEM
    if secret.startswith(PEM):
        raise Error("The consumer's secret is an RSA key; HMAC and PLAINTEXT need a shared secret.")
    return f"{secret}&{escape(token.secret) if token else ''}"


def hmac_signature(method: SignatureMethod, request: Request, consumer: Consumer, token: Token | None) -> str:
    """Return the base64 of the HMAC of what `signing_base` gives."""
    import hmac

    key, raw = method.signing_base(request, consumer, token)
    return b2a_base64(hmac.digest(key, raw.encode("ascii"), method.digest), newline=False).decode("ascii")  # type: ignore[arg-type]
