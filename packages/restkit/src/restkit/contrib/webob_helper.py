"""restkit's errors as WebOb exceptions (the manual's webob_helper)."""

from restkit_contrib.webob_helper import WebobResourceError, wrap_exceptions

__all__ = ["WebobResourceError", "wrap_exceptions"]
