"""Url-encoded and multipart bodies for HTTP: streamed, replayable, of known length.

The modules, each using only those before it: errors ← quoting ← urlencoded, boundary, media_types, segments ←
sources ← parts ← multipart; part_headers ← reader.
"""

from .boundary import MIME_BOUNDARY
from .errors import (
    BodyConsumed,
    FormError,
    IncompleteMultipart,
    InvalidBoundary,
    InvalidPart,
    LimitExceeded,
    MalformedMultipart,
    MultipartError,
    SourceChanged,
)
from .multipart import MultipartForm, json_part, multipart_form_encode
from .parts import CRLF, BoundaryItem
from .quoting import form_quote, url_quote
from .reader import MultipartReader, Part
from .urlencoded import FORM_CONTENT_TYPE, form_decode, form_encode, url_encode

__version__ = "5.0.0"

__all__ = [
    "CRLF",
    "FORM_CONTENT_TYPE",
    "MIME_BOUNDARY",
    "BodyConsumed",
    "BoundaryItem",
    "FormError",
    "IncompleteMultipart",
    "InvalidBoundary",
    "InvalidPart",
    "LimitExceeded",
    "MalformedMultipart",
    "MultipartError",
    "MultipartForm",
    "MultipartReader",
    "Part",
    "SourceChanged",
    "form_decode",
    "form_encode",
    "form_quote",
    "json_part",
    "multipart_form_encode",
    "url_encode",
    "url_quote",
]
