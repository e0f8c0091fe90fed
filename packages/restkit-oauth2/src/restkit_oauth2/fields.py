"""Two texts that stand outside requests: a server's challenge and the XOAUTH string of mail servers."""

from __future__ import annotations

from .encoding import escape, quoted_string
from .request import Request
from .signing import SignatureMethod_HMAC_SHA1

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .credentials import Consumer, Token

__all__ = ["build_authenticate_header", "build_xoauth_string"]


def build_authenticate_header(realm: str = "") -> dict[str, str]:
    """Return the WWW-Authenticate field that goes with a 401 (RFC 5849 §3.5.1)."""
    return {"WWW-Authenticate": f"OAuth realm={quoted_string(realm)}"}


def build_xoauth_string(url: str, consumer: Consumer, token: Token | None = None) -> str:
    """Return `GET url name="value",…`, signed with HMAC-SHA1, as SMTP and IMAP servers take it."""
    request = Request.from_consumer_and_token(consumer, token, "GET", url)
    request.sign_request(SignatureMethod_HMAC_SHA1(), consumer, token)
    parameters = ",".join(f'{name}="{escape(value)}"' for name, value in sorted(request.items()))
    return f"GET {url} {parameters}"
