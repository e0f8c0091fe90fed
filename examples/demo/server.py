"""The demo's server: the standard library's threading server, speaking HTTP/1.1 and counting its connections.

wsgiref's own handler speaks HTTP/1.0 and closes after each answer, so this one calls the application itself.
"""

import contextlib
import io
import itertools
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """Serves one WSGI application; `accepted` is the number of connections so far."""

    daemon_threads = True

    def __init__(self, application):
        super().__init__(("127.0.0.1", 0), Handler)
        self.application = application
        self.numbers = itertools.count(1)
        self.accepted = 0

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """One connection: request after request, until the client closes it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    # http.server writes the head in one piece and each chunk in another: gather them.
    wbufsize = 65536

    def setup(self):
        super().setup()
        self.number = self.server.accepted = next(self.server.numbers)

    def log_message(self, *args):
        """The demo tells its own story."""

    def answer(self):
        """Run the application and send what it returns, chunked when it gives no length."""
        body = self.server.application(self.environ(), self.start)
        chunked = not any(name.lower() == "content-length" for name, _ in self.head)
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for block in body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block) if chunked else block)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    def start(self, status, fields):
        self.head = fields
        code, _, reason = status.partition(" ")
        self.send_response(int(code), reason)
        for name, value in fields:
            self.send_header(name, value)

    def environ(self):
        path, _, query = self.path.partition("?")
        fields = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in self.headers.items()}
        return fields | {
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "wsgi.input": io.BytesIO(self.body()),
            "demo.connections": lambda: self.server.accepted,
            "demo.connection": self.number,
        }

    def body(self):
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        blocks = []
        while size := int(self.rfile.readline(), 16):
            blocks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return b"".join(blocks)


@contextlib.contextmanager
def serve(application):
    """A running server; stopped at the end."""
    with Server(application) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
