"""restkit 4's MultiDict."""

from restkit_client.datastructures import MultiDict

__all__ = ["MultiDict"]
