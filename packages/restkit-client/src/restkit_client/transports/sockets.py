"""One request to its answer over a connection: from the pool or opened, written, and the head read."""

from __future__ import annotations

from time import monotonic

from ..connection import Connection
from ..errors import RequestError
from ..messages.request_head import frame_body, make_head
from ..pool import Shelf
from ..retries import IDEMPOTENT
from ..sending import send_body

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from restkit_parser import Headers, ResponseHead

    from ..exchange import Exchange
    from ..messages.request import Request
    from ..messages.response import Moments
    from ..options import Options
    from ..proxy_rules import ProxyUrl
    from ..timeouts import Deadline

__all__ = ["acquire", "send"]

# A server may close an idle connection at any moment. What may not be sent twice is not sent on one that was
# idle for longer than this, so that the two seldom cross.
FRESH_SECONDS = 2.0
# What opening a connection took when it was open already.
NO_TIME = (0.0, 0.0, 0.0)


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
    # To a proxy that forwards, one connection serves all http origins.
    forwarding = proxy is not None and proxy.forwards(url)
    if (proxy is not None or options.environ_proxies or options.proxy is not None) and not forwarding:
        # It is for a proxy; here it would reach the origin.
        request.fields = _without_proxy_authorization(request.fields)
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
    found = take(key, deadline, fresh=fresh, max_idle=max_idle)
    if type(found) is not Shelf:
        return found
    try:
        return Connection(
            url.hostname,
            url.port,
            pool=pool,
            is_ssl=url.is_ssl,
            settings=settings,
            deadline=deadline,
            proxy=proxy,
            key=found,
            user_agent=None if proxy is None else _user_agent(request, options),
        )
    except BaseException:
        pool.discard(key=found)
        raise


def send(request: Request, exchange: Exchange, fresh: bool) -> tuple[ResponseHead, Moments]:
    """Send a request and read the head of the final response; the body is still on the exchange's connection.

    Raises:
        RestkitError: as the errors' documentation says; the connection is closed then.
    """
    options = exchange.options
    deadline = exchange.deadline
    chunked = bool(request.fields) and frame_body(request, options)
    connection = acquire(request, options, exchange.pool, deadline, fresh=fresh)
    exchange.connection = connection
    count = connection.requests
    connection.requests = count + 1
    stream = connection.stream
    connection.begin(deadline, options.reused_limits if count else options.limits, options.on_interim)
    try:
        if options.on_event is not None:
            options.on_event("connection_reused" if count else "connection_opened", connection)
        started = monotonic()
        if request.content is None and not request.is_proxied and request.method != "CONNECT":
            stream.send_all(make_head(request, options, request.parsed_url.target, connection.extra_headers))
            early = None
        else:
            early = _write(connection, request, options, chunked)
        sent = monotonic()
        if early is None:
            head = connection.heads.read()
        else:
            head = early
            connection.complete = False
    except BaseException:
        connection.close()
        raise
    return head, (NO_TIME if count else connection.opened, started, sent, monotonic())


def _write(connection: Any, request: Request, options: Options, chunked: bool) -> ResponseHead | None:
    """Write the request; the head of a response that came before its end, or None."""
    url = request.parsed_url
    target = url.target
    extra = connection.extra_headers
    if request.is_proxied and connection.proxy.forwards(url):
        target, extra = _through(connection.proxy, request, extra)
    if request.method == "CONNECT":
        # RFC 9112 §3.2.3: the authority-form, its port never left out.
        target = url.netloc if url.netloc.endswith(f":{url.port}") else f"{url.netloc}:{url.port}"
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
    url = request.parsed_url
    target = f"{url.scheme}://{url.netloc}{url.target}"
    if proxy.credentials is not None and "proxy-authorization" not in request.headers:
        from ..proxy_auth import authorization

        value = authorization(proxy, request.method, target, request.content)
        if value is not None:
            extra = [*extra, ("Proxy-Authorization", value)]
    return target, extra


def _without_proxy_authorization(fields: Headers | None) -> Headers | None:
    if fields is None or "proxy-authorization" not in fields:
        return fields
    kept = fields.copy()
    del kept["proxy-authorization"]
    return kept


def _user_agent(request: Request, options: Options) -> str:
    return request.headers.get("user-agent") or options.user_agent


def _expect(connection: Any, head: bytes, options: Options) -> ResponseHead | None:
    """Send the head and wait for leave to send the body; a final response instead is returned (RFC 9110 §10.1.1)."""
    connection.stream.send_all(head)
    early: ResponseHead | None = connection.heads.await_continue(options.expect_timeout)
    return early
