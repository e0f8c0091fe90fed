"""WebOb requests that are sent by restkit (the manual's webob_api)."""

from restkit_contrib.webob_api import PROXY, Method, Request

__all__ = ["PROXY", "Method", "Request"]
