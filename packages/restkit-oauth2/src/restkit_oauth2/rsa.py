"""RSA-SHA1, RSA-SHA256 and RSA-SHA512 (RFC 5849 §3.4.3), on `cryptography`: install `restkit-oauth2[rsa]`.

The key is the consumer's secret, as PEM text or as a key object: the private one signs, the public one verifies.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64

from .errors import Error
from .signing import SignatureMethod, signature_base_string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .credentials import Consumer, Token
    from .request import Request

__all__ = ["RSA", "SignatureMethod_RSA_SHA1", "SignatureMethod_RSA_SHA256", "SignatureMethod_RSA_SHA512"]


class RSA(SignatureMethod):
    """RSASSA-PKCS1-v1_5 over the base string; the token's secret plays no part."""

    def signing_base(self, request: Request, consumer: Consumer, token: Token | None) -> tuple[None, str]:  # noqa: ARG002
        """Return no key, for it is no text, and the signature base string."""
        return None, signature_base_string(request)

    def sign(self, request: Request, consumer: Consumer, token: Token | None) -> str:
        """Return the base64 of the signature.

        Raises:
            Error: `cryptography` is not installed, or the consumer's secret is no RSA private key.
        """
        raw = self.signing_base(request, consumer, token)[1]
        lib = Library()
        key = lib.private_key(consumer.secret)
        signature = key.sign(raw.encode("ascii"), lib.padding.PKCS1v15(), lib.hash(self.digest))
        return b2a_base64(signature, newline=False).decode("ascii")

    def check(self, request: Request, consumer: Consumer, token: Token | None, signature: str) -> bool:
        """Verify the signature with the consumer's public key.

        Raises:
            Error: `cryptography` is not installed, or the consumer's secret is no RSA key.
        """
        raw = self.signing_base(request, consumer, token)[1]
        lib = Library()
        key = lib.public_key(consumer.secret)
        try:
            given = a2b_base64(signature.encode("ascii"), strict_mode=True)
            key.verify(given, raw.encode("ascii"), lib.padding.PKCS1v15(), lib.hash(self.digest))
        except (Base64Error, UnicodeError, lib.refused):
            return False
        return True


class SignatureMethod_RSA_SHA1(RSA):  # noqa: N801 - named after the manual's
    """RSA-SHA1 (RFC 5849 §3.4.3)."""

    name = "RSA-SHA1"


class SignatureMethod_RSA_SHA256(RSA):  # noqa: N801 - named after the manual's
    """RSA-SHA256: not in RFC 5849, made like RSA-SHA1."""

    name = "RSA-SHA256"
    digest = "sha256"


class SignatureMethod_RSA_SHA512(RSA):  # noqa: N801 - named after the manual's
    """RSA-SHA512: not in RFC 5849, made like RSA-SHA1."""

    name = "RSA-SHA512"
    digest = "sha512"


class Library:
    """The parts of `cryptography` that are used, imported with the first signature."""

    def __init__(self) -> None:
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives import hashes, serialization
            from cryptography.hazmat.primitives.asymmetric import padding, rsa
        except ImportError as error:
            raise Error(
                "RSA signatures need the package cryptography: pip install restkit-oauth2[rsa]"
            ) from error
        self.refused = InvalidSignature
        self.hashes = hashes
        self.padding = padding
        self.rsa = rsa
        self.serialization = serialization

    def hash(self, digest: str) -> Any:
        """Return the hash of a digest's name."""
        return getattr(self.hashes, digest.upper())()

    def private_key(self, secret: Any) -> Any:
        """Return the private key that the secret is, or its PEM text holds."""
        key = secret
        if isinstance(secret, str | bytes):
            key = self.load(lambda pem: self.serialization.load_pem_private_key(pem, None), secret)
        if not isinstance(key, self.rsa.RSAPrivateKey):
            raise Error(
                "RSA signing needs an RSA private key, PEM text or an object, as the consumer's secret."
            )
        return key

    def public_key(self, secret: Any) -> Any:
        """Return the public key that the secret is, holds, or belongs to."""
        key = secret
        if isinstance(secret, str | bytes):
            key = self.load(self.serialization.load_pem_public_key, secret) or self.private_key(secret)
        if isinstance(key, self.rsa.RSAPrivateKey):
            key = key.public_key()
        if not isinstance(key, self.rsa.RSAPublicKey):
            raise Error(
                "RSA verifying needs an RSA public key, PEM text or an object, as the consumer's secret."
            )
        return key

    def load(self, loader: Any, secret: str | bytes) -> Any:
        """Load PEM text; None when it holds no such key. The loader's own words could quote the key."""
        try:
            return loader(secret.encode() if isinstance(secret, str) else secret)
        except (ValueError, TypeError):
            return None
