"""The body: order, blocks, the file object, segments, progress, memory."""

import io
import itertools
import tracemalloc

import pytest

from restkit_forms import BoundaryItem, InvalidPart, MultipartForm, MultipartReader, json_part
from restkit_forms.segments import JOIN_SIZE, READ_SIZE

MIB = 1024 * 1024


def body(params, **options):
    return MultipartForm(params, "B", **options).read().decode()


def part(head, value=""):
    return f"--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n"


def test_fields_go_out_in_the_order_given_whatever_they_are():
    params = [("z", "1"), ("f", ("n.txt", b"2")), ("a", "3"), ("z", "4"), BoundaryItem("i", "5")]
    form = MultipartForm(params)
    assert [(p.name, p.read()) for p in MultipartReader(form, form.content_type)] == [
        ("z", b"1"),
        ("f", b"2"),
        ("a", b"3"),
        ("z", b"4"),
        ("i", b"5"),
    ]


def test_a_list_repeats_the_field_and_an_empty_one_leaves_it_out():
    assert body({"a": ["1", 2, b"3", ["4"]], "b": []}) == "".join(
        [part('name="a"', value) for value in "1234"] + ["--B--\r\n"]
    )


def test_no_field_at_all_is_a_body_too():
    assert body({}) == "--B--\r\n"
    assert MultipartForm({}, "B").content_length == 7


TUPLES = [
    (("f.txt", "x"), 'name="a"; filename="f.txt"\r\nContent-Type: text/plain\r\nContent-Length: 1'),
    (("f", b"x", "a/b"), 'name="a"; filename="f"\r\nContent-Type: a/b\r\nContent-Length: 1'),
    (("f", io.BytesIO(b"x"), "a/b"), 'name="a"; filename="f"\r\nContent-Type: a/b\r\nContent-Length: 1'),
    (
        ("f", b"x", "a/b", {"X": "1"}),
        'name="a"; filename="f"\r\nContent-Type: a/b\r\nContent-Length: 1\r\nX: 1',
    ),
    (
        ("f", b"x", None, {"Content-Type": "c/d"}),
        'name="a"; filename="f"\r\nContent-Type: c/d\r\nContent-Length: 1',
    ),
    ((None, "x"), 'name="a"'),
    ((None, "x", "a/b"), 'name="a"\r\nContent-Type: a/b\r\nContent-Length: 1'),
    ((None, io.BytesIO(b"x")), 'name="a"'),
    (("", b"x"), 'name="a"; filename=""\r\nContent-Type: application/octet-stream\r\nContent-Length: 1'),
    (("f", iter([b"x"]), "a/b"), 'name="a"; filename="f"\r\nContent-Type: a/b'),
]


@pytest.mark.parametrize(("value", "head"), TUPLES)
def test_tuples_are_as_users_of_requests_write_them(value, head):
    assert body({"a": value}) == part(head, "x") + "--B--\r\n"


@pytest.mark.parametrize("value", [(), ("f",), ("f", b"", "a/b", {}, 5)])
def test_other_tuples_are_refused_with_the_shape_wanted(value):
    with pytest.raises(
        InvalidPart, match=r"part 'a': a tuple is \(filename, value\[, content type\[, fields\]\]\)"
    ):
        MultipartForm({"a": value})


def test_a_json_part_has_its_type_and_no_filename():
    value = json_part({"é": [1, None]})
    assert body({"a": value}) == (
        part('name="a"\r\nContent-Type: application/json\r\nContent-Length: 17', '{"é": [1, null]}')
        + "--B--\r\n"
    )


def test_a_body_inside_a_body():
    inner = MultipartForm([(None, ("a.txt", b"1")), (None, "2"), ("n", "3")], subtype="mixed")
    assert inner.content_type.startswith("multipart/mixed; boundary=")
    form = MultipartForm({"x": "0", "files": inner})
    assert form.content_length == len(form.read())
    assert form.rewind()
    read = []
    for outer in MultipartReader(form, form.content_type):
        if outer.name == "files":
            assert outer.filename is None
            read += [(p.filename, p.name, p.read()) for p in MultipartReader(outer, outer.content_type)]
    assert read == [("a.txt", None, b"1"), (None, None, b"2"), (None, "n", b"3")]


def test_a_body_inside_a_body_is_as_replayable_as_its_parts():
    form = MultipartForm({"files": MultipartForm([("a", iter([b"1"]))], subtype="mixed")})
    assert form.content_length is None
    assert form.rewind()
    assert form.read()
    assert not form.rewind()


def test_the_boundary_is_quoted_in_the_type_when_it_must_be():
    assert MultipartForm({}, "a b").content_type == 'multipart/form-data; boundary="a b"'
    assert MultipartForm({}, "ab").content_type == "multipart/form-data; boundary=ab"


def test_small_parts_are_joined_to_blocks_of_16_kib():
    params = [(f"n{i}", [f"v{i}", i, b"", io.BytesIO(b"small file")]) for i in range(1000)]
    form = MultipartForm(params)
    blocks = list(form.segments())
    assert all(isinstance(block, bytes) for block in blocks)
    assert all(JOIN_SIZE <= len(block) < 2 * JOIN_SIZE for block in blocks[:-1])
    assert len(list(MultipartReader(form, form.content_type))) == 4000


def test_a_small_file_goes_with_its_neighbours_and_a_large_one_apart(tmp_path):
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"s" * (JOIN_SIZE - 1))
    large.write_bytes(b"l" * JOIN_SIZE)
    segments = MultipartForm({"a": small, "b": large, "c": b"", "d": b"d" * JOIN_SIZE}).segments()
    kinds = [segment if isinstance(segment, tuple) else len(segment) for segment in segments]
    assert [type(kind) for kind in kinds] == [int, int, tuple, int, int, int]
    assert kinds[2][1:] == (0, JOIN_SIZE)
    assert kinds[4] == JOIN_SIZE


def test_blocks_of_a_file_are_at_most_64_kib(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 200_000)
    form = MultipartForm({"a": path})
    assert max(len(block) for block in form) == READ_SIZE


def test_read_and_readinto_go_on_where_the_last_one_ended(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(bytes(range(256)) * 1000)
    form = MultipartForm({"a": "1" * 100, "f": path, "b": b"2" * 20_000, "e": b""})
    whole = form.read()
    assert form.read() == form.read(5) == form.read(None) == b""
    assert form.readinto(bytearray(5)) == 0
    assert form.rewind()
    assert form.read(0) == b""
    found = b""
    for size in (1, 50, 99, 200_000, 1, 70_000, 10_000_000):
        buffer = bytearray(size)
        found += form.read(size)
        while taken := form.readinto(buffer):
            found += buffer[:taken]
            if taken < size or size == 1:
                break
    assert found == whole
    assert form.rewind()
    assert form.readinto(memoryview(bytearray(8)).cast("I")) == 8


@pytest.mark.parametrize("take", [list, lambda f: f.read(), lambda f: list(f.segments())])
def test_progress_is_told_of_every_byte_once(tmp_path, take):
    path = tmp_path / "file"
    path.write_bytes(b"x" * (2 * MIB + 1))
    told = []
    form = MultipartForm({"a": "1", "f": path, "g": iter([b"2"])}, progress=lambda *now: told.append(now))
    take(form)
    sent = [now for now, _ in told]
    assert sent == sorted(set(sent))
    assert max(b - a for a, b in itertools.pairwise(sent)) == MIB
    assert {total for _, total in told} == {None}
    form = MultipartForm({"a": "1", "f": path}, progress=lambda *now: told.append(now))
    take(form)
    assert told[-1] == (form.content_length, form.content_length)


@pytest.mark.parametrize("take", ["iterate", "readinto", "reader"])
def test_a_large_file_needs_little_memory(tmp_path, take):
    path = tmp_path / "file"
    with path.open("wb") as file:
        file.truncate(100 * MIB)
    form = MultipartForm({"f": path})
    length = form.content_length
    tracemalloc.start()
    try:
        if take == "iterate":
            total = sum(map(len, form))
        elif take == "readinto":
            buffer = bytearray(READ_SIZE)
            total = sum(iter(lambda: form.readinto(buffer), 0))
        else:
            part = next(MultipartReader(form, form.content_type))
            total = sum(iter(lambda: len(part.read1()), 0)) + length - 100 * MIB
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert total == length
    assert peak < MIB


def test_large_bytes_are_not_copied():
    data = b"x" * (4 * MIB)
    segments = list(MultipartForm({"a": data}).segments())
    assert any(segment is data for segment in segments)


@pytest.mark.parametrize("subtype", ["", "mixed\r\nX: 1", "a b", "a;b"])
def test_a_subtype_is_a_token(subtype):
    with pytest.raises(InvalidPart, match="no subtype"):
        MultipartForm({}, subtype=subtype)


def test_what_is_no_json_is_no_json_part():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_part({"a": float("nan")})
