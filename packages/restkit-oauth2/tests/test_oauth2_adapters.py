"""The auth objects, on objects shaped like the requests of requests and httpx (the real ones: tests-integration)."""

import pytest

from restkit_oauth2 import (
    Consumer,
    Error,
    HttpxAuth,
    MemoryNonceStore,
    RequestsAuth,
    Token,
    UnhashableBody,
    verify_request,
)

CONSUMER = Consumer("ck", "cs")
TOKEN = Token("tk", "ts")
FORM = "application/x-www-form-urlencoded"


def verify(method, url, headers, body):
    return verify_request(
        method,
        url,
        headers,
        body,
        find_consumer={"ck": CONSUMER}.get,
        find_token=lambda consumer, token: TOKEN,
        nonces=MemoryNonceStore(),
    )


class Url:
    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class HttpxRequest:
    def __init__(self, method="GET", stream=(), headers=None):
        self.method = method
        self.url = Url("http://example.com/a?b=c")
        self.headers = headers or {}
        self.stream = stream
        self.times_read = 0

    def read(self):
        self.times_read += 1
        return b"".join(self.stream)


@pytest.mark.parametrize("placement", ["header", "query", "body", "4.2"])
def test_requests_auth_signs_in_place(message, placement):
    request = message("POST", "http://example.com/a?b=c", {"Content-Type": FORM}, "d=e")
    assert RequestsAuth(CONSUMER, TOKEN, placement=placement)(request) is request
    assert verify(request.method, request.url, request.headers, request.body).token is TOKEN


@pytest.mark.parametrize("placement", ["header", "query"])
@pytest.mark.parametrize(
    ("method", "stream", "headers"),
    [("GET", (), {}), ("PUT", (b"a", b"b"), {}), ("POST", (b"a=", b"b"), {"Content-Type": FORM})],
)
def test_httpx_auth_signs_in_place(placement, method, stream, headers):
    request = HttpxRequest(method, stream, dict(headers))
    url = request.url
    assert HttpxAuth(CONSUMER, TOKEN, placement=placement)(request) is request
    assert isinstance(request.url, Url)
    assert (request.url is url) == (placement == "header")
    assert verify(method, str(request.url), request.headers, b"".join(stream)).token is TOKEN


def test_httpx_auth_leaves_a_body_alone_that_is_not_signed():
    request = HttpxRequest("PUT", iter([b"a"]))
    HttpxAuth(CONSUMER, body_hash=False)(request)
    assert request.times_read == 0


def test_httpx_auth_refuses_what_only_an_event_loop_can_read():
    with pytest.raises(UnhashableBody, match="body_hash=False"):
        HttpxAuth(CONSUMER)(HttpxRequest("PUT", object()))


@pytest.mark.parametrize("placement", ["body", "4.2"])
def test_httpx_auth_says_that_it_can_not_change_the_body(placement):
    with pytest.raises(Error, match="sealed the body"):
        HttpxAuth(CONSUMER, placement=placement)
