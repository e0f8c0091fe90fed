"""FunctionTransport: a function in the place of the network."""

from __future__ import annotations

import time

import pytest

from restkit_client import Client, FunctionTransport, Request, Timeout
from restkit_client.errors import IncompleteBody, InvalidHeader, RequestError, TotalTimeout
from restkit_client.transports.chunk_reader import ChunkReader
from restkit_client.transports.function import Reply, request_body


def client_of(function, **options):
    return Client(transport=FunctionTransport(function), **options)


@pytest.mark.parametrize(
    ("reply", "status", "body", "content_type", "length"),
    [
        (Reply(), "200 OK", b"", None, "0"),
        (Reply(404, b"x", reason="Nope"), "404 Nope", b"x", None, "1"),
        (Reply(body="\xe9"), "200 OK", b"\xc3\xa9", "text/plain; charset=utf-8", "2"),
        (Reply(body="<p>", headers={"content-type": "text/html"}), "200 OK", b"<p>", "text/html", "3"),
        (Reply(json={"a": None}), "200 OK", b'{"a": null}', "application/json", "11"),
        (Reply(json=0), "200 OK", b"0", "application/json", "1"),
        (Reply(body=iter([b"a", b"b"])), "200 OK", b"ab", None, None),
        (Reply(body=[b"a", b"b"], headers=[("Content-Length", "2")]), "200 OK", b"ab", None, "2"),
        (Reply(body=b"c", headers={"Transfer-Encoding": "chunked"}), "200 OK", b"c", None, None),
    ],
)
def test_replies(reply, status, body, content_type, length):
    response = client_of(lambda request: reply).get("http://h/")
    assert response.status == status
    assert response.body_string() == body
    assert response.headers.get("content-type") == content_type
    assert response.headers.get("content-length") == length


def test_a_reply_can_be_given_again():
    reply = Reply(body=b"x")
    client = client_of(lambda request: reply)
    assert [client.get("http://h/").body_string() for _ in range(2)] == [b"x", b"x"]


def test_the_function_sees_the_request_as_it_would_be_sent():
    seen = []

    class Marking:
        def on_request(self, request):
            request.headers["X-Mark"] = "1"

    def function(request):
        seen.append((request.method, request.url, request.headers.get("x-mark"), request_body(request)))
        return Reply()

    client = client_of(function, filters=[Marking()])
    client.post("http://u:p@h/a?b", body={"k": "v w"})
    client.put("http://h/", body=iter([b"a", b"b"]))
    client.get("http://h/")
    assert seen == [
        ("POST", "http://h/a?b", "1", b"k=v+w"),
        ("PUT", "http://h/", "1", b"ab"),
        ("GET", "http://h/", "1", b""),
    ]


def test_what_the_function_raises_the_caller_sees():
    def function(request):
        raise RequestError("down")

    with pytest.raises(RequestError, match="down"):
        client_of(function).get("http://h/")


def test_retries_are_tested_without_a_network():
    replies = [Reply(503), Reply(503), Reply(body=b"up")]
    client = client_of(lambda request: replies.pop(0), retry_statuses=[503], wait_tries=0.001)
    assert client.get("http://h/").body_string() == b"up"


def test_it_can_be_called_without_a_deadline():
    head, reader = FunctionTransport(lambda request: Reply(201, b"x")).send(Request("http://h/"))
    assert (head.status, reader.read(5), reader.read(5)) == (201, b"x", b"")


def test_an_answer_is_held_to_its_own_head():
    with pytest.raises(IncompleteBody):
        client_of(lambda request: Reply(body=[b"a"], headers={"Content-Length": "2"})).get(
            "http://h/"
        ).body_string()
    with pytest.raises(InvalidHeader):
        client_of(lambda request: Reply(headers={"X": "a\rb"})).get("http://h/")


def test_the_total_timeout_holds():
    def slow(request):
        time.sleep(0.05)
        return Reply()

    with pytest.raises(TotalTimeout):
        client_of(slow, timeout=Timeout(total=0.01)).get("http://h/")


def test_a_chunk_reader_calls_its_end_once():
    ends = []
    reader = ChunkReader([b"abc", b"", b"d"], lambda: ends.append(1))
    buffer = bytearray(2)
    assert [reader.readinto(buffer), reader.read(9), reader.read(9), ends] == [2, b"c", b"d", []]
    assert reader.read(9) == b""
    assert reader.read(9) == b""
    reader.close()
    assert ends == [1]
    assert reader.read(9) == b""
