"""The shell's names, without a terminal: what a typed call sends, shows and keeps."""

import builtins
import io
import sys
from types import SimpleNamespace

import pytest

from restkit_client import Client
from restkit_client.errors import ConnectError
from restkit_client.transports.function import FunctionTransport, Reply
from restkit_contrib import ipython_shell
from restkit_contrib.ipython_shell import (
    JSON,
    ContentTypes,
    Request,
    Response,
    ShellClient,
    Stream,
    completion,
)
from restkit_contrib.ipython_shell.without_ipython import run_console


class Session:
    """A shell whose requests a function answers, and the names in it."""

    def __init__(self, answer=lambda request: Reply(200, "hello"), url="http://h.example/start", **options):
        self.sent = []

        def reply(request):
            self.sent.append(request)
            return answer(request)

        self.client = ShellClient(url, client=Client(transport=FunctionTransport(reply)), **options)
        self.names = {}
        self.client.update_ns(self.names)

    def __call__(self, line):
        return eval(line, self.names)  # what a shell does

    @property
    def last(self):
        return self.sent[-1]


@pytest.mark.parametrize(
    ("line", "method", "url"),
    [
        ("get()", "GET", "http://h.example/start"),
        ("get('/x')", "GET", "http://h.example/x"),
        ("get('y?a=1', b='é &', c=[1, 2])", "GET", "http://h.example/y?a=1&b=%C3%A9+%26&c=1&c=2"),
        ("get('https://other.example/x')", "GET", "https://other.example/x"),
        ("get(Request.blank('http://third.example/z'))", "GET", "http://third.example/z"),
        ("head('/x', a=1)", "HEAD", "http://h.example/x?a=1"),
        ("delete('/x')", "DELETE", "http://h.example/x"),
        ("options()", "OPTIONS", "http://h.example/start"),
        ("patch('/x', b'body')", "PATCH", "http://h.example/x"),
        ("put()", "PUT", "http://h.example/start"),
    ],
)
def test_what_a_typed_call_sends(line, method, url):
    session = Session()
    answer = session(line)
    assert (session.last.method, session.last.url) == (method, url)
    assert isinstance(answer, Response)
    assert session.names["resp"] is answer


@pytest.mark.parametrize(
    ("line", "body", "content_type"),
    [
        ("post('/x', a='1', b='é')", b"a=1&b=%C3%A9", "application/x-www-form-urlencoded"),
        ("post('/x', Stream('text'))", b"text", "application/octet-stream"),
        ("post('/x', JSON({'a': [1]}))", b'{"a": [1]}', "application/json"),
        ("put('/x', b'bytes', headers={'Content-Type': ctypes.text_xml})", b"bytes", "text/xml"),
        ("patch('/x', 'é', headers={'Content-Type': 'text/plain'})", "é".encode(), "text/plain"),
        ("put('/x')", b"from -i", "application/octet-stream"),
    ],
)
def test_the_body_and_its_type(line, body, content_type, tmp_path):
    (tmp_path / "input").write_bytes(b"from -i")
    session = Session(options=SimpleNamespace(headers=[], input=str(tmp_path / "input")))
    session(line)
    assert (session.last.body, session.last.headers["Content-Type"]) == (body, content_type)


def test_fields_of_the_command_line_and_of_req_go_along():
    session = Session(options=SimpleNamespace(headers=["X-A: 1:2", "Accept:text/*"], input=None))
    session.names["req"].headers["X-B"] = "3"
    session("get('/x', headers={'X-C': 4})")
    assert {name: session.last.headers[name] for name in ("X-A", "Accept", "X-B", "X-C")} == {
        "X-A": "1:2",
        "Accept": "text/*",
        "X-B": "3",
        "X-C": "4",
    }
    session("get()")
    assert "X-C" not in session.last.headers


def test_req_is_what_methods_use_and_stays_as_it_is():
    session = Session()
    session.names["req"].path_info = "/changed"
    session("get(a=1)")
    session("get('/other')")
    session("get()")
    assert [request.url for request in session.sent] == [
        "http://h.example/changed?a=1",
        "http://h.example/other",
        "http://h.example/changed",
    ]


def test_credentials_of_the_url_are_sent_and_not_shown(capsys):
    session = Session(url="http://user:s3cret@h.example/")
    session("get()")
    session("req()")
    assert session.last.headers["Authorization"] == "Basic dXNlcjpzM2NyZXQ="
    shown = capsys.readouterr().out
    assert "Authorization: Basic ***" in shown
    assert "s3cret" not in shown + repr(session.names["req"])


def test_an_answer_is_printed_with_its_short_body(capsys):
    session = Session(lambda request: Reply(404, "gone fishing", {"X-A": "1"}, reason="Not Here"))
    session("get()")
    assert capsys.readouterr().out.splitlines() == [
        "404 Not Here",
        "X-A: 1",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Length: 12",
        "",
        "gone fishing",
    ]
    assert session("resp.status") == "404 Not Here"
    session("resp()")
    assert "gone fishing" in capsys.readouterr().out


@pytest.mark.parametrize("length", [199, 200, 65_537])
@pytest.mark.parametrize("known", [True, False])
def test_a_long_body_is_left_out_and_still_there(capsys, length, known):
    body = b"x" * length
    session = Session(lambda request: Reply(200, body if known else iter([body[:100], body[100:]])))
    session("get()")
    assert ("xxx" in capsys.readouterr().out) == (length < 200)
    assert session("resp.body") == body


def test_json_is_laid_out_and_binary_described(capsys):
    Session(lambda request: Reply(200, json={"b": [1], "a": "é"}))("get()")
    assert '{\n  "b": [\n    1\n  ],\n  "a": "é"\n}' in capsys.readouterr().out
    Session(lambda request: Reply(200, b"\x89PNG\0\1", {"Content-Type": "image/png"}))("get()")
    assert "<6 bytes of image/png>" in capsys.readouterr().out
    Session(lambda request: Reply(200, b"\x1b[2J", {"Content-Type": "text/plain"}))("get()")
    assert "\x1b" not in capsys.readouterr().out
    Session(lambda request: Reply(200, b"{broken", {"Content-Type": "application/json"}))("get()")
    assert "{broken" in capsys.readouterr().out


def test_location_is_absolute():
    session = Session(lambda request: Reply(301, b"", {"Location": "/there"}))
    session("get('/x')")
    assert session("resp.location") == "http://h.example/there"
    assert Session()("get()").location is None


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ConnectError("refused\nhere"), "ConnectError: refused here"),
        (KeyboardInterrupt(), "interrupted: GET http://h.example/start"),
    ],
)
def test_a_failure_is_one_line_and_the_shell_lives_on(capsys, error, line):
    def fail(request):
        raise error

    session = Session(fail)
    assert session("get()") is None
    assert capsys.readouterr().out == line + "\n"


@pytest.mark.parametrize(
    "line", ["get('http://bad host/')", "post('/x', 5)", "put('/x', b'', b'')", "get('ftp://h/')"]
)
def test_a_call_that_can_not_be_sent_is_one_line(capsys, line):
    session = Session()
    assert session(line) is None
    assert len(capsys.readouterr().out.splitlines()) == 1
    assert session.sent == []


def test_to_curl_sends_the_same_once_more():
    session = Session()
    session("post('/x y', JSON({'a': \"it's\"}), headers={'X-A': '1'})")
    assert session("resp.to_curl()") == (
        "curl -i -X POST -H 'X-A: 1' -H 'Content-Type: application/json' --data-binary "
        '\'{"a": "it\'"\'"\'s"}\' http://h.example/x%20y'
    )
    session("head()")
    assert session("resp.to_curl()") == "curl -i --head http://h.example/start"
    with pytest.raises(ValueError, match="made here"):
        Response().to_curl()


def test_the_documented_reprs():
    assert repr(Stream("abc")) == "<Stream(3)>"
    assert repr(JSON({"a": 1})) == "<JSON({'a': 1})>"
    assert repr(ShellClient()) == "<shellclient>"
    assert repr(ContentTypes()) == (
        "<ContentTypes(['application_atom_xml', 'application_json', 'application_rss_xml', 'application_xhtml_xml', "
        "'application_xml', 'application_xsl_xml', 'application_xslt_xml', 'image_svg_xml', 'text_html', 'text_xml'])>"
    )
    assert ContentTypes().application_atom_xml == "application/atom+xml"
    assert "text_xml" in dir(ContentTypes())
    with pytest.raises(AttributeError, match="image_png"):
        ContentTypes().image_png  # noqa: B018
    assert repr(Request.blank("http://h/x")).endswith(" GET http://h/x>")
    assert str(Request.blank("http://h.example/x?y")).splitlines()[0] == "GET /x?y HTTP/1.0"


def test_help_names_what_there_is(capsys):
    session = Session()
    session("help()")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "restkit shell"
    calls = [line for line in lines if " # send a HTTP" in line]
    assert calls == sorted(calls)
    assert {line.index(" # send") for line in calls} == {65}
    assert calls[1] == f"{'>>> get([req|url|path_info], **query_string)':<65} # send a HTTP get"
    assert "<Request at 0x" in "".join(lines)


def test_keywords_of_the_client_are_names_in_the_shell():
    assert Session(answer_to_all=42)("answer_to_all") == 42


@pytest.mark.parametrize(
    ("line", "begun", "texts"),
    [
        ("get('/mo", "/mo", ["/moved"]),
        ("get('/x', headers={'If-N", "If-N", ["If-None-Match"]),
        ("req.headers['cont", "cont", ["Content-Encoding", "Content-Language", "Content-Type"]),
        ("req.content_type = 'application/j", "application/j", ["application/json"]),
        ("put('/x', b'', headers={'Content-Type': 'text/", "text/", ["text/html", "text/xml"]),
    ],
)
def test_quotes_are_completed(line, begun, texts):
    session = Session(lambda request: Reply(301, b"", {"Location": "/moved"}))
    session("get('/x')")
    assert completion.candidates(session.client, line) == (begun, texts)


def test_nothing_else_is_completed():
    assert completion.candidates(Session().client, "print('/mo") is None


@pytest.fixture
def no_ipython(monkeypatch):
    for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "IPython", None)
    monkeypatch.delitem(sys.modules, "restkit_contrib.ipython_shell.rest_shell", raising=False)
    before = vars(ipython_shell).pop("RestShell", None)
    yield
    vars(ipython_shell).pop("RestShell", None)
    if before is not None:
        ipython_shell.RestShell = before


def test_without_ipython_restshell_says_what_to_install(no_ipython):
    with pytest.raises(ImportError, match=r"restkit-contrib\[shell\]"):
        ipython_shell.RestShell(user_ns={})


def test_without_ipython_the_console_has_the_same_names(no_ipython, monkeypatch, capsys):
    lines = iter(["get()", "resp.status", "1/0", "ctypes.text_xml"])

    def typed(prompt=""):
        sys.stdout.write(str(prompt))
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr(builtins, "input", typed)
    transport = FunctionTransport(lambda request: Reply(200, "hello"))
    ipython_shell.main("http://h.example/", client=Client(transport=transport))
    out, err = capsys.readouterr()
    assert "restkit-contrib[shell]" in err
    assert "1) restcli$ 200 OK\n" in out
    assert "\n2) '200 OK'\n3) restcli$ " in out
    assert "\n4) 'text/xml'\n5) restcli$ " in out
    assert "ZeroDivisionError" in err
    assert not hasattr(sys, "ps1")


def test_the_console_gives_the_display_back(monkeypatch):
    monkeypatch.setattr(builtins, "input", io.StringIO("").readline)
    monkeypatch.setattr(sys, "ps1", "mine ", raising=False)
    hook = sys.displayhook

    def end(prompt=""):
        raise EOFError

    monkeypatch.setattr(builtins, "input", end)
    run_console({})
    assert (sys.displayhook, sys.ps1) == (hook, "mine ")
