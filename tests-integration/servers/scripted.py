"""A server that says exactly the bytes it is given, for answers that no real server gives."""

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def scripted(answer: bytes | None) -> Iterator[str]:
    """Yield the URL of a server that reads a head, sends these bytes and closes; None: it stays silent until the end."""
    end = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        thread = threading.Thread(target=_serve, args=(listener, answer, end), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            end.set()
            thread.join()


def _serve(listener: socket.socket, answer: bytes | None, end: threading.Event) -> None:
    with contextlib.ExitStack() as silent:
        while not end.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = listener.accept()
                connection.settimeout(10)
                if answer is None:
                    silent.enter_context(connection)
                    continue
                with connection, contextlib.suppress(OSError):
                    _read_head(connection)
                    connection.sendall(answer)


def _read_head(connection: socket.socket) -> None:
    received = b""
    while b"\r\n\r\n" not in received and (data := connection.recv(65536)):
        received += data
