"""What others write, our reader reads: requests, httpx, aiohttp, curl -F."""

import asyncio
import io
import subprocess

import aiohttp
import httpx
import pytest
import requests

from restkit_forms import MultipartReader, form_decode

CONTENT = bytes(range(256)) * 300
FIELDS = [
    ("plain", "value"),
    ("empty", ""),
    ("é", "\U0001f4a9"),
    ('quo"te', 'a"b'),
    ("lines", "a\r\nb\n"),
    ("a b", " "),
]
FILENAMES = ["plain.txt", "é \U0001f4a9.png", 'quo"te.bin', "back\\slash", "with space", "semi;colon=x"]


def by_requests(fields, filename, content):
    files = [*[(name, (None, value)) for name, value in fields], ("file", (filename, content, "image/png"))]
    prepared = requests.Request("POST", "http://h/", files=files).prepare()
    return prepared.headers["Content-Type"], prepared.body


def by_httpx(fields, filename, content):
    files = [("file", (filename, io.BytesIO(content), "image/png"))]
    request = httpx.Request("POST", "http://h/", data=dict(fields), files=files)
    return request.headers["Content-Type"], request.read()


def by_aiohttp(fields, filename, content, quote_fields=False):
    """Its default (True) escapes in ways no standard reads: a field named "é" fails, "a b" becomes "a\\ b"."""

    async def write():
        form = aiohttp.FormData(quote_fields=quote_fields)
        for name, value in fields:
            form.add_field(name, value)
        form.add_field("file", content, filename=filename, content_type="image/png")
        payload = form()
        written = bytearray()

        class Writer:
            async def write(self, data):
                written.extend(data)

        await payload.write(Writer())
        return payload.content_type, bytes(written)

    return asyncio.run(write())


WRITERS = {"requests": by_requests, "httpx": by_httpx, "aiohttp": by_aiohttp}


@pytest.fixture(params=[*WRITERS, "curl"])
def write(request, tmp_path):
    """A writer as a function of fields, filename, content."""
    if request.param != "curl":
        return WRITERS[request.param]
    curl, keeper = request.getfixturevalue("curl"), request.getfixturevalue("keeper")

    def by_curl(fields, filename, content):
        path = tmp_path / "content"
        path.write_bytes(content)
        escaped = filename.replace("\\", "\\\\").replace('"', '\\"')
        arguments = [part for name, value in fields for part in ("--form-string", f"{name}={value}")]
        arguments += ["-F", f'file=@{path};type=image/png;filename="{escaped}"']
        # Expect: nothing, since the keeper reads the body at once
        subprocess.run([curl, "-sS", "--noproxy", "*", "-H", "Expect:", *arguments, keeper.url], check=True)
        return keeper.kept[-1]

    return by_curl


@pytest.mark.parametrize("filename", FILENAMES, ids=ascii)
def test_names_filenames_types_and_bytes_are_read(write, filename):
    content_type, body = write(FIELDS, filename, CONTENT)
    found = [(p.name, p.filename, p.content_type, p.read()) for p in MultipartReader(body, content_type)]
    assert [(name, name_of_file, value) for name, name_of_file, _, value in found[:-1]] == [
        (name, None, value.encode()) for name, value in FIELDS
    ]
    assert found[-1] == ("file", filename, "image/png", CONTENT)


def test_aiohttps_own_escapes_are_read_as_far_as_they_are_standard():
    content_type, body = by_aiohttp(
        [("plain", "1"), ('quo"te', "2"), ("back\\slash", "3")], 'q"f', b"4", quote_fields=True
    )
    found = [(p.name, p.filename, p.read()) for p in MultipartReader(body, content_type)]
    assert found == [
        ("plain", None, b"1"),
        ('quo"te', None, b"2"),
        ("back\\slash", None, b"3"),
        ("file", 'q"f', b"4"),
    ]


def test_an_empty_file_and_no_field(write):
    content_type, body = write([], "empty", b"")
    found = [(p.name, p.filename, p.read()) for p in MultipartReader(body, content_type)]
    assert found == [("file", "empty", b"")]


def test_a_thousand_fields(write):
    fields = [(f"n{i}", f"value {i}") for i in range(1000)]
    content_type, body = write(fields, "f", b"x")
    found = [(p.name, p.read().decode()) for p in MultipartReader(io.BytesIO(body), content_type)]
    assert found == [*fields, ("file", "x")]


def test_url_encoded_forms_of_others_are_read():
    pairs = [("a b", "1+1"), ("é", "\U0001f4a9 ~*"), ("e", "")]
    assert form_decode(requests.Request("POST", "http://h/", data=pairs).prepare().body) == pairs
    assert form_decode(httpx.Request("POST", "http://h/", data=dict(pairs)).read()) == pairs
