"""What of a body is signed."""

import base64
import hashlib
import io
import tempfile

import pytest

from restkit_oauth2 import Error, UnhashableBody
from restkit_oauth2.body import body_hash, form_text, is_empty, is_form


def b64(data, digest="sha1"):
    return base64.b64encode(hashlib.new(digest, data).digest()).decode()


class Segments:
    """A body object: bytes, then a part of a file."""

    content_type = None
    content_length = None

    def __init__(self, parts, rewinds=99):
        self.parts = parts
        self.rewinds = rewinds
        self.read = 0

    def segments(self):
        self.read += 1
        return iter(self.parts)

    def rewind(self):
        self.rewinds -= 1
        return self.rewinds >= 0


@pytest.mark.parametrize(
    ("content_type", "form"),
    [
        ("application/x-www-form-urlencoded", True),
        ("Application/X-WWW-Form-Urlencoded ; charset=utf-8", True),
        ("application/x-www-form-urlencoded-not", False),
        ("multipart/form-data; boundary=application/x-www-form-urlencoded", False),
        ("", False),
        (None, False),
    ],
)
def test_the_single_part_form_type(content_type, form):
    assert is_form(content_type) is form


@pytest.mark.parametrize("digest", ["sha1", "sha256", "sha512"])
@pytest.mark.parametrize(
    ("body", "data"),
    [
        (None, b""),
        ("", b""),
        (b"", b""),
        ("é", b"\xc3\xa9"),
        (b"\xff\0", b"\xff\0"),
        (bytearray(b"ab"), b"ab"),
        (memoryview(b"ab"), b"ab"),
    ],
)
def test_hash_of_bytes_and_text(body, data, digest):
    assert body_hash(body, digest) == b64(data, digest)


def test_a_file_is_hashed_from_where_it_stands_and_left_there():
    data = bytes(range(256)) * 1000
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.seek(100)
        assert body_hash(file) == b64(data[100:])
        assert file.tell() == 100
    memory = io.BytesIO(data)
    assert body_hash(memory) == b64(data)
    assert memory.read() == data


def test_a_body_object_is_hashed_and_rewound():
    data = bytes(range(256)) * 1000
    file = io.BytesIO(data)
    body = Segments([b"head", (file, 10, 200_000), bytearray(b"tail"), (file, 0, 0)], rewinds=2)
    assert body_hash(body) == b64(b"head" + data[10:200_010] + b"tail")
    assert (body.rewinds, file.tell()) == (0, 0)


def test_a_part_of_a_file_that_is_shorter_than_promised_ends():
    assert body_hash(Segments([(io.BytesIO(b"abc"), 1, 10)])) == b64(b"bc")


class Unseekable(io.BytesIO):
    def seekable(self):
        return False


@pytest.mark.parametrize(
    "body", [iter([b"a"]), [b"a"], Unseekable(b"a"), object(), Segments([b"a"], rewinds=0)], ids=type
)
def test_a_body_that_is_read_only_once_is_refused_before_it_is_read(body):
    with pytest.raises(UnhashableBody, match="body_hash=False"):
        body_hash(body)
    assert getattr(body, "read", 0) == 0 or body.read() == b"a"


def test_a_body_object_that_does_not_rewind_afterwards_is_refused():
    with pytest.raises(UnhashableBody, match="Segments"):
        body_hash(Segments([b"a"], rewinds=1))


def test_a_text_file_is_refused_and_left_where_it_was():
    file = io.StringIO("abc")
    with pytest.raises(Error, match="binary mode"):
        body_hash(file)
    assert file.tell() == 0


def test_form_text_of_every_kind_of_body():
    assert form_text(None) == ""
    assert form_text("a=é") == form_text("a=é".encode()) == "a=é"
    assert form_text(io.BytesIO(b"a=b")) == "a=b"
    assert form_text(Segments([b"a=\xc3", b"\xa9"])) == "a=é"


def test_a_form_that_is_no_utf8_is_refused():
    with pytest.raises(Error, match="form body is not UTF-8"):
        form_text(b"password=\xff")


def test_a_form_larger_than_any_form_is_refused():
    with pytest.raises(Error, match="more than 16777216 bytes"):
        form_text(Segments([b"a" * (16 * 1024 * 1024), b"a"]))


@pytest.mark.parametrize(("body", "empty"), [(None, True), (b"", True), ("a", False), (io.BytesIO(), True)])
def test_emptiness(body, empty):
    assert is_empty(body) is empty
