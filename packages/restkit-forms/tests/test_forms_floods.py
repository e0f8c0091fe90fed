"""Hostile bodies: bounded memory, linear time (security checklist, row 46)."""

import io
import time
import tracemalloc

import pytest

from restkit_forms import FormError, MultipartForm, MultipartReader, form_decode, form_encode
from restkit_forms.part_headers import parse_fields, parse_value, unescaped

TYPE = "multipart/form-data; boundary=BOUNDARY"
OPEN = b'--BOUNDARY\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
CLOSE = b"\r\n--BOUNDARY--\r\n"
MIB = 1024 * 1024


class Drip(io.BytesIO):
    """One byte at a time."""

    def read(self, _=-1):
        return super().read(1)


def drained(stream, **limits):
    try:
        return sum(
            len(block) for part in MultipartReader(stream, TYPE, **limits) for block in iter(part.read1, b"")
        )
    except FormError as error:
        return type(error)


WIDE = {"max_parts": 10**9, "max_header_size": 10**9}
FLOODS = {
    "CR": lambda n: drained(OPEN + b"\r" * n + CLOSE),
    "CR LF": lambda n: drained(OPEN + b"\r\n" * (n // 2) + CLOSE),
    "almost delimiters": lambda n: drained(OPEN + b"\r\n--BOUNDARx" * (n // 12) + CLOSE),
    "delimiters that go on": lambda n: drained(OPEN + b"\r\n--BOUNDARYx" * (n // 13) + CLOSE),
    "delimiters with blanks": lambda n: drained(
        OPEN + (b"\r\n--BOUNDARY" + b" " * 200) * (n // 1000) + CLOSE
    ),
    "empty parts": lambda n: drained(b"--BOUNDARY\r\n\r\n" * (n // 140) + CLOSE, **WIDE),
    "fields": lambda n: drained(b"--BOUNDARY\r\n" + b"a:b\r\n" * (n // 10) + b"\r\n" + CLOSE, **WIDE),
    "one long field": lambda n: drained(b"--BOUNDARY\r\na:" + b"b" * n + b"\r\n\r\n" + CLOSE, **WIDE),
    "folded lines": lambda n: drained(
        b"--BOUNDARY\r\na:b" + b"\r\n b" * (n // 4) + b"\r\n\r\n" + CLOSE, **WIDE
    ),
    "preamble": lambda n: drained(b"\r\n" * (n // 2) + CLOSE, **WIDE),
    "drip": lambda n: drained(Drip(OPEN + b"\r\n--BOUND" * (n // 300) + CLOSE)),
    "header drip": lambda n: drained(
        Drip(b"--BOUNDARY\r\na:" + b"b" * (n // 30) + b"\r\n\r\n" + CLOSE), **WIDE
    ),
    "lines": lambda n: len(list(next(MultipartReader(OPEN + b"\n" * (n // 30) + CLOSE, TYPE)))),
    "quotation marks": lambda n: swallow(parse_value, 'a; b="' + '\\"' * (n // 2)),
    "backslashes": lambda n: swallow(parse_value, 'a; b="' + "\\" * n + '"'),
    "semicolons": lambda n: swallow(parse_value, "a" + ";" * n),
    "blanks": lambda n: swallow(parse_value, "a;" + " " * n),
    "parameters": lambda n: parse_value("a" + "".join(f";a{i}=b" for i in range(n // 10))),
    "name": lambda n: unescaped("\\\\%22" * (n // 5)),
    "header block": lambda n: swallow(parse_fields, b"a" * n),
    "form": lambda n: form_decode(b"%zz%41" * (n // 6)),
    "form fields": lambda n: swallow(form_decode, b"&" * n),
    "written name": lambda n: MultipartForm({'"\r\n' * (n // 3): "1"}).read(),
    "written value": lambda n: MultipartForm({"a": "\r\n--B" * (n // 5)}, "BB").read(),
    "written form": lambda n: form_encode({"a": "é" * (n // 2)}),
}


def swallow(parse, data):
    try:
        return parse(data)
    except FormError:
        return None


def seconds(flood, size):
    """The best of several: what disturbs the machine only ever makes it longer."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        flood(size)
        best = min(best, time.process_time() - start)
    return best


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_time_is_linear(flood):
    """Four times the input takes about four times as long (quadratic: sixteen times)."""
    size = MIB // 8
    small = seconds(flood, size)
    assert seconds(flood, 4 * size) < 8 * small + 0.02


BOMBS = {
    "header": b"--BOUNDARY\r\nX: " + b"a" * MIB,
    "fields": b"--BOUNDARY\r\n" + b"X: a\r\n" * (MIB // 6),
    "preamble": b"a" * MIB,
    "parts": b"--BOUNDARY\r\n\r\n" * (MIB // 14),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=BOMBS)
def test_a_bomb_goes_off_at_its_limit(body):
    assert drained(body).__name__ == "LimitExceeded"


class Endless:
    """Bytes for ever, as an attacker would send them."""

    def __init__(self, start, repeat):
        self.next = start
        self.repeat = repeat
        self.given = 0

    def read(self, size):
        block, self.next = self.next, self.repeat
        self.given += len(block)
        assert len(block) <= size
        return block


@pytest.mark.parametrize("repeat", [b"a" * 4096, b"\r\n" * 2048, b"\r\n--BOUNDARY" * 300, b"\r"])
def test_an_endless_part_needs_no_memory(repeat):
    stream = Endless(OPEN, repeat)
    part = next(MultipartReader(stream, TYPE))
    tracemalloc.start()
    try:
        while stream.given < 4 * MIB and part.size < 100_000 and part.read1():
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < MIB // 4


def test_an_endless_part_ends_at_its_limit_even_when_it_is_skipped():
    stream = Endless(OPEN, b"a" * 4096)
    reader = MultipartReader(stream, TYPE, max_part_size=MIB)
    next(reader)
    assert drained_type(reader) == "LimitExceeded"
    assert MIB <= stream.given < 2 * MIB


def drained_type(reader):
    try:
        return next(reader)
    except FormError as error:
        return type(error).__name__


def test_an_endless_epilogue_is_left_alone():
    stream = Endless(OPEN + b"1" + CLOSE, b"a" * 4096)
    assert drained(stream) == 1
    assert stream.given < 200_000
