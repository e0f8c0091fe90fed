"""WSGITransport: what the application sees, and what the client sees of it (PEP 3333)."""

from __future__ import annotations

import io
import sys
import time
from wsgiref.validate import validator

import pytest

from restkit_client import Client, Request, Timeout, WSGITransport
from restkit_client.errors import IncompleteBody, InvalidHeader, ResponseError, TotalTimeout


def client_of(app, **options):
    transport = {name: options.pop(name) for name in ("script_name", "remote_addr") if name in options}
    return Client(transport=WSGITransport(app, **transport), **options)


def environ_of(url="http://h/", method="GET", body=None, headers=None, **options):
    seen = {}

    def app(environ, start_response):
        seen.update(environ)
        start_response("200 OK", [])
        return []

    client_of(app, **options).request(url, method, body, headers).skip_body()
    return seen


class Iterable:
    """An application's answer that knows how often it was closed."""

    def __init__(self, *chunks):
        self.chunks = list(chunks)
        self.closed = 0

    def __iter__(self):
        return self

    def __next__(self):
        if not self.chunks:
            raise StopIteration
        chunk = self.chunks.pop(0)
        if isinstance(chunk, BaseException):
            raise chunk
        return chunk

    def close(self):
        self.closed += 1


def answering(iterable, status="200 OK", headers=()):
    def app(environ, start_response):
        start_response(status, list(headers))
        return iterable

    return app


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "http://h/",
            {"SERVER_NAME": "h", "SERVER_PORT": "80", "HTTP_HOST": "h", "PATH_INFO": "/", "QUERY_STRING": ""},
        ),
        (
            "https://h:8443/a?b=%20c",
            {
                "SERVER_PORT": "8443",
                "wsgi.url_scheme": "https",
                "QUERY_STRING": "b=%20c",
                "REQUEST_URI": "/a?b=%20c",
            },
        ),
        ("http://[::1]:81/", {"SERVER_NAME": "::1", "HTTP_HOST": "[::1]:81"}),
        ("http://h/%C3%A9/%2F b", {"PATH_INFO": "/\xc3\xa9// b", "RAW_URI": "/%C3%A9/%2F%20b"}),
    ],
)
def test_the_environ_has_the_parts_of_the_url(url, expected):
    environ = environ_of(url)
    assert {name: environ[name] for name in expected} == expected


def test_the_environ_has_the_fields_as_cgi_names_them():
    environ = environ_of(
        headers=[
            ("X-Two", "1"),
            ("x-two", "2"),
            ("Cookie", "a=1"),
            ("Cookie", "b=2"),
            ("X_Two", "spoof"),
            ("Host", "other"),
        ],
        body=b"data",
        method="POST",
    )
    assert environ["HTTP_X_TWO"] == "1,2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_HOST"] == "other"
    assert (environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"]) == ("4", "application/octet-stream")
    assert environ["HTTP_USER_AGENT"].startswith("restkit/")
    assert environ["wsgi.errors"] is sys.stderr
    assert "HTTP_CONTENT_LENGTH" not in environ


@pytest.mark.parametrize(
    ("path", "script", "info"),
    [("/app/x", "/app", "/x"), ("/app", "/app", ""), ("/apple", "", "/apple"), ("/x", "", "/x")],
)
def test_a_mounted_application_gets_its_own_part_of_the_path(path, script, info):
    environ = environ_of(f"http://h{path}", script_name="/app/", remote_addr="192.0.2.1")
    assert (environ["SCRIPT_NAME"], environ["PATH_INFO"], environ["REMOTE_ADDR"]) == (
        script,
        info,
        "192.0.2.1",
    )


def echo(environ, start_response):
    start_response("200 OK", [("Content-Type", "application/octet-stream")])
    yield environ["wsgi.input"].read()


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        (b"data", b"data"),
        ("\xe9", b"\xc3\xa9"),
        (io.BytesIO(b"file"), b"file"),
        ((b for b in [b"ab", b"", b"c"]), b"abc"),
        (None, b""),
    ],
    ids=["bytes", "text", "file", "generator", "none"],
)
def test_the_application_reads_the_body(body, sent):
    assert client_of(echo).request("http://h/", "POST", body).body_string() == sent


def test_input_can_be_read_in_all_ways_of_pep_3333():
    def app(environ, start_response):
        body = environ["wsgi.input"]
        start_response("200 OK", [])
        return [repr([body.read(2), body.readline(), body.readlines(1), list(body), body.read(5)]).encode()]

    response = client_of(app).post("http://h/", body=iter([b"ab", b"c\nde\nf", b"g\nlast"]))
    assert response.body_string() == repr([b"ab", b"c\n", [b"de\n"], [b"fg\n", b"last"], b""]).encode()


def test_bodies_stream_both_ways():
    log = []

    def upload():
        for number in range(3):
            log.append(f"made {number}")
            yield b"%d" % number

    def app(environ, start_response):
        start_response("200 OK", [])
        while data := environ["wsgi.input"].read(1):
            log.append("answered")
            yield data

    response = client_of(app).put("http://h/", body=upload())
    assert log == ["made 0", "answered"]
    with response.body_stream() as stream:
        assert [stream.read(1) for _ in range(4)] == [b"0", b"1", b"2", b""]
    assert log == ["made 0", "answered", "made 1", "answered", "made 2", "answered"]


def test_the_answers_head_and_body():
    response = client_of(answering([b"a", b"", b"b"], "299 Odd Reason", [("X-A", "1"), ("X-A", "2")])).get(
        "http://h/"
    )
    assert (response.status, response.headers.get_all("x-a")) == ("299 Odd Reason", ["1", "2"])
    assert response.body_string() == b"ab"


def test_it_is_redirected_decoded_and_filtered_like_any_other():
    import gzip

    def app(environ, start_response):
        if environ["PATH_INFO"] == "/":
            start_response("302 Found", [("Location", "/there")])
            return [b"moved"]
        start_response("200 OK", [("Content-Encoding", "gzip")])
        return [gzip.compress(b"here")]

    response = client_of(app, follow_redirect=True).get("http://h/")
    assert (response.final_url, response.text()) == ("http://h/there", "here")


@pytest.mark.parametrize("how", ["read", "close", "head", "204", "with"])
def test_the_iterable_is_closed_exactly_once(how):
    chunks = Iterable(b"a", b"b")
    client = client_of(answering(chunks, "204 No Content" if how == "204" else "200 OK"))
    response = client.request("http://h/", "HEAD" if how == "head" else "GET")
    if how == "read":
        assert response.body_string() == b"ab"
    elif how == "close":
        response.close()
    elif how == "with":
        with response:
            pass
    else:
        assert chunks.closed == 1
        assert response.body_string() == b""
    assert chunks.closed == 1
    response.close()
    assert chunks.closed == 1


def test_what_the_application_raises_the_caller_sees_and_the_iterable_is_closed():
    def app(environ, start_response):
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        client_of(app).get("http://h/")
    first = Iterable(LookupError("first"))
    with pytest.raises(LookupError, match="first"):
        client_of(answering(first)).get("http://h/")
    later = Iterable(b"a", LookupError("later"))
    response = client_of(answering(later)).get("http://h/")
    with pytest.raises(LookupError, match="later"):
        response.body_string()
    assert first.closed == later.closed == 1


def test_a_content_length_that_is_wrong_is_an_error():
    with pytest.raises(IncompleteBody) as short:
        client_of(answering([b"abc"], headers=[("Content-Length", "5")])).get("http://h/").body_string()
    assert (short.value.expected, short.value.received) == (5, 3)
    for chunks, length in [([b"abc", b"d"], "3"), ([b"a"], "0")]:
        with pytest.raises(ResponseError, match="more than the"):
            client_of(answering(chunks, headers=[("Content-Length", length)])).get("http://h/").body_string()
    assert client_of(answering([], headers=[("Content-Length", "5")])).head("http://h/").body_string() == b""


def test_what_is_written_comes_first():
    def app(environ, start_response):
        write = start_response("200 OK", [])
        write(b"one ")
        write(b"")
        write(b"two ")
        return [b"three"]

    assert client_of(app).get("http://h/").body_string() == b"one two three"

    def only_written(environ, start_response):
        start_response("200 OK", [])(b"all")
        return []

    assert client_of(only_written).get("http://h/").body_string() == b"all"


def test_a_second_start_response_replaces_the_head_only_with_exc_info_and_before_it_is_out():
    def replacing(environ, start_response):
        start_response("200 OK", [])
        try:
            raise LookupError("page")
        except LookupError:
            start_response("500 Sorry", [("X-Error", "1")], sys.exc_info())
        return [b"sorry"]

    response = client_of(replacing).get("http://h/")
    assert (response.status, response["x-error"], response.body_string()) == ("500 Sorry", "1", b"sorry")

    def twice(environ, start_response):
        start_response("200 OK", [])
        start_response("200 OK", [])
        return []

    with pytest.raises(ResponseError, match="twice"):
        client_of(twice).get("http://h/")

    def late(environ, start_response):
        start_response("200 OK", [])
        yield b"a"
        try:
            raise LookupError("too late")
        except LookupError:
            start_response("500 Sorry", [], sys.exc_info())

    response = client_of(late).get("http://h/")
    with pytest.raises(LookupError, match="too late"):
        response.body_string()


@pytest.mark.parametrize(
    ("app", "message"),
    [
        (lambda environ, start_response: [], "without a call of start_response"),
        (lambda environ, start_response: [b"x"], "before it called start_response"),
        (answering(["text"]), "has to be bytes, not str"),
        (answering([], status="OK"), "begin with a number"),
    ],
)
def test_an_application_that_breaks_pep_3333_is_told_so(app, message):
    with pytest.raises(ResponseError, match=message):
        client_of(app).get("http://h/")


def test_an_answer_no_server_would_send_is_refused():
    with pytest.raises(InvalidHeader):
        client_of(answering([], headers=[("X", "a\r\nY: b")])).get("http://h/")
    with pytest.raises(InvalidHeader):
        client_of(echo).get("http://h/", headers={"X": "a\nb"})


def test_the_total_timeout_holds_between_chunks():
    def app(environ, start_response):
        start_response("200 OK", [])
        while True:
            time.sleep(0.01)
            yield b"x"

    response = client_of(app, timeout=Timeout(total=0.1)).get("http://h/")
    with pytest.raises(TotalTimeout):
        response.body_string()


def test_it_can_be_called_without_a_deadline():
    head, reader = WSGITransport(answering([b"a", b"b"])).send(Request("http://h/"))
    assert (head.status, reader.read(5), reader.read(5), reader.read(5)) == (200, b"a", b"b", b"")


def test_wsgirefs_validator_finds_nothing_to_complain():
    def app(environ, start_response):
        body = environ["wsgi.input"].read(100)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [body or b"empty"]

    client = client_of(validator(app))
    assert client.get("http://h/a?b=c").body_string() == b"empty"
    assert client.post("http://h/", body=b"data").body_string() == b"data"
