"""Where a part's bytes come from: length, replay, and what happens when they change."""

import gzip
import io
import os
import tempfile
from pathlib import Path

import pytest

from restkit_forms import BodyConsumed, BoundaryItem, InvalidPart, MultipartForm, SourceChanged
from restkit_forms.sources import ChunkSource, DataSource, FileSource, ObjectSource, PathSource, source_of

DATA = bytes(range(256)) * 1000  # 256 kB: several blocks


class Stream:
    """read() and nothing else, as a socket's file or an HTTP response has it."""

    def __init__(self, data):
        self.left = data

    def read(self, size=-1):
        size = len(self.left) if size < 0 else size
        given, self.left = self.left[:size], self.left[size:]
        return given


class OldFile(Stream):
    """A file-like object from before io: seek and tell, no seekable()."""

    def __init__(self, data):
        self.data = io.BytesIO(data)

    def read(self, size=-1):
        return self.data.read(size)

    def seek(self, *where):
        self.data.seek(*where)

    def tell(self):
        return self.data.tell()


class Chunks:
    """Iterable again and again."""

    def __iter__(self):
        return iter([DATA[:1000], b"", DATA[1000:]])


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "file.bin"
    file.write_bytes(DATA)
    return file


KINDS = {
    "bytes": (lambda _: DATA, DataSource),
    "path": (lambda path: path, PathSource),
    "buffered": (lambda path: path.open("rb"), FileSource),
    "raw": (lambda path: path.open("rb", buffering=0), FileSource),
    "read and write": (lambda path: path.open("r+b"), FileSource),
    "unread text file": (lambda path: path.open("r"), FileSource),
    "BytesIO": (lambda _: io.BytesIO(DATA), ObjectSource),
    "old file": (lambda _: OldFile(DATA), ObjectSource),
    "iterable": (lambda _: Chunks(), ChunkSource),
}


@pytest.fixture(params=KINDS)
def replayable(request, path):
    make, kind = KINDS[request.param]
    value = make(path)
    yield value, kind
    if hasattr(value, "close"):
        value.close()


def test_a_replayable_source_gives_the_same_again(replayable):
    value, kind = replayable
    source = source_of(value)
    assert type(source) is kind
    form = MultipartForm({"a": value})
    first = form.read()
    assert DATA in first
    assert form.content_length == (None if kind is ChunkSource else len(first))
    assert form.rewind() is True
    assert form.read() == first
    assert b"".join(form) == b"".join(form) == first


@pytest.mark.parametrize(
    "value", [Stream(DATA), iter([DATA[:5], DATA[5:]]), (piece for piece in [DATA])], ids=type
)
def test_a_stream_goes_out_once_and_says_so(value):
    form = MultipartForm({"a": value})
    assert form.content_length is None
    assert form.rewind() is True
    assert form.rewind() is True
    assert DATA in form.read()
    assert form.rewind() is False
    with pytest.raises(BodyConsumed, match="already"):
        list(form.segments())
    assert form.read() == b""


@pytest.mark.parametrize("make", [lambda: Stream(DATA), lambda: iter([DATA[:5], DATA[5:]])])
def test_a_stream_of_told_length_has_one(make):
    size = len(DATA)
    for params in (
        [BoundaryItem("a", make(), filesize=size)],
        {"a": ("f", make(), "a/b", {"Content-Length": str(size)})},
    ):
        form = MultipartForm(params)
        assert form.content_length == len(form.read())


def test_of_a_stream_no_more_is_read_than_was_told():
    stream = Stream(b"12345678")
    form = MultipartForm([BoundaryItem("a", stream, filesize=5)])
    assert b"\r\n\r\n12345\r\n--" in form.read()
    assert stream.left == b"678"


@pytest.mark.parametrize(
    ("value", "found"),
    [(iter([b"1234", b"56"]), 6), (iter([b"123"]), 3), (Stream(b"123"), 3)],
    ids=["more", "fewer", "stream"],
)
def test_a_told_length_is_kept(value, found):
    with pytest.raises(SourceChanged, match=f"5 bytes promised, {found} found"):
        MultipartForm([BoundaryItem("a", value, filesize=5)]).read()


@pytest.mark.parametrize("value", [b"1234", io.BytesIO(b"1234"), "1234"], ids=type)
def test_a_told_length_that_is_wrong_is_refused_at_once(value):
    with pytest.raises(SourceChanged, match="5 bytes promised, 4 found"):
        BoundaryItem("a", value, filesize=5)


def test_a_file_is_sent_from_its_position_to_its_end(path):
    with path.open("rb") as file:
        file.read(100)
        form = MultipartForm({"a": file})
        assert form.read().count(DATA[100:]) == 1
        assert DATA not in form.read()
        assert file.tell() == len(DATA)
        assert file.read() == b""
        assert form.rewind()
        assert DATA[100:] in form.read()


def test_what_was_just_written_is_sent():
    with tempfile.TemporaryFile() as file:
        file.write(b"head")
        file.flush()
        file.write(DATA)
        file.seek(4)
        assert b"\r\n\r\n" + DATA + b"\r\n--" in MultipartForm({"a": file}).read()


def test_a_position_beyond_the_end_is_an_empty_part():
    file = io.BytesIO(b"12")
    file.seek(5)
    assert BoundaryItem("a", file).size == 0


def test_the_file_below_a_temporary_file_is_used():
    with tempfile.NamedTemporaryFile() as file:
        file.write(DATA)
        file.seek(0)
        item = BoundaryItem("a", file)
        assert type(item.source) is FileSource
        assert item.fname == Path(file.name).name
    with tempfile.NamedTemporaryFile("w+") as text:
        assert type(BoundaryItem("a", text).source) is FileSource


def test_a_file_whose_descriptor_gives_other_bytes_is_read_and_not_handed_out(tmp_path):
    packed = tmp_path / "packed.gz"
    packed.write_bytes(gzip.compress(DATA))
    with gzip.open(packed) as file:
        form = MultipartForm({"a": file})
        assert all(isinstance(segment, bytes) for segment in form.segments())
        assert DATA in form.read()


def test_a_pipe_is_read_once():
    reading, writing = os.pipe()
    os.write(writing, b"12345")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        form = MultipartForm({"a": pipe})
        assert form.content_length is None
        assert b'name="a"; filename="a"' in (body := form.read())
        assert b"\r\n\r\n12345\r\n" in body
        assert not form.rewind()


def change(path, how):
    if how == "grew":
        with path.open("ab") as file:
            file.write(b"more")
    else:
        os.truncate(path, 5)


@pytest.mark.parametrize("how", ["grew", "shrank"])
@pytest.mark.parametrize("kind", ["path", "buffered", "raw"])
def test_a_file_that_changed_before_it_is_sent_is_refused(path, kind, how):
    value = KINDS[kind][0](path)
    form = MultipartForm({"a": value})
    assert form.content_length
    change(path, how)
    with pytest.raises(
        SourceChanged, match=rf"file\.bin' {how} since it was measured: {len(DATA)} bytes promised"
    ):
        form.read()
    if kind != "path":
        value.close()


@pytest.mark.parametrize("how", ["grew", "shrank"])
@pytest.mark.parametrize("take", [b"".join, lambda form: form.read(), lambda form: list(form.segments())])
def test_a_file_that_changes_while_it_is_sent_is_noticed(path, how, take, monkeypatch):
    form = MultipartForm({"a": path})
    changed = []

    def progress(sent, _total):
        if sent > 100 and not changed:
            changed.append(change(path, how))

    with path.open("ab") as file:
        file.write(DATA * 8)  # over 1 MiB, so that progress is made within it
    form = MultipartForm({"a": path}, progress=progress)
    with pytest.raises(SourceChanged, match=how):
        take(form)
    assert changed


def test_a_growing_object_is_noticed():
    value = io.BytesIO(b"12345")
    form = MultipartForm({"a": value})
    value.seek(0, 2)
    value.write(b"6")
    value.seek(0)
    with pytest.raises(SourceChanged, match="BytesIO grew since it was measured: 5 bytes promised, 6 found"):
        form.read()


def test_a_shrunk_file_is_noticed_while_reading_into_a_buffer(path):
    form = MultipartForm({"a": path})
    buffer = bytearray(1000)
    assert form.readinto(buffer) == 1000
    os.truncate(path, 5)
    with pytest.raises(SourceChanged, match="shrank"):
        sum(iter(lambda: form.readinto(buffer), 0))


def test_a_closed_file_can_not_be_rewound(path):
    file = path.open("rb")
    form = MultipartForm({"a": file})
    segments = form.segments()
    assert next(segments)
    assert next(segments)[2] == len(DATA)
    file.close()
    assert form.rewind() is False
    with pytest.raises(ValueError, match="closed file"):
        next(segments)


def test_leaving_in_the_middle_closes_what_was_opened_and_puts_a_file_right(path):
    with path.open("rb") as file:
        segments = MultipartForm({"a": path, "b": file}).segments()
        opened = [
            segment[0] for _, segment in zip(range(4), segments, strict=False) if isinstance(segment, tuple)
        ]
        assert opened[0].closed
        opened[1].seek(77)
        segments.close()
        assert file.tell() == len(DATA)
        file.seek(10)
        assert file.read(5) == DATA[10:15]


def test_a_text_file_that_was_read_from_is_refused(path):
    text = path.parent / "text"
    text.write_text("one\ntwo\n")
    with text.open() as file:
        file.readline()
        with pytest.raises(InvalidPart, match=r"open it in binary mode, or pass its \.buffer"):
            BoundaryItem("a", file)
    with text.open() as file:
        next(file)  # tell() fails from now on
        with pytest.raises(InvalidPart, match="text file that may have been read"):
            BoundaryItem("a", file)
    with text.open() as file:
        file.buffer.read(2)
        with pytest.raises(InvalidPart, match="binary"):
            BoundaryItem("a", file)


def test_an_unread_text_file_gives_its_bytes_whatever_its_encoding(tmp_path):
    path = tmp_path / "latin"
    path.write_bytes(b"\xe9\r\n")
    with path.open(encoding="latin-1") as file:
        assert b"\r\n\r\n\xe9\r\n\r\n--" in MultipartForm({"a": file}).read()


def test_a_string_io_gives_what_is_left_of_it():
    text = io.StringIO("é1234")
    text.read(1)
    assert MultipartForm([("a", (None, text))], "B").read().endswith(b"\r\n\r\n1234\r\n--B--\r\n")


class TextOnly(io.TextIOBase):
    """A text file without a buffer."""


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"a": 1}, "json_part"),
        ({1, 2}, "json_part"),
        (TextOnly(), "binary mode"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_no_value_is_refused_with_a_hint(value, said):
    with pytest.raises(InvalidPart, match=said):
        MultipartForm({"a": value})


def test_a_folder_and_a_missing_file_are_refused_at_once(tmp_path):
    with pytest.raises(InvalidPart, match="no regular file"):
        MultipartForm({"a": tmp_path})
    with pytest.raises(FileNotFoundError):
        MultipartForm({"a": tmp_path / "none"})


@pytest.mark.parametrize("odd", [None, 5, object()])
def test_a_stream_that_gives_something_else_is_refused(odd):
    for value in (iter([odd]), type("File", (), {"read": lambda self, _: odd})()):
        with pytest.raises(InvalidPart, match=f"gave {type(odd).__name__} where bytes or text"):
            MultipartForm({"a": value}).read()


def test_text_from_a_stream_goes_out_as_utf_8():
    for value in (
        iter(["é"]),
        type("File", (), {"read": lambda self, _: "" if vars(self) else (vars(self).update(a=1) or "é")})(),
    ):
        assert "\r\n\r\né\r\n--".encode() in MultipartForm({"a": value}).read()


@pytest.mark.parametrize(
    ("name", "fname"),
    [
        ("/x/y.txt", "y.txt"),
        (b"/x/y.txt", "y.txt"),
        ("<stdin>", "field"),
        (3, "field"),
        ("", "field"),
        (None, "field"),
    ],
)
def test_the_filename_is_the_files_own_without_folders(name, fname):
    value = io.BytesIO()
    value.name = name
    assert BoundaryItem("field", value).fname == fname
    assert BoundaryItem("field", io.BytesIO()).fname == "field"
    assert BoundaryItem("field", value, "given").fname == "given"
    assert BoundaryItem("field", value, as_field=True).fname is None
