"""The chunk decoder: in place, strict, whatever the pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_parser import (
    ChunkDecoder,
    ChunkMissingTerminator,
    HeaderLimit,
    IncompleteBody,
    InvalidChunkSize,
    InvalidHeader,
    InvalidHeaderName,
    Limits,
    ProtocolError,
    write_chunk,
    write_last_chunk,
)


def decode(pieces, limits=None, make=bytearray):
    """The content, the bytes left over, and the decoder, after feeding `pieces` each in a buffer of its own."""
    decoder = ChunkDecoder(limits) if limits else ChunkDecoder()
    content, rest = b"", b""
    for piece in pieces:
        buffer = make(bytearray(b"<<" + piece + b">>"))
        filled, used = decoder.decode(buffer, 2, 2 + len(piece))
        content += bytes(buffer[2 : 2 + filled])
        rest += bytes(piece[used:])
        assert used == len(piece) or decoder.done
        assert bytes(buffer[:2]) + bytes(buffer[-2:]) == b"<<>>"
    return content, rest, decoder


GOOD = [
    (b"0\r\n\r\n", b""),
    (b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b"5\r\nhello\r\n5\r\nworld\r\n5\r\nagain\r\n1\r\n!\r\n0\r\n\r\n", b"helloworldagain!"),
    (b"A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n", b"01234567890123456789"),
    (b"00005\r\nhello\r\n000\r\n\r\n", b"hello"),
    (b"0" * 40 + b"5\r\nhello\r\n0\r\n\r\n", b"hello"),
    (b'5;a=b;c="d;\\"e"\r\nhello\r\n0;x\r\n\r\n', b"hello"),
    (b"5 ; a = b\r\nhello\r\n5 ; a = b\r\nworld\r\n0\r\n\r\n", b"helloworld"),
    (b"5\t;\ta\t;b\r\nhello\r\n0\r\n\r\n", b"hello"),
]


@pytest.mark.parametrize(("data", "content"), GOOD)
@pytest.mark.parametrize("make", [bytearray, memoryview])
def test_content_comes_out_in_place_and_the_rest_is_left(data, content, make, splits):
    for _, pieces in splits(data):
        got, rest, decoder = decode(pieces, make=make)
        assert (got, rest, decoder.done, decoder.received) == (content, b"", True, len(content))
        assert decoder.trailers.items() == []
        decoder.eof()
    got, rest, decoder = decode([data + b"HTTP/1.1 200 OK"], make=make)
    assert (got, rest) == (content, b"HTTP/1.1 200 OK")
    assert decode([data, b"more"], make=make)[1] == b"more"


def test_trailers_are_kept_apart(splits):
    for _, pieces in splits(b"1\r\nx\r\n0\r\nA: b\r\nC: d \r\n e\r\n\r\n"):
        got, rest, decoder = decode([*pieces, b"rest"])
        assert (got, rest, decoder.done) == (b"x", b"rest", True)
        assert decoder.trailers.items() == [("A", "b"), ("C", "d  e")]


BAD = [
    (b"\r\n", InvalidChunkSize, 0),
    (b"+5\r\n", InvalidChunkSize, 0),
    (b"-5\r\n", InvalidChunkSize, 0),
    (b"0_5\r\n", InvalidChunkSize, 0),
    (b" 5\r\n", InvalidChunkSize, 0),
    (b"5 \r\n", InvalidChunkSize, 0),
    (b"0x5\r\n", InvalidChunkSize, 0),
    (b"\xb2\r\n", InvalidChunkSize, 0),
    (b"5\n", InvalidChunkSize, 0),
    (b"5\rX\n", InvalidChunkSize, 0),
    (b"5\x0b\r\n", InvalidChunkSize, 0),
    (b";a\r\n", InvalidChunkSize, 0),
    (b"5;\r\n", InvalidChunkSize, 0),
    (b"5;a=\r\n", InvalidChunkSize, 0),
    (b'5;a="b\r\n', InvalidChunkSize, 0),
    (b"5;a b\r\n", InvalidChunkSize, 0),
    (b"5;a=b\0\r\n", InvalidChunkSize, 0),
    (b"10000000000000005\r\n", InvalidChunkSize, 0),
    (b"9" * 5000 + b"\r\n", InvalidChunkSize, 0),
    (b"1\r\nxyz", ChunkMissingTerminator, 4),
    (b"1\r\nx\n1", ChunkMissingTerminator, 4),
    (b"1\r\nx\rX", ChunkMissingTerminator, 4),
    (b"1\r\nx\r\n1\r\nx\r\nz\r\n", InvalidChunkSize, 12),
    (b"0\r\nA b: c\r\n", InvalidHeaderName, 0),
    (b"0\r\nA: b\0\r\n", InvalidHeader, 4),
    (b"0\r\n A: b\r\n", InvalidHeader, 0),
    (b"0\r\nA: b\n", InvalidHeader, 4),
]


@pytest.mark.parametrize(("data", "error", "offset"), BAD, ids=lambda value: repr(value)[:30])
def test_a_fault_is_refused_where_it_is(data, error, offset, splits):
    for _, pieces in splits(data, 5):
        with pytest.raises(error) as caught:
            decode(pieces)
        assert (caught.value.offset, bool(caught.value.section)) == (offset, True)


def test_content_before_a_fault_is_counted_and_in_place():
    buffer = bytearray(b"5\r\nhello\r\n5\r\nworld!!")
    decoder = ChunkDecoder()
    with pytest.raises(ChunkMissingTerminator):
        decoder.decode(buffer, 0, len(buffer))
    assert buffer[: decoder.received] == b"helloworld"


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"", "chunk size"),
        (b"5", "chunk size"),
        (b"5\r", "chunk size"),
        (b"5\r\n", "chunk data"),
        (b"5\r\nhell", "chunk data"),
        (b"5\r\nhello", "chunk end"),
        (b"5\r\nhello\r", "chunk end"),
        (b"5\r\nhello\r\n", "chunk size"),
        (b"0\r\n", "trailers"),
        (b"0\r\nA: b\r\n", "trailers"),
    ],
)
def test_an_end_before_the_end_tells_where(data, where):
    content, _, decoder = decode([data])
    assert not decoder.done
    with pytest.raises(IncompleteBody) as caught:
        decoder.eof()
    assert (caught.value.where, caught.value.received, caught.value.expected) == (where, len(content), None)


@pytest.mark.parametrize(
    "unit", [b"1;a=bcdef\r\nx\r\n", b"1;" + b"a" * 98 + b"\r\nx\r\n", b"0" * 100 + b"1\r\nx\r\n"]
)
def test_extensions_of_a_body_are_limited_together(unit):
    limits = Limits(max_chunk_extensions=1000)
    for pieces in ([unit * 1000], [unit] * 1000):
        with pytest.raises(HeaderLimit, match="1000 bytes"):
            decode(pieces, limits)
    assert decode([unit * 9 + b"0\r\n\r\n"], limits)[0] == b"x" * 9


def test_a_size_line_without_an_end_is_limited():
    with pytest.raises(HeaderLimit):
        decode([b"0"] * 200, Limits(max_chunk_extensions=100))


@pytest.mark.parametrize("line", [b"A: b\r\n", b"A: " + b"b" * 1000])
def test_trailers_are_limited(line):
    for pieces in ([b"0\r\n" + line * 500], [b"0\r\n"] + [line] * 500):
        with pytest.raises(HeaderLimit, match="100 bytes"):
            decode(pieces, Limits(max_trailers=100))


def test_no_memory_is_taken_for_a_size_that_is_only_announced():
    content, _, decoder = decode([b"ffffffffffffffff\r\nabc"])
    assert content == b"abc"
    assert not decoder.done


@given(
    st.lists(st.binary(max_size=9)),
    st.lists(st.tuples(st.sampled_from(["A", "b-c"]), st.text("xy \xe9"))),
    st.randoms(),
)
def test_what_is_written_is_decoded_however_it_is_cut(chunks, trailers, random):
    data = b"".join(map(write_chunk, chunks)) + write_last_chunk(trailers)
    places = sorted(random.randrange(len(data) + 1) for _ in range(random.randrange(5)))
    pieces = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
    content, rest, decoder = decode(pieces)
    assert (content, rest, decoder.done) == (b"".join(chunks), b"", True)
    assert decoder.trailers.items() == [(name, value.strip(" \t")) for name, value in trailers]


@given(
    st.lists(
        st.sampled_from([b"5", b"\r\n", b"hello", b";", b"a=b", b"0", b"A: b", b"\n", b"\r", b" "]),
        max_size=12,
    ),
    st.randoms(),
)
def test_no_cut_changes_what_random_pieces_mean(parts, random):
    data = b"".join(parts)
    outcomes = []
    for pieces in ([data], [data[at : at + 1] for at in range(len(data))]):
        decoder, content, error = ChunkDecoder(), b"", None
        for piece in pieces:
            buffer = bytearray(piece)
            before = decoder.received
            try:
                decoder.decode(buffer, 0, len(buffer))
            except ProtocolError as caught:
                error = type(caught), caught.offset, caught.reason
            content += buffer[: decoder.received - before]
            if error:
                break
        outcomes.append((content, error, decoder.done, decoder.trailers.items()))
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("size", [b"2;a=b", b"2;a", b"00000000000000000002"])
def test_an_empty_size_line_is_none_whatever_stood_before(size):
    data = size + b"\r\nab\r\n\r\ncd\r\n0\r\n\r\n"
    with pytest.raises(InvalidChunkSize):
        ChunkDecoder().take(data)
    for cut in range(len(size) + 4):
        decoder = ChunkDecoder()
        decoder.take(data[:cut])
        with pytest.raises(InvalidChunkSize):
            decoder.take(data[cut:])
