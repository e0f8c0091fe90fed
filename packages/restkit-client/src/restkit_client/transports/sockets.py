"""One request to its answer over a connection: from the pool or opened, written, and the head read."""

from __future__ import annotations

from time import monotonic

from ..connection import Connection
from ..errors import RequestError
from ..messages.request_head import frame_body, make_head
from ..retries import IDEMPOTENT
from ..sending import send_body
from ..timings import Timings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_parser import ResponseHead

    from ..messages.request import Request
    from ..options import Options
    from ..proxy_rules import ProxyUrl
    from ..timeouts import Deadline

__all__ = ["Try", "acquire", "send"]

# A server may close an idle connection at any moment. What may not be sent twice is not sent on one that was
# idle for longer than this, so that the two seldom cross.
FRESH_SECONDS = 2.0


class Try:
    """What became of one attempt to send a request: what a decision about the next one needs.

    Attributes:
        connection: the connection that was used, None while there was none.
        wrote: whether a byte of the request was written.
        reused: whether the connection had served before.
    """

    __slots__ = ("connection", "reused", "timings", "wrote")

    def __init__(self) -> None:
        self.connection: Any = None
        self.wrote = False
        self.reused = False
        self.timings: Timings | None = None


def acquire(request: Request, options: Options, pool: Any, deadline: Deadline, *, fresh: bool = False) -> Any:
    """A connection for a request, from the pool or opened.

    Args:
        request: where to.
        options: how.
        pool: a ConnectionPool, or any object with socketpool's `get`.
        deadline: the call's clock.
        fresh: take none that is idle.

    Raises:
        ResolveError, ConnectError, ProxyError, RequestTimeout: there is none to be had.
    """
    url = request.parsed_url
    settings = options.settings
    proxy = options.proxy_for(url) if options.proxy is not None or options.environ_proxies else None
    request.is_proxied = proxy is not None
    # Through a plain proxy one connection serves all http origins.
    forwarding = proxy is not None and not url.is_ssl and proxy.scheme in ("http", "https")
    take = getattr(pool, "take", None)
    if take is None:
        return pool.get(
            host=url.hostname,
            port=url.port,
            is_ssl=url.is_ssl,
            proxy=proxy,
            settings=settings,
            deadline=deadline,
        )
    key = ("http proxy" if forwarding else url.origin, proxy, settings)
    max_idle = None if request.method in IDEMPOTENT else FRESH_SECONDS
    connection = take(key, deadline, fresh=fresh, max_idle=max_idle)
    if connection is not None:
        return connection
    try:
        return Connection(
            url.hostname,
            url.port,
            pool=pool,
            is_ssl=url.is_ssl,
            settings=settings,
            deadline=deadline,
            proxy=proxy,
            key=key,
        )
    except BaseException:
        pool.discard(key=key)
        raise


def send(
    request: Request, options: Options, pool: Any, deadline: Deadline, attempt: Try, *, fresh: bool = False
) -> tuple[Any, ResponseHead]:
    """Send a request and read the head of the final response; the body is still on the connection.

    Raises:
        RestkitError: as the errors' documentation says; the connection is closed then.
    """
    chunked = frame_body(request, options) if request.content is not None or request.headers else False
    connection = acquire(request, options, pool, deadline, fresh=fresh)
    attempt.connection = connection
    attempt.reused = connection.requests > 0
    opened = None if attempt.reused else connection.opened
    connection.requests += 1
    limits = options.reused_limits if attempt.reused else options.limits
    connection.begin(deadline, limits, options.on_interim)
    on_event = options.on_event
    if on_event is not None:
        on_event("connection_reused" if attempt.reused else "connection_opened", connection)
    try:
        started = monotonic()
        head = _write(connection, request, options, chunked)
        sent = monotonic()
        if head is None:
            head = connection.heads.read()
        else:
            connection.complete = False
        attempt.timings = connection.timings = Timings(opened, started, sent, monotonic())
    except BaseException:
        attempt.wrote = connection.stream.wrote
        connection.close()
        raise
    return connection, head


def _write(connection: Any, request: Request, options: Options, chunked: bool) -> ResponseHead | None:
    """Write the request; the head of a response that came before its end, or None."""
    url = request.parsed_url
    target = url.target
    extra = connection.extra_headers
    if request.is_proxied and not url.is_ssl:
        target, extra = _through(connection.proxy, request, extra)
    head = make_head(request, options, target, extra)
    body = request.content
    if body is None:
        connection.stream.send_all(head)
        return None
    if not body.rewind():
        raise RequestError("the body was read before: give a new one for each request")
    if options.version == (1, 1) and (request.headers.get("expect") or "").lower() == "100-continue":
        early = _expect(connection, head, options)
        if early is not None:
            return early
        head = b""
    return send_body(connection, body, chunked, request.trailers, head)


def _through(proxy: ProxyUrl, request: Request, extra: Any) -> tuple[str, Any]:
    """Target and fields for a proxy that forwards the request (RFC 9112 §3.2.2)."""
    if proxy.scheme not in ("http", "https"):
        return request.parsed_url.target, extra
    if proxy.credentials is not None:
        from ..filters.basic import basic_credentials

        extra = [*extra, ("Proxy-Authorization", basic_credentials(*proxy.credentials))]
    url = request.parsed_url
    return f"{url.scheme}://{url.netloc}{url.target}", extra


def _expect(connection: Any, head: bytes, options: Options) -> ResponseHead | None:
    """Send the head and wait for leave to send the body; a final response instead is returned (RFC 9110 §10.1.1)."""
    connection.stream.send_all(head)
    early: ResponseHead | None = connection.heads.await_continue(options.expect_timeout)
    return early
