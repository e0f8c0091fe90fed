"""How connections are opened: everything that makes one connection unfit to serve for another."""

from __future__ import annotations

from weakref import WeakValueDictionary

from . import sockets
from .tls import TLSSettings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from .sockets import Backend
    from .timeouts import Phase

    # (address family, socket address) pairs, best first
    Addresses = Sequence[tuple[int, Any]]
    Resolver = Callable[[str, int, "Phase"], Addresses]

__all__ = ["Settings"]

_interned: WeakValueDictionary[tuple[Any, ...], Settings] = WeakValueDictionary()


class Settings:
    """The settings of a connection; equal ones are one object, so that a pool compares them by identity.

    Make them with `Settings.of`.

    Attributes:
        backend: how to wait.
        tls: what the caller asks of TLS.
        unix_socket: path of a socket to connect to instead of the URL's host, or None.
        family: address family to use (socket.AF_INET, AF_INET6), 0 for any.
        source_address: (host, port) to connect from, or None.
        resolver: callable (host, port, phase) → [(family, address)…] instead of the system's, or None.
        on_connect: callable (address) called before each attempt with the address really used; it raises to refuse.
        socket_options: (level, option, value) triples set on each socket.
    """

    __slots__ = (
        "__weakref__",
        "backend",
        "family",
        "on_connect",
        "resolver",
        "socket_options",
        "source_address",
        "tls",
        "unix_socket",
    )

    backend: Backend
    tls: TLSSettings
    unix_socket: str | None
    family: int
    source_address: tuple[str, int] | None
    resolver: Resolver | None
    on_connect: Callable[[Any], None] | None
    socket_options: tuple[tuple[int, int, Any], ...]

    @classmethod
    def of(
        cls,
        *,
        backend: Any = "thread",
        tls: TLSSettings | None = None,
        unix_socket: str | None = None,
        family: int = 0,
        source_address: tuple[str, int] | None = None,
        resolver: Resolver | None = None,
        on_connect: Callable[[Any], None] | None = None,
        socket_options: Sequence[tuple[int, int, Any]] = (),
    ) -> Settings:
        """The settings with these values (see the attributes)."""
        module = sockets.load(backend)
        tls = tls or TLSSettings()
        options = tuple(socket_options)
        identity = (
            module.name,
            tls.identity,
            unix_socket,
            family,
            source_address,
            resolver,
            on_connect,
            options,
        )
        found = _interned.get(identity)
        if found is None:
            found = cls()
            found.backend = module
            found.tls = tls
            found.unix_socket = unix_socket
            found.family = family
            found.source_address = source_address
            found.resolver = resolver
            found.on_connect = on_connect
            found.socket_options = options
            found = _interned.setdefault(identity, found)
        return found

    def on_backend(self, name: str) -> Settings:
        """The same settings for another backend."""
        return Settings.of(
            backend=name,
            tls=self.tls,
            unix_socket=self.unix_socket,
            family=self.family,
            source_address=self.source_address,
            resolver=self.resolver,
            on_connect=self.on_connect,
            socket_options=self.socket_options,
        )
