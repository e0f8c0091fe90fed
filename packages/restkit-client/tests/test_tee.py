"""TeeInput: a body that is kept while it is read."""

from __future__ import annotations

import io
import zipfile
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.tee import CHUNK_SIZE, MAX_BODY, ResponseTeeInput, TeeInput
from restkit_client.transports.chunk_reader import ChunkReader

SIZES = [0, 10, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY]


def body_of(size):
    return (b"0123456\r\n" * (size // 9 + 1))[:size]


class Connection:
    closed = False

    def close(self):
        self.closed = True


@pytest.mark.parametrize("size", SIZES)
def test_the_manuals_two_copies_are_the_body(size):
    body = TeeInput(io.BytesIO(body_of(size)))
    assert b"".join(body) == body_of(size)
    body.seek(0)
    assert b"".join(body) == body_of(size)
    assert body.readlines() == []


@pytest.mark.parametrize(("size", "in_memory"), [(MAX_BODY, True), (MAX_BODY + 1, False)])
def test_more_than_max_body_goes_to_a_temporary_file(monkeypatch, size, in_memory):
    import tempfile

    made = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda: made.append(real()) or made[-1])
    with pytest.MonkeyPatch.context():
        body = TeeInput(io.BytesIO(body_of(size)))
        assert body.read() == body_of(size)
    assert len(made) == (not in_memory)
    body.close()
    assert all(file.closed for file in made)


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(
    size=st.sampled_from([0, 5, 40]),
    calls=st.lists(
        st.tuples(
            st.sampled_from(["read", "readline", "seek0", "seek1", "seek2", "readinto", "next", "tell"]),
            st.integers(-3, 50),
        ),
        max_size=20,
    ),
)
def test_it_behaves_as_a_file_of_the_same_bytes(size, calls):
    ours, oracle = (
        TeeInput(ChunkReader([b"ab\n", b"", b"c\n" * 3, bytes(size)])),
        io.BytesIO(b"ab\nc\nc\nc\n" + bytes(size)),
    )
    for name, n in calls:
        if name.startswith("seek"):
            whence = int(name[4])
            if (whence == 0 and n < 0) or (whence == 1 and oracle.tell() + n < 0):
                with pytest.raises(ValueError, match="before the start"):
                    ours.seek(n, whence)
            else:
                assert ours.seek(n, whence) == oracle.seek(n, whence)
        elif name == "next":
            assert next(ours, None) == next(oracle, None)
        elif name == "tell":
            assert ours.tell() == oracle.tell()
        elif name == "readinto":
            mine, theirs = bytearray(abs(n)), bytearray(abs(n))
            assert ours.readinto(mine) == oracle.readinto(theirs)
            assert mine == theirs
        else:
            assert getattr(ours, name)(n) == getattr(oracle, name)(n)


def test_seeking_with_3_reads_all_first_and_goes_there():
    source = io.BytesIO(b"abcdef")
    body = TeeInput(source)
    assert body.seek(2, 3) == 2
    assert source.read() == b""
    assert body.read(2) == b"cd"
    with pytest.raises(ValueError, match="whence"):
        body.seek(0, 4)
    with pytest.raises(ValueError, match="before the start"):
        body.seek(-7, 2)


def test_it_reads_no_more_than_it_is_asked_for():
    source = io.BytesIO(bytes(10 * CHUNK_SIZE))
    body = TeeInput(source)
    body.read(1)
    assert source.tell() == CHUNK_SIZE
    assert len(body.read1()) == CHUNK_SIZE - 1
    assert source.tell() == CHUNK_SIZE
    assert body.read1(0) == b""
    assert len(body.read1(5)) == 5
    assert body.readline(0) == b""


def test_lines_longer_than_a_chunk_are_whole_by_readline_and_in_pieces_by_iteration():
    line = b"x" * (2 * CHUNK_SIZE) + b"\n"
    body = TeeInput(io.BytesIO(line + b"y"))
    assert body.readline() == line
    assert body.readline(None) == b"y"
    body.seek(0)
    assert list(map(len, body)) == [CHUNK_SIZE, CHUNK_SIZE, 1, 1]
    body.seek(0)
    assert body.readlines(1) == [line]
    body.seek(0)
    assert body.readlines() == [line, b"y"]


def test_zipfile_and_text_wrapper_read_it():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("name", bytes(200_000))
    body = TeeInput(ChunkReader([archive.getvalue()[:50], archive.getvalue()[50:]]))
    with zipfile.ZipFile(body) as file:
        assert file.read("name") == bytes(200_000)
    body = TeeInput(io.BytesIO("é\nü".encode()))
    assert list(io.TextIOWrapper(body, "utf-8")) == ["é\n", "ü"]


def test_its_with_block_leaves_it_open_and_close_ends_it():
    body = TeeInput(io.BytesIO(b"abc"))
    with body as same:
        assert same is body
    body.flush()
    assert body.readable()
    assert body.seekable()
    assert body.read() == b"abc"
    body.close()
    body.close()
    assert body.closed
    for call in (body.read, body.read1, body.readline, lambda: body.seek(0)):
        with pytest.raises(ValueError, match="closed"):
            call()


def test_a_responses_tee_gives_up_the_rest_at_close():
    reader = ChunkReader([b"abc", b"def"])
    resp = SimpleNamespace(reader=reader)
    connection = Connection()
    body = ResponseTeeInput(resp, connection)
    assert (body.resp, body.connection) == (resp, connection)
    assert body.read(1) == b"a"
    body.close()
    body.close()
    assert reader.closed
    assert not connection.closed


@pytest.mark.parametrize("should_close", [True, False])
def test_a_responses_tee_closes_the_connection_at_the_end_when_told_to(should_close):
    connection = Connection()
    body = ResponseTeeInput(
        SimpleNamespace(reader=ChunkReader([b"abc"])), connection, should_close=should_close
    )
    body.read(3)
    assert not connection.closed
    assert body.read(1) == b""
    assert connection.closed == should_close
    assert ResponseTeeInput(SimpleNamespace(reader=ChunkReader([])), None, True).read() == b""
