"""Resource: URIs, parameters, errors, repeats (manual 2.2, 3.1.8; compatibility.md §1.6)."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from restkit_client import BasicAuth, Resource, Response
from restkit_client.errors import (
    DecodeError,
    RequestFailed,
    ResourceError,
    ResourceGone,
    ResourceNotFound,
    Unauthorized,
    UnrewindableBody,
)
from restkit_client.transports.function import FunctionTransport, Reply, request_body


class Server:
    """Answers with the replies it was given, then with what it was sent as JSON."""

    def __init__(self, *replies):
        self.replies = list(replies)
        self.seen = []

    def __call__(self, request):
        body = request_body(request)
        self.seen.append((request.method, request.url, dict(request.headers.items()), body))
        return self.replies.pop(0) if self.replies else Reply(json={"body": body.decode("latin-1")})

    def resource(self, uri="http://h/base", kind=Resource, **options):
        return kind(uri, transport=FunctionTransport(self), **options)


@pytest.fixture
def server():
    return Server()


@pytest.mark.parametrize("method", ["get", "head", "delete", "options"])
def test_methods_without_a_body(server, method):
    response = getattr(server.resource(), method)("a b", headers={"X": "1"}, q="v w")
    assert isinstance(response, Response)
    assert server.seen == [(method.upper(), "http://h/base/a%20b?q=v+w", {"X": "1"}, b"")]


@pytest.mark.parametrize("method", ["post", "put", "patch"])
def test_methods_with_a_body(server, method):
    server.resource().__getattribute__(method)(
        "p", payload=b"data", headers=[("X", "1"), ("X", "2")], q=[1, 2]
    )
    name, url, headers, body = server.seen[0]
    assert (name, url, body) == (method.upper(), "http://h/base/p?q=1&q=2", b"data")
    assert headers["Content-Length"] == "4"


def test_params_dict_wins_over_keywords_and_may_have_any_names(server):
    server.resource().get(
        "x", params_dict={"path": "1", "headers": "2", "charset": "3", "q": "dict"}, q="keyword"
    )
    assert server.seen[0][1] == "http://h/base/x?q=dict&path=1&headers=2&charset=3"


def test_every_method_calls_request_by_keywords_so_that_one_override_serves_all():
    calls = []

    class Couch(Resource):
        def request(self, method, path=None, payload=None, headers=None, **params):
            calls.append((method, path, payload, headers, params))
            return "answer"

    resource = Couch("http://h/")
    assert resource.get("p", {"A": "b"}, {"d": 1}, k=2) == "answer"
    assert resource.post("p", b"x") == "answer"
    for name in ("head", "delete", "options", "put", "patch"):
        getattr(resource, name)()
    assert calls[0] == ("GET", "p", None, {"A": "b"}, {"params_dict": {"d": 1}, "k": 2})
    assert calls[1] == ("POST", "p", b"x", None, {"params_dict": None})
    assert [call[0] for call in calls[2:]] == ["HEAD", "DELETE", "OPTIONS", "PUT", "PATCH"]


def test_credentials_of_the_uri_are_cut_and_sent_by_basic_auth(server):
    mine = []
    resource = server.resource("http://user:pa%20ss@h/x", filters=mine)
    assert resource.uri == "http://h/x"
    assert repr(resource) == "<Resource http://h/x>"
    assert resource.initial["uri"] == "http://user:pa%20ss@h/x"
    assert resource.filters == mine == []
    assert [type(each) for each in resource.client_opts["filters"]] == [BasicAuth]
    for each in (resource, resource.clone(), resource("y"), resource.clone()("z")):
        each.get()
        assert server.seen[-1][2]["Authorization"] == "Basic dXNlcjpwYSBzcw=="
    assert [url for _, url, _, _ in server.seen] == [
        "http://h/x",
        "http://h/x",
        "http://h/x/y",
        "http://h/x/z",
    ]


def test_a_subclass_may_leave_the_credentials_alone(server):
    class Plain(Resource):
        basic_auth_url = False

    resource = server.resource("http://user:secret@h/x", Plain)
    assert "filters" not in resource.client_opts
    assert "secret" not in repr(resource)


def test_a_called_resource_a_clone_and_update_uri(server):
    class Mine(Resource):
        safe = ":/%"

    resource = server.resource("http://h/a/", Mine, follow_redirect=True)
    under = resource("b%20c")
    assert type(under) is Mine
    assert under.uri == "http://h/a/b%20c"
    assert under.client.follow_redirect is True
    assert repr(under) == "<Mine http://h/a/b%20c>"
    resource.update_uri("d")
    assert resource.uri == resource.initial["uri"] == resource.clone().uri == "http://h/a/d"
    assert under.uri == "http://h/a/b%20c"


def test_a_subclass_with_a_constructor_of_its_own_is_cloned_with_what_it_has(server):
    class TwitterSearch(Resource):
        """The manual's (2.2.1), with an attribute."""

        def __init__(self, **kwargs):
            super().__init__("http://h/base", follow_redirect=True, max_follow_redirect=10, **kwargs)
            self.token = "t"

        def search(self, query):
            return self.get("search.json", q=query, t=self.token)

    search = TwitterSearch(transport=FunctionTransport(server))
    for each in (search, search.clone(), search("deeper")):
        assert type(each) is TwitterSearch
        assert each.client.max_follow_redirect == 10
        each.search("gunicorn")
    assert [url for _, url, _, _ in server.seen] == [
        "http://h/base/search.json?q=gunicorn&t=t",
        "http://h/base/search.json?q=gunicorn&t=t",
        "http://h/base/deeper/search.json?q=gunicorn&t=t",
    ]


def test_class_attributes_say_how_to_quote_and_what_to_return(server):
    class Page(Response):
        pass

    class Latin(Resource):
        charset = "latin-1"
        safe = "/:!"
        encode_keys = False
        response_class = Page

        def make_params(self, params):
            return {**params, "key": "k"}

        def make_headers(self, headers):
            return {"X-Mine": "1", **(headers or {})}

    assert type(server.resource(kind=Latin).get("\xe9!", q="\xe9")) is Page
    assert server.seen[0][1:3] == ("http://h/base/%E9!?q=%E9&key=k", {"X-Mine": "1"})
    assert Resource.response_class is Response
    assert (Resource.charset, Resource.encode_keys, Resource.safe, Resource.basic_auth_url) == (
        "utf-8",
        True,
        "/:",
        True,
    )


def test_make_params_may_return_nothing(server):
    class Silent(Resource):
        def make_params(self, params):
            return None

    server.resource(kind=Silent).get(q=1)
    assert server.seen[0][1] == "http://h/base"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, RequestFailed),
        (401, Unauthorized),
        (403, Unauthorized),
        (404, ResourceNotFound),
        (410, ResourceGone),
        (500, RequestFailed),
        (599, RequestFailed),
    ],
)
def test_a_status_from_400_on_is_an_exception_with_text_status_and_response(status, kind):
    body = '{"error": "\xe9"}'
    with pytest.raises(ResourceError) as caught:
        Server(Reply(status, body)).resource().get()
    error = caught.value
    assert type(error) is kind
    assert (error.msg, error.message, str(error), error.status_int) == (body, body, body, status)
    assert json.loads(error.msg) == {"error": "\xe9"}
    assert error.response.body == body.encode()
    assert error.response.status_int == status
    assert not error.response.can_read()


@pytest.mark.parametrize("status", [200, 204, 301, 304, 399])
def test_a_status_below_400_is_returned(status):
    assert Server(Reply(status)).resource().get().status_int == status


def test_an_error_whose_body_is_no_text_still_is_that_error():
    with pytest.raises(ResourceNotFound) as caught:
        Server(Reply(404, b"\xff\xfe", {"Content-Type": "text/plain; charset=utf-8"})).resource().get()
    assert caught.value.msg == "\N{REPLACEMENT CHARACTER}" * 2
    assert caught.value.response.body == b"\xff\xfe"


class Retrying(Resource):
    asked = 0

    def unauthorized(self, response):
        self.asked += 1
        return response.headers.get("www-authenticate") is None


@pytest.mark.parametrize("payload", [None, b"data", io.BytesIO(b"__data")], ids=["none", "bytes", "file"])
def test_unauthorized_returning_false_repeats_the_request_up_to_max_tries(payload):
    if hasattr(payload, "seek"):
        payload.seek(2)
    server = Server(*[Reply(401, b"no", {"WWW-Authenticate": "x"})] * 9)
    resource = server.resource(kind=Retrying, max_tries=3)
    with pytest.raises(Unauthorized, match="no"):
        resource.put(payload=payload)
    assert [body for *_, body in server.seen] == [b"data" if payload else b""] * 3
    server.replies[1:] = []
    assert resource.get().status_int == 200


def test_unauthorized_true_raises_at_once():
    server = Server(Reply(403, b"no"))
    resource = server.resource(kind=Retrying)
    with pytest.raises(Unauthorized):
        resource.get()
    assert (len(server.seen), resource.asked) == (1, 1)


class Pipe(io.RawIOBase):
    """A file that can not be read twice."""

    def __init__(self):
        self.left = [b"data"]

    def readable(self):
        return True

    def readinto(self, buffer):
        data = self.left.pop() if self.left else b""
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize("make", [lambda: iter([b"data"]), Pipe], ids=["iterator", "pipe"])
def test_a_body_that_can_be_read_once_is_not_sent_again_empty(make):
    server = Server(Reply(401, b"", {"WWW-Authenticate": "x"}))
    with pytest.raises(UnrewindableBody, match="read only once"):
        server.resource(kind=Retrying).post(payload=make())
    assert len(server.seen) == 1
    server = Server(Reply(401))
    with pytest.raises(Unauthorized):
        server.resource(kind=Retrying, max_tries=1).post(payload=make())


def test_the_body_of_a_repeated_401_is_never_decoded():
    broken = Reply(401, gzip.compress(b"x")[:-5], {"WWW-Authenticate": "x", "Content-Encoding": "gzip"})
    assert Server(broken).resource(kind=Retrying).get().status_int == 200
    with pytest.raises(DecodeError):
        Server(broken).resource().get()


def test_json_helpers_send_and_return_values():
    server = Server(Reply(json={"a": [1]}), Reply(204), Reply(json=5), Reply(200, b"no json"))
    resource = server.resource()
    assert resource.get_json("x", q=1) == {"a": [1]}
    assert server.seen[0][:3] == ("GET", "http://h/base/x?q=1", {"Accept": "application/json"})
    assert (
        resource.request_json(
            "PATCH", "x", {"\xe9": 1}, headers={"Content-Type": "application/merge-patch+json"}
        )
        is None
    )
    assert server.seen[1][2]["Content-Type"] == "application/merge-patch+json"
    assert json.loads(server.seen[1][3]) == {"\xe9": 1}
    assert resource.request_json("POST", payload=[], headers=[("accept", "x/y")]) == 5
    assert server.seen[2][2] == {"accept": "x/y", "Content-Type": "application/json", "Content-Length": "2"}
    with pytest.raises(Exception, match="no JSON"):
        resource.get_json()


def test_an_option_that_does_not_exist_is_an_error():
    with pytest.raises(TypeError, match="follow_redirect"):
        Resource("http://h/", follow_redirects=True)
