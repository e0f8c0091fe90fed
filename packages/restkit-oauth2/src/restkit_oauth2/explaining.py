"""explain(request): what is signed, line by line, for the day a provider says 401."""

from __future__ import annotations

from .base_string import base_uri
from .encoding import escape
from .request import Request, flat, gather
from .signing import signature_base_string
from .sources import collect

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

__all__ = ["explain"]


def explain(request: Any) -> str:
    """Say what a request's signature covers and what key makes it; compare it with what the provider says.

    The text holds every parameter of the request, as the base string must; it never holds a secret of consumer or
    token, nor a PLAINTEXT signature, which is made of them.

    Args:
        request: a `Request`, or anything with `.method`, `.url`, `.headers` and `.body` that was signed.

    Raises:
        Error: the request's Authorization field or form body can not be read.
        ValueError: its URL is none.
    """
    found = parameters(request)
    fields: dict[str, Any] = gather((name, value) for _, name, value in found)
    url = str(request.url)
    signed = Request(request.method, url.partition("?")[0], fields)
    method = str(fields.get("oauth_signature_method", ""))
    plain = method == "PLAINTEXT"
    lines = [
        f"signature method  {method or '(missing)'}",
        f"HTTP method       {signed.method}",
        f"base string URI   {base_uri(url)}",
        "parameters, in the order of the base string:",
    ]
    for name, value, source in sorted((escape(name), escape(value), source) for source, name, value in found):
        if name != "oauth_signature":
            lines.append(f"    {name} = {value}    ({source})")
    lines += [
        f"base string       {'(none: PLAINTEXT signs nothing)' if plain else signature_base_string(signed)}",
        f"key               {key_names(method, bool(fields.get('oauth_token')))}",
        f"signature         {'(hidden: it is the key)' if plain else fields.get('oauth_signature', '(missing)')}",
    ]
    return "\n".join(lines)


def parameters(request: Any) -> list[tuple[str, str, Any]]:
    """Return (source, name, value) of each parameter."""
    if isinstance(request, Request):
        own = [("parameters", name, value) for name, value in flat(request.items())]
        return own + collect(request.url or "", {}, None)
    return collect(str(request.url), request.headers, request.body)


def key_names(method: str, has_token: bool) -> str:
    """Return what the key is made of, by name."""
    if method.startswith("RSA-"):
        return "consumer's RSA private key"
    return "consumer secret & token secret" if has_token else "consumer secret & (no token secret)"
