"""The manual's old path of restkit.contrib.wsgi_proxy."""

from restkit.contrib.wsgi_proxy import *  # noqa: F403 - all of it, under another name
from restkit.contrib.wsgi_proxy import __all__ as __all__
