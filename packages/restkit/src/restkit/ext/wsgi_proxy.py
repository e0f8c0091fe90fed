"""A streaming reverse proxy as a WSGI application (the manual's restkit.ext.wsgi_proxy, as older versions named it)."""

from restkit_contrib.wsgi_proxy import (
    ALLOWED_METHODS,
    BLOCK_SIZE,
    WEBOB_ERROR,
    HostProxy,
    Proxy,
    TransparentProxy,
    get_config,
    make_host_proxy,
    make_proxy,
)

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
