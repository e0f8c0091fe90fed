"""OAuth 1.0a (RFC 5849): signing and verifying, for any HTTP client.

The modules, each using only those before it: errors, encoding, credentials, base_string, body, signing, request, fields,
message, filter, which are needed to sign; and, imported with the first use of a name of theirs: sources, nonces,
verifying, explaining, rsa, flow, adapters. `protocols` holds the shapes that callers implement.

| where | what |
|---|---|
| base_string | what is signed |
| body | which bodies are signed, and how |
| filter | where the OAuth parameters go |
| verifying.verify_request | why a request is refused |
"""

from __future__ import annotations

from .credentials import Consumer, Token, generate_nonce, generate_timestamp, generate_verifier, setter
from .encoding import (
    escape,
    to_unicode,
    to_unicode_if_string,
    to_unicode_optional_iterator,
    to_utf8,
    to_utf8_if_string,
    to_utf8_optional_iterator,
)
from .errors import (
    Error,
    InsecureTransport,
    MissingSignature,
    ProviderError,
    UnhashableBody,
    VerificationError,
)
from .fields import build_authenticate_header, build_xoauth_string
from .filter import OAuthFilter, validate_consumer, validate_token
from .request import HTTP_METHOD, OAUTH_VERSION, SIGNATURE_METHOD, Request
from .signing import (
    SignatureMethod,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_HMAC_SHA256,
    SignatureMethod_HMAC_SHA512,
    SignatureMethod_PLAINTEXT,
)

__version__ = "5.0.0"

# Who only signs does not pay for these: their modules are imported with the first use (PEP 562).
LAZY = {
    "Flow": "flow",
    "HttpxAuth": "adapters",
    "MemoryNonceStore": "nonces",
    "RequestsAuth": "adapters",
    "SignatureMethod_RSA_SHA1": "rsa",
    "SignatureMethod_RSA_SHA256": "rsa",
    "SignatureMethod_RSA_SHA512": "rsa",
    "Verified": "verifying",
    "explain": "explaining",
    "verify_request": "verifying",
}
__all__ = [
    "HTTP_METHOD",
    "OAUTH_VERSION",
    "SIGNATURE_METHOD",
    "Consumer",
    "Error",
    "Flow",
    "HttpxAuth",
    "InsecureTransport",
    "MemoryNonceStore",
    "MissingSignature",
    "OAuthFilter",
    "ProviderError",
    "Request",
    "RequestsAuth",
    "SignatureMethod",
    "SignatureMethod_HMAC_SHA1",
    "SignatureMethod_HMAC_SHA256",
    "SignatureMethod_HMAC_SHA512",
    "SignatureMethod_PLAINTEXT",
    "SignatureMethod_RSA_SHA1",
    "SignatureMethod_RSA_SHA256",
    "SignatureMethod_RSA_SHA512",
    "Token",
    "UnhashableBody",
    "VerificationError",
    "Verified",
    "build_authenticate_header",
    "build_xoauth_string",
    "escape",
    "explain",
    "generate_nonce",
    "generate_timestamp",
    "generate_verifier",
    "setter",
    "to_unicode",
    "to_unicode_if_string",
    "to_unicode_optional_iterator",
    "to_utf8",
    "to_utf8_if_string",
    "to_utf8_optional_iterator",
    "validate_consumer",
    "validate_token",
    "verify_request",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .adapters import HttpxAuth, RequestsAuth
    from .explaining import explain
    from .flow import Flow
    from .nonces import MemoryNonceStore
    from .rsa import SignatureMethod_RSA_SHA1, SignatureMethod_RSA_SHA256, SignatureMethod_RSA_SHA512
    from .verifying import Verified, verify_request
else:

    def __getattr__(name):  # noqa: ANN001, ANN202
        """Import what is needed rarely."""
        from importlib import import_module

        if name not in LAZY:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f".{LAZY[name]}", __name__), name)
        globals()[name] = value
        return value
