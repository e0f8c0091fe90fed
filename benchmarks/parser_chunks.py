"""A chunked body of 4 MiB: restkit-parser against h11, and against one copy of the same bytes in memory.

The body lies in one buffer that is filled anew each time; the time to fill it is measured by itself and taken off. Rounds
are interleaved, time is CPU time, and a ratio is the median of the ratios within a round.

    python benchmarks/parser_chunks.py [rounds]
"""

from __future__ import annotations

import statistics
import sys
import time

import h11

from restkit_parser import ChunkDecoder

_TOTAL = 4 * 1024 * 1024
_BLOCK = 65_536


def make_body(size: int) -> bytes:
    """4 MiB of content in chunks of `size` bytes."""
    return (b"%x\r\n" % size + b"x" * size + b"\r\n") * (_TOTAL // size) + b"0\r\n\r\n"


def fill(data: bytes, buffer: bytearray, _other: memoryview) -> None:
    buffer[:] = data


def copy(data: bytes, buffer: bytearray, other: memoryview) -> None:
    buffer[:] = data
    with memoryview(buffer) as view:
        for at in range(0, len(data), _BLOCK):
            other[at : at + _BLOCK] = view[at : at + _BLOCK]


def restkit(data: bytes, buffer: bytearray, _other: memoryview) -> None:
    buffer[:] = data
    decoder = ChunkDecoder()
    filled, _ = decoder.decode(buffer, 0, len(buffer))
    if not decoder.done or filled != _TOTAL:
        sys.exit("wrong")


def restkit_blocks(data: bytes, buffer: bytearray, _other: memoryview) -> None:
    """In blocks of 64 KiB, as they come from a socket."""
    buffer[:] = data
    decoder = ChunkDecoder()
    filled = 0
    for at in range(0, len(data), _BLOCK):
        filled += decoder.decode(buffer, at, min(at + _BLOCK, len(data)))[0]
    if not decoder.done or filled != _TOTAL:
        sys.exit("wrong")


def h11_(data: bytes, buffer: bytearray, _other: memoryview) -> None:
    buffer[:] = data
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "h")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.next_event()
    for at in range(0, len(data), _BLOCK):
        connection.receive_data(bytes(buffer[at : at + _BLOCK]))
        while connection.next_event() is not h11.NEED_DATA:
            if connection.their_state is h11.DONE:
                return


_PEERS = {
    "fill": fill,
    "copy": copy,
    "restkit": restkit,
    "restkit, 64 KiB blocks": restkit_blocks,
    "h11": h11_,
}


def run(size: int, rounds: int) -> None:
    data = make_body(size)
    buffer, other = bytearray(data), memoryview(bytearray(len(data)))
    times: dict[str, list[float]] = {name: [] for name in _PEERS}
    for _ in range(rounds):
        for name, function in _PEERS.items():
            begin = time.process_time()
            function(data, buffer, other)
            times[name].append((time.process_time() - begin) * 1e6)
    net = {name: [a - b for a, b in zip(own, times["fill"], strict=True)] for name, own in times.items()}
    print(f"\nchunks of {size} bytes, {rounds} rounds, us a MiB without filling the buffer")
    for name in list(_PEERS)[1:]:
        to_copy, to_h11 = (
            statistics.median(a / b for a, b in zip(net[name], net[reference], strict=True))
            for reference in ("copy", "h11")
        )
        print(f"{name:24} {statistics.median(net[name]) / 4:9.1f} {to_copy:8.2f}x copy {to_h11:8.3f}x h11")


if __name__ == "__main__":
    for chunk in (65_536, 4096, 256):
        run(chunk, int(sys.argv[1]) if len(sys.argv) > 1 else 11)
