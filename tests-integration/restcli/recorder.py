"""A server that keeps every request as it came, byte for byte, and answers by path."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

Answer = Callable[["Recorded"], Iterable[bytes]]


class Recorded(NamedTuple):
    """A request's bytes."""

    head: bytes
    body: bytes
    """As it came: chunks and all."""

    @property
    def line(self) -> str:
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def fields(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]

    def field(self, name: str) -> str | None:
        return next((value for known, value in self.fields if known.lower() == name.lower()), None)


def answer(
    body: bytes = b"",
    kind: str = "text/plain",
    status: str = "200 OK",
    fields: Iterable[tuple[str, str]] = (),
) -> bytes:
    """A response with a length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in fields]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


class Recorder:
    """Answers with what `routes` says for a path, else with an empty 200.

    Attributes:
        requests: what came, in order.
        routes: path to a response's bytes, or to a function from the request to pieces that are sent one by one.
    """

    def __init__(self, listener: socket.socket) -> None:
        self.listener = listener
        self.requests: list[Recorded] = []
        self.routes: dict[str, bytes | Answer] = {}
        self.ended = threading.Event()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def serve(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self.listener.accept()
            except TimeoutError:
                continue
            connection.settimeout(20)
            threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError), connection.makefile("rb") as stream:
            request = self._read(connection, stream)
            if request is None:
                return
            self.requests.append(request)
            reply = self.routes.get(request.path, answer())
            if isinstance(reply, bytes):
                connection.sendall(reply)
                return
            for piece in reply(request):
                connection.sendall(piece)

    def _read(self, connection: socket.socket, stream) -> Recorded | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        fields = {name.lower(): value for name, value in Recorded(head, b"").fields}
        if fields.get("expect", "").lower() == "100-continue":
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if fields.get("transfer-encoding") == "chunked":
            return Recorded(head, self._read_chunks(stream))
        return Recorded(head, stream.read(int(fields.get("content-length", 0))))

    @staticmethod
    def _read_chunks(stream) -> bytes:
        body = b""
        while True:
            line = stream.readline()
            size = int(line, 16)
            body += line + stream.read(size) + stream.readline()
            if size == 0:
                return body


def unchunked(body: bytes) -> bytes:
    """The content of a chunked body."""
    content = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        content += body[:length]
        body = body[length + 2 :]
    return content


def slowly(pieces: Iterable[bytes], seconds: float) -> Iterator[bytes]:
    """The pieces, with a pause after each."""
    for piece in pieces:
        yield piece
        time.sleep(seconds)


@contextlib.contextmanager
def run_recorder() -> Iterator[Recorder]:
    """A recorder on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        recorder = Recorder(listener)
        thread = threading.Thread(target=recorder.serve, daemon=True)
        thread.start()
        try:
            yield recorder
        finally:
            recorder.ended.set()
            thread.join()
