"""An origin that keeps what it was sent, and says it back: any method, with or without TLS."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator


class Origin:
    """Attributes: url: where; requests: head and body of each request; connections: how many there were."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.tls = tls
        self.requests: list[tuple[bytes, bytes]] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"https://localhost:{self.port}" if tls else f"http://127.0.0.1:{self.port}"
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
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.enter_context(client)
            if self.tls is not None:
                client = stack.enter_context(self.tls.wrap_socket(client, server_side=True))
            self.connections += 1
            file = stack.enter_context(client.makefile("rb"))
            while head := read_head(file):
                body = _read_body(file, head.lower())
                self.requests.append((head, body))
                answer = body or head.split(b"\r\n", 1)[0]
                length = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer)
                client.sendall(length if head.startswith(b"HEAD ") else length + answer)


def read_head(file: socket.SocketIO) -> bytes:
    """The head without its blank line; nothing when the client has closed."""
    lines = []
    while line := file.readline():
        if line == b"\r\n":
            return b"".join(lines)
        lines.append(line)
    return b""


def _read_body(file: socket.SocketIO, lower: bytes) -> bytes:
    if b"\r\ncontent-length:" in lower:
        return file.read(int(lower.split(b"\r\ncontent-length:")[1].split(b"\r\n")[0])) or b""
    body = b""
    if b"\r\ntransfer-encoding: chunked" in lower:
        while size := int(file.readline(), 16):
            body += file.read(size + 2)[:-2]
        file.readline()
    return body


@contextlib.contextmanager
def run_origin(tls: ssl.SSLContext | None = None) -> Iterator[Origin]:
    """An origin for as long as the block lasts."""
    origin = Origin(tls)
    try:
        yield origin
    finally:
        origin.stop()
