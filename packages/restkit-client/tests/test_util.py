"""restkit_client.util: what other programs import as restkit.util (compatibility.md §1.7 as tables)."""

from __future__ import annotations

import gc
import sys
import warnings
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client import util
from restkit_client.errors import InvalidUrl

URIS = [
    (("http://h/x/",), {}, "http://h/x/"),
    (("http://h/x/", None), {}, "http://h/x/"),
    (("http://h/x", ""), {}, "http://h/x/"),
    (("http://h/x", "/"), {}, "http://h/x/"),
    (("http://h/x/", "/a/"), {}, "http://h/x/a/"),
    (("http://h", "a b", "c/d"), {}, "http://h/a%20b/c/d"),
    (("http://h", "a%20b"), {}, "http://h/a%2520b"),
    (("http://h", "a%20b"), {"safe": ":/%"}, "http://h/a%20b"),
    (("http://h", "a?b=c"), {}, "http://h/a%3Fb%3Dc"),
    (("http://h", "//a//b//"), {}, "http://h/a//b/"),
    (("http://h", "\xe9"), {}, "http://h/%C3%A9"),
    (("http://h", "\xe9"), {"charset": "latin-1"}, "http://h/%E9"),
    (("http://h", b"\xe9/"), {}, "http://h/%E9/"),
    (("http://h", 5, "a"), {}, "http://h/a"),
    (("http://h", ["b"], "a"), {}, "http://h/a"),
    (("http://h", "a", "", "b", ""), {}, "http://h/a/b/"),
    (("http://h?x=1", "a"), {"q": 1}, "http://h/a?x=1&q=1"),
    (("http://h/p?x=1#f",), {"q": 1}, "http://h/p?x=1&q=1#f"),
    (("http://h/", "~a"), {}, "http://h/~a"),
    (("http://h/",), {"q": None}, "http://h/?q="),
    (("http://h/",), {"q": True, "r": False}, "http://h/?q=True&r=False"),
    (("http://h/",), {"q": [1, None, "x y"]}, "http://h/?q=1&q=&q=x+y"),
    (("http://h/",), {"q": (1, None, "x y")}, "http://h/?q=1&q=&q=x+y"),
    (("http://h/",), {"q": []}, "http://h/"),
    (("http://h/",), {"q": {}}, "http://h/?q=%7B%7D"),
    (("http://h/",), {"q": lambda: "v w"}, "http://h/?q=v+w"),
    (("http://h/",), {"a b/": "\xe9&="}, "http://h/?a%20b/=%C3%A9%26%3D"),
    (("http://h/",), {"\xe9": "1", "charset": "latin-1", "encode_keys": False}, "http://h/?%C3%A9=1"),
]


@pytest.mark.parametrize(("args", "kwargs", "uri"), URIS)
def test_make_uri(args, kwargs, uri):
    assert util.make_uri(*args, **kwargs) == uri


def test_a_query_given_as_a_mapping_may_have_any_names():
    query = {"charset": "1", "safe": "2", "base": "3", "path": "4"}
    assert util.uri_with("http://h/", (), query) == "http://h/?charset=1&safe=2&base=3&path=4"


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(
    segments=st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1),
    value=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_what_make_uri_quotes_a_server_gets_back(segments, value):
    parts = urlsplit(util.make_uri("http://h", *segments, q=value))
    stripped = [each.strip("/") for each in segments]
    assert unquote(parts.path).strip("/") == "/".join(filter(None, stripped)).strip("/")
    assert parse_qsl(parts.query, keep_blank_values=True) == [("q", value)]


@pytest.mark.parametrize(
    ("obj", "query"),
    [
        ({"a b/": "c d/"}, "a%20b/=c+d%2F"),
        ([("a", "1"), ("b", ["2", None])], "a=1&b=2&b="),
        ({"\xe9": "\xe9"}, "%C3%A9=%C3%A9"),
        ({}, ""),
    ],
)
def test_url_encode(obj, query):
    assert util.url_encode(obj) == query


@pytest.mark.parametrize(
    ("value", "text"),
    [("a b", "a+b"), ("\xe9/", "%C3%A9%2F"), (5, "5"), (None, ""), ([1], "%5B1%5D"), (b"\xff", "%FF")],
)
def test_encode_makes_one_value_of_a_query(value, text):
    assert util.encode(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [("a b/:%", "a%20b/:%25"), (5, "5"), ("\xe9", "%C3%A9"), (b"\xe9", "%E9")]
)
def test_url_quote(value, text):
    assert util.url_quote(value) == text


def test_to_bytestring():
    assert util.to_bytestring("\xe9") == b"\xc3\xa9"
    assert util.to_bytestring(b"\xe9") == b"\xe9"
    with pytest.raises(TypeError, match="value should be a str or unicode"):
        util.to_bytestring(5)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/x", ("h", 80)),
        ("https://h", ("h", 443)),
        ("http://h:81", ("h", 81)),
        ("http://h:", ("h", 80)),
        ("http://[::1]:81/", ("::1", 81)),
        ("http://[::1]/", ("::1", 80)),
        ("http://u:p@h/", ("u", None)),
        ("http://u:p@h:5/", ("u:p@h", 5)),
    ],
)
def test_parse_netloc(url, expected):
    parts = urlsplit(url)
    if expected[1] is None:
        with pytest.raises(InvalidUrl, match="nonnumeric port: 'p@h'"):
            util.parse_netloc(parts)
    else:
        assert util.parse_netloc(parts) == expected


def test_parse_netloc_refuses_a_port_that_is_no_number():
    for port in ("x", "8a", "-1", "+1", "\u0661"):
        with pytest.raises(InvalidUrl, match="nonnumeric port"):
            util.parse_netloc(urlsplit(f"http://h:{port}/"))


@pytest.mark.parametrize(
    ("host_uri", "location", "prefix", "expected"),
    [
        ("http://h", "/a", None, "http://h/a"),
        ("http://h", "/a", "/p", "http://h/a"),
        ("http://h", "a", "/p/", "http://h/p/a"),
        ("http://h", "?q", "/p", "http://h/p?q"),
        ("http://h", "http://h/a?b", "/p", "http://h/p/a?b"),
        ("http://h", "HTTP://H/a", "/p", "HTTP://H/p/a"),
        ("http://h", "http://h", "/p", "http://h/p"),
        ("http://h", "http://other/a", "/p", "http://other/a"),
        ("http://h", "https://h/a", "/p", "https://h/a"),
        ("http://h:81/x", "http://h:81/a", None, "http://h:81/a"),
        ("http://h", "a://b c", "/p", "a://b c"),
        ("http://h", "x?u=http://o/", "/p/", "http://h/p/x?u=http://o/"),
    ],
)
def test_rewrite_location(host_uri, location, prefix, expected):
    assert util.rewrite_location(host_uri, location, prefix) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", {}),
        ("nothing", {}),
        ("a=b", {"a": "b"}),
        ("a=b; Path=/, c=d; HttpOnly", {"a": "b", "c": "d"}),
        ("a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT; Path=/", {"a": "b"}),
        ("a=b; Expires=Wed, 09 Jun 2021 10:18:14 GMT, c=d", {"a": "b", "c": "d"}),
        ('a="q", b=', {"a": "q", "b": ""}),
        ("a=1, a=2", {"a": "2"}),
        ("=x, a b=c", {}),
    ],
)
def test_parse_cookie(value, expected):
    assert util.parse_cookie(value, "http://h/") == expected


def test_http_date():
    assert util.http_date(0) == "Thu, 01 Jan 1970 00:00:00 GMT"
    assert util.http_date(1234567890.9) == "Fri, 13 Feb 2009 23:31:30 GMT"
    from email.utils import formatdate, parsedate_to_datetime

    assert util.http_date(86400 * 400) == formatdate(86400 * 400, usegmt=True)
    import time

    assert abs(parsedate_to_datetime(util.http_date()).timestamp() - time.time()) < 5


def test_replace_header_changes_the_list_it_is_given():
    headers = [("a", "1"), ("content-TYPE", "x"), ("b", "2"), ("Content-Type", "y")]
    assert util.replace_header("content-type", "z", headers) is headers
    assert headers == [("a", "1"), ("Content-Type", "z"), ("b", "2")]
    assert util.replace_header("x-new", "n", headers)[-1] == ("X-New", "n")
    assert util.replace_headers({"A": "3"}, headers) is headers
    assert util.replace_headers([("B", "4")], headers)[:3] == [("A", "3"), ("Content-Type", "z"), ("B", "4")]


def test_locate_program(tmp_path, monkeypatch):
    program = tmp_path / "some-program"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert util.locate_program("some-program") == str(program)
    assert util.locate_program("no-such-program") is False


CODE = "import sys; sys.stderr.write('err'); sys.stdout.write(sys.stdin.read().upper())"


@pytest.mark.parametrize("as_text", [True, False])
def test_popen3_starts_a_program_without_a_shell_and_leaves_no_child(as_text):
    import shlex

    command = [sys.executable, "-c", CODE]
    stdin, stdout, stderr = util.popen3(shlex.join(command) if as_text else command)
    with stdin, stdout, stderr:
        stdin.write(b"$HOME")
        stdin.close()
        assert stdout.read() == b"$HOME".upper()
        assert stderr.read() == b"err"
    del stdin, stdout, stderr
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        gc.collect()


class Old:
    _x = 1
    x = util.deprecated_property(
        property(
            lambda self: self._x,
            lambda self, v: setattr(self, "_x", v),
            lambda self: setattr(self, "_x", None),
        ),
        "x",
        "use y",
    )
    gone = util.deprecated_property(property(lambda self: 1), "gone", "it is gone", warning=False)


def test_deprecated_property_warns_and_works():
    old = Old()
    with pytest.warns(DeprecationWarning, match="the attribute x is deprecated: use y"):
        assert old.x == 1
    with pytest.warns(DeprecationWarning, match="use y"):
        old.x = 5
    with pytest.warns(DeprecationWarning, match="use y"):
        del old.x
    assert old._x is None
    assert isinstance(Old.x, util.deprecated_property)
    with pytest.raises(DeprecationWarning, match="gone"):
        _ = old.gone


def test_absolute_http_url_re_is_compiled_once_and_other_names_are_errors():
    for text, matches in [("http://h", True), ("HTTPS://h", True), ("/http://h", False), ("ftp://h", False)]:
        assert bool(util.absolute_http_url_re.match(text)) == matches
    assert util.absolute_http_url_re is util.absolute_http_url_re
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = util.no_such_name


def test_version_info_is_the_version_in_numbers():
    from restkit_client import __version__, version

    assert version.__version__ == __version__
    assert ".".join(map(str, version.version_info)) == __version__
