"""Passes bytes on to a port, keeps those of the client, and puts TLS in front where it is told to."""

import contextlib
import selectors
import socket
import ssl
import threading
from collections.abc import Iterator


class Forwarder:
    """Attributes: port: where it listens; received: for each connection, what its client has sent, TLS taken off."""

    def __init__(self, target: int, tls: ssl.SSLContext | None = None) -> None:
        self.target = target
        self.tls = tls
        self.received: list[bytearray] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        """Accept no more connections."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        log = bytearray()
        self.received.append(log)
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.enter_context(client)
            if self.tls is not None:
                client = stack.enter_context(self.tls.wrap_socket(client, server_side=True))
            server = stack.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            _pass_on(client, server, log)


def _pass_on(client: socket.socket, server: socket.socket, log: bytearray) -> None:
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_READ, server)
        selector.register(server, selectors.EVENT_READ, client)
        while True:
            for key, _ in selector.select():
                source = key.fileobj
                assert isinstance(source, socket.socket)
                data = source.recv(65536)
                while isinstance(source, ssl.SSLSocket) and source.pending():
                    data += source.recv(source.pending())
                if not data:
                    return
                if source is client:
                    log += data
                key.data.sendall(data)


@contextlib.contextmanager
def forwarding(target: int, tls: ssl.SSLContext | None = None) -> Iterator[Forwarder]:
    """A forwarder to a port of this machine, for as long as the block lasts."""
    forwarder = Forwarder(target, tls)
    try:
        yield forwarder
    finally:
        forwarder.stop()
