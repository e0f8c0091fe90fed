"""Lines of a body that comes in chunks."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.errors import BodyTooLarge
from restkit_client.lines import iter_lines

PARTS = st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\r\n", b"", b"\x85", b"\x0b"]), max_size=30)


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(PARTS)
def test_lines_do_not_depend_on_where_the_chunks_are_cut(chunks):
    body = b"".join(chunks)
    assert list(iter_lines(chunks)) == body.splitlines()
    assert list(iter_lines(body[i : i + 1] for i in range(len(body)))) == body.splitlines()


def test_crlf_cut_between_chunks_is_one_end():
    assert list(iter_lines([b"a\r", b"\nb"])) == [b"a", b"b"]
    assert list(iter_lines([b"a\r", b"", b"\nb\r", b"\r\n"])) == [b"a", b"b", b""]


def test_a_line_is_given_as_soon_as_its_end_has_come():
    taken = []
    lines = iter_lines(taken.append(chunk) or chunk for chunk in [b"a\r", b"b\nc", b"\n"])
    assert next(lines) == b"a"
    assert len(taken) == 1
    assert next(lines) == b"b"
    assert len(taken) == 2
    assert list(lines) == [b"c"]


@pytest.mark.parametrize(
    "chunks", [[b"x" * 11], [b"x" * 6] * 2, [b"x" * 11 + b"\n"], [b"a\n", b"x" * 6, b"x" * 6 + b"\n"]]
)
def test_a_line_longer_than_the_limit_is_an_error(chunks):
    with pytest.raises(BodyTooLarge, match="more than 10 bytes") as caught:
        list(iter_lines(chunks, max_length=10))
    assert caught.value.limit == 10
    assert list(iter_lines(chunks, max_length=None)) == b"".join(chunks).splitlines()


def test_a_line_of_exactly_the_limit_is_not():
    assert list(iter_lines([b"x" * 5, b"x" * 5, b"\n", b"y" * 10], max_length=10)) == [b"x" * 10, b"y" * 10]


def test_memory_is_bounded_without_any_newline():
    tracemalloc.start()
    try:
        with pytest.raises(BodyTooLarge):
            list(iter_lines(iter(lambda: bytes(65536), None)))
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()


def test_time_is_linear_in_a_line_that_drips():
    def seconds(n):
        start = time.process_time()
        assert len(next(iter_lines([b"x"] * n + [b"\n"]))) == n
        return time.process_time() - start

    seconds(1000)
    assert min(seconds(400_000) for _ in range(3)) < 8 * max(min(seconds(100_000) for _ in range(3)), 0.01)
