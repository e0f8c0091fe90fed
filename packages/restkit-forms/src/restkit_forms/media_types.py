"""The media type of a file, from its name."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"  # RFC 7578 §4.4: for a file whose type is not known

COMPRESSED = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "compress": "application/x-compress",
    "br": "application/x-brotli",
}
"""A part has no Content-Encoding, so what a compressed file *is* goes out as its type."""


def media_type_of(filename: str) -> str:
    """The registered type for the name's extension, else application/octet-stream."""
    import mimetypes  # reads the system's tables when first used; most forms carry no file

    kind, encoding = mimetypes.guess_type(filename, strict=False)
    if encoding is not None:
        return COMPRESSED.get(encoding, UNKNOWN)
    return kind or UNKNOWN
