"""An upstream server that keeps what it got, and a client that writes its requests byte by byte."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

Fields = list[tuple[str, str]]


class Message(NamedTuple):
    """A request or response as it was on the wire, its body without chunks."""

    line: str
    fields: Fields
    body: bytes

    def names(self) -> set[str]:
        return {name.lower() for name, _ in self.fields}

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name]


def read_message(stream: Any, *, response: bool = False, bodiless: bool = False) -> Message | None:
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        if not line:
            return None
        head += line
    first, *rest = head.decode("latin-1").split("\r\n")[:-2]
    fields = [(name, value.strip()) for name, _, value in (line.partition(":") for line in rest)]
    message = Message(first, fields, b"")
    if bodiless or first.split(" ")[1] in ("204", "304"):
        return message
    if "chunked" in "".join(message.all("transfer-encoding")):
        return message._replace(body=b"".join(_chunks(stream)))
    if length := message.all("content-length"):
        return message._replace(body=stream.read(int(length[0])))
    return message._replace(body=stream.read()) if response else message


def _chunks(stream: Any) -> Iterator[bytes]:
    while size := int(stream.readline() or b"0", 16):
        yield stream.read(size)
        stream.readline()
    while stream.readline().strip():
        pass


class Recorder:
    """`answers` maps a path to the bytes that are sent for it; every other path gets a short text."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, bytes] = {}
        self.got: list[Message] = []

    def answer(self, message: Message) -> bytes:
        path = message.line.split(" ")[1].partition("?")[0]
        return self.answers.get(
            path, b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
        )


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        recorder = Recorder(listener.getsockname()[1])
        serve: Callable[[socket.socket], None] = lambda connection: _serve(recorder, connection)  # noqa: E731

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=serve, args=(connection,), daemon=True).start()

        thread = threading.Thread(target=accept)
        thread.start()
        yield recorder
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def _serve(recorder: Recorder, connection: socket.socket) -> None:
    with connection, connection.makefile("rb") as stream, contextlib.suppress(OSError, ValueError):
        while (message := read_message(stream)) is not None:
            recorder.got.append(message)
            answer = recorder.answer(message)
            connection.sendall(
                answer.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if message.line.startswith("HEAD") else answer
            )
            if b"content-length" not in answer.lower() and b"chunked" not in answer.lower():
                return


def exchange(url: str, request: bytes) -> Message | None:
    """Send bytes; the final response, None when the connection is closed without one."""
    host, _, port = url.partition("//")[2].partition(":")
    with (
        socket.create_connection((host, int(port)), timeout=20) as connection,
        connection.makefile("rb") as stream,
    ):
        connection.sendall(request)
        bodiless = request.startswith(b"HEAD")
        message = read_message(stream, response=True, bodiless=bodiless)
        while message is not None and message.line.split(" ")[1] in ("100", "103"):
            message = read_message(stream, response=True, bodiless=bodiless)
        return message
