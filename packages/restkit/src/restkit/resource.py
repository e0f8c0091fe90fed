"""Resources (the manual's restkit.resource)."""

from restkit_client.resource import Resource

__all__ = ["Resource"]
