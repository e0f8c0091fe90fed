"""webob_api: WebOb requests over the network, and webob_helper: restkit's errors as WebOb exceptions."""

import pickle
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
import webob

from restkit_client import Client, Resource
from restkit_client.errors import RequestFailed, ResourceGone, ResourceNotFound, Unauthorized
from restkit_client.transports.function import FunctionTransport, Reply
from restkit_contrib.webob_api import PROXY, Method, Request
from restkit_contrib.webob_helper import WebobResourceError, wrap_exceptions


class Server:
    """Answers each request with the same bytes, and keeps what it got."""

    def __init__(self) -> None:
        self.answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok"
        self.got: list[bytes] = []
        self.closed = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while data := connection.recv(65536):
                self.got.append(data)
                connection.sendall(self.answer)
        self.closed.set()


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.listener.shutdown(socket.SHUT_RDWR)
    one.listener.close()


def test_the_manuals_request(server):
    response = Request.blank(server.url + "/pypi/restkit").get_response()
    assert isinstance(response, webob.Response)
    assert (response.status, response.body) == ("200 OK", b"ok")
    assert server.got[0].startswith(b"GET /pypi/restkit HTTP/1.1\r\n")
    assert b"Via" not in server.got[0]
    assert b"Forwarded" not in server.got[0]


@pytest.mark.parametrize("name", ["get", "head", "post", "put", "delete"])
def test_a_method_is_an_attribute_that_sends(server, name):
    request = Request.blank(server.url)
    assert isinstance(getattr(Request, name), Method)
    send = getattr(request, name)
    assert request.method == name.upper()
    assert send().status_int == 200
    assert server.got[0].startswith(name.upper().encode() + b" / ")


def test_a_get_has_no_body_and_a_form_its_present_fields(server):
    request = Request.blank(server.url, POST={"a": "1"})
    request.POST["b"] = "é &"
    request.post()
    assert server.got[0].endswith(b"\r\n\r\na=1&b=%C3%A9+%26")
    assert b"Content-Type: application/x-www-form-urlencoded" in server.got[0]
    request.get()
    assert server.got[1].endswith(b"\r\n\r\n")
    assert b"Content-Length" not in server.got[1]


def test_a_body_that_is_no_form_stays(server):
    request = Request.blank(server.url, method="POST", body=b'{"a": 1}', content_type="application/json")
    request.post()
    assert server.got[0].endswith(b'\r\n\r\n{"a": 1}')


def test_set_url_takes_all_parts(server):
    request = Request.blank("http://elsewhere.example/x")
    request.set_url(server.url.replace("//", "//user:p%40ss@") + "/a%2Fb?c=d")
    request.get()
    assert server.got[0].startswith(b"GET /a%2Fb?c=d HTTP/1.1\r\nHost: " + server.url[7:].encode())
    assert b"Authorization: Basic dXNlcjpwQHNz\r\n" in server.got[0]
    assert "p%40ss" not in request.url


@pytest.mark.parametrize(("url", "path"), [("/y", "/y"), ("z?q", "/a/z"), ("?q=1", "/a/x")])
def test_a_relative_url_keeps_the_host(url, path):
    request = Request.blank("http://h.example:81/a/x")
    request.set_url(url)
    assert (request.host, request.environ["SERVER_NAME"], request.path) == ("h.example:81", "h.example", path)


def test_credentials_of_a_url_do_not_go_to_another_host():
    request = Request.blank("http://user:pass@one.example/")
    request.set_url("/path")
    assert "Authorization" in request.headers
    request.set_url("http://two.example/")
    assert "Authorization" not in request.headers
    request.headers["Authorization"] = "mine"
    request.set_url("http://three.example/")
    assert request.headers["Authorization"] == "mine"


def test_the_body_is_streamed_and_closing_it_closes_the_connection(server):
    server.answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1000000\r\n\r\nfirst"
    response = Request.blank(server.url).get_response()
    assert next(iter(response.app_iter)) == b"first"
    response.app_iter.close()
    assert server.closed.wait(5)


def test_another_application_can_answer():
    assert Request.blank("http://h/").get_response(webob.Response("hi")).body == b"hi"
    assert "PURGE" in PROXY.allowed_methods


# -- webob_helper


def resource(status: int) -> Resource:
    def answer(request):
        return Reply(status, "<why>")

    return Resource("http://h.example/", transport=FunctionTransport(answer))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, ResourceNotFound),
        (410, ResourceGone),
        (401, Unauthorized),
        (403, Unauthorized),
        (500, RequestFailed),
    ],
)
def test_a_resource_raises_what_is_a_webob_response(status, kind):
    with wrap_exceptions(), pytest.raises(WebobResourceError) as caught:
        resource(status).get()
    error = caught.value
    assert isinstance(error, kind)
    assert (error.code, error.status_int, error.msg, error.message) == (status, status, "<why>", "<why>")
    assert (error.status, error.explanation) == (f"{status} {error.title}", "<why>")
    assert error.response.status_int == status
    answered = webob.Request.blank("/", accept="text/html").get_response(error)
    assert answered.status_int == status
    assert b"&lt;why&gt;" in answered.body
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), copied.code, copied.msg) == (type(error), status, "<why>")


def test_the_wrapping_ends():
    with pytest.raises(ResourceNotFound) as caught:
        resource(404).get()
    assert not isinstance(caught.value, WebobResourceError)
    outer, inner = wrap_exceptions(), wrap_exceptions()
    inner.undo()
    inner.undo()
    with pytest.raises(WebobResourceError):
        resource(404).get()
    outer.undo()
    with pytest.raises(ResourceNotFound) as caught:
        resource(404).get()
    assert not isinstance(caught.value, WebobResourceError)


def test_a_subclass_that_overrides_request_is_wrapped_too():
    class Mine(Resource):
        def request(self, *args, **options):
            return super().request(*args, **options)

    mine = Mine("http://h.example/", transport=FunctionTransport(lambda request: Reply(404)))
    with wrap_exceptions(), pytest.raises(WebobResourceError):
        mine.get()


def test_the_code_is_500_unless_said():
    error = WebobResourceError("why")
    assert (error.status, error.msg, str(error), error.response) == (
        "500 Internal Server Error",
        "why",
        "why",
        None,
    )


def test_a_client_raises_nothing_all_the_same():
    client = Client(transport=FunctionTransport(lambda request: Reply(404)))
    with wrap_exceptions():
        assert client.get("http://h.example/").status_int == 404
