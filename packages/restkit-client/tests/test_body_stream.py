"""BodyWrapper: a response's body as a binary file object, and as lines."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tarfile
import tracemalloc
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.body_stream import BodyWrapper
from restkit_client.errors import IncompleteBody
from restkit_client.transports.chunk_reader import ChunkReader

LINES = [b"one\n", b"\n", b"two\r\n", b"x" * 70_000 + b"\n", b"last"]
BODY = b"".join(LINES)


def pieces(data, size):
    return [data[i : i + size] for i in range(0, len(data), size)]


def stream(chunks):
    return BodyWrapper(SimpleNamespace(reader=ChunkReader(chunks)))


class Recorder:
    """A reader that notes what it is asked for."""

    def __init__(self, data):
        self.file = io.BytesIO(data)
        self.asked = []

    def read(self, n):
        self.asked.append(n)
        return self.file.read(n)

    def readinto(self, buffer):
        self.asked.append(buffer)
        return self.file.readinto(buffer)

    def close(self):
        self.asked.append("close")


@pytest.mark.parametrize("size", [1, 5, 70_002, 1 << 20])
def test_iteration_gives_lines_and_a_long_one_in_pieces_of_64_kib(size):
    chunks = pieces(BODY, size)
    expected = [b"one\n", b"\n", b"two\r\n", b"x" * 65536, b"x" * (70_000 - 65536) + b"\n", b"last"]
    assert list(stream(chunks)) == expected
    body = stream(chunks)
    assert [body.next() for _ in expected] == expected
    with pytest.raises(StopIteration):
        body.next()
    assert body.eof


@pytest.mark.parametrize("size", [1, 5, 1 << 20])
def test_readline_and_readlines_give_whole_lines(size):
    chunks = pieces(BODY, size)
    body = stream(chunks)
    assert [body.readline() for _ in range(6)] == [*LINES, b""]
    assert stream(chunks).readlines() == LINES
    assert stream(chunks).readlines(5) == LINES[:2]
    body = stream(chunks)
    assert [body.readline(0), body.readline(2), body.readline(2), body.readline(None)] == [
        b"",
        b"on",
        b"e\n",
        b"\n",
    ]


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(
    chunks=st.lists(st.binary(max_size=8).map(lambda b: b.replace(b"\x00", b"\n")), max_size=20),
    calls=st.lists(
        st.tuples(
            st.sampled_from(["read", "readline", "readinto", "next", "read1", "readinto1"]),
            st.integers(0, 12),
        ),
        max_size=30,
    ),
)
def test_any_mix_of_calls_reads_as_a_file_of_the_same_bytes(chunks, calls):
    body = stream(chunks)
    oracle = io.BytesIO(b"".join(chunks))
    for name, n in calls:
        if name == "next":
            assert next(body, b"") == next(oracle, b"")
        elif name in ("read", "readline"):
            assert getattr(body, name)(n) == getattr(oracle, name)(n)
        elif name == "readinto":
            ours, theirs = bytearray(n), bytearray(n)
            assert body.readinto(ours) == oracle.readinto(theirs)
            assert ours == theirs
        else:
            buffer = bytearray(n)
            data = body.read1(n) if name == "read1" else bytes(buffer[: body.readinto1(buffer)])
            expected = oracle.read(len(data))
            assert data == expected
            assert data or not n or not oracle.read(1)
    assert body.read() == oracle.read()
    assert body.eof
    assert body.read(1) == body.read1(1) == body.readline() == b""
    assert body.readinto(bytearray(1)) == 0


@pytest.mark.parametrize("n", [-1, None])
def test_read_without_a_number_reads_all_and_read1_what_is_there(n):
    assert stream([b"ab", b"cd"]).read(n) == b"abcd"
    body = stream([b"ab", b"cd"])
    assert [body.read1(n), body.read1(n), body.read1(n)] == [b"ab", b"cd", b""]
    assert stream([b"ab"]).read1(0) == b""


def test_what_was_read_ahead_for_a_line_is_handed_out_first():
    body = stream([b"a\nbc", b"de"])
    assert next(body) == b"a\n"
    buffer = bytearray(5)
    assert (body.readinto1(buffer), body.readinto(buffer)) == (2, 2)
    assert buffer[:2] == b"de"


def test_large_blocks_go_straight_to_the_reader():
    reader = Recorder(bytes(200_000))
    body = BodyWrapper(SimpleNamespace(reader=reader))
    assert len(body.read(65536)) == 65536
    buffer = bytearray(70_000)
    assert body.readinto(buffer) == 70_000
    assert reader.asked[0] == 65536
    assert reader.asked[1].obj is buffer


def test_it_knows_its_response_and_connection():
    resp = SimpleNamespace(reader=ChunkReader([b"abc"]))
    connection = object()
    body = BodyWrapper(resp, connection)
    assert body.resp is resp
    assert body.connection is connection
    assert body.readable()
    assert not body.seekable()
    assert not body.writable()
    assert not body.eof


def test_leaving_the_with_block_gives_up_the_rest_and_nothing_can_be_read_any_more():
    reader = Recorder(b"a\nb\n")
    with BodyWrapper(SimpleNamespace(reader=reader)) as body:
        assert next(body) == b"a\n"
    assert reader.asked[-1] == "close"
    assert body.closed
    count = len(reader.asked)
    body.close()
    assert len(reader.asked) == count
    for call in (body.read, body.read1, body.readline, body.readlines, body.next, body.__iter__):
        with pytest.raises(ValueError, match="closed"):
            call()
    for call in (body.readinto, body.readinto1):
        with pytest.raises(ValueError, match="closed"):
            call(bytearray(1))


def test_a_body_that_is_dropped_gives_up_its_reader():
    reader = Recorder(b"abc")
    BodyWrapper(SimpleNamespace(reader=reader))
    assert reader.asked == ["close"]


def test_it_counts_as_closed_even_when_the_reader_fails_to_close():
    class Failing(Recorder):
        def close(self):
            raise OSError("no")

    body = BodyWrapper(SimpleNamespace(reader=Failing(b"")))
    with pytest.raises(OSError, match="no"):
        body.close()
    assert body.closed


@pytest.mark.parametrize(
    "call", [lambda b: b.read(), lambda b: b.read(99), list, lambda b: b.readinto(bytearray(99))]
)
def test_a_cut_body_is_an_error_and_never_a_short_answer(call):
    def cut():
        yield b"abc"
        raise IncompleteBody("cut")

    with pytest.raises(IncompleteBody):
        call(stream(cut()))


def test_text_wrapper_csv_and_json_read_it():
    text = "name,é\r\n1,2\n"
    chunks = pieces(text.encode(), 3)
    assert list(csv.reader(io.TextIOWrapper(stream(chunks), "utf-8", newline=""))) == [
        ["name", "é"],
        ["1", "2"],
    ]
    assert io.TextIOWrapper(stream(chunks), "utf-8").read() == text.replace("\r\n", "\n")
    assert json.load(stream(pieces(b'{"a": [1, 2]}', 2))) == {"a": [1, 2]}
    assert io.BufferedReader(stream(chunks)).read() == text.encode()


@pytest.mark.parametrize("mode", ["w|", "w|gz"])
def test_tarfile_and_copyfileobj_read_it(mode):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode=mode) as tar:
        info = tarfile.TarInfo("file")
        info.size = 300_000
        tar.addfile(info, io.BytesIO(bytes(300_000)))
    chunks = pieces(archive.getvalue(), 777)
    with tarfile.open(fileobj=stream(chunks), mode=mode.replace("w", "r")) as tar:
        assert [len(tar.extractfile(member).read()) for member in tar] == [300_000]
    copy = io.BytesIO()
    shutil.copyfileobj(stream(chunks), copy)
    assert copy.getvalue() == archive.getvalue()


def test_a_gib_without_a_newline_is_iterated_in_flat_memory():
    block = bytes(65536)
    body = stream(block for _ in range((1 << 30) // 65536))
    tracemalloc.start()
    try:
        assert sum(map(len, body)) == 1 << 30
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()


def test_a_line_that_drips_is_joined_once():
    # Quadratic joining would copy 2 GB here.
    assert stream(iter([b"x"] * 65000 + [b"\n"])).readline() == b"x" * 65000 + b"\n"
