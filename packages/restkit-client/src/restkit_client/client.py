"""The client: options, and requests made with them (the manual's restkit.client)."""

from __future__ import annotations

from restkit_parser import Headers

from .errors import RequestError
from .exchange import Exchange
from .messages.building import build_request
from .messages.request_head import USER_AGENT, make_head
from .messages.response import Response
from .options import DEFAULTS, TLS_OPTIONS, Options, nearest
from .session import backend_of, default_pools, default_session
from .timeouts import Deadline

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from os import PathLike
    from types import TracebackType
    from typing import Any, Self

    from restkit_parser import Limits, ResponseHead

    from .connection import Connection
    from .messages.request import Fields, Request
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

    def request(
        self,
        url: str,
        method: str = "GET",
        body: Any = None,
        headers: Fields = None,
        *,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        trailers: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> Response:
        """Send a request and return the response; its body is still to be read.

        Args:
            url: an http or https URL; relative to `base_url` if there is one. Credentials in it are sent by BasicAuth.
            method: any method.
            body: bytes, text, a file, an iterable, a dict or list of pairs for a form.
            headers: fields, as a mapping or pairs.
            params: a dict or pairs to add to the URL's query.
            data: the same as `body`.
            json: a value to send as JSON.
            files: a dict or pairs of name to file, or (filename, file[, type]), for a multipart form; `data` adds fields.
            trailers: (name, value) pairs to send after a chunked body.
            **options: any option of the client, for this request only.

        Raises:
            InvalidUrl, RequestError: the request can not be sent.
            RestkitError: as the errors' documentation says. A status of 400 or more raises nothing.
        """
        taken = self._override(options) if options else self._snapshot or self._take_snapshot()
        return self.perform(
            build_request(taken, url, method, body, headers, params, data, json, files, trailers)
        )

    def build_request(
        self,
        url: str,
        method: str = "GET",
        body: Any = None,
        headers: Fields = None,
        *,
        params: Any = None,
        data: Any = None,
        json: Any = None,
        files: Any = None,
        trailers: Sequence[tuple[str, str]] = (),
        **options: Any,
    ) -> Request:
        """The request that `request` would send for these arguments: to be looked at, changed, and given to `perform`."""
        taken = self._override(options) if options else self._snapshot or self._take_snapshot()
        request = build_request(taken, url, method, body, headers, params, data, json, files, trailers)
        request.add_missing(taken.headers)
        return request

    def perform(self, request: Request) -> Response:
        """Send a request that was made before; returns and raises as `request`."""
        options = request.options or self._snapshot or self._take_snapshot()
        pool = options.pool
        if pool is None:
            pool = self._pool(options)
            if pool.backend_mod is not options.settings.backend:
                options = self._on_backend(options, pool)
        request.options = options
        if options.has_headers:
            request.add_missing(options.headers)
        return Exchange(options, pool, options.endless or Deadline(options.timeout)).run(request)

    def get(self, url: str, headers: Fields = None, **options: Any) -> Response:
        """GET; as `request`."""
        return self.request(url, "GET", None, headers, **options)

    def head(self, url: str, headers: Fields = None, **options: Any) -> Response:
        """HEAD; as `request`."""
        return self.request(url, "HEAD", None, headers, **options)

    def options(self, url: str, headers: Fields = None, **options: Any) -> Response:
        """OPTIONS; as `request`."""
        return self.request(url, "OPTIONS", None, headers, **options)

    def delete(self, url: str, headers: Fields = None, **options: Any) -> Response:
        """DELETE; as `request`."""
        return self.request(url, "DELETE", None, headers, **options)

    def post(self, url: str, body: Any = None, headers: Fields = None, **options: Any) -> Response:
        """POST; as `request`."""
        return self.request(url, "POST", body, headers, **options)

    def put(self, url: str, body: Any = None, headers: Fields = None, **options: Any) -> Response:
        """PUT; as `request`."""
        return self.request(url, "PUT", body, headers, **options)

    def patch(self, url: str, body: Any = None, headers: Fields = None, **options: Any) -> Response:
        """PATCH; as `request`."""
        return self.request(url, "PATCH", body, headers, **options)

    def stream(
        self, url: str, method: str = "GET", body: Any = None, headers: Fields = None, **options: Any
    ) -> Response:
        """As `request`: to be used as `with client.stream(url) as response:`, which gives up what is not read."""
        return self.request(url, method, body, headers, **options)

    def download(
        self,
        url: str,
        path: str | PathLike[str],
        *,
        progress: Callable[[int, int | None], object] | None = None,
        resume: bool = True,
        headers: Fields = None,
        **options: Any,
    ) -> int:
        """GET into a file, which is there whole or not at all; an interrupted download is gone on with by the next call.

        Args:
            url: what to get.
            path: the file, replaced when there is one.
            progress: called as progress(bytes so far, total or None).
            resume: whether to keep, and to use, what came when the download breaks off.
            headers: fields of the request.
            **options: as `request`.

        Returns:
            The file's size in bytes.

        Raises:
            RequestFailed: the status is neither 200 nor 206; and as `request` and `Response.body_string`.
            OSError: the file can not be written.
        """
        from .saving import download

        given = Headers(headers)

        def fetch(fields: dict[str, str]) -> Response:
            return self.request(url, "GET", None, [*given.items(), *fields.items()], **options)

        return download(fetch, path, progress=progress, resume=resume)

    # -- options

    def _take_snapshot(self) -> Options:
        snapshot = Options(self._values(), self.version)
        object.__setattr__(self, "_snapshot", snapshot)
        return snapshot

    def _values(self) -> dict[str, Any]:
        attributes = self.__dict__
        values = {name: attributes[name] for name in DEFAULTS}
        values["filters"] = (self.request_filters, self.response_filters)
        return {**values, **self.ssl_args}

    def _override(self, options: Mapping[str, Any]) -> Options:
        values = self._values()
        for name in options:
            if name not in DEFAULTS and name not in TLS_OPTIONS and name != "manager":
                raise TypeError(nearest(name))
            if name in _OF_A_CLIENT:
                raise TypeError(f"{name} belongs to a Client: it can not be given to a single request")
        given = dict(options)
        if "manager" in given:
            given["pool"] = given.pop("manager")
        if "filters" in given:
            given["filters"] = _by_hook(given["filters"])
        return Options({**values, **given}, self.version)

    def load_filters(self) -> None:
        """Take the filters from `filters`; to be called after that list was changed in place."""
        self.request_filters, self.response_filters = _by_hook(self.filters)

    def _on_backend(self, options: Options, pool: Any) -> Options:
        """The options as they are after `set_session` has chosen another backend."""
        moved = options.on_backend(pool.backend_mod.name)
        if options is self._snapshot:
            object.__setattr__(self, "_snapshot", moved)
        return moved

    def _pool(self, options: Options) -> Any:
        if self._own_pool is not None:
            return self._own_pool
        if self.max_connections is None and self.max_per_origin is None:
            return default_pools.get(options.backend) or default_session(options.backend, self.pool_size)
        from .pool import ConnectionPool

        pool = ConnectionPool(
            max_size=self.pool_size,
            backend=backend_of(options.backend),
            max_connections=self.max_connections,
            max_per_origin=self.max_per_origin,
        )
        object.__setattr__(self, "_own_pool", pool)
        return pool

    # -- the steps of a request, as the manual names them

    def get_connection(self, request: Request) -> Connection:
        """A connection for a request, from the pool or opened; release or close it afterwards."""
        from .transports.sockets import acquire

        options = request.options or self._snapshot or self._take_snapshot()
        pool = options.pool
        if pool is None:
            pool = self._pool(options)
            options = self._on_backend(options, pool)
        deadline = Deadline(options.timeout)
        connection: Connection = acquire(request, options, pool, deadline)
        connection.begin(deadline, options.limits, options.on_interim)
        return connection

    def get_response(self, request: Request, connection: Connection) -> Response:
        """The response to a request that was written to `connection`."""
        options = request.options or self._snapshot or self._take_snapshot()
        return options.response_class(connection, request, connection.heads.read())

    def make_headers_string(
        self, request: Request, extra_headers: Iterable[tuple[str, str]] | None = None
    ) -> str:
        """The head of a request as it is sent, blank line included."""
        options = request.options or self._snapshot or self._take_snapshot()
        return make_head(request, options, request.path, extra_headers or ()).decode("latin-1")

    def proxy_connection(
        self, request: Request, req_addr: tuple[str, int], is_ssl: bool
    ) -> Connection | None:
        """A connection through the proxy that the options or the environment name for a request; None when there is none.

        Args:
            request: the request; `is_proxied` is set.
            req_addr: (host, port) of its origin.
            is_ssl: whether to speak TLS to the origin, through a tunnel.
        """
        from .connection import Connection

        options = request.options or self._snapshot or self._take_snapshot()
        proxy = options.proxy_for(request.parsed_url)
        if proxy is None:
            return None
        request.is_proxied = True
        host, port = req_addr
        deadline = Deadline(options.timeout)
        return Connection(
            host, port, is_ssl=is_ssl, settings=options.settings, deadline=deadline, proxy=proxy
        )

    def redirect(self, location: str, request: Request) -> Response:
        """Send a request to `location`, with what a redirect to there may take along."""
        from .redirects import hop_headers, next_hop

        hop = next_hop(request.method, 307, location, request.url or "", follow=True, force=True)
        if hop is None:
            raise RequestError(f"there is no redirect to {location!r}")
        following = request.copy()
        following.url = hop.url
        following.headers = hop_headers(request.headers, hop)
        following.maybe_rewind(f"redirect to {hop.url}")
        return self.perform(following)

    # -- the end

    def close(self) -> None:
        """Close the client's own pool, where it has one; a pool that was given, or is shared, is left alone."""
        if self._own_pool is not None:
            self._own_pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _by_hook(filters: Iterable[Any] | None) -> tuple[list[Any], list[Any]]:
    chain = list(filters or ())
    return [f for f in chain if hasattr(f, "on_request")], [f for f in chain if hasattr(f, "on_response")]


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
