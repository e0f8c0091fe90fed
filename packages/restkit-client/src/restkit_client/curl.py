"""A request as a curl command: to try it again in a terminal, or to show it to somebody."""

from __future__ import annotations

import shlex

from restkit_parser import is_secret_field

from .urls import redact

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .messages.request import Request

__all__ = ["to_curl"]

# A longer body is nothing to paste.
MAX_BODY = 16_384


def to_curl(request: Request, *, show_secrets: bool = False) -> str:
    """The curl command that sends the request.

    Args:
        request: the request; its body is shown when it is bytes that are text.
        show_secrets: show credentials instead of `***`.
    """
    url = request.url or ""
    parts = ["curl"]
    if request.method == "HEAD":
        parts.append("--head")
    elif request.method != ("GET" if request.content is None else "POST"):
        parts += ["-X", request.method]
    for name, value in request.headers.items():
        # curl counts for itself.
        if name.lower() == "content-length" or (
            name.lower() == "transfer-encoding" and request.content is not None
        ):
            continue
        parts += ["-H", f"{name}: {value if show_secrets or not is_secret_field(name) else '***'}"]
    if request.content is not None:
        parts += ["--data-binary", _body(request)]
    parts.append(url if show_secrets else redact(url))
    return shlex.join(parts)


def _body(request: Request) -> str:
    body = request.body
    if isinstance(body, bytes) and len(body) <= MAX_BODY:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return "@-"
        return text if not text.startswith("@") and "\0" not in text else "@-"
    name = getattr(body, "name", None)
    return f"@{name}" if isinstance(name, str) else "@-"
