"""Whatever is written is read the same, and its length is what was said."""

import io
import re

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from restkit_forms import BoundaryItem, FormError, MultipartForm, MultipartReader

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def is_unambiguous(name):
    """HTML's encoding does not escape "%" nor backslashes, so a name that looks escaped is read as what it looks like."""
    runs = re.findall(r"\\+", name.removesuffix("\\"))
    even = bool(runs) and all(len(run) % 2 == 0 for run in runs)
    return not re.search(r"%22|%0D|%0A", name) and not name.endswith("%5C") and not even


NAMES = (TEXT | st.text('ab"\\\r\n%;= 2é')).filter(is_unambiguous)
CONTENT = st.binary() | st.text("\r\n-B").map(str.encode)


@st.composite
def fields(draw):
    """(what to pass, (name, filename, bytes) expected)"""
    name = draw(NAMES)
    kind = draw(st.sampled_from(["text", "bytes", "file", "stream", "iterator", "item"]))
    if kind == "text":
        value = draw(TEXT | st.text("\r\n-B"))
        return (name, value), (name, None, value.encode())
    content = draw(CONTENT)
    if kind == "bytes":
        return (name, content), (name, None, content)
    filename = draw(NAMES)
    if kind == "iterator":
        cut = draw(st.integers(0, len(content)))
        return (name, (filename, iter([content[:cut], content[cut:]]))), (name, filename, content)
    if kind == "item":
        return BoundaryItem(name, content, filename, "a/b"), (name, filename, content)
    if kind == "stream":
        value = type("Stream", (), {"read": io.BytesIO(content).read})()
        return (name, (filename, value, "x/y")), (name, filename, content)
    return (name, (filename, io.BytesIO(content), None, {"X-Y": "z"})), (name, filename, content)


def read(body, content_type):
    return [(part.name, part.filename, part.read()) for part in MultipartReader(body, content_type)]


@given(st.lists(fields()))
def test_what_is_written_is_read(pairs):
    form = MultipartForm([given for given, _ in pairs])
    length = form.content_length
    body = form.read()
    assert read(body, form.content_type) == [expected for _, expected in pairs]
    assert length is None or length == len(body)


@given(st.lists(fields(), max_size=5), st.data())
def test_every_way_to_take_the_body_gives_the_same_bytes(pairs, data):
    form = MultipartForm([given for given, _ in pairs])
    body = form.read()
    assume(form.rewind())
    assert b"".join(form) == body
    assert b"".join(form.segments()) == body
    found = b""
    while len(found) < len(body):
        size = data.draw(st.integers(1, 300))
        if data.draw(st.booleans()):
            found += form.read(size)
        else:
            buffer = bytearray(size)
            found += buffer[: form.readinto(buffer)]
    assert found == body
    assert form.read(1) == b""


@given(st.lists(st.tuples(NAMES, TEXT)))
def test_plain_fields_are_the_same_bytes_as_their_items(pairs):
    plain, items = MultipartForm(pairs), MultipartForm([])
    items.boundary, items.tboundary = plain.boundary, plain.tboundary
    items.boundaries.extend(BoundaryItem(name, value) for name, value in pairs)
    body = plain.read()
    assert items.read() == body
    assert plain.get_size() == items.get_size() == len(body)
    assert [item.encode(plain.boundary) for item in plain.boundaries] == [
        i.encode(plain.boundary) for i in items.boundaries
    ]


class Drip(io.BytesIO):
    def __init__(self, data, sizes):
        super().__init__(data)
        self.sizes = sizes

    def read(self, _=-1):
        return super().read(next(self.sizes, 1))


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            [b"\r\n", b"--B", b"--B--", b" ", b"\r", b"\n", b"a: b", b"x", b"--", b":", b"\r\n\r\n"]
        )
    ),
    st.lists(st.integers(1, 9)),
)
def test_the_reader_gives_the_same_for_any_split_and_only_its_own_errors(pieces, sizes):
    body = b"--B\r\n" + b"".join(pieces)

    def outcome(stream):
        found = []
        try:
            for part in MultipartReader(stream, "multipart/mixed; boundary=B"):
                found.append((part.headers, part.read()))
        except FormError as error:
            found.append(type(error))
        return found

    assert outcome(Drip(body, iter(sizes))) == outcome(body)
