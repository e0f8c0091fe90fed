"""How long the body of a message is, and whether the connection can be used again (RFC 9112 sections 6.3 and 9.3)."""

from __future__ import annotations

from restkit_parser.errors import EXCERPT_BYTES, ParserError
from restkit_parser.grammar import DIGITS
from restkit_parser.limits import DEFAULT_LIMITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.head import RequestHead, ResponseHead
    from restkit_parser.headers import Headers
    from restkit_parser.limits import Limits

__all__ = [
    "CHUNKED",
    "TUNNEL",
    "UNTIL_CLOSE",
    "Framing",
    "list_members",
    "request_framing",
    "response_framing",
]

# Values of `Framing.length` that are no length.
CHUNKED = -1
UNTIL_CLOSE = -2
TUNNEL = -3


class Framing:
    """Where a body ends.

    Attributes:
        length: bytes of body, or `CHUNKED`, `UNTIL_CLOSE`, or `TUNNEL`: what follows the head is not HTTP any more.
        keep_alive: whether the connection may carry another message afterwards.
    """

    __slots__ = ("keep_alive", "length")

    def __init__(self, length: int, keep_alive: bool) -> None:
        self.length = length
        self.keep_alive = keep_alive

    def __repr__(self) -> str:
        names = {CHUNKED: "CHUNKED", UNTIL_CLOSE: "UNTIL_CLOSE", TUNNEL: "TUNNEL"}
        return f"Framing({names.get(self.length, self.length)}, keep_alive={self.keep_alive})"


def response_framing(head: ResponseHead, request_method: str, limits: Limits = DEFAULT_LIMITS) -> Framing:
    """The framing of a response to a request with `request_method` (RFC 9112 section 6.3).

    Raises `ParserError` for a Content-Length or Transfer-Encoding that is invalid or unknown.
    """
    status = head.status
    headers = head.headers
    # 1. and 2. No body, or a tunnel, whatever the fields say.
    if status < 200 or status == 204 or status == 304 or request_method == "HEAD":
        return Framing(TUNNEL if status == 101 else 0, status != 101 and is_kept_alive(head.version, headers))
    if request_method == "CONNECT" and status < 300:
        return Framing(TUNNEL, False)
    keep_alive = is_kept_alive(head.version, headers)
    # 3. and 4. Transfer-Encoding overrides Content-Length.
    codings = headers.get_all("transfer-encoding")
    if codings:
        return _chunked(codings, head.version, headers, keep_alive)
    # 5. and 6. Content-Length.
    lengths = headers.get_all("content-length")
    if lengths:
        return Framing(_content_length(lengths, limits), keep_alive)
    # 8. Neither.
    return Framing(UNTIL_CLOSE, False)


def request_framing(head: RequestHead, limits: Limits = DEFAULT_LIMITS) -> Framing:
    """The framing of a request (RFC 9112 section 6.3).

    Raises `ParserError` for a Content-Length or Transfer-Encoding that is invalid or unknown.
    """
    headers = head.headers
    keep_alive = is_kept_alive(head.version, headers)
    codings = headers.get_all("transfer-encoding")
    lengths = headers.get_all("content-length")
    if head.method == "CONNECT":
        # No content (RFC 9110 section 9.3.6): if the tunnel is refused, what was meant to be some is not a request.
        return Framing(TUNNEL, keep_alive and not codings and not lengths)
    if codings:
        if head.version < (1, 1):
            raise ParserError("Transfer-Encoding in an HTTP/1.0 request").at(
                None, "RFC 9112 section 6.1", "the framing is faulty"
            )
        return _chunked(codings, head.version, headers, keep_alive)
    # 7. A request without either has no body.
    return Framing(_content_length(lengths, limits) if lengths else 0, keep_alive)


def is_kept_alive(version: tuple[int, int], headers: Headers) -> bool:
    """Whether a message lets its connection persist (RFC 9112 section 9.3)."""
    connection = headers.get_all("connection")
    if not connection:
        return version >= (1, 1)
    options = list_members(connection)
    return "close" not in options and (version >= (1, 1) or "keep-alive" in options)


def list_members(values: list[str]) -> list[str]:
    """The members of a list-valued field in lower case, empty ones left out (RFC 9110 section 5.6.1)."""
    return [member for part in ",".join(values).split(",") if (member := part.strip(" \t").lower())]


def _chunked(codings: list[str], version: tuple[int, int], headers: Headers, keep_alive: bool) -> Framing:
    """The framing by Transfer-Encoding: chunked alone; other codings are in no use and would have to be decoded."""
    if list_members(codings) != ["chunked"]:
        shown = ", ".join(codings)[:EXCERPT_BYTES]
        known = list_members(codings)[-1:] == ["chunked"]
        raise ParserError(f"Unknown transfer coding: {shown!r}").at(
            None,
            "RFC 9112 section 6.1",
            "the one coding known is chunked, applied once",
            501 if known else 400,
        )
    # Faulty framing by sections 6.1 and 6.3: read so, but never trusted with another message.
    faulty = version < (1, 1) or "content-length" in headers
    return Framing(CHUNKED, keep_alive and not faulty)


def _content_length(values: list[str], limits: Limits) -> int:
    """The one length that the fields give; a list of identical ones is one (RFC 9110 section 8.6)."""
    first, *others = [part.strip(" \t") for part in ",".join(values).split(",")]
    digits = first.encode("latin-1")
    if not digits or digits.translate(None, DIGITS) or any(other != first for other in others):
        raise ParserError(f"Invalid Content-Length: {', '.join(values)[:EXCERPT_BYTES]!r}").at(
            None, "RFC 9112 section 6.3", "a length is digits, and only one"
        )
    if len(digits.lstrip(b"0")) > limits.max_length_digits:
        raise ParserError(f"Invalid Content-Length: {first[:EXCERPT_BYTES]!r}").at(
            None, "RFC 9110 section 8.6", f"a length of more than {limits.max_length_digits} digits", 413
        )
    # int() refuses text of more than 4300 digits, leading zeros included.
    return int(digits.lstrip(b"0") or b"0")
