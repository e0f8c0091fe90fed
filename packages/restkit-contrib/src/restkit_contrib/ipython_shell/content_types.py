"""Media types as attributes: `ctypes.application_json`."""

from __future__ import annotations

import re

__all__ = ["ContentTypes"]

MEDIA_TYPES = (
    "application/atom+xml",
    "application/json",
    "application/rss+xml",
    "application/xhtml+xml",
    "application/xml",
    "application/xsl+xml",
    "application/xslt+xml",
    "image/svg+xml",
    "text/html",
    "text/xml",
)
_names = {re.sub(r"[^a-z]", "_", media_type): media_type for media_type in MEDIA_TYPES}


class ContentTypes:
    """The media types that APIs speak; what is no letter in one is an underscore in the attribute's name."""

    def __getattr__(self, name: str) -> str:
        try:
            return _names[name]
        except KeyError:
            raise AttributeError(f"no content type {name!r}: see ctypes") from None

    def __dir__(self) -> list[str]:
        return sorted(_names)

    def __repr__(self) -> str:
        return f"<ContentTypes({sorted(_names)})>"
