"""OAuth 1.0a (RFC 5849): signing and verifying, for any HTTP client.

The modules, each using only those before it: errors, encoding, credentials, base_string, body, signing, request,
message, fields, filter.
"""

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
__all__ = [
    "HTTP_METHOD",
    "OAUTH_VERSION",
    "SIGNATURE_METHOD",
    "Consumer",
    "Error",
    "InsecureTransport",
    "MissingSignature",
    "OAuthFilter",
    "ProviderError",
    "Request",
    "SignatureMethod",
    "SignatureMethod_HMAC_SHA1",
    "SignatureMethod_HMAC_SHA256",
    "SignatureMethod_HMAC_SHA512",
    "SignatureMethod_PLAINTEXT",
    "Token",
    "UnhashableBody",
    "VerificationError",
    "build_authenticate_header",
    "build_xoauth_string",
    "escape",
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
]
