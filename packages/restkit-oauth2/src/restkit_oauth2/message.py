"""Reading and changing somebody's request object, of which only `.method .url .headers .body` is known."""

from __future__ import annotations

from .errors import Error

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from typing import Any

__all__ = ["empty_form", "field", "replace_form", "sent_body", "sent_url", "set_field", "with_query"]

FORM_TYPE = "application/x-www-form-urlencoded"
# A body means nothing to these (RFC 9110 §9.3.1), so no parameters go there.
NO_BODY = ("GET", "HEAD")


def sent_url(request: Any) -> str:
    """Return the URL as it is sent: parsed by the client where it did that, for it may have normalised it."""
    parsed = getattr(request, "parsed_url", None)
    return str(request.url) if parsed is None else str(parsed.geturl())


def sent_body(request: Any) -> Any:
    """Return the body as it is sent: the client's own body object where it has one, else what the caller gave."""
    content = getattr(request, "content", None)
    return content if hasattr(content, "segments") and hasattr(content, "rewind") else request.body


def field(headers: Mapping[str, Any], name: str) -> str | None:
    """Return a field's value whatever the case of its name, also from a plain dict."""
    value = headers.get(name)
    if value is None and headers and isinstance(headers, dict):
        wanted = name.lower()
        value = next((headers[key] for key in headers if key.lower() == wanted), None)
    return value


def set_field(headers: MutableMapping[str, Any], name: str, value: str) -> None:
    """Replace a field, whatever the case it was spelled in."""
    if headers and isinstance(headers, dict):
        wanted = name.lower()
        for key in [key for key in headers if key.lower() == wanted]:
            del headers[key]
    headers[name] = value


def with_query(url: str, text: str) -> str:
    """Add form text to a URL's query; what is there stays byte for byte, as it is signed."""
    rest, hash_mark, fragment = url.partition("#")
    base, _, query = rest.partition("?")
    joint = "" if not query or query.endswith("&") else "&"
    return f"{base}?{query}{joint}{text}{hash_mark}{fragment}"


def empty_form(request: Any) -> str:
    """Return the form text of a request without a body, or refuse one that has another kind of body."""
    if request.body or request.method.upper() in NO_BODY:
        raise Error(
            f'placement="body" needs a form body: this is a {request.method} with '
            f"Content-Type {field(request.headers, 'Content-Type') or 'missing'}."
        )
    return ""


def replace_form(request: Any, text: str) -> None:
    """Make form text the request's body; Content-Type is set where there was none, Content-Length always."""
    data = text.encode("utf-8")
    # Before the body: a client may compare it with its fields when it is given one.
    if field(request.headers, "Content-Type") is None:
        request.headers["Content-Type"] = FORM_TYPE
    set_field(request.headers, "Content-Length", str(len(data)))
    request.body = data
