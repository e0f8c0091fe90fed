"""A streaming reverse proxy as a WSGI application (the manual's restkit.contrib.wsgi_proxy and restkit.ext.wsgi_proxy)."""

from .content import BLOCK_SIZE, WEBOB_ERROR
from .paste import get_config, make_host_proxy, make_proxy
from .proxy import ALLOWED_METHODS, HostProxy, Proxy, TransparentProxy

__all__ = [
    "ALLOWED_METHODS",
    "BLOCK_SIZE",
    "WEBOB_ERROR",
    "HostProxy",
    "Proxy",
    "TransparentProxy",
    "get_config",
    "make_host_proxy",
    "make_proxy",
]
