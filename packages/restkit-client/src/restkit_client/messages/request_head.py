"""A request's head as bytes, and how its body will be framed (RFC 9112 §3, §6).

The order is the manual's: request line, Host, User-Agent, Accept-Encoding, the request's own fields, the
connection's.
"""

from __future__ import annotations

from restkit_parser import InvalidHeader, write_request_head

from ..codings import accept_encoding
from ..errors import RequestError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..options import Options
    from .request import Request

__all__ = ["USER_AGENT", "frame_body", "make_head"]

USER_AGENT = "restkit/5.0.0"

_FIRST = frozenset({"host", "user-agent", "accept-encoding"})


def frame_body(request: Request, options: Options) -> bool:
    """Decide how the body is framed; adds Transfer-Encoding to the request's fields where the length is unknown.

    Returns:
        Whether the body is chunked.

    Raises:
        RequestError: length and body contradict each other, or the body's length is unknown and HTTP/1.0 is spoken.
        InvalidHeader: a Transfer-Encoding other than chunked.
    """
    fields = request.headers
    content = request.content
    coding = fields.get("transfer-encoding")
    lengths = set(fields.get_all("content-length"))
    if len(lengths) > 1:
        raise RequestError(f"Content-Length is given as {' and as '.join(sorted(lengths))}")
    if coding is not None and coding.strip().lower() != "chunked":
        raise InvalidHeader(f"Transfer-Encoding: {coding}").at(
            None, "RFC 9112 section 6.1", "only chunked can be sent"
        )
    if content is None:
        if coding is not None or lengths - {"0"}:
            raise RequestError(
                "the fields announce a body, and there is none: give body=, or leave the field out"
            )
        return False
    if coding is None and lengths:
        return False
    if options.version < (1, 1):
        raise RequestError(
            "the body's length is unknown and HTTP/1.0 has no chunked coding: give a Content-Length"
        )
    if coding is None:
        fields.add("Transfer-Encoding", "chunked")
    if lengths:
        del fields["content-length"]
    return True


def make_head(
    request: Request, options: Options, target: str, extra: Iterable[tuple[str, str]] = ()
) -> bytes:
    """The head of a request, blank line included.

    Args:
        request: what to send.
        options: the client's: HTTP version, default fields.
        target: as the request line says it: origin-form, or absolute-form to a proxy (RFC 9112 §3.2).
        extra: the connection's fields.

    Raises:
        InvalidRequestMethod, InvalidRequestLine, InvalidHeaderName, InvalidHeader: what may not be sent (RFC 9110 §5.5).
    """
    url = request.parsed_url
    if not request.fields and not extra:
        # Checked before: the method by Request, target and Host by split_url, the rest by Options.
        return f"{request.method} {target} {options.protocol}\r\nHost: {url.netloc}\r\n{options.common}\r\n".encode(
            "ascii"
        )
    fields = request.headers
    coding = fields.get("accept-encoding")
    if coding is None:
        # A range of a coded body can not be decoded.
        coding = accept_encoding() if options.decompress and "range" not in fields else "identity"
    pairs = [
        ("Host", fields.get("host") or url.netloc),
        ("User-Agent", fields.get("user-agent") or options.user_agent),
        ("Accept-Encoding", coding),
        *[pair for pair in fields.items() if pair[0].lower() not in _FIRST],
        *extra,
    ]
    return write_request_head(request.method, target, pairs, options.version)
