"""An upstream server that says what it is told to, and a caller that checks the proxy by wsgiref.validate."""

import io
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from wsgiref.validate import validator

import pytest

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"


class Received:
    """A request as the upstream server got it."""

    def __init__(self, head: bytes, body: bytes, framing: str) -> None:
        lines = head.decode("latin-1").split("\r\n")
        self.method, self.target, self.version = lines[0].split(" ")
        self.fields = [tuple(line.split(": ", 1)) for line in lines[1:] if line]
        self.body = body
        self.framing = framing

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) <= 1, values
        return values[0] if values else None


class Upstream:
    """A server on a free port. `answer` is what it sends: bytes, or a callable (request, socket) that sends itself."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.netloc = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.netloc}"
        self.answer: Any = OK
        self.requests: list[Received] = []
        self.connections = 0
        self.hung_up = threading.Event()
        self.broken: list[str] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def last(self) -> Received:
        return self.requests[-1]

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream, suppress(OSError):
            while (request := self._receive(stream)) is not None:
                self.requests.append(request)
                answer = self.answer
                if callable(answer):
                    if answer(request, connection) == "close":
                        break
                else:
                    connection.sendall(answer)
        self.hung_up.set()

    def _receive(self, stream: Any) -> Received | None:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = stream.readline()
            if not line:
                return None
            head += line
        lowered = head.lower()
        if b"\r\ntransfer-encoding: chunked\r\n" in lowered:
            return self._chunked(head, stream)
        length = 0
        for line in lowered.split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        body = stream.read(length)
        if len(body) < length:
            self.broken.append("short body")
            return None
        return Received(head[:-4], body, f"length {length}" if b"content-length" in lowered else "none")

    def _chunked(self, head: bytes, stream: Any) -> Received | None:
        body = b""
        while True:
            line = stream.readline()
            if not line:
                self.broken.append("no last chunk")
                return None
            size = int(line, 16)
            body += stream.read(size)
            stream.readline()
            if not size:
                return Received(head[:-4], body, "chunked")

    def close(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self.listener.close()


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    server = Upstream()
    yield server
    server.close()


class Answer:
    """What the proxy gave to the server in front."""

    def __init__(self, status: str, fields: list[tuple[str, str]], body: bytes) -> None:
        self.status = int(status[:3])
        self.reason = status[4:]
        self.fields = fields
        self.body = body

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.fields if key.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        values = self.all(name)
        assert len(values) <= 1, values
        return values[0] if values else None

    @property
    def names(self) -> set[str]:
        return {key.lower() for key, _ in self.fields}


def environ_of(
    method: str = "GET", path: str = "/", headers: Any = (), body: bytes = b"", **more: Any
) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "front.example",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "front.example:8000",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if body:
        environ["CONTENT_LENGTH"] = str(len(body))
    for name, value in dict(headers).items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    return {key: value for key, value in {**environ, **more}.items() if value is not None}


def open_call(
    app: Callable[..., Any], environ: dict[str, Any], validated: bool = True
) -> tuple[list[Any], Any]:
    started: list[Any] = []

    def start_response(status: str, fields: list[tuple[str, str]], exc_info: Any = None) -> Any:
        started[:] = [status, fields]
        return lambda _: None

    app_iter = (validator(app) if validated else app)(environ, start_response)
    return started, app_iter


@pytest.fixture
def call() -> Callable[..., Answer]:
    """Call a WSGI application as a server does, under wsgiref.validate unless `validated=False`."""

    def call(app: Callable[..., Any], *args: Any, validated: bool = True, **options: Any) -> Answer:
        started, app_iter = open_call(app, environ_of(*args, **options), validated)
        try:
            body = b"".join(app_iter)
        finally:
            if hasattr(app_iter, "close"):
                app_iter.close()
        return Answer(started[0], started[1], body)

    return call


@pytest.fixture
def start() -> Callable[..., tuple[list[Any], Any]]:
    """The same, as far as the body: [status, fields], and what the server iterates and closes."""

    def start(
        app: Callable[..., Any], *args: Any, validated: bool = True, **options: Any
    ) -> tuple[list[Any], Any]:
        return open_call(app, environ_of(*args, **options), validated)

    return start


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    """Wait until something is true, at most five seconds."""

    def wait(condition: Callable[[], Any]) -> Any:
        deadline = time.monotonic() + 5
        while not (value := condition()) and time.monotonic() < deadline:
            time.sleep(0.005)
        return value

    return wait
