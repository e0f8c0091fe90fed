"""A scripted server on loopback, for what a connection does with the bytes it gets.

Each connection takes the next script; when they are used up, requests are answered properly. A script is a list of steps:

    bytes               send them
    "head"              read a request's head
    ("read", n)         read n bytes of body
    "drain"             read until the client closes
    "serve"             answer every request with its number on the connection, until the client closes
    "fin" "rst" "close" half-close; reset; close (so does the end of a script)
    an Event            wait until the test sets it
    "hold"              wait until the test ends
"""

import contextlib
import gc
import os
import socket
import struct
import threading
from pathlib import Path

import pytest

from restkit_client import Client, ConnectionPool


class ScriptedServer:
    def __init__(self, *scripts):
        self.scripts = list(scripts)
        self.received = []
        self.sockets = []
        self.end = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self.threads = [threading.Thread(target=self.accept, daemon=True)]
        self.threads[0].start()

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                script = self.scripts.pop(0) if self.scripts else ["serve"]
                log = bytearray()
                self.received.append(log)
                self.sockets.append(sock)
                thread = threading.Thread(target=self.play, args=(sock, script, log), daemon=True)
                self.threads.append(thread)
                thread.start()

    def play(self, sock, script, log):
        peer = Peer(sock, log, self.end)
        with sock, contextlib.suppress(OSError, EOFError):
            for step in script:
                peer.play(step)

    def stop(self):
        self.end.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for sock in self.sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()


class Peer:
    def __init__(self, sock, log, end):
        self.sock = sock
        self.log = log
        self.end = end
        self.buffer = b""

    def play(self, step):
        if isinstance(step, bytes):
            self.sock.sendall(step)
        elif isinstance(step, threading.Event):
            step.wait(20)
        elif isinstance(step, tuple):
            getattr(self, step[0])(*step[1:])
        else:
            getattr(self, step)()

    def more(self):
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        self.log += data
        self.buffer += data

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head

    def read(self, n):
        while len(self.buffer) < n:
            self.more()
        self.buffer = self.buffer[n:]

    def drain(self):
        while True:
            self.more()
            self.buffer = b""

    def serve(self):
        number = 0
        while True:
            head = self.head().lower()
            if b"\r\ncontent-length: " in head:
                self.read(int(head.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0]))
            elif b"chunked" in head:
                while not self.buffer.endswith(b"0\r\n\r\n"):
                    self.more()
                self.buffer = b""
            number += 1
            body = b"request %d" % number
            self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    def fin(self):
        self.sock.shutdown(socket.SHUT_WR)

    def rst(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()

    def close(self):
        self.sock.close()

    def hold(self):
        self.end.wait(20)


@pytest.fixture(autouse=True)
def _no_proxy_from_outside(monkeypatch):
    for name in tuple(os.environ):
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def serve():
    """A function that starts a server with scripts; stopped after the test."""
    running = []

    def start(*scripts):
        running.append(ScriptedServer(*scripts))
        return running[-1]

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def pool():
    with ConnectionPool() as made:
        yield made


@pytest.fixture
def client(pool):
    return Client(pool=pool, wait_tries=0.001)


@pytest.fixture
def descriptors():
    """A function that counts this process's sockets."""

    def count():
        gc.collect()
        found = 0
        for fd in folder.iterdir():
            with contextlib.suppress(OSError):
                found += str(fd.readlink()).startswith("socket:")
        return found

    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("descriptors are counted in /proc")
    return count
