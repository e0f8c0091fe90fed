"""The reader's parts as file objects, and what RFC 2046 says of delimiters."""

import email
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_forms import (
    BodyConsumed,
    IncompleteMultipart,
    LimitExceeded,
    MalformedMultipart,
    MultipartForm,
    MultipartReader,
)

TYPE = "multipart/form-data; boundary=B"


def read(body, content_type=TYPE, **limits):
    return [(part.name, part.read()) for part in MultipartReader(body, content_type, **limits)]


def part(value, head=b'Content-Disposition: form-data; name="a"\r\n'):
    return b"--B\r\n" + head + b"\r\n" + value + b"\r\n"


BODIES = {
    "no part": (b"--B--\r\n", []),
    "no line break at the end": (part(b"1") + b"--B--", [("a", b"1")]),
    "epilogue": (part(b"1") + b"--B--\r\n--B\r\nnot a part", [("a", b"1")]),
    "preamble": (b"Read me\r\n--Bx\r\n" + part(b"1") + b"--B--", [("a", b"1")]),
    "blanks after the delimiter": (b"--B \t \r\nA: b\r\n\r\n1\r\n--B--\t\r\n", [(None, b"1")]),
    "no fields": (b"--B\r\n\r\n1\r\n--B--", [(None, b"1")]),
    "no fields, no value": (b"--B\r\n\r\n--B--", [(None, b"")]),
    "fields, no value": (b"--B\r\nA: b\r\n\r\n--B--", [(None, b"")]),
    "empty value": (part(b"") + b"--B--", [("a", b"")]),
    "starts like a delimiter": (
        b"--B\r\n\r\n--Bx\r\n--B-\r\n--B--x\r\n--B--",
        [(None, b"--Bx\r\n--B-\r\n--B--x")],
    ),
    "only CR before": (b"--B\r\n\r\n\r--B--\r\n--B--", [(None, b"\r--B--")]),
    "only LF before": (b"--B\r\n\r\nx\n--B--\r\n--B--", [(None, b"x\n--B--")]),
}


@pytest.mark.parametrize(("body", "parts"), BODIES.values(), ids=BODIES)
def test_a_delimiter_is_a_whole_line(body, parts):
    assert read(body) == parts
    assert read(io.BytesIO(body)) == parts


CUT = part(b"value") + part(b"second") + b"--B--"


@pytest.mark.parametrize("end", range(len(CUT)))
def test_a_body_that_ends_early_is_an_error_wherever_it_ends(end):
    with pytest.raises(IncompleteMultipart, match=r"ends within|ends without"):
        read(CUT[:end])


@pytest.mark.parametrize(
    ("content_type", "said"),
    [
        ("text/plain; boundary=B", "not multipart"),
        ("multipart/form-data", "no boundary"),
        ("multipart/form-data; boundary=", "no boundary"),
        ('multipart/form-data; boundary=""', "no boundary"),
        ("multipart/form-data; boundary=" + "b" * 201, "no usable boundary"),
        ("multipart/form-data; boundary=é", "no usable boundary"),
        ("multipart/form-data; boundary", "no parameter"),
        ("", "not multipart"),
    ],
)
def test_a_type_without_a_boundary_is_refused(content_type, said):
    with pytest.raises(MalformedMultipart, match=said):
        MultipartReader(b"", content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/mixed; boundary=B",
        "Multipart/Related; type=a/b; BOUNDARY=B",
        'multipart/byteranges; boundary="B"',
    ],
)
def test_every_multipart_type_is_read(content_type):
    assert read(part(b"1") + b"--B--", content_type) == [("a", b"1")]


def test_byte_ranges_are_told_apart_by_their_fields():
    body = (
        b"--B\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/9\r\n\r\nab\r\n"
        b"--B\r\nContent-Type: text/plain\r\ncontent-range:bytes 7-8/9 \r\n\r\nhi\r\n--B--\r\n"
    )
    ranges = {
        p.headers["content-range"]: p.read()
        for p in MultipartReader(body, "multipart/byteranges; boundary=B")
    }
    assert ranges == {"bytes 0-1/9": b"ab", "bytes 7-8/9": b"hi"}


def test_a_body_in_a_part_is_read_by_another_reader():
    inner = b"--C\r\n\r\n1\r\n--C\r\n\r\n2\r\n--C--\r\n"
    body = part(inner, b"Content-Type: multipart/mixed; boundary=C\r\n") + part(b"3") + b"--B--"
    found = []
    for outer in MultipartReader(body, TYPE):
        if outer.content_type:
            found += [inside.read() for inside in MultipartReader(outer, outer.content_type)]
        else:
            found.append(outer.read())
    assert found == [b"1", b"2", b"3"]


def test_what_is_left_of_a_part_is_skipped():
    body = part(b"x" * 100_000) + part(b"2") + b"--B--"
    reader = MultipartReader(body, TYPE)
    first = next(reader)
    assert first.read(5) == b"xxxxx"
    second = next(reader)
    assert second.read() == b"2"
    with pytest.raises(BodyConsumed, match="went on"):
        first.read(1)


def test_after_the_last_part_there_is_none_and_no_more_of_the_last():
    reader = MultipartReader(part(b"1") + b"--B--", TYPE)
    last = next(reader)
    assert list(reader) == list(reader) == []
    with pytest.raises(BodyConsumed):
        last.read()


def test_the_stream_is_read_to_its_end_so_that_a_connection_is_free():
    stream = io.BytesIO(part(b"1") + b"--B--\r\nepilogue" + b"x" * 100_000)
    assert read(stream) == [("a", b"1")]
    assert 64 * 1024 <= stream.tell() <= 192 * 1024


LINES = b"one\ntwo\r\n\n" + b"x" * 100_000 + b"\nlast"


def only_part(value):
    return next(MultipartReader(part(value) + b"--B--", TYPE))


def test_a_part_is_a_binary_file():
    assert list(only_part(LINES)) == LINES.splitlines(keepends=True)
    assert only_part(LINES).readlines() == LINES.splitlines(keepends=True)
    assert only_part(LINES).readline(2) == b"on"
    assert only_part(LINES).readline(None) == b"one\n"
    assert only_part(LINES).readline(0) == b""
    assert only_part(LINES).read1(3) == b"one"
    assert only_part(LINES).read(None) == only_part(LINES).read() == LINES
    assert only_part(LINES).read(0) == b""
    assert io.BufferedReader(only_part(LINES)).read() == LINES
    buffer = bytearray(len(LINES) + 5)
    assert only_part(LINES).readinto(buffer) == len(LINES)
    assert buffer == LINES + bytes(5)
    opened = only_part(LINES)
    assert opened.readable()
    assert not opened.writable()
    assert not opened.seekable()
    assert opened.size == 0
    opened.read()
    assert opened.size == len(LINES)


def test_a_part_works_with_the_libraries_that_take_files():
    text = io.TextIOWrapper(only_part("é\r\nx".encode()), "utf-8")
    assert text.read() == "é\nx"
    assert json.load(only_part(b'{"a": 1}')) == {"a": 1}


@given(st.binary() | st.text("ab\n").map(str.encode), st.lists(st.integers(0, 9)))
def test_reading_in_any_pieces_gives_the_whole(data, sizes):
    data = data.replace(b"\r\n--B", b"")
    opened = only_part(data)
    found = b"".join(opened.readline(size) if size % 2 else opened.read(size) for size in sizes)
    assert found + opened.read() == data


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        ({"max_parts": 2}, "max_parts=2"),
        ({"max_part_size": 5}, "max_part_size=5"),
        ({"max_header_size": 20}, "max_header_size=20"),
    ],
)
def test_limits_are_kept_and_named(limits, name):
    body = part(b"123456") * 3 + b"--B--"
    with pytest.raises(LimitExceeded, match=name):
        read(body, **limits)
    with pytest.raises(LimitExceeded, match=name):
        list(MultipartReader(body, TYPE, **limits))


def test_what_just_fits_a_limit_passes():
    head = b"A: " + b"x" * 20 + b"\r\n"
    assert read(part(b"12345", head) * 2 + b"--B--", max_parts=2, max_part_size=5, max_header_size=27)


def test_a_preamble_has_the_limit_of_a_header():
    assert read(b"x" * 90 + b"\r\n--B--", max_header_size=100) == []
    with pytest.raises(LimitExceeded, match="max_header_size"):
        read(b"x" * 110 + b"\r\n--B--", max_header_size=100)


@given(st.lists(st.tuples(st.text("abc/é -", min_size=1), st.binary())))
def test_the_email_package_reads_the_same(pairs):
    """An oracle that knows multipart but not forms; its own line-end handling is why values are compared in hexadecimal."""
    form = MultipartForm([(name, (None, value.hex(), "text/plain")) for name, value in pairs])
    message = email.message_from_bytes(
        b"Content-Type: " + form.content_type.encode() + b"\r\n\r\n" + form.read()
    )
    theirs = [p.get_payload() for p in message.get_payload()] if pairs else []
    assert theirs == [value.hex() for _, value in pairs]
    assert form.rewind()
    assert [p.read().decode() for p in MultipartReader(form, form.content_type)] == theirs
