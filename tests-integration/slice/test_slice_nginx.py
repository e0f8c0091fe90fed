"""The main job against nginx: keep-alive, gzip, chunked, ranges, TLS, the errors of a Resource."""

import itertools

import pytest

from restkit import Client, Resource, request
from restkit.errors import CertificateError, ResourceGone, ResourceNotFound
from servers.certificates import Certificates
from servers.nginx import Nginx

WORDS = b"".join(b"line %d of a text that compresses well\n" % number for number in range(5000))
HELLO = b"hello from nginx\n"

unique = itertools.count()


@pytest.fixture
def words(nginx: Nginx) -> bytes:
    (nginx.files / "words.txt").write_bytes(WORDS)
    return WORDS


def test_ten_requests_travel_over_one_connection(nginx: Nginx) -> None:
    client, mark = Client(), f"?ten={next(unique)}"
    for _ in range(10):
        assert client.request(nginx.url + "/small.txt" + mark).body_string() == HELLO
    served = nginx.served(mark, 10)
    assert len(served) == 10
    assert len({each.connection for each in served}) == 1
    first = served[0].nth_on_connection
    assert [each.nth_on_connection for each in served] == list(range(first, first + 10))


def test_a_server_that_closes_gets_a_connection_for_each_request(nginx: Nginx) -> None:
    client, mark = Client(), f"?closing={next(unique)}"
    for _ in range(3):
        assert client.request(nginx.url + "/once/small.txt" + mark).body_string() == HELLO
    assert len({each.connection for each in nginx.served(mark, 3)}) == 3


@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_a_connection_outlives_a_response_without_body(nginx: Nginx, method: str) -> None:
    client, mark = Client(), f"?bodiless={next(unique)}"
    etag = client.request(nginx.url + "/small.txt" + mark, "HEAD").headers["ETag"]
    for _ in range(2):
        response = client.request(nginx.url + "/small.txt" + mark, method, headers={"If-None-Match": etag})
        assert (response.status_int, response.body_string()) == (304, b"")
    assert client.request(nginx.url + "/small.txt" + mark).body_string() == HELLO
    assert len({each.connection for each in nginx.served(mark, 4)}) == 1


def test_head_has_the_fields_of_get_and_no_body(nginx: Nginx) -> None:
    response = request(nginx.url + "/small.txt", "HEAD")
    assert (response.status, response.headers["Content-Length"], response.body_string()) == (
        "200 OK",
        "17",
        b"",
    )


def test_gzip_comes_chunked_and_is_unpacked(nginx: Nginx, words: bytes) -> None:
    response = request(nginx.url + "/packed/words.txt")
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert response.body_string() == words


def test_gzip_stays_as_it_is_when_asked_for(nginx: Nginx, words: bytes) -> None:
    response = request(nginx.url + "/packed/words.txt", headers={"Accept-Encoding": "gzip"}, decompress=False)
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.body_string()) < len(words) / 5


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=5-99", 5, 99), ("bytes=-7", len(WORDS) - 7, len(WORDS) - 1)],
)
def test_a_range_is_partial_content(nginx: Nginx, words: bytes, asked: str, first: int, last: int) -> None:
    response = request(nginx.url + "/words.txt", headers={"Range": asked})
    assert response.status_int == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(words)}"
    assert response.body_string() == words[first : last + 1]


def test_a_range_beyond_the_end_is_refused_by_the_server(nginx: Nginx, words: bytes) -> None:
    response = request(nginx.url + "/words.txt", headers={"Range": f"bytes={len(words)}-"})
    assert response.status_int == 416


def test_a_stream_is_read_as_a_file(nginx: Nginx, words: bytes) -> None:
    with request(nginx.url + "/words.txt").body_stream() as body:
        assert body.read(10) == words[:10]
        assert body.readline() == words[10:].partition(b"\n")[0] + b"\n"
        assert b"".join(body) == words[words.index(b"\n") + 1 :]


def test_a_redirect_is_followed_when_asked(nginx: Nginx) -> None:
    assert request(nginx.url + "/moved").status_int == 302
    response = request(nginx.url + "/moved", follow_redirect=True)
    assert (response.body_string(), response.final_url) == (HELLO, nginx.url + "/small.txt")


def test_tls_is_verified_by_the_authority_that_was_named(nginx: Nginx, certificates: Certificates) -> None:
    client, mark = Client(ca_certs=str(certificates.authority)), f"?tls={next(unique)}"
    for _ in range(3):
        assert client.request(nginx.tls_url + "/small.txt" + mark).body_string() == HELLO
    assert len({each.connection for each in nginx.served(mark, 3)}) == 1


def test_a_certificate_of_an_unknown_authority_is_refused(nginx: Nginx) -> None:
    with pytest.raises(CertificateError):
        request(nginx.tls_url + "/small.txt")


def test_a_certificate_for_another_name_is_refused(nginx: Nginx, certificates: Certificates) -> None:
    with pytest.raises(CertificateError, match="localhost"):
        request(nginx.wrong_name_url + "/small.txt", ca_certs=str(certificates.authority))


@pytest.mark.parametrize(("path", "error"), [("nowhere.txt", ResourceNotFound), ("gone", ResourceGone)])
def test_a_resource_raises_what_the_status_says(nginx: Nginx, path: str, error: type[Exception]) -> None:
    with pytest.raises(error) as caught:
        Resource(nginx.url).get(path)
    assert caught.value.status_int == {ResourceNotFound: 404, ResourceGone: 410}[error]
