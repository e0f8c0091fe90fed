"""A server that follows a script: for faults that no real server can be told to make.

Each connection takes the next script from the list; when the list is used up, connections are served properly:
every request is answered 200 with a body that names its number on the connection. A script is a list of steps:

    "head"              read a request's head
    ("read", n)         read n bytes
    "drain"             read until the client closes
    bytes               send them
    ("drip", data, s)   send data byte by byte, one every s seconds
    "fin" "rst"         half-close; reset
    "hold"              neither read nor send until the client closes, or the test ends
    "serve"             answer requests properly until the client closes
    ("tls", context)    go on under TLS
    "close"             close (the end of a script does the same)
"""

import contextlib
import select
import socket
import ssl
import struct
import threading
import time


class ScriptServer:
    """Listens on a free loopback port from construction to `stop`; `received` holds what each connection has sent."""

    def __init__(self, scripts=(), tls=None, backlog=64):
        self.scripts = list(scripts)
        self.tls = tls
        self.received = []
        self.end = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=backlog)
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.open = set()
        self.peak = 0
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://{'localhost' if self.tls else '127.0.0.1'}:{self.port}"

    def stop(self):
        self.end.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                with self.lock:
                    script = self.scripts.pop(0) if self.scripts else ["serve"]
                    log = bytearray()
                    self.received.append(log)
                    self.open.add(sock)
                    self.peak = max(self.peak, len(self.open))
                threading.Thread(target=self._play, args=(sock, script, log), daemon=True).start()

    def _play(self, sock, script, log):
        player = _Player(sock, log, self.end)
        try:
            with contextlib.suppress(OSError, EOFError):
                if self.tls:
                    player.tls(self.tls)
                for step in script:
                    player.play(step)
        finally:
            self.open.discard(sock)
            with contextlib.suppress(OSError):
                player.sock.close()


class _Player:
    def __init__(self, sock, log, end):
        self.sock = sock
        self.log = log
        self.end = end
        self.buffer = b""

    def play(self, step):
        if isinstance(step, bytes):
            self.sock.sendall(step)
        elif isinstance(step, tuple):
            getattr(self, step[0])(*step[1:])
        else:
            getattr(self, step)()

    def tls(self, context):
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head

    def read(self, n):
        while len(self.buffer) < n:
            self._more()
        data, self.buffer = self.buffer[:n], self.buffer[n:]
        return data

    def _more(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.log += data
        self.buffer += data

    def drain(self):
        with contextlib.suppress(EOFError):
            while True:
                self._more()
                self.buffer = b""

    def drip(self, data, seconds):
        for byte in data:
            self.sock.sendall(bytes([byte]))
            if self.end.wait(seconds):
                return

    def fin(self):
        self.sock.shutdown(socket.SHUT_WR)

    def rst(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        if isinstance(self.sock, ssl.SSLSocket):
            with contextlib.suppress(OSError):
                self.sock = self.sock.unwrap()
        self.sock.close()

    def hold(self):
        poller = select.poll()
        poller.register(self.sock.fileno(), select.POLLRDHUP)
        while not self.end.is_set() and not poller.poll(50):
            pass

    def pause(self, seconds):
        self.end.wait(seconds)

    def serve(self):
        number = 0
        while True:
            head = self.head()
            self._body(head)
            number += 1
            body = b"request %d" % number
            self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def _body(self, head):
        lower = head.lower()
        if b"expect: 100-continue" in lower:
            self.sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if b"transfer-encoding: chunked" in lower:
            while b"0\r\n\r\n" not in self.buffer:
                self._more()
            self.buffer = self.buffer.partition(b"0\r\n\r\n")[2]
        elif b"content-length:" in lower:
            self.read(int(lower.split(b"content-length:")[1].split(b"\r\n")[0]))


def black_hole():
    """A listener whose backlog is full: the kernel drops further connection requests, as an unreachable network would.

    Returns the listener and the sockets that fill it; close them all.
    """
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = []
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
        fillers.append(filler)
        if not select.select([], [filler], [], 0.1)[1]:
            return listener, fillers
    raise RuntimeError("the backlog does not fill")
