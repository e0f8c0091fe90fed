"""The OAuth filter (the manual's restkit.oauth2.filter)."""

from restkit_oauth2.filter import OAuthFilter, validate_consumer, validate_token

__all__ = ["OAuthFilter", "validate_consumer", "validate_token"]
