"""OAuth 1.0a (RFC 5849): signing and verifying, for any HTTP client."""

__version__ = "5.0.0"
