"""ChunkDecoder.take: the same as decode, for bytes that can not be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_parser import ChunkDecoder, ChunkMissingTerminator, write_chunk, write_last_chunk


@given(st.lists(st.binary(min_size=1, max_size=40)), st.lists(st.integers(1, 30)), st.binary(max_size=5))
def test_it_gives_the_content_however_the_body_is_cut(chunks, cuts, behind):
    wire = b"".join(map(write_chunk, chunks)) + write_last_chunk([("X", "y")]) + behind
    decoder = ChunkDecoder()
    content, at = b"", 0
    for size in [*cuts, len(wire)]:
        part = wire[at : at + size]
        found, used = decoder.take(part)
        content += found
        at += used
        if decoder.done:
            break
    assert (content, wire[at:], decoder.received) == (b"".join(chunks), behind, len(content))
    assert decoder.trailers.items() == [("X", "y")]


def test_a_block_inside_a_chunk_is_not_copied():
    decoder = ChunkDecoder()
    assert decoder.take(b"100\r\n") == (b"", 5)
    block = b"x" * 0x80
    assert decoder.take(block)[0] is block


def test_broken_framing_is_refused():
    with pytest.raises(ChunkMissingTerminator):
        ChunkDecoder().take(b"1\r\nxx\r\n")
