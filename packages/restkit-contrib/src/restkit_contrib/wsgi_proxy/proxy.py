"""The proxies as WSGI applications (the manual's chapter wsgi_proxy).

__call__            what can not pass is answered here, by a Refusal
  → destination       which server; this is where Proxy, TransparentProxy and HostProxy differ
  → _request          target, fields and body, each made anew
  → _send             by the client; failures upstream become 502, 503, 504
  → _respond          the head now, the body as the server asks for it
"""

from __future__ import annotations

from copy import copy
from itertools import chain

from restkit_client import Client, Request, Timeout
from restkit_client.errors import InvalidUrl, ParseException, RestkitError
from restkit_client.filters import BasicAuth
from restkit_client.urls import cut_userinfo, redact, split_url

from .allowed_hosts import AllowedHosts
from .content import body_of
from .early_hints import pass_on, to_server
from .fields import request_fields, response_fields
from .forwarding import Forwarding, is_loop, via
from .names import proxy_name
from .refusals import BrokenRequest, Refusal, refusal_of
from .rewriting import Mount
from .target import path_of, raw_authority
from .upgrade import client_socket, switch, wanted_protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from restkit_client import Response
    from restkit_client.urls import Url

    Environ = dict[str, Any]
    StartResponse = Callable[..., Any]

__all__ = ["ALLOWED_METHODS", "HostProxy", "Proxy", "TransparentProxy"]

# The documented default. Others, as those of WebDAV and CouchDB, are given by name.
ALLOWED_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE"]
# TRACE would show a page what its cookies are.
NEVER_ALLOWED = frozenset({"CONNECT", "TRACE"})

# Fields that name a place.
PLACES = frozenset({"location", "content-location"})

# nginx's proxy_read_timeout and proxy_send_timeout; a connection that is not there after ten seconds will not be.
TIMEOUT = Timeout(connect=10, read=60, write=60)


class Proxy:
    """Passes each request on to the server that SERVER_NAME and SERVER_PORT name: an application in front sets them.

    Args:
        manager: the same as `pool=`, which is an option of the client.
        allowed_methods: any other method is answered 403.
        strip_script_name: leave SCRIPT_NAME out of the path that is asked for.
        preserve_host: send the client's Host instead of the upstream server's.
        forwarded: tell upstream about the client, in Forwarded and X-Forwarded-*.
        trusted_proxies: addresses and networks whose own Forwarded and X-Forwarded-* are continued; "*" for any.
        rewrite_cookies: give Set-Cookie the front's path, and leave upstream's own Domain out.
        max_request_size: bytes of a request's body that are too many: 413.
        upgrades: protocols that a connection may switch to, where the server shows its socket.
        via: this proxy's name in Via, by which it knows loops; one made of host and configuration when left out; "" for
            a client that is no proxy: no Via.
        **client_options: any option of Client: `pool=`, `timeout=`, `verify=`, `filters=`…

    Raises:
        ValueError: CONNECT or TRACE among the allowed methods.
    """

    def __init__(
        self,
        manager: Any = None,
        allowed_methods: Iterable[str] = ALLOWED_METHODS,
        strip_script_name: bool = True,
        *,
        preserve_host: bool = False,
        forwarded: bool = True,
        trusted_proxies: Iterable[str] = (),
        rewrite_cookies: bool = False,
        max_request_size: int | None = None,
        upgrades: Iterable[str] = ("websocket",),
        via: str | None = None,
        **client_options: Any,
    ) -> None:
        self.allowed_methods = [method.upper() for method in allowed_methods]
        if refused := NEVER_ALLOWED.intersection(self.allowed_methods):
            raise ValueError(f"allowed_methods: {', '.join(sorted(refused))} can not pass a reverse proxy")
        self.strip_script_name = strip_script_name
        self.preserve_host = preserve_host
        self.rewrite_cookies = rewrite_cookies
        self.max_request_size = max_request_size
        self.upgrades = frozenset(protocol.lower() for protocol in upgrades)
        self.via = proxy_name(type(self).__name__, getattr(self, "uri", "")) if via is None else via
        self._forwarding = Forwarding(trusted_proxies, enabled=forwarded, mounted=strip_script_name)
        # Two tries: the second is for an idle connection that the server had closed.
        defaults = {"timeout": TIMEOUT, "max_tries": 2, "wait_tries": 0.1, "on_interim": pass_on}
        self.client = Client(decompress=False, manager=manager, **{**defaults, **client_options})

    # -- the differences

    def extract_uri(self, environ: Environ) -> str:
        """The place that a request is for: scheme, authority, and a path without a slash at its end.

        Raises:
            Refusal, InvalidUrl: there is none.
        """
        scheme, host = environ["wsgi.url_scheme"], environ.get("SERVER_NAME") or environ.get("HTTP_HOST", "")
        if host.count(":") > 1 and not host.startswith("["):
            host = f"[{host}]"
        has_port = ":" in host.rpartition("]")[2]
        port = environ.get("SERVER_PORT")
        return f"{scheme}://{host}" if has_port or not port else f"{scheme}://{host}:{port}"

    def client_for(self, destination: Url) -> Client:  # noqa: ARG002 - for TransparentProxy
        """The client that makes the requests for a destination."""
        return self.client

    # -- the steps

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333).

        Raises:
            ValueError: the request's Content-Length is -1.
        """
        method = environ["REQUEST_METHOD"]
        try:
            self._check(environ, method)
            place = split_url(self.extract_uri(environ))
            request = self._request(environ, method, place)
            response = self._send(environ, request, self.client_for(place))
        except Refusal as refusal:
            return refusal.answer(method, start_response)
        except (InvalidUrl, ParseException) as error:
            return Refusal(400, str(error)).answer(method, start_response)
        except BrokenRequest as error:
            return Refusal(400, str(error)).answer(method, start_response)
        return self._respond(environ, response, place, start_response)

    def _check(self, environ: Environ, method: str) -> None:
        if method not in self.allowed_methods:
            raise Refusal(403, f"{method} is not among this proxy's allowed_methods")
        if self.via and is_loop(environ, self._name(environ)):
            raise Refusal(508, "the request has been through this proxy before")
        host = environ.get("HTTP_HOST", "")
        if host and (not host.isprintable() or any(mark in host for mark in '/?#@\\" ,')):
            raise Refusal(400, "Host is no host")
        authority = raw_authority(environ)
        if authority is not None and authority.lower() != host.lower():
            raise Refusal(400, "the target and Host name different hosts")
        expected = environ.get("HTTP_EXPECT", "")
        if expected and expected.lower() != "100-continue":
            raise Refusal(417, "only 100-continue can be expected")

    def _request(self, environ: Environ, method: str, place: Url) -> Request:
        prefix = place.path.rstrip("/")
        path = path_of(environ, strip_script_name=self.strip_script_name)
        query = environ.get("QUERY_STRING")
        target = f"{place.scheme}://{place.netloc}{prefix}{path}" + (f"?{query}" if query else "")
        fields = self._forwarding.apply(environ, request_fields(environ))
        body = body_of(environ, self.max_request_size)
        if self.preserve_host and environ.get("HTTP_HOST"):
            fields.append(("Host", environ["HTTP_HOST"]))
        if body is not None and environ.get("HTTP_EXPECT"):
            fields.append(("Expect", environ["HTTP_EXPECT"]))
        if protocol := wanted_protocol(environ, self.upgrades):
            fields += [("Connection", "Upgrade"), ("Upgrade", protocol)]
        if method == "OPTIONS":
            fields = self._count_down(fields)
        if self.via:
            mine = via(environ, self._name(environ))
            if "HTTP_VIA" in environ:
                fields = _appended(fields, "Via", mine)
            else:
                fields.append(("Via", mine))
        return Request(target, method, body, fields)

    def _name(self, environ: Environ) -> str:
        """Name and port: two proxies of one configuration on one machine listen on different ports."""
        return f"{self.via}:{environ.get('SERVER_PORT', '')}"

    def _count_down(self, fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """RFC 9110 §7.6.2: the last proxy that a request may pass answers it, each other one counts down."""
        counted = []
        for name, value in fields:
            if name == "Max-Forwards" and value.isascii() and value.isdigit():
                if int(value) == 0:
                    raise Refusal(200, "this proxy", [("Allow", ", ".join(self.allowed_methods))])
                counted.append((name, str(int(value) - 1)))
            else:
                counted.append((name, value))
        return counted

    def _send(self, environ: Environ, request: Request, client: Client) -> Response:
        try:
            if "wsgi.early_hints" not in environ:
                return client.perform(request)
            with to_server(environ):
                return client.perform(request)
        except RestkitError as error:
            raise refusal_of(error, request) from error

    def _respond(
        self, environ: Environ, response: Response, place: Url, start_response: StartResponse
    ) -> Iterable[bytes]:
        received = response.headers.items()
        names = {name.lower() for name, _ in received}
        connection = response.headers.get("connection") if "connection" in names else None
        fields = response_fields(received, connection)
        if self.rewrite_cookies or not names.isdisjoint(PLACES):
            fields = self._mount(environ, place).rewrite(fields, cookies=self.rewrite_cookies)
        if response.status_int == 101:
            start_response("101 Switching Protocols", [("Connection", "Upgrade"), *fields])
            return switch(client_socket(environ), response, fields, self._idle_limit())
        if "transfer-encoding" in names:
            fields = [pair for pair in fields if pair[0].lower() != "content-length"]
        if self.via:
            major, minor = response.version
            mine = f"{major}.{minor} {self._name(environ)}"
            if "via" in names:
                fields = _appended(fields, "Via", mine)
            else:
                fields.append(("Via", mine))
        start_response(response.status, fields)
        return _UpstreamBody(response, streams="content-length" not in names)

    def _idle_limit(self) -> float | None:
        return Timeout.of(self.client.timeout).read

    def _mount(self, environ: Environ, place: Url) -> Mount:
        scheme = environ["wsgi.url_scheme"]
        front = f"{scheme}://{environ.get('HTTP_HOST') or environ.get('SERVER_NAME', '')}"
        origins = (place.origin, split_url(front).origin) if self.preserve_host else (place.origin,)
        outer = environ.get("SCRIPT_NAME", "") if self.strip_script_name else ""
        return Mount(origins, place.path.rstrip("/"), front, outer.rstrip("/"))


class TransparentProxy(Proxy):
    """Passes each request on to the host that its Host field names.

    Args:
        allowed_hosts: None for any public address; else only what is listed: `host`, `host:port`, addresses, networks
            in CIDR notation, "*" for all. The address that is really connected to is judged, unless its host is listed by
            name.
        **options: as Proxy's.

    Raises:
        ValueError: an entry of `allowed_hosts` is none of these, or an option hides the address from the judgement.
    """

    def __init__(
        self,
        manager: Any = None,
        allowed_methods: Iterable[str] = ALLOWED_METHODS,
        strip_script_name: bool = True,
        *,
        allowed_hosts: Iterable[str] | None = None,
        **options: Any,
    ) -> None:
        hiding = [name for name in ("proxy", "use_proxy", "unix_socket", "transport") if options.get(name)]
        if hiding:
            raise ValueError(f"{', '.join(hiding)}: a TransparentProxy has to see the address it connects to")
        self.allowed_hosts = AllowedHosts(allowed_hosts)
        checked = self.allowed_hosts.checked(options.get("on_connect"))
        super().__init__(manager, allowed_methods, strip_script_name, **{**options, "on_connect": checked})
        # Connections are shared among those that were opened under the same `on_connect` only.
        self._listed = copy(self.client)
        self._listed.on_connect = options.get("on_connect")

    def extract_uri(self, environ: Environ) -> str:
        """The host that Host names."""
        host = environ.get("HTTP_HOST")
        if not host:
            raise Refusal(400, "a request to this proxy needs a Host")
        return f"{environ['wsgi.url_scheme']}://{host}"

    def client_for(self, destination: Url) -> Client:
        """The client that checks addresses, or the one for hosts that are listed by name."""
        listed = self.allowed_hosts.names(destination.host, destination.port)
        return self._listed if listed else self.client


class HostProxy(Proxy):
    """Passes each request on to one place: `HostProxy("http://127.0.0.1:5984")`.

    Args:
        uri: http or https URL of the place; with a path, everything is asked for under it. Credentials in it are sent by
            BasicAuth.
        **options: as Proxy's.

    Attributes:
        uri: without credentials and a slash at its end.
        scheme: http or https.
        net_loc: host and port, as Host says them.

    Raises:
        InvalidUrl: the URL can not be requested, or has a query or fragment.
    """

    def __init__(self, uri: str, **options: Any) -> None:
        uri, userinfo = cut_userinfo(uri)
        url = split_url(uri)
        if url.query or url.fragment:
            raise InvalidUrl(f"{redact(uri)!r}: a place to pass requests on to has no query and no fragment")
        self.uri = uri.rstrip("/")
        self.scheme = url.scheme
        self.net_loc = url.netloc
        if userinfo is not None:
            options["filters"] = [*options.get("filters", ()), BasicAuth(*userinfo)]
        super().__init__(**options)

    def extract_uri(self, environ: Environ) -> str:  # noqa: ARG002 - the same for all
        """The one place."""
        return self.uri


def _appended(fields: list[tuple[str, str]], name: str, member: str) -> list[tuple[str, str]]:
    """The fields with one more member of a list-valued one."""
    earlier = [value for key, value in fields if key.lower() == name.lower()]
    kept = [pair for pair in fields if pair[0].lower() != name.lower()]
    return [*kept, (name, ", ".join([*earlier, member]))]


class _UpstreamBody:
    """The response's body, untouched; closing it gives up what is left, and with it the upstream connection.

    What breaks off upstream breaks off here, by the exception.
    """

    __slots__ = ("_blocks", "_response")

    def __init__(self, response: Response, *, streams: bool) -> None:
        self._response = response
        blocks = response.iter_raw()
        # A server sends the head with the first block. A stream may keep its client waiting for that: an empty one
        # makes servers send the head now.
        self._blocks = chain((b"",), blocks) if streams else blocks

    def __iter__(self) -> Iterator[bytes]:
        return self._blocks

    def close(self) -> None:
        self._response.close()
