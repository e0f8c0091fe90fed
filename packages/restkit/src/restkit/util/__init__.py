"""Helpers for URLs and fields (restkit 4's restkit.util)."""

from restkit_client.util import (
    absolute_http_url_re,
    deprecated_property,
    encode,
    http_date,
    locate_program,
    make_uri,
    parse_cookie,
    parse_netloc,
    popen3,
    replace_header,
    replace_headers,
    rewrite_location,
    to_bytestring,
    uri_with,
    url_encode,
    url_quote,
)

__all__ = [
    "absolute_http_url_re",
    "deprecated_property",
    "encode",
    "http_date",
    "locate_program",
    "make_uri",
    "parse_cookie",
    "parse_netloc",
    "popen3",
    "replace_header",
    "replace_headers",
    "rewrite_location",
    "to_bytestring",
    "uri_with",
    "url_encode",
    "url_quote",
]
