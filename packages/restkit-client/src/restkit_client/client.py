"""The client: options, and requests made with them (the manual's restkit.client)."""

from __future__ import annotations

from .messages.request_head import USER_AGENT
from .messages.response import Response
from .options import DEFAULTS, TLS_OPTIONS, Options, nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from restkit_parser import Limits, ResponseHead

    from .messages.request import Fields
    from .settings import Resolver
    from .timeouts import Timeout
    from .transports import Transport

__all__ = [
    "CLIENT_WAIT_TRIES",
    "MAX_CLIENT_CONNECTIONS",
    "MAX_CLIENT_TIMEOUT",
    "MAX_CLIENT_TRIES",
    "MAX_FOLLOW_REDIRECTS",
    "USER_AGENT",
    "Client",
    "request",
]

# restkit 4's constants, which programs import.
MAX_CLIENT_TIMEOUT = 300
MAX_CLIENT_CONNECTIONS = 5
MAX_CLIENT_TRIES = 3
CLIENT_WAIT_TRIES = 0.3
MAX_FOLLOW_REDIRECTS = 5


class Client:
    """Makes requests; safe for threads and greenlets. All parameters are attributes that may be changed.

    A request takes the attributes as they are when it starts. Each may also be given to a single request.

    Args:
        follow_redirect: follow redirects of GET and HEAD, and 303 after any method.
        force_follow_redirect: with `follow_redirect`, follow those of every method, with method and body.
        max_follow_redirect: redirects followed before RedirectLimit.
        filters: objects with `on_request(request)` and/or `on_response(response, request)`.
        decompress: ask for content codings, and undo those of the body.
        max_status_line_garbage: lines to skip before a status line on a reused connection; None for any number.
        max_header_count: fields of a response that are too many; 0 for no limit.
        pool: a ConnectionPool, or any object with `get`, `release_connection`, `release_all`, `size`.
        response_class: what responses are made of; called with (connection, request, head).
        timeout: seconds for connecting, for each read and for each write; or a Timeout. None is no limit.
        use_proxy: use the proxies that the environment names.
        max_tries: how often a request is sent in all where that is safe.
        wait_tries: seconds before the second try; doubled for each further one.
        pool_size: idle connections kept for each origin.
        backend: "thread", "gevent" or "eventlet".
        base_url: what relative URLs are resolved against.
        headers: fields that every request gets, unless it has them itself.
        proxy: the URL of a proxy, or a callable: URL → proxy's URL or None.
        transport: carries requests instead of sockets (WSGITransport, FunctionTransport).
        manager: the same as `pool`.
        unix_socket: path of a socket to connect to instead of the URL's host.
        source_address: (host, port) to connect from.
        family: socket.AF_INET or AF_INET6, to use only that.
        resolver: callable (host, port, phase) → [(family, address)…] instead of the system's.
        on_connect: callable (address) that raises to refuse the address really used.
        socket_options: (level, option, value) triples for each socket.
        on_interim: callable (head) for each 1xx response.
        expect_timeout: seconds to wait for 100 (Continue) before the body is sent anyway.
        on_event: callable (name, subject): connection_opened, connection_reused, response_started, redirect, retry.
        retry_statuses: status codes after which a request is tried again, after Retry-After.
        idempotent: whether requests of any method may be repeated.
        refuse_downgrade: refuse a redirect from https to http.
        max_size: bytes of decoded body that are too many. `max_ratio`: times that a body may inflate.
        json_loads: what `Response.json` uses instead of json.loads.
        limits: the parser's limits on heads and chunks.
        max_connections, max_per_origin: open connections at a time; the client then has a pool of its own.
        **ssl_args: verify, ssl_context, ca_certs, certfile, keyfile … (see `tls.TLSSettings`).

    Raises:
        TypeError: an option that does not exist.
    """

    follow_redirect: bool
    force_follow_redirect: bool
    max_follow_redirect: int
    decompress: bool
    max_status_line_garbage: int | None
    max_header_count: int
    timeout: float | Timeout | None
    use_proxy: bool
    max_tries: int
    wait_tries: float
    pool_size: int
    backend: str
    max_connections: int | None
    max_per_origin: int | None
    version: tuple[int, int] = (1, 1)
    response_class: type[Response] | None = Response
    _snapshot: Options | None = None

    def __init__(
        self,
        follow_redirect: bool = False,
        force_follow_redirect: bool = False,
        max_follow_redirect: int = 5,
        filters: Sequence[Any] | None = None,
        decompress: bool = True,
        max_status_line_garbage: int | None = None,
        max_header_count: int = 0,
        pool: Any = None,
        response_class: type[Response] | None = None,
        timeout: float | Timeout | None = None,
        use_proxy: bool = False,
        max_tries: int = 3,
        wait_tries: float = 0.3,
        pool_size: int = 10,
        backend: str = "thread",
        *,
        base_url: str | None = None,
        headers: Fields = None,
        proxy: str | Callable[[str], str | None] | None = None,
        transport: Transport | None = None,
        manager: Any = None,
        unix_socket: str | None = None,
        source_address: tuple[str, int] | None = None,
        family: int = 0,
        resolver: Resolver | None = None,
        on_connect: Callable[[Any], None] | None = None,
        socket_options: Sequence[tuple[int, int, Any]] = (),
        on_interim: Callable[[ResponseHead], None] | None = None,
        expect_timeout: float = 1.0,
        on_event: Callable[[str, Any], None] | None = None,
        retry_statuses: Iterable[int] = (),
        idempotent: bool = False,
        refuse_downgrade: bool = False,
        max_size: int | None = None,
        max_ratio: float | None = None,
        json_loads: Callable[[bytes], Any] | None = None,
        limits: Limits | None = None,
        max_connections: int | None = None,
        max_per_origin: int | None = None,
        **ssl_args: Any,
    ) -> None:
        values = locals()
        for name in DEFAULTS:
            setattr(self, name, values[name])
        for name in ssl_args:
            if name not in TLS_OPTIONS:
                raise TypeError(nearest(name))
        self.ssl_args = ssl_args
        self.filters = list(filters or ())
        self.response_class = response_class or type(self).response_class
        self.pool = pool if pool is not None else manager
        self.method = "GET"
        self.body = None
        self._own_pool: Any = None
        self.load_filters()

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if name != "_snapshot":
            object.__setattr__(self, "_snapshot", None)

    # -- requests

    # What a single request can not have: it belongs to a client's own pool.


_OF_A_CLIENT = frozenset({"pool_size", "max_connections", "max_per_origin"})
_shared = Client()


def request(
    url: str, method: str = "GET", body: Any = None, headers: Fields = None, **kwargs: Any
) -> Response:
    """Send a request without a client (the manual's restkit.request); connections are shared by all such requests.

    Args:
        url: an http or https URL.
        method: the method.
        body: bytes, text, a file, an iterable, a dict or list of pairs for a form.
        headers: fields, as a mapping or pairs.
        **kwargs: options of Client, and the keyword arguments of Client.request.

    Raises:
        As Client.request.
    """
    client = _shared
    if not _OF_A_CLIENT.isdisjoint(kwargs):
        client = Client(**{name: kwargs.pop(name) for name in _OF_A_CLIENT.intersection(kwargs)})
    return client.request(url, method, body, headers, **kwargs)
