"""Small bodies that decode to many gibibytes of zeros, made in no time: one compressed block, said again and again."""

import contextlib
import gzip
import itertools
import socket
import threading
import zlib
from collections.abc import Iterable, Iterator

import brotli

from servers.origin import read_head

BLOCK = 1 << 22
"""Zeros in one block: 4 MiB."""


def bomb(coding: str, size: int) -> Iterable[bytes]:
    """The coded body of `size` zeros, a multiple of 4 MiB, in pieces."""
    count = size // BLOCK
    first, _, rest = coding.partition(", ")
    if rest:
        # Of the inner body, which is some megabytes, the outer coding makes some kilobytes.
        inner = b"".join(bomb(first, size))
        return [gzip.compress(inner) if rest == "gzip" else brotli.compress(inner, quality=3, lgwin=18)]
    return PARTS[first](count)


def gzip_parts(count: int) -> Iterable[bytes]:
    return itertools.repeat(gzip.compress(bytes(BLOCK)), count)


def zlib_parts(count: int) -> Iterable[bytes]:
    # Adler-32 of n zeros.
    checksum = (count * BLOCK % 65521 << 16 | 1).to_bytes(4, "big")
    return itertools.chain(raw_parts(count, b"\x78\xda"), [checksum])


def raw_parts(count: int, header: bytes = b"") -> Iterable[bytes]:
    compressor = zlib.compressobj(9, wbits=-15)
    block = compressor.compress(bytes(BLOCK)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return itertools.chain([header], itertools.repeat(block, count), [compressor.flush()])


def br_parts(count: int, window: int = 18) -> Iterable[bytes]:
    compressor = brotli.Compressor(quality=5, lgwin=window)
    blocks = [compressor.process(bytes(BLOCK)) + compressor.flush() for _ in range(3)]
    # The third refers to nothing but zeros, and may be said again.
    repeated = itertools.repeat(blocks[2], count - 2)
    return itertools.chain(blocks[:2], repeated, [compressor.finish()])


def zstd_parts(count: int) -> Iterable[bytes]:
    """RLE blocks of 128 KiB (RFC 8878 §3.1.1.2) in a frame whose window is 1 MiB."""
    rle = ((128 << 10) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    header = bytes.fromhex("28b52ffd 00 50")
    return itertools.chain([header], itertools.repeat(rle * (BLOCK >> 17), count), [b"\x01\0\0"])


PARTS = {
    "gzip": gzip_parts,
    "deflate": zlib_parts,
    "deflate-raw": raw_parts,
    "br": br_parts,
    "br-22": lambda count: br_parts(count, 22),
    "br-24": lambda count: br_parts(count, 24),
    "zstd": zstd_parts,
}

STATUSES = {
    "302": "302 Found\r\nLocation: /end",
    "401": "401 No\r\nWWW-Authenticate: Basic",
    "503": "503 Later",
}


class BombServer:
    """Answers `/CODING/SIZE` with a bomb, `/CODING/SIZE/STATUS` with one of that status, once; all else with "end"."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._once: set[bytes] = set()
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
        with client, contextlib.suppress(OSError), client.makefile("rb") as file:
            while head := read_head(file):
                for part in self._answer(head.split(b" ")[1]):
                    client.sendall(part)

    def _answer(self, target: bytes) -> Iterator[bytes]:
        _, coding, *rest = target.decode().split("/")
        if not rest or target in self._once:
            yield b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nend"
            return
        status = "200 OK"
        if rest[1:]:
            self._once.add(target)
            status = STATUSES[rest[1]]
        named = ", ".join(each.partition("-")[0] for each in coding.split("+"))
        yield f"HTTP/1.1 {status}\r\nContent-Encoding: {named}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
        for part in filter(None, bomb(coding.replace("+", ", "), int(rest[0]))):
            yield b"%x\r\n%b\r\n" % (len(part), part)
        yield b"0\r\n\r\n"


@contextlib.contextmanager
def run_bombs() -> Iterator[BombServer]:
    """The server for as long as the block lasts."""
    server = BombServer()
    try:
        yield server
    finally:
        server.stop()
