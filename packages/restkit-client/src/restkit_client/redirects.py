"""Redirects: is this response followed, with which method, and what goes along (RFC 9110 §15.4).

    status              follow                  follow and force
    301 302 307 308     GET and HEAD            every method; method and body are kept
    300                 GET and HEAD, when the response has a Location
    303                 every method, as GET without body (HEAD stays HEAD)

A hop to another origin takes only fields that can carry no secret: those of `_ANY_ORIGIN`. That is a list of what may go, not
of what may not, since nobody knows the name of everybody's API key field.
"""

from __future__ import annotations

from restkit_client.errors import InvalidUrl
from restkit_client.urls import cut_userinfo, join_url, redact, split_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser import Headers

__all__ = ["Hop", "hop_headers", "next_hop"]

_KEEPS_METHOD = frozenset({301, 302, 307, 308})
_SAFE_METHODS = frozenset({"GET", "HEAD"})

# What describes the caller's taste or the part that is wanted. Not here on purpose: Host (that of the first origin), Referer and
# Origin (tell where from), If-None-Match and If-Match (an entity tag of the first origin identifies), and every unknown field.
_ANY_ORIGIN = frozenset(
    {
        "accept",
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "dnt",
        "if-modified-since",
        "if-unmodified-since",
        "pragma",
        "range",
        "user-agent",
    }
)

# What describes the body, besides the fields whose name starts with "content-" (RFC 9110 §15.4).
_BODY_FIELDS = frozenset({"transfer-encoding", "expect", "trailer", "digest", "repr-digest"})
# Of the body's fields, what is sent with the body to another origin.
_BODY_ANY_ORIGIN = frozenset(
    {
        "content-digest",
        "content-encoding",
        "content-language",
        "content-length",
        "content-md5",
        "content-range",
        "content-type",
        "digest",
        "expect",
        "repr-digest",
        "transfer-encoding",
    }
)


class Hop:
    """The request that a redirect asks for.

    Attributes:
        url: where to, absolute, without userinfo; the fragment is the Location's or that of the URL before.
        method: the method of the next request.
        keep_body: whether the body is sent again; it has to rewind for that.
        same_origin: whether scheme, host and port are those of the URL before.
        downgrade: whether the hop leads from https to http; such a hop is never same_origin.
    """

    __slots__ = ("downgrade", "keep_body", "method", "same_origin", "url")

    def __init__(self, url: str, method: str, *, keep_body: bool, same_origin: bool, downgrade: bool) -> None:
        self.url = url
        self.method = method
        self.keep_body = keep_body
        self.same_origin = same_origin
        self.downgrade = downgrade

    def __repr__(self) -> str:
        return f"<Hop {self.method} {redact(self.url)}>"


def next_hop(
    method: str, status: int, location: str | None, url: str, *, follow: bool, force: bool
) -> Hop | None:
    """The next request, or None when the response is the caller's to look at.

    Args:
        method: the method of the request that was answered.
        status: the status of the response.
        location: its Location field as the parser gives it (latin-1 text), or None.
        url: the URL of the request that was answered.
        follow: the client's `follow_redirect`.
        force: the client's `force_follow_redirect`.

    Raises:
        InvalidUrl: the Location can not be requested: not http or https, or malformed.
    """
    if not follow or not location:
        return None
    if status == 303:
        keep_body = False
        next_method = method if method == "HEAD" else "GET"
    elif (status in _KEEPS_METHOD and (force or method in _SAFE_METHODS)) or (
        status == 300 and method in _SAFE_METHODS
    ):
        keep_body = True
        next_method = method
    else:
        return None
    before = split_url(url)
    target = _resolve(before.geturl(), location)
    after = split_url(target)
    if before.fragment and not after.fragment:
        target = f"{target}#{before.fragment}"
    return Hop(
        target,
        next_method,
        keep_body=keep_body,
        same_origin=before.origin == after.origin,
        downgrade=before.is_ssl and not after.is_ssl,
    )


def hop_headers(headers: Headers, hop: Hop) -> Headers:
    """The fields of the last request that the hop may carry, as a new Headers."""
    kept = headers.copy()
    for name in {name.lower() for name, _ in headers.items()}:
        if not _goes_along(name, hop):
            del kept[name]
    return kept


def _goes_along(name: str, hop: Hop) -> bool:
    if name.startswith("content-") or name in _BODY_FIELDS:
        return hop.keep_body and (hop.same_origin or name in _BODY_ANY_ORIGIN)
    return hop.same_origin or name in _ANY_ORIGIN


def _resolve(base: str, location: str) -> str:
    """The absolute target; userinfo is dropped: a server does not choose the credentials we send."""
    try:
        # Field values are latin-1 on the wire; what servers put there beyond ASCII is UTF-8.
        location = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        location = "".join(char if char < "\x80" else f"%{ord(char) & 0xFF:02X}" for char in location)
    try:
        return split_url(cut_userinfo(join_url(base, location))[0]).geturl()
    except InvalidUrl as error:
        raise InvalidUrl(f"the redirect can not be followed: {error}") from None
