"""A download into a file: whole or not at all, and on from where it broke off."""

import hashlib
import random

import pytest

from restkit_client import Client
from restkit_client.errors import IncompleteBody, RequestFailed, ResponseError
from restkit_client.saving import download, write_atomically
from restkit_client.transports.function import FunctionTransport, Reply

CONTENT = bytes(range(256)) * 1000


class Response:
    """What `download` needs of a response; the body breaks off where it is told."""

    def __init__(self, status, headers, body=b"", breaks_after=None):
        from restkit_parser import Headers

        self.status_int = status
        self.headers = Headers(headers)
        self.content = body
        self.breaks_after = breaks_after

    def iter_bytes(self):
        for start in range(0, len(self.content), 1000):
            if self.breaks_after is not None and start >= self.breaks_after:
                raise IncompleteBody(len(self.content), start)
            yield self.content[start : start + 1000]

    def close(self):
        self.content = b""

    def error_text(self):
        return self.content.decode()


class Server:
    """Serves CONTENT with ranges; `requests` holds the fields that came."""

    def __init__(self, etag='"v1"', breaks=(), ranges=True):
        self.etag = etag
        self.breaks = list(breaks)
        self.ranges = ranges
        self.requests = []

    def __call__(self, fields):
        self.requests.append(dict(fields))
        breaks_after = self.breaks.pop(0) if self.breaks else None
        headers = {"ETag": self.etag} if self.etag else {}
        asked = fields.get("Range")
        if asked and self.ranges and fields.get("If-Range") == self.etag:
            begin = int(asked.removeprefix("bytes=").rstrip("-"))
            if begin >= len(CONTENT):
                return Response(416, {"Content-Range": f"bytes */{len(CONTENT)}"})
            rest = CONTENT[begin:]
            headers |= {
                "Content-Range": f"bytes {begin}-{len(CONTENT) - 1}/{len(CONTENT)}",
                "Content-Length": str(len(rest)),
            }
            return Response(206, headers, rest, breaks_after)
        return Response(200, headers | {"Content-Length": str(len(CONTENT))}, CONTENT, breaks_after)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "file.bin"


def test_a_download_is_written_with_its_progress(path):
    seen = []
    assert download(Server(), path, progress=lambda *now: seen.append(now)) == len(CONTENT)
    assert path.read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [each.name for each in path.parent.iterdir()] == ["file.bin"]


def test_twenty_breaks_at_random_points_end_in_the_right_digest(path):
    chance = random.Random(5)
    server = Server(breaks=[chance.randrange(1000, 20_000) for _ in range(20)])
    for _ in range(20):
        with pytest.raises(IncompleteBody):
            download(server, path)
        assert not path.exists()
    download(server, path)
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(CONTENT).digest()
    assert all(each["If-Range"] == '"v1"' for each in server.requests[1:])


@pytest.mark.parametrize("etag", ['W/"v1"', None])
def test_without_a_strong_validator_it_starts_again(etag, path):
    server = Server(etag=etag, breaks=[5000])
    with pytest.raises(IncompleteBody):
        download(server, path)
    download(server, path)
    assert server.requests[1] == {}
    assert path.read_bytes() == CONTENT


def test_a_file_that_has_changed_is_fetched_whole(path):
    server = Server(breaks=[5000])
    with pytest.raises(IncompleteBody):
        download(server, path)
    server.etag = '"v2"'
    download(server, path)
    assert path.read_bytes() == CONTENT


def test_a_part_that_is_whole_already_becomes_the_file(path):
    server = Server()
    (path.parent / "file.bin.part").write_bytes(CONTENT)
    (path.parent / "file.bin.part.validator").write_text('"v1"')
    assert download(server, path) == len(CONTENT)
    assert len(server.requests) == 1


def test_a_part_of_another_file_is_thrown_away(path):
    server = Server()
    (path.parent / "file.bin.part").write_bytes(CONTENT + b"more")
    (path.parent / "file.bin.part.validator").write_text('"v1"')
    download(server, path)
    assert path.read_bytes() == CONTENT


def test_another_range_than_was_asked_for_is_refused(path):
    (path.parent / "file.bin.part").write_bytes(b"x")
    (path.parent / "file.bin.part.validator").write_text('"v1"')
    with pytest.raises(ResponseError, match="asked for the bytes from 1 on"):
        download(lambda _: Response(206, {"Content-Range": "bytes 0-9/10"}, b"0123456789"), path)
    assert not path.exists()


def test_a_failed_request_leaves_the_old_file(path):
    path.write_text("old")
    with pytest.raises(RequestFailed, match="no such file"):
        download(lambda _: Response(404, {}, b"no such file"), path)
    assert path.read_text() == "old"


def test_without_resume_nothing_is_left_behind(path):
    with pytest.raises(IncompleteBody):
        download(Server(breaks=[5000]), path, resume=False)
    assert list(path.parent.iterdir()) == []


def test_an_interrupted_write_leaves_the_old_file(path):
    path.write_text("old")

    def blocks():
        yield b"new"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_atomically(blocks(), path)
    assert [each.name for each in path.parent.iterdir()] == ["file.bin"]
    assert path.read_text() == "old"


def test_the_client_downloads_and_responses_save(path):
    client = Client(transport=FunctionTransport(lambda _: Reply(200, b"content")))
    assert client.download("http://example.org/file", path) == 7
    assert path.read_bytes() == b"content"
    assert client.get("http://example.org/file").save(path.with_name("other")) == 7
    assert path.with_name("other").read_bytes() == b"content"
