"""A form sent by the client, files by sendfile, arrives as the form alone would write it."""

import io
import random
import urllib.request

import httpx
import pytest
import urllib3

from restkit_client import Client
from restkit_forms import MultipartForm, MultipartReader, form_decode

CONTENT = random.Random(4).randbytes(3_000_000)


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "naïve.bin"
    file.write_bytes(CONTENT)
    return file


def sent(keeper, **request):
    with Client() as client:
        assert client.request(keeper.url, "POST", **request).status_int == 204
    return keeper.kept[-1]


def parts(content_type, body):
    return [(part.name, part.filename, part.read()) for part in MultipartReader(body, content_type)]


def test_a_form_with_files_large_and_small(keeper, path):
    told = []
    with path.open("rb") as file:
        file.seek(1000)
        form = MultipartForm(
            [("a", "1"), ("path", path), ("open", file), ("memory", io.BytesIO(b"2")), ("z", "é")],
            progress=lambda *now: told.append(now),
        )
        content_type, body = sent(keeper, body=form)
    assert content_type == form.content_type
    assert told[-1] == (form.content_length, form.content_length) == (len(body), len(body))
    assert parts(content_type, body) == [
        ("a", None, b"1"),
        ("path", "naïve.bin", CONTENT),
        ("open", "naïve.bin", CONTENT[1000:]),
        ("memory", "memory", b"2"),
        ("z", None, "é".encode()),
    ]


def test_a_dict_with_a_file_is_a_multipart_form_and_one_without_is_url_encoded(keeper, path):
    with path.open("rb") as file:
        assert parts(*sent(keeper, body={"a": "1", "f": file})) == [
            ("a", None, b"1"),
            ("f", "naïve.bin", CONTENT),
        ]
    content_type, body = sent(keeper, body={"a b": ["1", "é"]})
    assert content_type == "application/x-www-form-urlencoded; charset=utf-8"
    assert form_decode(body) == [("a b", "1"), ("a b", "é")]


def by_httpx(url, form):
    httpx.post(
        url,
        content=form,
        headers={"Content-Type": form.content_type, "Content-Length": str(form.content_length)},
    )


def by_urllib3(url, form):
    headers = {"Content-Type": form.content_type, "Content-Length": str(form.content_length)}
    with urllib3.PoolManager() as pool:
        pool.request("POST", url, body=form, headers=headers)


def by_urllib(url, form):
    headers = {"Content-Type": form.content_type, "Content-Length": str(form.content_length)}
    urllib.request.urlopen(urllib.request.Request(url, form, headers, method="POST")).close()


@pytest.mark.parametrize("post", [by_httpx, by_urllib3, by_urllib])
def test_other_clients_can_send_it_too(keeper, path, post):
    """The package promises to serve any client that takes an iterable or a file object."""
    form = MultipartForm({"a": "1", "f": path})
    post(keeper.url, form)
    assert parts(*keeper.kept[-1]) == [("a", None, b"1"), ("f", "naïve.bin", CONTENT)]
