"""Bodies from nginx and gunicorn as the files of the standard library want them, and to them as the manual says."""

import csv
import hashlib
import io
import json
import shutil
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from restkit import Client, request
from restkit.errors import AlreadyRead, RequestError
from servers.nginx import Nginx

ROWS = [["name", "é"], ["with, comma", 'and "quotes"'], ["two\nlines", ""]]


@pytest.fixture(params=["", "/packed"], ids=["length", "gzip-chunked"])
def base(request: pytest.FixtureRequest, nginx: Nginx) -> str:
    return nginx.url + request.param


def put(nginx: Nginx, name: str, data: bytes) -> None:
    (nginx.files / name).write_bytes(data)


def test_text_csv_and_json(nginx: Nginx, base: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(ROWS * 100)
    put(nginx, "rows.txt", text.getvalue().encode())
    put(nginx, "value.json", json.dumps({"rows": ROWS * 100}).encode())
    with io.TextIOWrapper(request(f"{base}/rows.txt").body_stream(), "utf-8", newline="") as file:
        assert list(csv.reader(file)) == ROWS * 100
    with request(f"{base}/value.json").body_stream() as stream:
        assert json.load(stream) == {"rows": ROWS * 100}
    assert request(f"{base}/value.json").json() == {"rows": ROWS * 100}
    assert list(request(f"{base}/rows.txt").iter_lines()) == text.getvalue().encode().splitlines()
    assert "".join(request(f"{base}/rows.txt").iter_text()) == text.getvalue()


@pytest.mark.parametrize("kind", ["", "gz", "xz"])
def test_tarfile_copyfileobj_and_zipfile_after_tee(
    nginx: Nginx, base: str, tmp_path: Path, kind: str
) -> None:
    content = bytes(range(256)) * 2000
    (tmp_path / "member.bin").write_bytes(content)
    with tarfile.open(nginx.files / "archive.txt", f"w:{kind}") as archive:
        archive.add(tmp_path / "member.bin", "member.bin")
    with (
        request(f"{base}/archive.txt").body_stream() as stream,
        tarfile.open(fileobj=stream, mode=f"r|{kind}") as tar,
    ):
        assert [tar.extractfile(member).read() for member in tar] == [content]  # type: ignore[union-attr]
    with request(f"{base}/archive.txt").body_stream() as stream, (tmp_path / "copy").open("wb") as copy:
        shutil.copyfileobj(stream, copy)
    assert (tmp_path / "copy").read_bytes() == (nginx.files / "archive.txt").read_bytes()
    with zipfile.ZipFile(nginx.files / "zipped.txt", "w") as packed:
        packed.writestr("member.bin", content)
    with request(f"{base}/zipped.txt").tee() as kept, zipfile.ZipFile(kept) as packed:
        assert packed.read("member.bin") == content


def test_a_teed_body_is_read_twice_and_its_connection_reused_between(nginx: Nginx) -> None:
    put(nginx, "twice.bin", b"x" * 300_000)
    client = Client()
    body = client.get(f"{nginx.url}/twice.bin?tee").tee()
    assert hashlib.sha256(b"".join(body)).digest() == hashlib.sha256(b"x" * 300_000).digest()
    assert client.get(f"{nginx.url}/small.txt?tee").body_string() == b"hello from nginx\n"
    body.seek(0)
    assert body.read() == b"x" * 300_000
    body.close()
    assert len({each.connection for each in nginx.served("?tee", 2)}) == 1


def test_a_body_is_read_once_and_says_so(nginx: Nginx) -> None:
    response = request(f"{nginx.url}/small.txt")
    assert response.can_read()
    response.body_string()
    assert not response.can_read()
    for read in (response.body_string, response.body_stream, response.tee, response.iter_bytes):
        with pytest.raises(AlreadyRead):
            read()
    assert response.text() == "hello from nginx\n"
    skipped = request(f"{nginx.url}/small.txt")
    skipped.skip_body()
    with pytest.raises(AlreadyRead):
        skipped.body_string()


def test_leaving_a_stream_gives_the_connection_back_when_the_rest_is_short(nginx: Nginx) -> None:
    client = Client()
    for _ in range(3):
        with client.get(f"{nginx.url}/small.txt?left").body_stream() as body:
            assert body.read(5) == b"hello"
    assert len({each.connection for each in nginx.served("?left", 3)}) == 1


def told(response: Any) -> tuple[str | None, str | None, int]:
    answer = response.json()
    fields = answer["fields"]
    return fields["content-length"], fields.get("transfer-encoding"), answer["length"]


def test_the_manuals_uploads(gunicorn: str, tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("some lines\n" * 100, encoding="ascii")
    with path.open() as as_text:
        assert told(request(f"{gunicorn}/echo", "POST", body=as_text)) == ("1100", None, 1100)
    with path.open("rb") as file:
        file.seek(100)
        assert told(request(f"{gunicorn}/echo", "POST", body=file)) == ("1000", None, 1000)
    lines = ["line 1", "line 2"]
    assert told(request(f"{gunicorn}/echo", "POST", body=lines)) == (None, "chunked", 12)
    length = {"content-Length": 12}
    assert told(request(f"{gunicorn}/echo", "POST", body=lines, headers=length)) == ("12", None, 12)
    with path.open() as as_text:
        as_text.readline()
        with pytest.raises(RequestError, match="text"):
            request(f"{gunicorn}/echo", "POST", body=as_text)
