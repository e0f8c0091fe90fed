"""The filters, each through the client's loop: filters, send, ask the filters, again."""

import logging
import stat
import subprocess
import sys
import threading

import pytest

from restkit_client import filters
from restkit_client.cookies import Cookie, CookieJar
from restkit_client.filters import (
    BasicAuth,
    BearerAuth,
    ConditionalFilter,
    CookieFilter,
    DigestAuth,
    LoggingFilter,
    NetrcAuth,
)
from restkit_client.filters.basic import basic_credentials
from restkit_parser.headers import Headers

INJECTIONS = ["\r", "\n", "\0", "\r\n", "\x7f", "\ud800"]


class Request:
    """What the caller gave; `copy()` is a fresh one, the context is the call's."""

    def __init__(self, url="http://a.example/x", method="GET", headers=(), context=None):
        self.url = url
        self.method = method
        self.body = None
        self.given = headers
        self.headers = Headers(headers)
        self.context = {} if context is None else context

    def copy(self):
        return Request(self.url, self.method, self.given, self.context)


class Response:
    def __init__(self, status=200, headers=()):
        self.status_int = status
        self.headers = Headers(headers)


def call(chain, server, request=None):
    """One call of the client."""
    request = request or Request()
    while True:
        outgoing = request.copy()
        for each in chain:
            if hasattr(each, "on_request"):
                each.on_request(outgoing)
        response = server(outgoing)
        answers = (
            each.on_response(response, outgoing) for each in reversed(chain) if hasattr(each, "on_response")
        )
        request = next((answer for answer in answers if answer is not None), None)
        if request is None:
            return response


class Recorder:
    """A server that remembers the fields of its requests, and answers what it is told."""

    def __init__(self, *responses):
        self.responses = list(responses)
        self.seen = []

    def __call__(self, request):
        self.seen.append(request.headers)
        return self.responses.pop(0) if self.responses else Response()

    def fields(self, name):
        return [headers.get(name) for headers in self.seen]


# Basic


@pytest.mark.parametrize(
    ("username", "password", "value"),
    [
        ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
        ("test", "123\u00a3", "Basic dGVzdDoxMjPCow=="),
        ("u", "a:b", "Basic dTphOmI="),
        ("", "", "Basic Og=="),
        ("\u010d", "", "Basic xI06"),
        ("u", "p" * 100, "Basic dTpw" + "cHBw" * 33),
    ],
)
def test_basic_credentials_are_utf_8_in_base64(username, password, value):
    """The first two are RFC 7617's examples; long ones have no line end in them (restkit 4 put some)."""
    server = Recorder()
    call([BasicAuth(username, password)], server, Request(headers={"authorization": "mine"}))
    assert server.seen[0].items() == [("Authorization", value)]


def test_the_manual_s_basic_auth():
    auth = BasicAuth("username", "password")
    assert auth.credentials == ("username", "password")
    assert auth == BasicAuth("username", "password")
    assert hash(auth) == hash(BasicAuth("username", "password"))
    assert auth != BasicAuth("username", "other")
    assert auth != ("username", "password")


def test_a_user_name_with_a_colon_is_refused():
    with pytest.raises(ValueError, match="colon"):
        call([BasicAuth("a:b", "s3cret")], Recorder())


@pytest.mark.parametrize("bad", INJECTIONS)
def test_basic_credentials_inject_nothing(bad):
    for pair in ((f"u{bad}", "s3cret"), ("u", f"s3cret{bad}")):
        with pytest.raises(ValueError, match="in the user name or password") as caught:
            basic_credentials(*pair)
        assert (
            "s3cret" not in f"{caught.value} {caught.value.__context__!r}"
            or caught.value.__suppress_context__
        )


# Bearer


class Tokens:
    def __init__(self):
        self.given = 0

    def __call__(self):
        self.given += 1
        return f"token{self.given}"


def test_a_token_is_sent():
    server = Recorder()
    call([BearerAuth("abc.def~+/=")], server)
    assert server.fields("Authorization") == ["Bearer abc.def~+/="]


def test_a_fixed_token_is_not_sent_again_after_a_401():
    server = Recorder(Response(401))
    assert call([BearerAuth("abc")], server).status_int == 401
    assert len(server.seen) == 1


def test_a_callable_is_asked_once_and_after_a_401_once_more():
    tokens = Tokens()
    auth = BearerAuth(tokens)
    server = Recorder(Response(), Response(), Response(401), Response(), Response(401), Response(401))
    for _ in range(4):
        call([auth], server)
    sent = [field.removeprefix("Bearer ") for field in server.fields("Authorization")]
    assert sent == ["token1", "token1", "token1", "token2", "token2", "token3"]
    assert tokens.given == 3


def test_a_token_that_another_thread_renewed_is_used():
    tokens = Tokens()
    auth = BearerAuth(tokens)
    first = Request()
    auth.on_request(first)
    call([auth], Recorder(Response(401)))
    again = auth.on_response(Response(401), first)
    auth.on_request(again)
    assert again.headers["Authorization"] == "Bearer token2"
    assert tokens.given == 2


@pytest.mark.parametrize("bad", [*INJECTIONS, " ", "\u010d", "é"])
def test_a_token_injects_nothing(bad):
    with pytest.raises(ValueError, match="bearer token") as caught:
        BearerAuth(f"s3cret{bad}")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ValueError, match="bearer token"):
        call([BearerAuth(lambda: f"s3cret{bad}")], Recorder())


@pytest.mark.parametrize("bad", ["", None, b"abc"])
def test_a_token_is_text(bad):
    with pytest.raises(ValueError, match="bearer token"):
        call([BearerAuth(lambda: bad)], Recorder())


# netrc


@pytest.fixture
def netrc_file(tmp_path):
    path = tmp_path / "netrc"
    path.write_text(
        "machine a.example login alice password s3cret\n"
        "machine B.Example login bob password hunter2\n"
        "machine bücher.example login u password p\n"
        "machine 2001:db8::1 login six password p\n"
        "default login anybody password leaked\n",
        encoding="utf-8",
    )
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)
    return path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example/", ("alice", "s3cret")),
        ("https://A.EXAMPLE:444/", ("alice", "s3cret")),
        ("http://b.example/", ("bob", "hunter2")),
        ("http://xn--bcher-kva.example/", ("u", "p")),
        ("http://[2001:db8:0::1]/", ("six", "p")),
        ("http://sub.a.example/", None),
        ("http://example/", None),
        ("http://a.example./", None),
        ("http://nota.example/", None),
        ("http://a.example@evil.example/", None),
        ("http://evil.example/a.example", None),
    ],
)
def test_netrc_answers_for_the_exact_host_only(netrc_file, url, expected):
    server = Recorder()
    call([NetrcAuth(netrc_file)], server, Request(url))
    assert server.fields("Authorization") == [expected and basic_credentials(*expected)]
    assert not hasattr(NetrcAuth, "any_origin")


def test_netrc_leaves_the_caller_s_authorization(netrc_file):
    server = Recorder()
    call([NetrcAuth(netrc_file)], server, Request(headers={"authorization": "mine"}))
    assert server.fields("Authorization") == ["mine"]


def test_netrc_errors_show_no_password(tmp_path):
    path = tmp_path / "netrc"
    path.write_text("machine a login b password\npass s3cret oops\n")
    with pytest.raises(ValueError, match=r"netrc, line \d+: not a netrc file") as caught:
        NetrcAuth(path)
    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None
    with pytest.raises(FileNotFoundError):
        NetrcAuth(tmp_path / "none")


def test_netrc_s_default_file_is_that_of_the_home_folder(netrc_file, monkeypatch):
    home = netrc_file.parent / "home"
    home.mkdir()
    netrc_file.rename(home / ".netrc")
    monkeypatch.setenv("HOME", str(home))
    assert repr(NetrcAuth()) == "<NetrcAuth for 4 hosts>"


# Conditional


def test_validators_are_sent_and_a_304_is_handed_back():
    store = {}
    modified = "Sat, 29 Oct 1994 19:43:31 GMT"
    server = Recorder(Response(200, {"ETag": 'W/"1"', "Last-Modified": modified}), Response(304))
    chain = [ConditionalFilter(store)]
    assert call(chain, server).status_int == 200
    assert call(chain, server).status_int == 304
    assert server.fields("If-None-Match") == [None, 'W/"1"']
    assert server.fields("If-Modified-Since") == [None, modified]
    call(chain, server, Request(method="HEAD"))
    assert server.fields("If-None-Match")[-1] == 'W/"1"'


@pytest.mark.parametrize("url", ["http://a.example/x#part", "http://u:p@a.example/x", "http://A.example/./x"])
def test_validators_belong_to_the_url_without_fragment_and_userinfo(url):
    server = Recorder(Response(200, {"ETag": '"1"'}))
    chain = [ConditionalFilter({})]
    call(chain, server)
    call(chain, server, Request(url))
    assert server.fields("If-None-Match") == [None, '"1"']


@pytest.mark.parametrize(
    "request_",
    [
        Request("http://a.example/y"),
        Request("http://b.example/x"),
        Request("https://a.example/x"),
        Request(method="POST"),
        Request(headers={"Range": "bytes=1-"}),
    ],
)
def test_other_requests_get_no_validator(request_):
    chain = [ConditionalFilter({"http://a.example/x": {"etag": '"1"'}})]
    server = Recorder()
    call(chain, server, request_)
    assert server.fields("If-None-Match") == [None]


def test_the_caller_s_condition_stays():
    server = Recorder()
    call(
        [ConditionalFilter({"http://a.example/x": {"etag": '"1"'}})],
        server,
        Request(headers={"if-none-match": "*"}),
    )
    assert server.fields("If-None-Match") == ["*"]


@pytest.mark.parametrize(
    "response",
    [
        Response(404),
        Response(410),
        Response(200),
        Response(200, {"ETag": '"2"', "Cache-Control": "max-age=1, No-Store"}),
    ],
)
def test_what_is_gone_or_not_to_be_stored_is_forgotten(response):
    store = {"http://a.example/x": {"etag": '"1"'}}
    call([ConditionalFilter(store)], Recorder(response))
    assert store == {}


@pytest.mark.parametrize("status", [206, 304, 401, 500])
def test_other_answers_change_nothing(status):
    store = {"http://a.example/x": {"etag": '"1"'}}
    call([ConditionalFilter(store)], Recorder(Response(status, {"ETag": '"2"'})))
    assert store == {"http://a.example/x": {"etag": '"1"'}}


def test_a_url_signed_by_a_later_filter_is_stored_as_it_was():
    class Signing:
        def on_request(self, request):
            request.url += "?oauth_signature=s3cret"

    store = {}
    call([ConditionalFilter(store), Signing()], Recorder(Response(200, {"ETag": '"1"'})))
    assert list(store) == ["http://a.example/x"]


# Cookies


def test_cookies_are_taken_and_sent():
    chain = [CookieFilter()]
    server = Recorder(Response(200, [("Set-Cookie", "a=1; Path=/"), ("set-cookie", "b=2, c; Path=/")]))
    call(chain, server)
    call(chain, server, Request("http://a.example/other"))
    call(chain, server, Request("http://b.example/"))
    assert server.fields("Cookie") == [None, "a=1; b=2, c", None]
    assert len(chain[0].jar) == 2


def test_the_caller_s_cookies_come_first_and_win():
    jar = CookieJar()
    for name in "ab":
        jar.set(Cookie(name, "jar", domain="a.example"))
    server = Recorder()
    call([CookieFilter(jar)], server, Request(headers={"Cookie": "a=mine; z"}))
    assert server.fields("Cookie") == ["a=mine; z; b=jar"]


def test_cookies_of_a_challenge_reach_its_answer():
    """Last in the list, so that it is asked first."""
    challenge = Response(401, [("WWW-Authenticate", "Digest nonce=n"), ("Set-Cookie", "a=1")])
    server = Recorder(challenge)
    call([DigestAuth("u", "p"), CookieFilter()], server)
    assert server.fields("Cookie") == [None, "a=1"]
    assert CookieFilter.any_origin is True


# Logging


def test_requests_are_logged_without_a_secret(caplog):
    caplog.set_level(logging.DEBUG, "restkit")
    response = Response(
        302,
        [
            ("Set-Cookie", "sid=s3cret"),
            ("Location", "http://u:s3cret@b.example/?token=s3cret#s3cret"),
            ("Content-Type", "text/plain"),
        ],
    )
    request = Request(
        "http://alice:s3cret@a.example/x?access_token=s3cret&q=1",
        headers=[
            ("Authorization", "Basic s3cret"),
            ("X-Api-Key", "s3cret"),
            ("Cookie", "a=s3cret"),
            ("Referer", "http://u:s3cret@c.example/"),
            ("Accept", "*/*"),
        ],
    )
    call([LoggingFilter()], Recorder(response), request)
    lines = [record.getMessage() for record in caplog.records]
    assert "s3cret" not in "\n".join(lines)
    assert lines[0] == "GET http://a.example/x?access_token=***&q=1"
    assert "> Accept: */*" in lines
    assert "> Referer: http://c.example/" in lines
    assert "< Location: http://b.example/?token=***" in lines
    assert any(line.startswith("GET http://a.example/x?access_token=***&q=1: 302 in 0.") for line in lines)
    assert LoggingFilter.any_origin is True


def test_fields_are_logged_at_debug_level_only(caplog):
    caplog.set_level(logging.INFO, "restkit")
    call([LoggingFilter()], Recorder())
    assert [record.levelname for record in caplog.records] == ["INFO", "INFO"]


def test_a_logger_and_level_of_one_s_own(caplog):
    caplog.set_level(logging.INFO)
    logger = logging.getLogger("mine")
    call([LoggingFilter(logger, logging.WARNING)], Recorder())
    assert {(record.name, record.levelname) for record in caplog.records} == {("mine", "WARNING")}


# All of them


def make_all(tmp_path):
    path = tmp_path / "netrc"
    path.write_text("machine a.example login alice password s3cret\n")
    jar = CookieJar()
    jar.set(Cookie("sid", "s3cret", domain="a.example"))
    return [
        BasicAuth("alice", "s3cret"),
        BearerAuth("s3cret"),
        DigestAuth("alice", "s3cret"),
        NetrcAuth(path),
        CookieFilter(jar),
        ConditionalFilter({"http://a.example/?token=s3cret": {"etag": "s3cret"}}),
        LoggingFilter(),
    ]


def test_no_filter_shows_a_secret(tmp_path):
    for each in make_all(tmp_path):
        assert "s3cret" not in f"{each!r} {each} {each!a}"


def test_only_cookies_and_logging_are_for_any_origin():
    any_origin = {name for name in filters.__all__ if getattr(getattr(filters, name), "any_origin", False)}
    assert any_origin == {"CookieFilter", "LoggingFilter"}


def test_filters_are_shared_by_threads(tmp_path):
    chain = make_all(tmp_path)
    failures = []

    def work():
        try:
            for _ in range(100):
                assert (
                    call(chain, Recorder(Response(401, {"WWW-Authenticate": "Digest nonce=n"}))).status_int
                    == 200
                )
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a thread is told to the test
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_every_filter_is_exported():
    assert set(filters.__all__) <= set(dir(filters))
    for name in filters.__all__:
        assert getattr(filters, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        filters.Nothing  # noqa: B018 - the attribute access is the test


def test_importing_the_filters_imports_nothing_dear():
    code = (
        "import sys, restkit_client.filters\n"
        "print([n for n in ('hashlib', 'netrc', 'logging', 'urllib.parse', 'idna', 'ipaddress', 'pathlib') if n in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-S", "-c", _with_path(code)], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


def _with_path(code):
    """-S leaves out site, whose .pth files may import anything; the path has to be given then."""
    return f"import sys; sys.path[:] = {sys.path!r}\n{code}"
