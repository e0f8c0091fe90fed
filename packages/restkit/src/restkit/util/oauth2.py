"""The manual's old path of restkit.oauth2."""

from restkit.oauth2 import *  # noqa: F403 - all of it, under another name
from restkit.oauth2 import __all__ as __all__
