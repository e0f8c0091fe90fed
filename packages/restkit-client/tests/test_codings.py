"""Content codings: what they give, what they refuse, what they cost."""

from __future__ import annotations

import gzip
import itertools
import random
import sys
import tracemalloc
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client import codings
from restkit_client.errors import BodyTooLarge, ClosedError, DecodeError
from restkit_client.transports.chunk_reader import ChunkReader

TEXT = b"a line of the body\n" * 9000
NOISE = random.Random(1).randbytes(200_000)


def raw_deflate(data):
    compressor = zlib.compressobj(wbits=-15)
    return compressor.compress(data) + compressor.flush()


def without_checksum(data):
    return zstandard.ZstdCompressor(write_checksum=False, write_content_size=False).compress(data)


ENCODERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor(write_checksum=True).compress,
    "Zstd": without_checksum,
}


def pieces(data, size):
    return (data[i : i + size] for i in range(0, len(data), size))


def read_all(reader, n=65536):
    return b"".join(iter(lambda: reader.read(n), b""))


def decoded(data, coding, size=1 << 20, **limits):
    return codings.decoded(ChunkReader(pieces(data, size)), coding, **limits)


def zeros(size, wbits=31):
    """A stream of `size` zeros: one compressed block, repeated, so that 10 GiB are made at once."""
    compressor = zlib.compressobj(9, wbits=wbits)
    block = bytes(1 << 24)
    head = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
    repeated = compressor.compress(block) + compressor.flush(zlib.Z_FULL_FLUSH)
    return itertools.chain([head], itertools.repeat(repeated, size // len(block) - 1))


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("data", [b"", b"x", TEXT, NOISE], ids=["empty", "one", "text", "noise"])
@pytest.mark.parametrize("size", [1, 7, 1000, 1 << 20])
def test_a_coded_body_comes_back_however_it_arrives(coding, data, size):
    if size == 1:
        data = data[:2000]
    assert read_all(decoded(ENCODERS[coding](data), coding, size)) == data


@pytest.mark.parametrize("n", [1, 16, 65536, 1 << 20])
def test_read_gives_at_most_n_bytes_and_readinto_at_most_the_buffer(n):
    data = TEXT if n > 1 else TEXT[:3000]
    reader = decoded(gzip.compress(data), "gzip")
    taken = list(iter(lambda: reader.read(n), b""))
    assert b"".join(taken) == data
    assert max(map(len, taken)) <= n
    reader = decoded(gzip.compress(data), "gzip")
    buffer = bytearray(n)
    filled = bytearray()
    while count := reader.readinto(buffer):
        filled += buffer[:count]
    assert filled == data


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(
    data=st.binary(max_size=3000),
    order=st.lists(st.sampled_from(sorted(ENCODERS)), max_size=5),
    size=st.integers(1, 4000),
)
def test_codings_are_undone_in_the_reverse_order(data, order, size):
    coded = data
    for coding in order:
        coded = ENCODERS[coding](coded)
    assert read_all(decoded(coded, ", ".join(order), size)) == data


@pytest.mark.parametrize(
    "value", ["", "identity", " , ,identity", "compress", "gzip, aes128gcm", "br2", "gzip;q=1"]
)
def test_a_body_without_a_known_coding_is_left_as_it_is(value):
    coded = gzip.compress(TEXT)
    source = ChunkReader([coded])
    assert codings.decoded(source, value) is source
    assert not codings.can_decode(value)


@pytest.mark.parametrize("value", ["gzip", " GZip\t", "identity, deflate", "x-gzip,", "gzip,gzip"])
def test_a_value_with_only_known_codings_can_be_decoded(value):
    assert codings.can_decode(value)


def test_six_codings_in_a_row_are_refused_and_five_are_not():
    coded = b"x"
    for _ in range(5):
        coded = gzip.compress(coded)
    assert read_all(decoded(coded, "gzip," * 5)) == b"x"
    with pytest.raises(DecodeError, match="6 content codings"):
        decoded(coded, "gzip," * 6)


def test_members_of_gzip_follow_each_other_and_make_one_body():
    coded = gzip.compress(b"one ") + gzip.compress(b"") * 50 + gzip.compress(b"two")
    for size in (1, 1000):
        assert read_all(decoded(coded, "gzip", size)) == b"one two"


def test_frames_of_zstd_follow_each_other_skippable_ones_among_them():
    skippable = bytes.fromhex("5a2a4d18 03000000 616263")
    frames = [ENCODERS[name](data) for name, data in [("zstd", b"one "), ("Zstd", b"two "), ("zstd", b"")]]
    for size, noise in [(1, NOISE[:999]), (5, NOISE[:999]), (1000, NOISE), (1 << 20, NOISE)]:
        coded = skippable + frames[0] + skippable * 2 + frames[1] + frames[2] + ENCODERS["Zstd"](noise)
        assert read_all(decoded(coded, "zstd", size)) == b"one two " + noise


def test_a_window_of_zstd_over_8_mib_is_refused():
    parameters = zstandard.ZstdCompressionParameters(window_log=24)
    compressor = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    with pytest.raises(DecodeError, match="not valid zstd"):
        read_all(decoded(compressor.compress(NOISE) + compressor.flush(), "zstd"))


def test_a_brotli_that_can_not_bound_its_output_is_refused(monkeypatch):
    class Old:
        def process(self, data):
            raise AssertionError("called without a limit")

    monkeypatch.setattr(brotli, "Decompressor", Old)
    with pytest.raises(DecodeError, match=r"brotli 1\.2 or later"):
        read_all(decoded(brotli.compress(b"x"), "br"))


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("size", [3, 1 << 20])
def test_every_cut_of_a_coded_body_is_an_error(coding, size):
    coded = ENCODERS[coding](b"not all of this arrives")
    for cut in range(1, len(coded)):
        source = ChunkReader(pieces(coded[:cut], size))
        with pytest.raises(DecodeError, match="ends in the middle"):
            read_all(codings.decoded(source, coding))
        assert source.closed


@pytest.mark.parametrize("coding", ENCODERS)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_bytes_after_the_end_are_an_error_once_the_body_was_given(coding, size):
    reader = decoded(ENCODERS[coding](b"body") + b"garbage", coding, size)
    if coding != "br" or size == 1:
        # brotli itself refuses the piece that its end is in.
        assert reader.read(100)
    with pytest.raises(DecodeError):
        read_all(reader)


@pytest.mark.parametrize(
    ("coding", "data"),
    [
        ("gzip", b"plain text"),
        ("deflate", b"plain text"),
        ("deflate", b"x\x9cplain text"),
        ("gzip", zlib.compress(b"x")),
        ("br", b"\xff" * 10),
        ("zstd", b"plain text"),
        ("zstd", ENCODERS["zstd"](b"")[:-1] + b"?"),
    ],
)
def test_corrupt_data_raises_the_same_error_at_each_read_and_gives_up_the_source(coding, data):
    source = ChunkReader([data])
    reader = codings.decoded(source, coding)
    with pytest.raises(DecodeError, match="not valid") as first:
        reader.read(16)
    assert source.closed
    with pytest.raises(DecodeError) as second:
        reader.readinto(bytearray(5))
    assert second.value is first.value


def test_a_wrong_checksum_is_an_error():
    coded = bytearray(gzip.compress(TEXT))
    coded[-8] ^= 1
    with pytest.raises(DecodeError, match="not valid gzip"):
        read_all(decoded(bytes(coded), "gzip"))


def test_an_error_of_the_source_passes_through():
    def broken():
        yield gzip.compress(TEXT)[:50]
        raise ConnectionResetError("gone")

    with pytest.raises(ConnectionResetError):
        read_all(codings.decoded(ChunkReader(broken()), "gzip"))


def test_closing_decodes_nothing_and_takes_nothing():
    taken = []
    source = ChunkReader(taken.append(block) or block for block in zeros(1 << 30))
    reader = codings.decoded(source, "gzip")
    reader.close()
    assert source.closed
    assert not taken
    reader = codings.decoded(ChunkReader(taken.append(block) or block for block in zeros(1 << 30)), "gzip")
    reader.read(1)
    reader.close()
    assert len(taken) == 1
    with pytest.raises(ClosedError):
        reader.read(10)


@pytest.mark.parametrize("coding", ["", "gzip", "gzip, deflate", "unknown"])
def test_max_size_is_the_most_that_is_handed_on(coding):
    coded = TEXT
    for name in filter(None, coding.split(", ")):
        coded = ENCODERS.get(name, bytes)(coded)
    assert read_all(decoded(coded, coding, max_size=len(coded if coding == "unknown" else TEXT))) == TEXT
    source = ChunkReader([coded])
    reader = codings.decoded(source, coding, max_size=1000)
    assert b"".join(reader.read(300) for _ in range(4)) == TEXT[:1000]
    with pytest.raises(BodyTooLarge, match="more than 1000 bytes") as caught:
        reader.read(300)
    assert caught.value.limit == 1000
    assert source.closed
    reader = codings.decoded(ChunkReader([coded]), coding, max_size=1000)
    buffer = bytearray(700)
    assert [reader.readinto(buffer), reader.readinto(buffer)] == [700, 300]
    with pytest.raises(BodyTooLarge):
        reader.readinto(buffer)


def test_a_size_limited_reader_closes_its_source():
    source = ChunkReader([TEXT])
    codings.decoded(source, "", max_size=10).close()
    assert source.closed


def test_max_ratio_looks_at_decoded_for_each_coded_byte_from_one_mib_on():
    assert len(read_all(decoded(gzip.compress(bytes(1_000_000)), "gzip", max_ratio=2))) == 1_000_000
    assert read_all(decoded(gzip.compress(NOISE * 6), "gzip", max_ratio=2)) == NOISE * 6
    source = ChunkReader(zeros(1 << 26))
    with pytest.raises(BodyTooLarge, match="more than 100 times") as caught:
        read_all(codings.decoded(source, "gzip", max_ratio=100))
    assert caught.value.limit == 100
    assert source.closed


def test_the_ratio_of_two_codings_in_a_row_is_that_of_both_together():
    coded = gzip.compress(gzip.compress(bytes(1 << 26)))
    with pytest.raises(BodyTooLarge):
        read_all(decoded(coded, "gzip, gzip", max_ratio=1500))


def brotli_zeros(size, window):
    compressor = brotli.Compressor(quality=5, lgwin=window)
    block = bytes(1 << 24)
    blocks = [compressor.process(block) + compressor.flush() for _ in range(3)]
    # The third block refers to nothing but zeros, so it can be repeated.
    return itertools.chain(blocks, itertools.repeat(blocks[-1], size // len(block) - 3))


def zstd_zeros(size):
    """One frame (window 1 MiB) of RLE blocks (RFC 8878 §3.1.1.2): four bytes for each 128 KiB."""
    block = ((128 << 10) << 3 | 1 << 1).to_bytes(3, "little") + b"\0"
    head = bytes.fromhex("28b52ffd 00 50")
    return itertools.chain([head], itertools.repeat(block * 4096, size // (128 << 10) // 4096))


BOMBS = {
    "gzip": lambda: zeros(10 << 30),
    "deflate": lambda: zeros(10 << 30, wbits=15),
    "Deflate": lambda: zeros(10 << 30, wbits=-15),
    "br": lambda: brotli_zeros(10 << 30, window=18),
    "zstd": lambda: zstd_zeros(10 << 30),
    "gzip, gzip": lambda: [gzip.compress(b"".join(zeros(10 << 30)), 6)],
    "gzip, br": lambda: [brotli.compress(b"".join(zeros(10 << 30)), quality=3, lgwin=18)],
}


@pytest.mark.parametrize("coding", BOMBS)
def test_sixteen_bytes_of_a_bomb_of_10_gib_cost_less_than_2_mib_and_its_size_is_refused(coding):
    bomb = BOMBS[coding]()
    reader = codings.decoded(ChunkReader(bomb), coding, max_size=1 << 20)
    tracemalloc.start()
    try:
        assert reader.read(16) == bytes(16)
        with pytest.raises(BodyTooLarge):
            read_all(reader, 1 << 16)
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


def test_accept_encoding_names_what_is_installed(monkeypatch):
    class Finder:
        def __init__(self, *names):
            self.names = names

        def find_spec(self, name, path):
            return object() if name in self.names else None

    for names, expected in [
        ((), "gzip, deflate"),
        (("brotli",), "gzip, deflate, br"),
        (("zstandard", "brotli"), "gzip, deflate, br, zstd"),
    ]:
        monkeypatch.setattr(codings, "_installed", {})
        monkeypatch.setattr(sys, "meta_path", [Finder(*names)])
        assert codings.accept_encoding() == expected
        assert codings.can_decode("zstd") == ("zstd" in expected)
        monkeypatch.setattr(sys, "meta_path", [])
        assert codings.accept_encoding() == expected


def test_time_is_linear_in_tiny_chunks_and_empty_members():
    empty = gzip.compress(b"") * 20_000
    assert read_all(decoded(empty, "gzip", 100)) == b""
    stored = zlib.compressobj(0, wbits=31)
    coded = (
        b"".join(stored.compress(b"x") + stored.flush(zlib.Z_FULL_FLUSH) for _ in range(20_000))
        + stored.flush()
    )
    assert read_all(decoded(coded, "gzip", 3)) == b"x" * 20_000
