"""OAuthFilter in restkit's client: every kind of body, redirects and retries, verified by our own server's side."""

import io
import threading

import pytest

from restkit import Client
from restkit_client.transports.function import FunctionTransport, Reply
from restkit_oauth2 import (
    Consumer,
    MemoryNonceStore,
    OAuthFilter,
    Token,
    UnhashableBody,
    VerificationError,
    verify_request,
)

CONSUMER = Consumer("ck", "consumer secret")
TOKEN = Token("tk", "token secret")
ORIGIN = "http://api.example"


class Server:
    """Verifies each request of its origin, remembers all, and answers with what the test planned."""

    def __init__(self, **replies):
        self.replies = replies
        self.seen = []
        self.nonces = MemoryNonceStore()

    def __call__(self, request):
        content = b"".join(self.bytes_of(request))
        self.seen.append(request)
        if request.url.startswith(ORIGIN + "/"):
            verify_request(
                request.method,
                request.parsed_url.geturl(),
                request.headers,
                content,
                find_consumer={"ck": CONSUMER}.get,
                find_token=lambda consumer, token: TOKEN,
                nonces=self.nonces,
                require_body_hash=not request.url.endswith("/unsigned"),
            )
        planned = self.replies.get(request.parsed_url.path.strip("/"))
        return planned.pop(0) if planned else Reply(200, "fine")

    @staticmethod
    def bytes_of(request):
        if request.content is None:
            return
        for segment in request.content.segments():
            if isinstance(segment, tuple):
                file, offset, count = segment
                file.seek(offset)
                yield file.read(count)
            else:
                yield bytes(segment)


def fetch(server, path="/", method="GET", body=None, headers=None, **options):
    auth = OAuthFilter("*", CONSUMER, TOKEN, **options)
    client = Client(
        transport=FunctionTransport(server), filters=[auth], follow_redirect=True, force_follow_redirect=True
    )
    with client.request(ORIGIN + path, method, body, headers) as answer:
        return answer.status_int


def a_file(tmp_path):
    path = tmp_path / "é.bin"
    path.write_bytes(bytes(range(256)) * 300)
    return path


BODIES = {
    "bytes": lambda tmp_path: b"\xff\0",
    "text": lambda tmp_path: "é",
    "form": lambda tmp_path: {"a": ["1", "2"], "é": "x y&=", "empty": ""},
    "pairs": lambda tmp_path: [("a", "1"), ("a", "2")],
    "path": a_file,
    "file": lambda tmp_path: a_file(tmp_path).open("rb"),
    "memory": lambda tmp_path: io.BytesIO(b"\xff" * 100_000),
    "list": lambda tmp_path: [b"one", b"two"],
    "multipart": lambda tmp_path: {"a": "1", "file": io.BytesIO(b"\xff\0")},
}


@pytest.mark.parametrize("kind", BODIES)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_every_kind_of_body_is_covered_by_the_signature(tmp_path, kind, method):
    body = BODIES[kind](tmp_path)
    if kind == "multipart":
        body["file"].name = "a.bin"
    server = Server()
    assert fetch(server, method=method, body=body) == 200
    if hasattr(body, "close"):
        body.close()


def test_a_file_is_signed_from_where_it_stands(tmp_path):
    with a_file(tmp_path).open("rb") as file:
        file.seek(1000)
        assert fetch(Server(), method="PUT", body=file) == 200


def test_a_generator_is_refused_or_sent_unsigned_when_asked():
    with pytest.raises(UnhashableBody):
        fetch(Server(), "/unsigned", "PUT", iter([b"a", b"b"]))
    assert fetch(Server(), "/unsigned", "PUT", iter([b"a", b"b"]), body_hash=False) == 200
    with pytest.raises(VerificationError):
        fetch(Server(), "/signed", "PUT", iter([b"a", b"b"]), body_hash=False)


@pytest.mark.parametrize("placement", ["header", "query", "4.2"])
@pytest.mark.parametrize(
    "path", ["/a b/é?x=1 2&é=ü", "/a/../b?x=%7e+1", '/?x=a"b|c', "?x=1#fragment", "/%2f;p=1?a&b=&=c"]
)
def test_what_is_signed_is_what_is_sent(placement, path):
    assert fetch(Server(), path, placement=placement) == 200


def nonces(server):
    return [
        request.headers["Authorization"].partition('oauth_nonce="')[2].partition('"')[0]
        for request in server.seen
    ]


def test_a_redirect_within_the_origin_is_signed_again():
    server = Server(first=[Reply(307, headers={"Location": "/second?a=b"})])
    assert fetch(server, "/first", "POST", b"x") == 200
    assert [request.parsed_url.target for request in server.seen] == ["/first", "/second?a=b"]
    assert len(set(nonces(server))) == 2


@pytest.mark.parametrize("placement", ["header", "query"])
@pytest.mark.parametrize(
    "elsewhere", ["https://api.example/x", "http://api.example:8080/x", "http://other.example/x"]
)
def test_another_origin_sees_nothing_of_it(placement, elsewhere):
    server = Server(first=[Reply(307, headers={"Location": elsewhere})])
    server.replies["x"] = [Reply(307, headers={"Location": elsewhere + "2"})]
    fetch(server, "/first", placement=placement)
    assert len(server.seen) >= 2
    for request in server.seen[1:]:
        assert "authorization" not in request.headers
        assert "oauth_" not in request.url


def test_each_try_has_its_own_nonce():
    server = Server(busy=[Reply(503), Reply(503)])
    auth = OAuthFilter("*", CONSUMER, TOKEN)
    client = Client(
        transport=FunctionTransport(server), filters=[auth], retry_statuses=[503], max_tries=3, wait_tries=0
    )
    with client.request(ORIGIN + "/busy") as answer:
        assert answer.status_int == 200
    assert len(set(nonces(server))) == len(server.seen) == 3


def test_threads_share_a_filter():
    server = Server()
    auth = OAuthFilter("*", CONSUMER, TOKEN)
    client = Client(transport=FunctionTransport(server), filters=[auth])
    statuses = []

    def run():
        for _ in range(50):
            with client.request(ORIGIN + "/?a=b") as answer:
                statuses.append(answer.status_int)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [200] * 200
    assert len(server.nonces) == 200
