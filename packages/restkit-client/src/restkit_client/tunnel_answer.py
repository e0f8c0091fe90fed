"""A proxy's answer to CONNECT: the tunnel, or why there is none (RFC 9110 §9.3.6)."""

from __future__ import annotations

from time import monotonic

from restkit_parser import (
    CHUNKED,
    DEFAULT_LIMITS,
    ChunkDecoder,
    RestkitError,
    parse_response_head,
    response_framing,
)
from restkit_parser.scanning import RESPONSE, HeadScanner

from .errors import ProxyError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from restkit_parser import ResponseHead

    from .proxy_link import Link

__all__ = ["MAX_ERROR_BODY", "check_granted", "read_answer"]

# What is kept of a refusal's body: enough to see why.
MAX_ERROR_BODY = 4_096
# How long the body of a refusal is waited for: the refusal itself is known already.
BODY_SECONDS = 1.0
READ_SIZE = 4_096


def read_answer(link: Link, name: str) -> tuple[ResponseHead, bytearray]:
    """The head of the final answer, and what came with it.

    Args:
        link: where from.
        name: the proxy, for the error's text.

    Raises:
        ProxyError: it is not HTTP, too large, or does not come.
        ConnectTimeout, TotalTimeout: not in time.
    """
    data = bytearray()
    for _ in range(DEFAULT_LIMITS.max_interim_responses + 1):
        head = _read_head(link, data, name)
        # 101 is final, and nothing that was asked for.
        if head.status >= 200 or head.status == 101:
            return head, data
    raise ProxyError(
        f"proxy {name} sent more than {DEFAULT_LIMITS.max_interim_responses} interim responses", head.status
    )


def check_granted(link: Link, head: ResponseHead, rest: bytearray, name: str) -> None:
    """Raise ProxyError unless the answer grants the tunnel, which is then empty still."""
    if not 200 <= head.status < 300:
        raise ProxyError(
            f"proxy {name} refused the tunnel: {head.status} {head.reason}",
            head.status,
            _read_body(link, head, rest),
        )
    if rest:
        # Content-Length counts for nothing here. What comes before TLS begins was said by the proxy, not the origin.
        raise ProxyError(
            f"proxy {name} sent {len(rest)} bytes into the tunnel before it was used", head.status
        )


def _read_head(link: Link, data: bytearray, name: str) -> ResponseHead:
    """One head, cut off the beginning of `data`, to which is added what has to be read for it."""
    scanner = HeadScanner(DEFAULT_LIMITS, RESPONSE)
    try:
        while (end := scanner.end(data, 0, len(data))) < 0:
            block = link.recv(READ_SIZE)
            if not block:
                raise ProxyError(f"proxy {name} closed the connection before it answered")
            data += block
        head = parse_response_head(scanner.normalised())
    except ProxyError:
        raise
    except RestkitError as error:
        if isinstance(error, TimeoutError):
            raise
        raise ProxyError(f"proxy {name} did not answer in HTTP: {error}") from error
    del data[:end]
    return head


def _read_body(link: Link, head: ResponseHead, rest: bytearray) -> bytes:
    """The beginning of a refusal's body; a faulty or late one is cut where that is noticed."""
    body = bytearray()
    try:
        length = response_framing(head, "CONNECT").length
        decoder = ChunkDecoder() if length == CHUNKED else None
        limit = MAX_ERROR_BODY if length < 0 else min(length, MAX_ERROR_BODY)
        end = monotonic() + BODY_SECONDS
        while True:
            filled = len(rest) if decoder is None else decoder.decode(rest, 0, len(rest))[0]
            body += rest[:filled]
            if len(body) >= limit or (decoder is not None and decoder.done):
                break
            rest = bytearray(link.recv_within(READ_SIZE, max(end - monotonic(), 0.0)))
            if not rest:
                break
    except RestkitError:
        limit = MAX_ERROR_BODY
    return bytes(body[:limit])
