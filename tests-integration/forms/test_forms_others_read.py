"""What restkit-forms writes, others read: names, filenames, types and bytes.

Readers part where HTML's encoding ends: it escapes `"` CR LF as %22 %0D %0A and neither "%" nor backslashes. Some
undo that, some do not, some take a backslash for an escape. What each makes of a *browser's* form stands in READERS
with the reason, and what it makes of ours must be just that.
"""

import hashlib
import http.client
import io
import json
import random
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

import pytest
import python_multipart
from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http.multipartparser import MultiPartParser
from werkzeug.formparser import FormDataParser

from restkit_forms import MultipartForm, form_quote

if not settings.configured:
    settings.configure(DATA_UPLOAD_MAX_MEMORY_SIZE=None, DATA_UPLOAD_MAX_NUMBER_FIELDS=None, USE_I18N=False)

MIB = 1024 * 1024


class Read(NamedTuple):
    """One part as a reader saw it."""

    name: str
    filename: str | None
    type: str | None
    size: int
    sha256: str


def digested(blocks):
    digest, size = hashlib.sha256(), 0
    for block in blocks:
        digest.update(block)
        size += len(block)
    return size, digest.hexdigest()


def of_bytes(data):
    return digested([data])


def of_file(file):
    return digested(iter(lambda: file.read(MIB), b""))


def by_werkzeug(form, _):
    parser = FormDataParser(max_form_parts=None, max_form_memory_size=None)
    _, fields, files = parser.parse(
        form, form.content_type.split(";")[0], form.content_length, boundary_of(form)
    )
    found = [Read(name, None, None, *of_bytes(value.encode())) for name, value in fields.items(multi=True)]
    for name, file in files.items(multi=True):
        found.append(Read(name, file.filename, file.mimetype, *of_file(file.stream)))
        file.close()
    return found


def boundary_of(form):
    return {"boundary": form.boundary}


def by_django(form, _):
    meta = {"CONTENT_TYPE": form.content_type, "CONTENT_LENGTH": form.content_length}
    fields, files = MultiPartParser(meta, form, [TemporaryFileUploadHandler()]).parse()
    found = [
        Read(name, None, None, *of_bytes(value.encode()))
        for name, values in fields.lists()
        for value in values
    ]
    for name, uploads in files.lists():
        for file in uploads:
            found.append(Read(name, file.name, file.content_type, *of_file(file)))
            file.close()
    return found


def by_python_multipart(form, _):
    found = []

    def on_field(field):
        found.append(Read(field.field_name.decode(), None, None, *of_bytes(field.value or b"")))

    def on_file(file):
        file.file_object.seek(0)
        found.append(
            Read(
                file.field_name.decode(),
                file.file_name.decode(),
                file.content_type,
                *of_file(file.file_object),
            )
        )
        file.close()

    headers = {
        "Content-Type": form.content_type.encode(),
        "Content-Length": str(form.content_length).encode(),
    }
    python_multipart.parse_form(headers, form, on_field, on_file)
    return found


def over_http(path):
    """By a server in a process of its own."""

    def read(form, address):
        connection = http.client.HTTPConnection(address, timeout=60)
        headers = {"Content-Type": form.content_type, "Content-Length": str(form.content_length)}
        connection.request("POST", path, body=iter(form), headers=headers)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        assert isinstance(answer, list), answer
        return [Read(p["name"], p["filename"], p["type"], p["size"], p["sha256"]) for p in answer]

    return read


def unslashed(text):
    """RFC 9110's quoted-pair: a backslash goes, what follows it stays."""
    kept, escaped = [], False
    for character in text:
        if character == "\\" and not escaped:
            escaped = True
        else:
            kept.append(character)
            escaped = False
    return "".join(kept)


def base_name(text):
    return text.replace("\\", "/").rpartition("/")[2]


class Reader(NamedTuple):
    read: Callable  # (form, address of the server)
    name: Callable = str  # what it makes of an HTML-encoded name
    filename: Callable = str  # and of a filename
    server: str | None = None  # the fixture


READERS = {
    # undoes %22, takes a backslash for an escape
    "werkzeug": Reader(by_werkzeug, *[lambda text: unslashed(text).replace("%22", '"')] * 2),
    # strips folders from filenames, and reads HTML's entities in them
    "Django": Reader(by_django, str, lambda text: base_name(unescape(text)).strip()),
    "python-multipart": Reader(by_python_multipart),
    # takes a backslash for an escape
    "aiohttp": Reader(over_http("/"), unslashed, unslashed, "aiohttp_reader"),
    "busboy": Reader(over_http("/busboy"), server="node_readers"),
    # strips what is before a backslash in filenames, undoes %22
    "formidable": Reader(
        over_http("/formidable"),
        str,
        lambda text: text.rpartition("\\")[2].replace("%22", '"'),
        "node_readers",
    ),
}

NAMES = [
    "plain",
    "with space",
    'quo"te',
    'two "quotes"',
    "back\\slash",
    "tail\\",
    "line\r\nbreak",
    "lone\rcr",
    "lone\nlf",
    "emoji \U0001f4a9",
    "é",
    "a[b][]",
    "semi;colon=x",
    "per%cent",
    "single'quote",
    "comma,",
    "C++ & <b>",
]
VALUES = [
    "",
    "text",
    'a"b\\',
    "é \U0001f4a9",
    "line\r\nbreak",
    "\r\n",
    "--",
    "\r\n--\r\n",
    "x" * 5000,
    "\u010d",
]
CONTENTS = [
    b"",
    bytes(range(256)),
    b"\r\n",
    b"\r\n--",
    b"--\r\n",
    b"\r" * 1000,
    random.Random(1).randbytes(200_000),
]
TYPES = ["text/plain", "application/octet-stream", "image/png"]


@pytest.fixture(params=READERS)
def reader(request):
    """A reader as a function of the form, with what it makes of names."""
    entry = READERS[request.param]
    server = entry.server and request.getfixturevalue(entry.server)

    def read(form):
        form.rewind()
        return entry.read(form, server)

    return read, lambda name: entry.name(form_quote(name)), lambda name: entry.filename(form_quote(name))


def same(found, expected):
    """Compared as sorted: some readers give the fields before the files."""
    assert sorted(found, key=repr) == sorted(expected, key=repr)


@pytest.mark.parametrize("name", NAMES, ids=ascii)
def test_names_of_fields(reader, name):
    read, as_name, _ = reader
    found = [
        (part.name, part.filename or None, part.size, part.sha256)
        for part in read(MultipartForm({name: "v"}))
    ]
    assert found == [(as_name(name), None, *of_bytes(b"v"))]


@pytest.mark.parametrize("filename", NAMES, ids=ascii)
def test_names_of_files(reader, filename):
    read, _, as_filename = reader
    form = MultipartForm({"f": (filename, b"v", "image/png")})
    assert read(form) == [Read("f", as_filename(filename), "image/png", *of_bytes(b"v"))]


def test_values_of_fields(reader):
    read, _, _ = reader
    found = read(MultipartForm({f"n{i}": value for i, value in enumerate(VALUES)}))
    same(
        [(part.name, part.size, part.sha256) for part in found],
        [(f"n{i}", *of_bytes(value.encode())) for i, value in enumerate(VALUES)],
    )


def test_contents_and_types_of_files(reader):
    read, _, _ = reader
    params, expected = [], []
    for index, content in enumerate(CONTENTS):
        kind = TYPES[index % len(TYPES)]
        params.append((f"n{index}", (f"f{index}", io.BytesIO(content), kind)))
        expected.append(Read(f"n{index}", f"f{index}", kind, *of_bytes(content)))
    same(read(MultipartForm(params)), expected)


def test_a_thousand_fields_in_their_order(reader):
    read, _, _ = reader
    found = read(MultipartForm([(f"n{i}", f"value {i}") for i in range(1000)]))
    assert [(part.name, part.size) for part in found] == [(f"n{i}", len(f"value {i}")) for i in range(1000)]


def test_a_repeated_field_keeps_its_order(reader):
    read, _, _ = reader
    found = read(MultipartForm({"a": ["1", "22", "333"]}))
    assert [(part.name, part.size) for part in found] == [("a", 1), ("a", 2), ("a", 3)]


@pytest.fixture(scope="session")
def large(tmp_path_factory):
    """100 MiB that do not compress, and their digest."""
    path = tmp_path_factory.mktemp("large") / "large.bin"
    block = random.Random(2).randbytes(MIB - 7)  # so that blocks end everywhere
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(100):
            file.write(block)
            digest.update(block)
    return path, Read("f", "large.bin", "application/octet-stream", path.stat().st_size, digest.hexdigest())


def test_a_file_of_100_mib(reader, large):
    read, _, _ = reader
    path, expected = large
    found = read(MultipartForm({"before": "1", "f": path, "after": "2"}))
    assert expected in found
    assert sorted(part.name for part in found) == ["after", "before", "f"]


def test_a_generated_set(reader):
    read, as_name, as_filename = reader
    dice = random.Random(3)
    for _ in range(20):
        params, expected = [], []
        for _ in range(dice.randint(1, 12)):
            name = dice.choice(NAMES) + str(dice.randint(0, 99)) + "x"
            if dice.random() < 0.5:
                value = dice.choice(VALUES)
                params.append((name, value))
                expected.append((as_name(name), None, *of_bytes(value.encode())))
            else:
                filename, content = dice.choice(NAMES) + ".x", dice.choice(CONTENTS)
                params.append((name, (filename, content, dice.choice(TYPES))))
                expected.append((as_name(name), as_filename(filename), *of_bytes(content)))
        found = [(p.name, p.filename or None, p.size, p.sha256) for p in read(MultipartForm(params))]
        same(found, expected)
