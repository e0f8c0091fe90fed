"""A server that replays one response and, at one byte of its stream, does the fault that is asked for.

What a proxy between a client and a server would do to the server's bytes is done as they are sent: the client can not
tell, and a hop is saved. Under TLS the stream is the one of records, below the encryption.
"""

import contextlib
import socket
import ssl
import struct
import threading
import time
from typing import NamedTuple

# A damaged length leaves both sides of a handshake waiting for each other; then the server gives up.
PATIENCE = 0.2
# Longer than a loopback round trip, so that the client has read what came before it; short against a try's own time.
DELAY = 0.002


class Fault(NamedTuple):
    """What is done where: "cut", "reset", "split", "delay" before a byte, or "corrupt" one into another."""

    kind: str
    offset: int
    # The other byte: added to the one that was there, modulo 256, so that it always differs.
    change: int = 1
    # Whether the offset counts from the first byte of the connection, and not of the response.
    from_start: bool = False


class Gone(Exception):
    """The fault has ended the connection."""


class Wire:
    """A connection's sending side: knows how far it is, and does the fault when it gets there."""

    def __init__(self, sock, fault):
        self.sock = sock
        self.fault = fault
        self.position = 0
        self.base = 0

    def send(self, data):
        start, self.position = self.position, self.position + len(data)
        at = self.fault.offset + (0 if self.fault.from_start else self.base) - start
        counting = self.fault.from_start or start >= self.base >= 0
        if counting and 0 <= at < len(data):
            data = getattr(self, self.fault.kind)(data, at)
        self.sock.sendall(data)

    def cut(self, data, at):
        self.sock.sendall(data[:at])
        raise Gone

    def reset(self, data, at):
        self.sock.sendall(data[:at])
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Gone

    def split(self, data, at):
        self.sock.sendall(data[:at])
        return data[at:]

    def delay(self, data, at):
        self.sock.sendall(data[:at])
        time.sleep(DELAY)
        return data[at:]

    def corrupt(self, data, at):
        return b"%b%c%b" % (data[:at], (data[at] + self.fault.change) % 256, data[at + 1 :])


class FaultyServer:
    """Serves one connection after another, from construction to `stop`.

    Args:
        response: what every request is answered with.
        contexts: for TLS; used in turn, so that no session is resumed and each handshake is a whole one.
        closes: whether the connection ends after each response.

    Attributes:
        fault: of the next response, or connection.
        seen: the positions in the stream where the last response began and ended.
    """

    def __init__(self, response, contexts=(), closes=False):
        self.response = response
        self.contexts = contexts
        self.closes = closes
        self.fault = Fault("split", 0)
        self.seen = (0, 0)
        self.listener = socket.create_server(("127.0.0.1", 0))
        scheme, host = ("https", "localhost") if contexts else ("http", "127.0.0.1")
        self.url = f"{scheme}://{host}:{self.listener.getsockname()[1]}/"
        self.thread = threading.Thread(target=self._accept, daemon=True)
        self.thread.start()

    def stop(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(5)

    def _accept(self):
        number = 0
        with contextlib.suppress(OSError):
            while True:
                sock, _ = self.listener.accept()
                number += 1
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with sock, contextlib.suppress(OSError, Gone):
                    self._serve(sock, number)

    def _serve(self, sock, number):
        wire = Wire(sock, self.fault)
        link = Secure(wire, self.contexts[number % len(self.contexts)]) if self.contexts else Plain(wire)
        while link.read_head():
            wire.fault = self.fault
            wire.base = wire.position
            link.send(self.response)
            self.seen = (wire.base, wire.position)
            if self.closes or self.fault.kind == "corrupt":
                # A length that was made larger must not wait for bytes that are not there.
                link.end()
                sock.shutdown(socket.SHUT_WR)
                # Closing with bytes unread would reset the connection, and take what was sent with it.
                while sock.recv(4096):
                    pass
                return


class Plain:
    """HTTP on the wire itself."""

    def __init__(self, wire):
        self.wire = wire
        self.send = wire.send

    def read_head(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            data = self.wire.sock.recv(4096)
            if not data:
                return False
            head += data
        return True

    def end(self):
        pass


class Secure:
    """HTTP in TLS on the wire."""

    def __init__(self, wire, context):
        self.wire = wire
        # Nothing before the handshake's end is part of a response.
        wire.base = -1
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.secure = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self._run(self.secure.do_handshake)

    def _run(self, act, *arguments):
        while True:
            try:
                result = act(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._receive()
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            except ssl.SSLError:
                # The alert that says why.
                self._flush()
                raise
            else:
                self._flush()
                return result

    def _receive(self):
        sock = self.wire.sock
        if self.wire.fault.kind != "corrupt":
            return sock.recv(16384)
        sock.settimeout(PATIENCE)
        try:
            return sock.recv(16384)
        except TimeoutError:
            sock.shutdown(socket.SHUT_WR)
            raise Gone from None

    def _flush(self):
        data = self.outgoing.read()
        if data:
            self.wire.send(data)

    def read_head(self):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            try:
                data = self._run(self.secure.read, 4096)
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                return False
            if not data:
                return False
            head += data
        return True

    def send(self, data):
        self._run(self.secure.write, data)

    def end(self):
        with contextlib.suppress(ssl.SSLWantReadError):
            self.secure.unwrap()
        self._flush()
