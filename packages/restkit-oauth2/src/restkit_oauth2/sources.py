"""Where the parameters of a received request come from (RFC 5849 §3.4.1.3.1): header, query, form body."""

from __future__ import annotations

from .base_string import split_url
from .body import form_text, is_form
from .encoding import form_pairs, parse_authorization

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

__all__ = ["collect", "field_values"]


def field_values(headers: Mapping[str, Any] | Iterable[tuple[str, Any]], name: str) -> list[str]:
    """Return every value of a field, whatever its case, from a mapping or from pairs."""
    pairs: Any = headers.items() if hasattr(headers, "items") else headers
    wanted = name.lower()
    return [value for key, value in pairs if key.lower() == wanted]


def collect(url: str, headers: Any, body: Any) -> list[tuple[str, str, str]]:
    """Return (source, name, value) of each parameter, decoded; the realm is none.

    Raises:
        Error: the Authorization field or the form body can not be read.
    """
    found = []
    for value in field_values(headers, "Authorization"):
        pairs = parse_authorization(value) or ()
        found += [("header", name, text) for name, text in pairs if name != "realm"]
    found += [("query", name, text) for name, text in form_pairs(split_url(url)[3])]
    if any(is_form(value) for value in field_values(headers, "Content-Type")):
        found += [("body", name, text) for name, text in form_pairs(form_text(body))]
    return found
