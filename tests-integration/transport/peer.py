"""The server of these tests, in a process of its own: `python peer.py [CERTIFICATE]` prints its port and serves until its input ends.

/down/N        N bytes that repeat 0…255            /up         the SHA-256 of the body
/form          the SHA-256 of a form's one file     /random/X   "X", or what a bad day makes of it
/race/X        "X", and closes soon afterwards      /bye        closes without having said so
/cut /garbage /close /chunks /half /nothing         answers that are broken, each in its way
/told          JSON: how often each body of a /race/ came, which names came on which connection, how many were open at most
anything else  its last segment
"""

import collections
import contextlib
import hashlib
import json
import random
import socket
import ssl
import sys
import threading
import time

BLOCK = bytes(range(256)) * 256
lock = threading.Lock()
bodies = collections.Counter()
names = collections.defaultdict(set)
now_open = [0, 0]
numbers = iter(range(10**9))


def answer(body, fields=b""):
    return b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (fields, len(body), body)


BROKEN = {
    b"/cut": [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", None],
    b"/garbage": [b"garbage\r\n\r\n", None],
    b"/close": [answer(b"ok", b"Connection: close\r\n"), None],
    b"/chunks": [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"],
    b"/half": [b"HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n" + b"x" * 100000, None],
    b"/nothing": [None],
    b"/bye": [answer(b"bye"), None],
}


class Peer:
    def __init__(self, sock, number):
        self.sock = sock
        self.number = number
        self.buffer = b""
        self.random = random.Random(number)

    def head(self):
        while b"\r\n\r\n" not in self.buffer:
            self.more()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        return head

    def more(self):
        data = self.sock.recv(262144)
        if not data:
            raise EOFError
        self.buffer += data

    def content(self, head):
        """The body's blocks."""
        lower = head.lower()
        if b"\r\ncontent-length: " in lower:
            left = int(lower.split(b"\r\ncontent-length: ")[1].split(b"\r\n")[0])
            while left:
                if not self.buffer:
                    self.more()
                block, self.buffer = self.buffer[:left], self.buffer[left:]
                left -= len(block)
                yield block
        elif b"\r\ntransfer-encoding: chunked" in lower:
            while True:
                while b"\r\n" not in self.buffer:
                    self.more()
                line, _, self.buffer = self.buffer.partition(b"\r\n")
                size = int(line, 16)
                parts = self.exactly(size + 2)
                if not size:
                    return
                yield parts[:-2]

    def exactly(self, n):
        parts, have = [self.buffer], len(self.buffer)
        self.buffer = b""
        while have < n:
            data = self.sock.recv(262144)
            if not data:
                raise EOFError
            parts.append(data)
            have += len(data)
        data = b"".join(parts)
        self.buffer = data[n:]
        return data[:n]

    def serve(self):
        while True:
            head = self.head()
            path = head.split(b" ")[1]
            if not self.act(path, head, path.rpartition(b"/")[2]):
                return

    def act(self, path, head, name):
        if path.startswith(b"/down/"):
            return self.down(int(name))
        if path == b"/up":
            digest = hashlib.sha256()
            for block in self.content(head):
                digest.update(block)
            self.sock.sendall(answer(digest.hexdigest().encode()))
            return True
        if path == b"/form":
            self.sock.sendall(answer(self.form(head).encode()))
            return True
        body = b"".join(self.content(head))
        if path.startswith(b"/random/"):
            return self.randomly(name)
        if path.startswith(b"/race/"):
            return self.race(name, body)
        if path == b"/told":
            told = {"bodies": bodies, "names": [sorted(each) for each in names.values()], "most": now_open[1]}
            self.sock.sendall(answer(json.dumps(told).encode()))
            return True
        if path in BROKEN:
            for data in BROKEN[path]:
                if data is None:
                    return False
                self.sock.sendall(data)
            return True
        with lock:
            names[self.number].add(name.decode())
        self.sock.sendall(answer(b"%d" % self.number if name == b"parent" else name))
        return True

    def down(self, size):
        self.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size)
        for _ in range(size // len(BLOCK)):
            self.sock.sendall(BLOCK)
        return True

    def form(self, head):
        boundary = head.split(b"boundary=")[1].split(b"\r\n")[0].strip(b'"')
        end = b"\r\n--" + boundary + b"--\r\n"
        digest = hashlib.sha256()
        kept, inside = b"", False
        for block in self.content(head):
            kept += block
            if not inside and b"\r\n\r\n" in kept:
                kept, inside = kept.partition(b"\r\n\r\n")[2], True
            if inside and len(kept) > len(end):
                digest.update(kept[: -len(end)])
                kept = kept[-len(end) :]
        return digest.hexdigest() if kept == end else "no form"

    def randomly(self, name):
        dice = self.random.random()
        if dice < 0.02:
            return False
        if dice < 0.04:
            time.sleep(0.03)
        if dice < 0.06:
            self.sock.sendall(answer(name, b"Connection: close\r\n"))
            return False
        if dice < 0.08:
            self.sock.sendall(answer(name)[:-1])
            return False
        self.sock.sendall(answer(name))
        # Closed without a word, now or a moment later.
        if dice < 0.11:
            return False
        if dice < 0.14:
            time.sleep(self.random.random() * 0.002)
            return False
        return True

    def race(self, name, body):
        with lock:
            bodies[body.decode()] += 1
        self.sock.sendall(answer(name))
        time.sleep(self.random.random() * 0.0002)
        return self.random.random() < 0.3


def play(sock, number, context):
    with contextlib.suppress(OSError, EOFError, ValueError, IndexError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if context is not None:
            sock = context.wrap_socket(sock, server_side=True)
        Peer(sock, number).serve()
    with lock:
        now_open[0] -= 1
    with contextlib.suppress(OSError):
        sock.close()


def main():
    context = None
    if len(sys.argv) > 1:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1])
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listener.getsockname()[1], flush=True)

    def accept():
        while True:
            sock, _ = listener.accept()
            with lock:
                now_open[0] += 1
                now_open[1] = max(now_open)
            threading.Thread(target=play, args=(sock, next(numbers), context), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    sys.stdin.read()


main()
