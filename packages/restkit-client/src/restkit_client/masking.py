"""What may be shown of a request's body: a form without its secrets."""

from __future__ import annotations

from .urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .messages.request import Request

__all__ = ["shown_body"]


def shown_body(request: Request, *, show_secrets: bool) -> str | None:
    """The body as text; None when it is not in memory, or is no text.

    A url-encoded form is shown as a query is: the values of passwords and tokens as `***`. Of other bodies nothing is
    known, and nothing masked.
    """
    body = request.body
    if not isinstance(body, bytes):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    content_type = request.headers.get("content-type") or ""
    if not show_secrets and content_type.lower().startswith("application/x-www-form-urlencoded"):
        # "#" would end a query.
        return redact(f"http://form/?{text.replace('#', '%23')}").partition("?")[2]
    return text
