"""A request as a curl command: to try it again in a terminal, or to show it to somebody."""

from __future__ import annotations

import shlex

from restkit_parser import is_secret_field

from .masking import shown_body
from .urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .messages.request import Request

__all__ = ["to_curl"]

# A longer body is nothing to paste.
MAX_BODY = 16_384
# What curl would expand in a URL, unless it is told not to.
_GLOBBED = frozenset("[]{}")


def to_curl(request: Request, *, show_secrets: bool = False) -> str:
    """The curl command that sends the request.

    A body that is in memory, short and text is in the command; a file is named; any other is read from stdin (`@-`).

    Args:
        request: the request; nothing of its body is read.
        show_secrets: show credentials instead of `***`: in fields, the URL, and forms.
    """
    url = request.url or ""
    shown_url = url if show_secrets else redact(url)
    parts = ["curl"]
    if request.method == "HEAD":
        parts.append("--head")
    elif request.method != ("GET" if request.content is None else "POST"):
        parts += ["-X", request.method]
    if not _GLOBBED.isdisjoint(shown_url):
        parts.append("--globoff")
    for name, value in request.headers.items():
        parts += _field(name, value, request, show_secrets)
    if request.content is not None:
        if "content-type" not in request.headers:
            # curl would call it a form.
            parts += ["-H", "Content-Type:"]
        parts += ["--data-binary", _body(request, show_secrets)]
    parts.append(shown_url)
    return shlex.join(parts)


def _field(name: str, value: str, request: Request, show_secrets: bool) -> list[str]:
    lowered = name.lower()
    # curl counts for itself.
    if lowered == "content-length" or (lowered == "transfer-encoding" and request.content is not None):
        return []
    if not value:
        return ["-H", f"{name};"]
    return ["-H", f"{name}: {value if show_secrets or not is_secret_field(name) else '***'}"]


def _body(request: Request, show_secrets: bool) -> str:
    text = shown_body(request, show_secrets=show_secrets)
    if text is not None:
        return text if len(text) <= MAX_BODY and "\0" not in text and not text.startswith("@") else "@-"
    name = getattr(request.body, "name", None)
    return f"@{name}" if isinstance(name, str) else "@-"
