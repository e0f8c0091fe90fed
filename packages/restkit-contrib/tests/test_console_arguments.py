"""The command line of restcli: what stands behind the URL, items, headers, configuration, exit codes."""

import pytest

from restkit_client import errors
from restkit_contrib.console import as_bool, options, update_defaults
from restkit_contrib.console.arguments import parse
from restkit_contrib.console.calls import plan
from restkit_contrib.console.exit_codes import UsageError, code_of, code_of_status
from restkit_contrib.console.items import read_header, read_items
from restkit_contrib.console.positionals import full_url, positionals

POSITIONALS = [
    (["u"], None, None, []),
    (["u", "PUT"], "PUT", None, []),
    (["u", "post", "file.txt"], "post", "file.txt", []),
    (["u", "file.txt"], None, "file.txt", []),
    (["u", "./GET"], None, "./GET", []),
    (["u", "-"], None, "-", []),
    (["u", "a=b"], None, None, ["a=b"]),
    (["u", "PUT", "a:=1", "b==2", "C:3", "d@e"], "PUT", None, ["a:=1", "b==2", "C:3", "d@e"]),
    (["u", "./a=b"], None, "./a=b", []),
    (["u", "/tmp/a:b"], None, "/tmp/a:b", []),
]


@pytest.mark.parametrize(("words", "method", "filename", "items"), POSITIONALS)
def test_each_word_behind_the_url_is_told_by_its_form(words, method, filename, items):
    found = positionals(words)
    assert (found.url, found.method, found.filename, found.items) == ("u", method, filename, items)


@pytest.mark.parametrize("words", [[], ["u", "one.txt", "two.txt"], ["u", "GET", "DELETE"]])
def test_no_url_two_files_and_two_methods_are_usage_errors(words):
    with pytest.raises(UsageError):
        positionals(words)


@pytest.mark.parametrize(
    ("short", "url"),
    [
        (":8080/a", "http://localhost:8080/a"),
        (":/a", "http://localhost/a"),
        (":", "http://localhost/"),
        ("example.com", "http://example.com"),
        ("example.com:81/x?u=http://y", "http://example.com:81/x?u=http://y"),
        ("https://example.com/", "https://example.com/"),
    ],
)
def test_short_urls(short, url):
    assert full_url(short) == url


def test_items_go_where_their_mark_says(tmp_path):
    (tmp_path / "f").write_bytes(b"content")
    items = read_items(["a=1=2", "b:=[1, 2]", "c==d e", "X-Y: z:1", f"f@{tmp_path}/f"])
    assert items.data == [("a", "1=2"), ("b", [1, 2])]
    assert items.query == [("c", "d e")]
    assert items.headers == [("X-Y", "z:1")]
    ((name, (filename, file)),) = items.files
    with file:
        assert (name, filename, file.read()) == ("f", "f", b"content")


@pytest.mark.parametrize(("item", "code"), [("=x", 2), ("a:={", 2), ("f@/no/such/file", 26)])
def test_bad_items_are_named(item, code):
    with pytest.raises(UsageError) as caught:
        read_items([item])
    assert caught.value.code == code


def test_a_header_s_value_may_hold_colons():
    assert read_header("Referer: http://a:1/") == ("Referer", "http://a:1/")
    with pytest.raises(UsageError, match="Name: value"):
        read_header("nothing")


def call(*arguments):
    planned = plan(parse(arguments))
    for each in planned.client.request_filters:
        each.on_request(planned.request)
    return planned.request


def test_items_make_a_json_body_and_a_post():
    request = call("http://h/", "a=1", "b:=2", "q==x y", "H:v")
    assert (request.method, request.url) == ("POST", "http://h/?q=x+y")
    assert request.body == b'{"a": "1", "b": 2}'
    assert (request.headers["Content-Type"], request.headers["H"]) == ("application/json", "v")


def test_items_make_a_form():
    request = call("http://h/", "--form", "a=1", "b=x y")
    assert request.body == b"a=1&b=x+y"


@pytest.mark.parametrize(
    ("arguments", "method"),
    [
        (["-X", "purge"], "PURGE"),
        (["delete"], "DELETE"),
        (["--head"], "HEAD"),
        (["-d", "x"], "POST"),
        ([], "GET"),
        (["-X", "PUT", "-d", "x"], "PUT"),
    ],
)
def test_the_method_is_what_was_said_or_what_the_body_means(arguments, method):
    assert call("http://h/", *arguments).method == method


def test_two_bodies_are_a_usage_error():
    with pytest.raises(UsageError, match="more than one body"):
        call("http://h/", "-d", "x", "a=1")


def test_authentication_options_sign_the_request():
    assert call("http://h/", "-u", "me:pass").headers["Authorization"] == "Basic bWU6cGFzcw=="
    assert call("http://h/", "--bearer", "t").headers["Authorization"] == "Bearer t"
    assert call("http://h/", "--oauth", "k:s").headers["Authorization"].startswith("OAuth ")


def test_options_and_words_may_be_mixed():
    parsed = parse(["-p", "http://h/", "PUT", "-S", "a=1"])
    assert (parsed.words, parsed.prettify, parsed.server_response) == (
        ["http://h/", "PUT", "a=1"],
        True,
        True,
    )


def test_an_unknown_option_is_a_usage_error():
    with pytest.raises(UsageError, match="--nope"):
        parse(["--nope", "http://h/"])


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


def test_defaults_come_from_the_files_in_the_home(home):
    (home / ".restcli").write_text(
        "# mine\nPrettify = true\nheader1 = A: b\nheader2=C: d\nfollow-redirect=0\nother = x\n"
    )
    before = {"prettify": False, "headers": [], "follow_redirect": True}
    assert update_defaults(before) == {
        "prettify": True,
        "headers": ["A: b", "C: d"],
        "follow_redirect": False,
    }


def test_a_line_that_is_no_default_is_named(home):
    (home / ".restcli").write_text("prettify\n")
    with pytest.raises(UsageError, match="line 1"):
        update_defaults({})


@pytest.mark.parametrize(
    ("value", "meaning"), [("true", True), ("TRUE", True), ("1", True), ("yes", False), ("", False)]
)
def test_as_bool_knows_true_and_1(value, meaning):
    assert as_bool(value) is meaning


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.ResolveError("x"), 6),
        (errors.ConnectError("x"), 7),
        (errors.ConnectTimeout("x"), 28),
        (errors.TotalTimeout("x"), 28),
        (errors.TLSError("x"), 35),
        (errors.CertificateError("x"), 60),
        (errors.RedirectLimit(), 47),
        (errors.RemoteDisconnected(), 52),
        (errors.IncompleteBody(2, 1), 18),
        (errors.BadStatusLine("x"), 8),
        (errors.InvalidUrl("x"), 2),
        (errors.DecodeError("x"), 1),
        (UsageError("x"), 2),
    ],
)
def test_errors_have_curl_s_exit_codes(error, code):
    assert code_of(error) == code


def test_check_status_gives_the_hundreds():
    assert [code_of_status(status) for status in (200, 304, 404, 503)] == [0, 3, 4, 5]


def test_the_parser_s_help_has_the_manual_s_usage_and_every_option():
    text = options().format_help()
    assert "usage: 'restcli [options] url [METHOD] [filename]" in text
    for option in (
        "--header",
        "--request",
        "--follow-redirect",
        "--server-response",
        "--prettify",
        "--log-level",
    ):
        assert option in text
    assert "exit codes" in text
