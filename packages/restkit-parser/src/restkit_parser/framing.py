"""How long the body of a message is, and whether the connection can be used again (RFC 9112 sections 6.3 and 9.3)."""

from __future__ import annotations

from restkit_parser.errors import EXCERPT_BYTES, ParserError
from restkit_parser.grammar import DIGITS, OWS
from restkit_parser.limits import DEFAULT_LIMITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser.head import RequestHead, ResponseHead
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

# As they stand in a section in lower case; searched with rfind, the faster one where they are not there. The value of the
# plain case follows after one space, any other is taken the long way.
_TRANSFER_ENCODING = b"\r\ntransfer-encoding:"
_CONTENT_LENGTH = b"\r\ncontent-length:"
_CONNECTION = b"\r\nconnection:"


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
    # 1. and 2. No body, or a tunnel, whatever the fields say.
    if status < 200 or status == 204 or status == 304 or request_method == "HEAD":
        if status == 101:
            return Framing(TUNNEL, False)
        return Framing(0, _is_kept_alive(head))
    if request_method == "CONNECT" and status < 300:
        return Framing(TUNNEL, False)
    # 3. and 4. Transfer-Encoding overrides Content-Length. 5. and 6. Content-Length.
    length = _length(head, limits)
    if length is None:
        # 8. Neither.
        return Framing(UNTIL_CLOSE, False)
    if length == CHUNKED:
        return Framing(CHUNKED, _is_kept_alive(head) and not _is_faulty(head))
    return Framing(length, _is_kept_alive(head))


def request_framing(head: RequestHead, limits: Limits = DEFAULT_LIMITS) -> Framing:
    """The framing of a request (RFC 9112 section 6.3).

    Raises `ParserError` for a Content-Length or Transfer-Encoding that is invalid or unknown.
    """
    if head.method == "CONNECT":
        # No content (RFC 9110 section 9.3.6): if the tunnel is refused, what was meant to be some is not a request.
        has_content = "transfer-encoding" in head.headers or "content-length" in head.headers
        return Framing(TUNNEL, not has_content and _is_kept_alive(head))
    length = _length(head, limits)
    if length == CHUNKED:
        if head.version < (1, 1):
            raise ParserError("Transfer-Encoding in an HTTP/1.0 request").at(
                None, "RFC 9112 section 6.1", "the framing is faulty"
            )
        return Framing(CHUNKED, _is_kept_alive(head) and not _is_faulty(head))
    # 7. A request without either has no body.
    return Framing(length or 0, _is_kept_alive(head))


def list_members(values: list[str]) -> list[str]:
    """The members of a list-valued field in lower case, empty ones left out (RFC 9110 section 5.6.1)."""
    return [member for part in ",".join(values).split(",") if (member := part.strip(" \t").lower())]


def _length(head: ResponseHead | RequestHead, limits: Limits) -> int | None:
    """The length that the fields give, or `CHUNKED`, or None when they give none."""
    lower = head.lower
    if lower and lower.rfind(_TRANSFER_ENCODING) < 0:
        at = lower.rfind(_CONTENT_LENGTH)
        if at < 0:
            return None
        digits = lower[at + 17 : lower.find(b"\r", at + 17)].strip(OWS)
        if (
            digits.isdigit()
            and len(digits) <= limits.max_length_digits
            and lower.find(_CONTENT_LENGTH, 0, at) < 0
        ):
            return int(digits)
    codings = head.headers.get_all("transfer-encoding")
    if codings:
        _check_codings(codings)
        return CHUNKED
    lengths = head.headers.get_all("content-length")
    return _content_length(lengths, limits) if lengths else None


def _is_kept_alive(head: ResponseHead | RequestHead) -> bool:
    """Whether a message lets its connection persist (RFC 9112 section 9.3)."""
    lower = head.lower
    if lower:
        at = lower.rfind(_CONNECTION)
        if at < 0:
            return head.version != (1, 0)
        if lower.startswith(b" keep-alive\r", at + 13) and lower.find(_CONNECTION, 0, at) < 0:
            return True
    options = list_members(head.headers.get_all("connection"))
    return "close" not in options and (head.version != (1, 0) or "keep-alive" in options)


def _is_faulty(head: ResponseHead | RequestHead) -> bool:
    """Whether a message with Transfer-Encoding is read, but not trusted with another one (sections 6.1 and 6.3)."""
    return head.version == (1, 0) or "content-length" in head.headers


def _check_codings(codings: list[str]) -> None:
    """Chunked alone is known; other codings are in no use, and what they carry would have to be decoded."""
    members = list_members(codings)
    if members != ["chunked"]:
        # A request whose last coding is chunked has an end, so the coding before is what can not be had.
        code = 501 if members[-1:] == ["chunked"] else 400
        raise ParserError(f"Unknown transfer coding: {', '.join(codings)[:EXCERPT_BYTES]!r}").at(
            None, "RFC 9112 section 6.1", "the one coding known is chunked, applied once", code
        )


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
