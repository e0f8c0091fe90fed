"""A download into a file: whole or not at all, and on from where it broke off."""

import gzip
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

    @property
    def content_length(self):
        length = self.headers.get("content-length")
        return int(length) if length else None

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


DATE = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ({"ETag": '"v"', "Last-Modified": DATE}, '"v"'),
        ({"Last-Modified": DATE, "Date": "Sun, 06 Nov 1994 08:49:38 GMT"}, DATE),
        # Within the second it may have changed again (RFC 9110 §8.8.2.2).
        ({"Last-Modified": DATE, "Date": DATE}, None),
        ({"Last-Modified": DATE}, None),
        ({"Last-Modified": "yesterday", "Date": DATE}, None),
        # A date may not stand in for an entity tag that is there (RFC 9110 §13.1.5).
        ({"ETag": 'W/"v"', "Last-Modified": DATE, "Date": "Mon, 07 Nov 1994 08:49:38 GMT"}, None),
    ],
)
def test_the_validator_is_a_strong_one_or_none(headers, validator, path):
    answers = [Response(200, headers, CONTENT, breaks_after=5000), Response(200, {}, CONTENT)]
    asked = []
    with pytest.raises(IncompleteBody):
        download(lambda _: answers.pop(0), path)
    download(lambda fields: asked.append(fields) or answers.pop(0), path)
    assert asked == [{} if validator is None else {"Range": "bytes=5000-", "If-Range": validator}]
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("noted", "headers"),
    [
        ('"v1"', {"ETag": '"v2"'}),
        ('"v1"', {"ETag": 'W/"v1"'}),
        (DATE, {"Last-Modified": "Mon, 07 Nov 1994 08:49:37 GMT"}),
    ],
)
def test_the_rest_of_something_else_is_not_appended_though_the_server_ignores_if_range(noted, headers, path):
    (path.parent / "file.bin.part").write_bytes(b"old")
    (path.parent / "file.bin.part.validator").write_text(noted)
    rest = Response(206, headers | {"Content-Range": "bytes 3-9/10"}, b"newrest")
    answers = [rest, Response(200, headers, CONTENT)]
    download(lambda _: answers.pop(0), path)
    assert path.read_bytes() == CONTENT
    assert rest.content == b""


@pytest.mark.parametrize(
    ("noted", "headers"), [('"v1"', {}), ('"v1"', {"ETag": '"v1"'}), (DATE, {"Last-Modified": DATE})]
)
def test_a_rest_goes_on_and_keeps_its_validator(noted, headers, path):
    (path.parent / "file.bin.part").write_bytes(CONTENT[:3])
    (path.parent / "file.bin.part.validator").write_text(noted)
    headers |= {
        "Content-Range": f"bytes 3-{len(CONTENT) - 1}/{len(CONTENT)}",
        "Content-Length": str(len(CONTENT) - 3),
    }
    with pytest.raises(IncompleteBody):
        download(lambda _: Response(206, headers, CONTENT[3:], breaks_after=2000), path)
    assert (path.parent / "file.bin.part.validator").read_text() == noted
    assert (path.parent / "file.bin.part").read_bytes() == CONTENT[:2003]


def test_a_body_of_another_length_than_announced_is_incomplete(path):
    with pytest.raises(IncompleteBody):
        download(lambda _: Response(200, {"Content-Length": "10"}, b"short"), path)
    assert not path.exists()


def test_an_empty_part_is_no_part(path):
    (path.parent / "file.bin.part").write_bytes(b"")
    (path.parent / "file.bin.part.validator").write_text('"v1"')
    server = Server()
    download(server, path)
    assert server.requests == [{}]


def test_a_folder_that_does_not_exist_is_said_so(path):
    with pytest.raises(FileNotFoundError):
        write_atomically([b"x"], path / "nowhere" / "file")


def test_saving_reports_its_progress(path):
    seen = []
    assert write_atomically([b"ab", b"c"], path, 3, lambda *now: seen.append(now)) == 3
    assert seen == [(2, 3), (3, 3)]


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


def test_a_coded_answer_with_a_length_is_saved_as_what_it_holds(path):
    coded = gzip.compress(CONTENT)
    client = Client(transport=FunctionTransport(lambda _: Reply(200, coded, {"Content-Encoding": "gzip"})))
    seen = []
    assert client.download("http://h/", path, progress=lambda *now: seen.append(now)) == len(CONTENT)
    assert client.get("http://h/").save(path.with_name("other")) == len(CONTENT)
    assert path.read_bytes() == path.with_name("other").read_bytes() == CONTENT
    assert seen[-1] == (len(CONTENT), None)
    assert client.get("http://h/").content_length is None
    assert client.get("http://h/", decompress=False).content_length == len(coded)
