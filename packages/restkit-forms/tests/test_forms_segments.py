import pytest

from restkit_forms import SourceChanged
from restkit_forms.segments import JOIN_SIZE, blocks, exactly, joined


def test_joining_keeps_every_byte_and_leaves_large_blocks_alone():
    large = b"x" * JOIN_SIZE
    assert list(joined([b"", b"a", b"", b"b"])) == [b"ab"]
    assert list(joined([b"a", large])) == [b"a", large]
    assert list(joined([large])) == [large]
    assert list(joined([b"", b""])) == []
    assert [len(block) for block in joined([b"x" * 1000] * 40)] == [17000, 17000, 6000]


def test_a_promise_is_checked_as_soon_as_it_is_broken():
    taken = []
    with pytest.raises(SourceChanged, match="body grew"):
        taken += exactly(iter([b"12", b"34", b"56"]), 3, "body")
    assert list(exactly([b"12", b"3"], 3, "body")) == [b"12", b"3"]
    assert list(exactly([b"12", b"3"], None, "body")) == [b"12", b"3"]


def test_a_stretch_of_a_file_is_read_and_no_more(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        assert list(blocks([(file, 2, 5)], 3)) == [b"234", b"56"]
        with pytest.raises(SourceChanged, match="9 bytes promised, 8 found"):
            list(blocks([(file, 2, 9)]))
