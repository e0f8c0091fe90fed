"""Time grows with the bytes, not with their square, for what an attacker could send.

Each case is timed at n and at 4n bytes in CPU time, the best of some tries each, so that a busy machine does not fail it:
linear takes 4 times as long, quadratic 16 times; 8 is the line between.
"""

from __future__ import annotations

import time

import pytest

from restkit_parser import ChunkDecoder, Limits, ProtocolError, RequestParser, ResponseParser

NO_LIMITS = Limits(
    max_start_line=1 << 30,
    max_field_line=1 << 30,
    max_field_section=1 << 30,
    max_chunk_extensions=1 << 30,
    max_trailers=1 << 30,
)
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def respond(data, step, limits=NO_LIMITS):
    parser = ResponseParser(limits)
    parser.expect("GET")
    try:
        for at in range(0, len(data), step):
            parser.feed(data[at : at + step])
            for event in parser:
                if not isinstance(event, bytes):
                    len(event.headers if hasattr(event, "headers") else event.trailers)
    except ProtocolError:
        pass


def request(data, step):
    parser = RequestParser(NO_LIMITS)
    try:
        for at in range(0, len(data), step):
            parser.feed(data[at : at + step])
            for _ in parser:
                pass
    except ProtocolError:
        pass


def one_buffer(data, step):
    decoder = ChunkDecoder(NO_LIMITS)
    buffer = bytearray(data)
    decoder.decode(buffer, 0, len(buffer))


CASES = {
    # name: (bytes of n, how they are fed, step; 0 is whole, size)
    "tiny chunks": (lambda n: CHUNKED + b"1\r\nx\r\n" * (n // 6), respond, 4096, 60_000),
    "tiny chunks in one buffer": (lambda n: b"1\r\nx\r\n" * (n // 6), one_buffer, 0, 60_000),
    "tiny chunks byte by byte": (lambda n: CHUNKED + b"1\r\nx\r\n" * (n // 6), respond, 1, 10_000),
    "tiny chunk extensions": (lambda n: CHUNKED + b"1;" + b"a;" * (n // 2) + b"a\r\nx", respond, 4096, 500_000),
    "one long chunk line byte by byte": (lambda n: CHUNKED + b"1;" + b"a" * n, respond, 1, 10_000),
    "tiny fields": (lambda n: OK + b"a:\r\n" * (n // 4) + b"\r\n", respond, 4096, 60_000),
    "tiny fields byte by byte": (lambda n: OK + b"a:\r\n" * (n // 4) + b"\r\n", respond, 1, 10_000),
    "tiny fields of a request": (lambda n: b"GET / HTTP/1.1\r\n" + b"a:\r\n" * (n // 4) + b"\r\n", request, 4096, 60_000),
    "tiny fields in one piece": (lambda n: OK + b"a:\r\n" * (n // 4) + b"\r\n", respond, 1 << 30, 500_000),
    "tiny trailers": (lambda n: CHUNKED + b"0\r\n" + b"a:\r\n" * (n // 4) + b"\r\n", respond, 4096, 60_000),
    "one long line": (lambda n: OK + b"a: " + b"b" * n + b"\r\n\r\n", respond, 4096, 1_000_000),
    "one long line byte by byte": (lambda n: OK + b"a: " + b"b" * n, respond, 1, 10_000),
    "a long start line byte by byte": (lambda n: b"GET /" + b"b" * n, request, 1, 10_000),
    "spaces in a value": (lambda n: OK + b"a: " + b" " * n + b"b" + b" " * n + b"\r\n\r\n", respond, 4096, 500_000),
    "spaces before a colon": (lambda n: OK + b"a" + b" " * n + b"\r\n\r\n", respond, 4096, 1_000_000),
    "folds": (lambda n: OK + b"a: b\r\n" + b" c\r\n" * (n // 4) + b"\r\n", respond, 4096, 60_000),
    "folds byte by byte": (lambda n: OK + b"a: b\r\n" + b" c\r\n" * (n // 4) + b"\r\n", respond, 1, 10_000),
    "interim responses": (
        lambda n: b"HTTP/1.1 100 C\r\n\r\n" * (n // 18),
        lambda data, step: respond(data, step, Limits(max_interim_responses=1 << 30)), 65_536, 50_000),
    "pipelined requests": (lambda n: b"GET / HTTP/1.1\r\n\r\n" * (n // 18), request, 65_536, 50_000),
    "pipelined requests in one piece": (lambda n: b"GET / HTTP/1.1\r\n\r\n" * (n // 18), request, 1 << 30, 50_000),
    "content byte by byte": (lambda n: OK + b"Content-Length: 9999999\r\n\r\n" + b"x" * n, respond, 1, 10_000),
    "a long list of lengths": (lambda n: OK + b"Content-Length: 5" + b",5" * (n // 2) + b"\r\n\r\n", respond, 4096, 60_000),
    "garbage": (lambda n: b"x\n" * (n // 2), lambda data, step: respond(data, step, Limits(max_status_line_garbage=None)), 64, 10_000),
}  # fmt: skip


def cpu_time(run, data, step):
    begin = time.process_time()
    run(data, step or len(data))
    return time.process_time() - begin


@pytest.mark.parametrize("name", CASES)
def test_four_times_the_bytes_take_about_four_times_as_long(name):
    make, run, step, size = CASES[name]
    small, large = make(size), make(4 * size)
    best_small = best_large = float("inf")
    for _ in range(5):
        best_small = min(best_small, cpu_time(run, small, step))
        best_large = min(best_large, cpu_time(run, large, step))
        if best_large < 8 * best_small:
            return
    pytest.fail(f"four times the bytes took {best_large / best_small:.1f} times as long")


def test_ten_mebibytes_of_tiny_chunks_are_decoded():
    data = b"1\r\nx\r\n" * (10 * 1024 * 1024 // 6)
    one_buffer(data, 0)
