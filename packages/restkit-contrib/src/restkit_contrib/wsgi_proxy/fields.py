"""Which fields pass through a proxy: all but those that are about one connection (RFC 9110 §7.6.1).

A message may name further such fields in its Connection field. That is a way to make a proxy drop what the
next server relies on, so the fields that say who asks and what was sent can not be named away.
"""

from __future__ import annotations

from restkit_parser import check_field_name, check_field_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Pair = tuple[str, str]

__all__ = ["request_fields", "response_fields"]

# RFC 9110 §7.6.1; Proxy-* is between this proxy and its neighbour (§11.7).
HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authentication-info",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)

# Made anew for the next connection; `Proxy` becomes the variable HTTP_PROXY of a CGI program ("httpoxy", CVE-2016-5385).
OWN_OF_REQUEST = HOP_BY_HOP | {"content-length", "expect", "host", "proxy"}

# PEP 3333: a response has no field of this name.
OWN_OF_RESPONSE = HOP_BY_HOP | {"status"}

# What Connection may not name (Go CVE-2021-33197): credentials, framing, validity, and what proxies add.
ESSENTIAL = frozenset(
    {
        "authorization",
        "content-encoding",
        "content-length",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "forwarded",
        "host",
        "location",
        "origin",
        "set-cookie",
        "via",
        "www-authenticate",
    }
)


def _named(connection: str) -> frozenset[str]:
    """The fields that a Connection field names, without the essential ones."""
    options = {option.strip().lower() for option in connection.split(",")} - ESSENTIAL
    return frozenset(option for option in options if not option.startswith("x-forwarded-"))


def request_fields(environ: Mapping[str, Any]) -> list[Pair]:
    """The fields of a request (PEP 3333's environ) that are passed on, names in Title-Case.

    Raises:
        InvalidHeaderName, InvalidHeader: a field that may not be sent (RFC 9110 §5).
    """
    dropped = OWN_OF_REQUEST
    if connection := environ.get("HTTP_CONNECTION"):
        dropped = dropped | _named(connection)
    fields = []
    for key, value in environ.items():
        if not key.startswith("HTTP_"):
            continue
        name = key[5:].replace("_", "-")
        if name.lower() in dropped:
            continue
        if not (name.isascii() and name.replace("-", "").isalnum()):
            check_field_name(name)
        if not value.isprintable():
            check_field_value(value)
        fields.append((name.title(), value))
    if content_type := environ.get("CONTENT_TYPE"):
        if not content_type.isprintable():
            check_field_value(content_type)
        fields.append(("Content-Type", content_type))
    return fields


def response_fields(headers: Iterable[Pair], connection: str | None) -> list[Pair]:
    """The fields of a response that are passed on, repeats kept apart.

    Args:
        headers: all of them, in order.
        connection: the value of Connection, or None.
    """
    dropped = OWN_OF_RESPONSE | _named(connection) if connection else OWN_OF_RESPONSE
    # A tab is white space in a field value, and no character of one in WSGI (PEP 3333).
    return [(name, value.replace("\t", " ")) for name, value in headers if name.lower() not in dropped]
