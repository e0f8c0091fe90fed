"""Response heads of 12 and 30 fields: restkit-parser against httptools, h11 and http.client.

Each head is new in its values. "framed" is validated, with status, length and keep-alive known; "read" has every field
as text besides. Rounds are interleaved (A B C A B C ...), time is CPU time, and a ratio is the median of the ratios within
a round. httptools gives fields as bytes; "httptools, text" decodes them, which is what the others give.

    python benchmarks/parser_heads.py [rounds]
"""

from __future__ import annotations

import http.client
import io
import statistics
import sys
import time
from typing import TYPE_CHECKING

import h11
import httptools

from restkit_parser import parse_response_head, response_framing, response_head_end, take_response_head

if TYPE_CHECKING:
    from collections.abc import Callable

_FIELDS = [
    ("Date", "Tue, 24 Nov 2026 00:00:00 GMT"),
    ("Server", "nginx/1.25.3"),
    ("Content-Type", "application/json; charset=utf-8"),
    ("Content-Length", "{number}"),
    ("Connection", "keep-alive"),
    ("Vary", "Accept-Encoding"),
    ("ETag", '"5f2c-{number}"'),
    ("Cache-Control", "max-age=60, public"),
    ("Last-Modified", "Mon, 23 Nov 2026 00:00:00 GMT"),
    ("X-Request-Id", "8d4f2c1a-77aa-4b9e-8c1d-{number}"),
    ("Strict-Transport-Security", "max-age=31536000"),
    ("Accept-Ranges", "bytes"),
]


def make_head(count: int, number: int) -> bytes:
    """A head of `count` fields."""
    fields = _FIELDS + [
        (f"X-Custom-Field-{index}", f"some value of {index} and {{number}}") for index in range(count - 12)
    ]
    lines = "".join(f"{name}: {value.format(number=number)}\r\n" for name, value in fields)
    return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode()


def restkit_framed(data: bytes) -> object:
    head, _ = take_response_head(data, 0, len(data)) or sys.exit("incomplete")
    return response_framing(head, "GET")


def restkit_three_calls(data: bytes) -> object:
    end = response_head_end(data, 0, len(data))
    return response_framing(parse_response_head(data[:end]), "GET")


def restkit_read(data: bytes) -> object:
    head, _ = take_response_head(data, 0, len(data)) or sys.exit("incomplete")
    response_framing(head, "GET")
    return head.headers.items()


class _Fields:
    __slots__ = ("fields",)

    def __init__(self) -> None:
        self.fields: list[object] = []

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name, value))


class _TextFields(_Fields):
    __slots__ = ()

    def on_header(self, name: bytes, value: bytes) -> None:
        self.fields.append((name.decode("latin-1"), value.decode("latin-1")))


def _httptools(protocol: _Fields, data: bytes) -> object:
    parser = httptools.HttpResponseParser(protocol)
    parser.feed_data(data)
    return parser.get_status_code(), parser.should_keep_alive(), protocol.fields


def httptools_(data: bytes) -> object:
    return _httptools(_Fields(), data)


def httptools_text(data: bytes) -> object:
    return _httptools(_TextFields(), data)


def h11_(data: bytes) -> object:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "h")]))
    connection.send(h11.EndOfMessage())
    connection.receive_data(data)
    return connection.next_event()


def http_client(data: bytes) -> object:
    lines = io.BytesIO(data)
    lines.readline()
    return http.client.parse_headers(lines)


# What is run, on how many heads a round: the slow ones on fewer.
_PEERS: list[tuple[str, Callable[[bytes], object], int]] = [
    ("httptools", httptools_, 500),
    ("restkit framed", restkit_framed, 500),
    ("restkit framed, three calls", restkit_three_calls, 500),
    ("restkit read", restkit_read, 500),
    ("httptools, text", httptools_text, 500),
    ("h11", h11_, 50),
    ("http.client", http_client, 50),
]


def run(count: int, rounds: int) -> None:
    heads = [make_head(count, 10_000 + number) for number in range(500)]
    times: dict[str, list[float]] = {name: [] for name, _, _ in _PEERS}
    for _ in range(rounds):
        for name, function, amount in _PEERS:
            begin = time.process_time()
            for data in heads[:amount]:
                function(data)
            times[name].append((time.process_time() - begin) / amount * 1e6)
    print(f"\n{count} fields, {len(heads[0])} bytes, {rounds} rounds")
    references = ["httptools", "httptools, text", "h11", "http.client"]
    print(f"{'':28} {'us':>7}" + "".join(f"{'x ' + reference:>17}" for reference in references))
    for name, own in times.items():
        ratios = [
            statistics.median(a / b for a, b in zip(own, times[reference], strict=True))
            for reference in references
        ]
        print(f"{name:28} {statistics.median(own):7.2f}" + "".join(f"{ratio:17.2f}" for ratio in ratios))


if __name__ == "__main__":
    for fields in (12, 30):
        run(fields, int(sys.argv[1]) if len(sys.argv) > 1 else 21)
