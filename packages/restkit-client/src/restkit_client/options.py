"""What a call is done with: a snapshot of the client's attributes, taken when the call starts.

The snapshot is kept until an attribute changes, so that taking it costs nothing; an option given to a single
request makes another one for that request.
"""

from __future__ import annotations

from restkit_parser import DEFAULT_LIMITS, Headers, Limits, check_field_value

from .codings import accept_encoding
from .messages.request_head import USER_AGENT
from .settings import Settings
from .timeouts import Deadline, Timeout
from .tls import TLS_OPTIONS, settings_from

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from restkit_parser import ResponseHead

    from .messages.response import Response
    from .proxy_rules import ProxyUrl
    from .transports import Transport
    from .urls import Url

__all__ = ["DEFAULTS", "DEFAULT_OPTIONS", "TLS_OPTIONS", "Options", "nearest"]

# Every option of a Client with its default: first the documented ones, in the manual's order.
DEFAULTS: dict[str, Any] = {
    "follow_redirect": False,
    "force_follow_redirect": False,
    "max_follow_redirect": 5,
    "filters": None,
    "decompress": True,
    "max_status_line_garbage": None,
    "max_header_count": 0,
    "pool": None,
    "response_class": None,
    "timeout": None,
    "use_proxy": False,
    "max_tries": 3,
    "wait_tries": 0.3,
    "pool_size": 10,
    "backend": "thread",
    "base_url": None,
    "headers": None,
    "proxy": None,
    "transport": None,
    "unix_socket": None,
    "source_address": None,
    "family": 0,
    "resolver": None,
    "on_connect": None,
    "socket_options": (),
    "on_interim": None,
    "expect_timeout": 1.0,
    "on_event": None,
    "retry_statuses": (),
    "idempotent": False,
    "refuse_downgrade": False,
    "max_size": None,
    "max_ratio": None,
    "json_loads": None,
    "limits": None,
    "max_connections": None,
    "max_per_origin": None,
}

# These decide how connections are opened, and so which of them may be shared.
_SETTINGS = ("unix_socket", "family", "source_address", "resolver", "on_connect", "socket_options")


class Options:
    """The options of one call; see `Client` for what each means. Never changed once made."""

    __slots__ = (
        "backend",
        "base_url",
        "common",
        "decompress",
        "endless",
        "environ_proxies",
        "expect_timeout",
        "follow",
        "force",
        "has_headers",
        "headers",
        "idempotent",
        "json_loads",
        "limits",
        "max_hops",
        "max_ratio",
        "max_size",
        "max_tries",
        "on_event",
        "on_interim",
        "pool",
        "protocol",
        "proxy",
        "refuse_downgrade",
        "request_filters",
        "response_class",
        "response_filters",
        "retry_statuses",
        "reused_limits",
        "settings",
        "timeout",
        "transport",
        "user_agent",
        "version",
        "wait_tries",
    )

    def __init__(self, values: Mapping[str, Any], version: tuple[int, int] = (1, 1)) -> None:
        self.version = version if version == (1, 1) else (1, 0)
        self.protocol = "HTTP/1.1" if self.version == (1, 1) else "HTTP/1.0"
        self.follow: bool = values["follow_redirect"]
        self.force: bool = values["force_follow_redirect"]
        self.max_hops: int = values["max_follow_redirect"]
        self.refuse_downgrade: bool = values["refuse_downgrade"]
        self.decompress: bool = values["decompress"]
        self.max_size: int | None = values["max_size"]
        self.max_ratio: float | None = values["max_ratio"]
        self.json_loads: Callable[[bytes], Any] | None = values["json_loads"]
        self.timeout = Timeout.of(values["timeout"])
        # A clock without an end has no state: every call may have the same.
        self.endless = Deadline(self.timeout) if self.timeout.total is None else None
        self.max_tries: int = max(1, values["max_tries"])
        self.wait_tries: float = values["wait_tries"]
        self.retry_statuses = frozenset(values["retry_statuses"])
        self.idempotent: bool = values["idempotent"]
        self.expect_timeout: float = values["expect_timeout"]
        self.on_interim: Callable[[ResponseHead], None] | None = values["on_interim"]
        self.on_event: Callable[[str, Any], None] | None = values["on_event"]
        self.transport: Transport | None = values["transport"]
        self.response_class: type[Response] = values["response_class"] or _response_class()
        on_request, on_response = values["filters"] or ((), ())
        self.request_filters = tuple(on_request)
        self.response_filters = tuple(on_response)
        self.base_url: str | None = values["base_url"]
        self._read_limits(values)
        self._read_headers(values["headers"])
        self._read_proxy(values)
        self.pool = values["pool"]
        self.backend: str = values["backend"]
        backend = getattr(self.pool, "backend", None) or self.backend
        self.settings = Settings.of(
            backend=backend, tls=settings_from(values), **{name: values[name] for name in _SETTINGS}
        )

    def on_backend(self, name: str) -> Options:
        """The same options for another backend; itself when it is for that one."""
        if self.settings.backend.name == name:
            return self
        from copy import copy

        moved = copy(self)
        moved.settings = self.settings.on_backend(name)
        return moved

    def _read_limits(self, values: Mapping[str, Any]) -> None:
        given: Limits | None = values["limits"]
        count: int = values["max_header_count"]
        garbage: int | None = values["max_status_line_garbage"]
        self.limits = given or (DEFAULT_LIMITS if not count else Limits(max_header_count=count))
        # What a server sent too much of its last body can only stand before the next status line of a reused connection.
        self.reused_limits = self.limits if garbage == 0 else _skipping(self.limits, garbage)

    def _read_headers(self, fields: Any) -> None:
        headers = Headers(fields)
        agent: str | None = headers.pop("user-agent", None)
        self.user_agent = agent or USER_AGENT
        check_field_value(self.user_agent, "User-Agent")
        self.headers = headers
        self.has_headers = bool(headers)
        coding = accept_encoding() if self.decompress else "identity"
        self.common = f"User-Agent: {self.user_agent}\r\nAccept-Encoding: {coding}\r\n"

    def _read_proxy(self, values: Mapping[str, Any]) -> None:
        proxy = values["proxy"]
        self.environ_proxies: bool = values["use_proxy"]
        if values["unix_socket"] is not None:
            # No proxy can be told to connect to a socket of this machine.
            proxy, self.environ_proxies = None, False
        if isinstance(proxy, str):
            from .proxy_rules import parse_proxy

            proxy = parse_proxy(proxy)
        self.proxy: ProxyUrl | Callable[[str], Any] | None = proxy

    def proxy_for(self, url: Url) -> ProxyUrl | None:
        """The proxy that a URL goes through, None for none."""
        proxy = self.proxy
        if proxy is None:
            if not self.environ_proxies:
                return None
            import os

            from .proxy_rules import proxy_for

            return proxy_for(url, os.environ)
        if callable(proxy):
            from .proxy_rules import parse_proxy

            chosen = proxy(url.geturl())
            return parse_proxy(chosen) if isinstance(chosen, str) else chosen
        return proxy


def _skipping(limits: Limits, garbage: int | None) -> Limits:
    values = {name: getattr(limits, name) for name in Limits.__init__.__kwdefaults__ or ()}
    return Limits(**{**values, "max_status_line_garbage": garbage})


def _response_class() -> type[Response]:
    from .messages.response import Response

    return Response


def nearest(name: str) -> str:
    """A message for an option that does not exist, naming the one that was probably meant."""
    from difflib import get_close_matches

    close = get_close_matches(name, [*DEFAULTS, *sorted(TLS_OPTIONS)], 1)
    return f"Client has no option {name!r}" + (f"; did you mean {close[0]!r}?" if close else "")


DEFAULT_OPTIONS = Options(DEFAULTS)
