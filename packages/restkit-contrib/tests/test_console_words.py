"""What restcli makes of its words: URL, METHOD, items, filename; fields; configuration; curl commands; codes."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client import errors
from restkit_contrib import console
from restkit_contrib.console.arguments import parse
from restkit_contrib.console.config import as_bool, update_defaults
from restkit_contrib.console.download import safe_name
from restkit_contrib.console.exit_codes import UsageError, code_of, line_of
from restkit_contrib.console.from_curl import read_curl
from restkit_contrib.console.items import is_item, read_header, read_items
from restkit_contrib.console.positionals import full_url, positionals
from restkit_contrib.console.progress import size_text, time_text

# Method, filename and items.
TABLE = {
    "GET": ("GET", None, []),
    "get": ("get", None, []),
    "a=b": (None, None, ["a=b"]),
    "a:=1": (None, None, ["a:=1"]),
    "a==b": (None, None, ["a==b"]),
    "A:b": (None, None, ["A:b"]),
    "f@p": (None, None, ["f@p"]),
    "data.json": (None, "data.json", []),
    "x2": (None, "x2", []),
    "-": (None, "-", []),
    "./GET": (None, "./GET", []),
    "./a=b": (None, "./a=b", []),
    "/tmp/a:b": (None, "/tmp/a:b", []),
    "../a@b": (None, "../a@b", []),
    "a\\=b": (None, "a\\=b", []),
}


@pytest.mark.parametrize("word", TABLE)
def test_the_table_of_the_help(word: str) -> None:
    found = positionals(["url", word])
    assert (found.method, found.filename, found.items) == TABLE[word]


def test_words_stand_in_any_order_among_options() -> None:
    parsed = parse(["-H", "A: b", "url", "a=1", "-p", "PUT", "--max-time", "3", "q==2"])
    found = positionals(parsed.words)
    assert (found.url, found.method, found.items) == ("url", "PUT", ["a=1", "q==2"])
    assert (parsed.headers, parsed.prettify, parsed.max_time) == (["A: b"], True, 3.0)


def test_lists_do_not_grow_from_one_parsing_to_the_next() -> None:
    parser = console.options()
    assert parse(["-H", "A:1", "u"], parser).headers == ["A:1"]
    assert parse(["-H", "B:1", "u"], parser).headers == ["B:1"]


@pytest.mark.parametrize(
    ("given_url", "url"),
    [
        (":8080/path", "http://localhost:8080/path"),
        (":8080", "http://localhost:8080"),
        (":", "http://localhost/"),
        (":/path", "http://localhost/path"),
        ("example.com", "http://example.com"),
        ("localhost:80/x", "http://localhost:80/x"),
        ("[::1]:80", "http://[::1]:80"),
        ("https://example.com/", "https://example.com/"),
        ("example.com/?to=http://x", "http://example.com/?to=http://x"),
    ],
)
def test_full_urls(given_url: str, url: str) -> None:
    assert full_url(given_url) == url


@pytest.mark.parametrize(
    ("word", "name", "value"),
    [
        ("a=b=c", "a", "b=c"),
        ("a=", "a", ""),
        ("a=b:c@d", "a", "b:c@d"),
        ("a\\=b=c", "a=b", "c"),
        ("a\\:b=c", "a:b", "c"),
        ("a\\\\=c", "a\\", "c"),
        ('a:={"b": 1}', "a", {"b": 1}),
        ("a:=null", "a", None),
    ],
)
def test_data_items(word: str, name: str, value: object) -> None:
    assert read_items([word]).data == [(name, value)]


def test_items_go_where_their_separator_says() -> None:
    items = read_items(["q==1=2", "X-Time:10:20", "X-Empty:", "a=1"])
    assert items.query == [("q", "1=2")]
    assert items.headers == [("X-Time", "10:20"), ("X-Empty", "")]
    assert items.data == [("a", "1")]


def test_values_from_files(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text("[1]")
    assert read_items([f"a=@{path}", f"b:=@{path}"]).data == [("a", "[1]"), ("b", [1])]
    ((name, (filename, file, kind)),) = read_items([f"f@{path};type=a/b"]).files
    with file:
        assert (name, filename, kind) == ("f", "x", "a/b")


@given(st.text(min_size=1), st.text())
def test_any_name_can_be_escaped(name: str, value: str) -> None:
    escaped = "".join(f"\\{char}" if char in "\\=:@" else char for char in name)
    if not value.startswith(("=", "@")):
        assert read_items([f"{escaped}={value}"]).data == [(name, value)]


@given(st.text())
def test_every_word_is_an_item_or_not(word: str) -> None:
    if not is_item(word):
        assert not any(char in word.replace("\\\\", "") for char in "=:@") or "\\" in word


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("A: b:c ", ("A", "b:c")),
        ("A:", ("A", None)),
        ("A;", ("A", "")),
        ("A:b;", ("A", "b;")),
        (" A : b", ("A", "b")),
    ],
)
def test_headers(text: str, field: tuple) -> None:
    assert read_header(text) == field


@pytest.mark.parametrize("text", ["no colon", ": b", ""])
def test_bad_headers(text: str) -> None:
    with pytest.raises(UsageError, match="Name: value"):
        read_header(text)


# -- configuration (compatibility with restkit 4)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("TRUE", True), ("1", True), (" 1 ", True), ("yes", False), ("0", False), ("", False)],
)
def test_as_bool(text: str, value: bool) -> None:
    assert as_bool(text) is value


def test_update_defaults(home: Path) -> None:
    (home / ".restcli").write_text(
        "Header = A: b\nheader2=C: d=e\nFollow-Redirect = true\nrequest = PUT\nx = y\n# a = b\n\n"
    )
    defaults = {"headers": ["first"], "follow_redirect": False, "method": None, "prettify": False}
    assert update_defaults(defaults) is defaults
    assert defaults == {
        "headers": ["first", "A: b", "C: d=e"],
        "follow_redirect": True,
        "method": "PUT",
        "prettify": False,
    }


def test_no_configuration_changes_nothing(home: Path) -> None:
    assert update_defaults({"a": 1}) == {"a": 1}


def test_a_line_without_equals_is_named_without_its_content(home: Path) -> None:
    (home / ".restcli").write_text("a = b\npassword\n")
    with pytest.raises(UsageError, match="line 2") as caught:
        update_defaults({})
    assert "password" not in str(caught.value)


# -- curl


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("curl example.com", ["example.com"]),
        ("/usr/bin/curl -sSLk https://a.b", ["-L", "-k", "https://a.b"]),
        ("curl -XPUT -d@f.json a.b", ["-X", "PUT", "--data=@f.json", "a.b"]),
        ("curl a.b \\\n  -H 'A: b'", ["-H", "A: b", "a.b"]),
        ("curl -G a.b?x=1 -d q=2", ["a.b?x=1&q=2"]),
        (
            "curl -F a=1 -F 'f=@p;type=x/y' -F 'k:=v' a.b",
            ["--multipart", "a.b", "a=1", "f@p;type=x/y", "k\\:=v"],
        ),
        ("curl -T f a.b", ["-i", "f", "-X", "PUT", "a.b"]),
        (
            "curl -A me -e r --json '{}' a.b",
            ["-H", "User-Agent: me", "-H", "Referer: r", "--json", "--data={}", "a.b"],
        ),
        ("curl --data-urlencode 'a=b c&' a.b", ["--data=a=b%20c%26", "a.b"]),
        ("curl --url a.b", ["a.b"]),
    ],
)
def test_curl_commands(command: str, arguments: list[str]) -> None:
    assert read_curl(command) == arguments


@pytest.mark.parametrize(
    "command", ["", "wget a", "curl", "curl -X", "curl a b", "curl --ntlm a", "curl 'a", "curl -b jar a"]
)
def test_curl_commands_that_are_refused(command: str) -> None:
    with pytest.raises(UsageError, match="--from-curl"):
        read_curl(command)


# -- codes


def test_every_error_of_the_client_has_a_code() -> None:
    codes = {}
    for name in errors.__all__:
        kind = getattr(errors, name)
        codes[name] = code_of(kind.__new__(kind))
    assert {codes[name] for name in ("ReadTimeout", "TotalTimeout", "PoolTimeout", "ConnectTimeout")} == {28}
    assert (codes["ResolveError"], codes["ConnectError"], codes["TLSError"], codes["CertificateError"]) == (
        6,
        7,
        35,
        60,
    )
    assert (codes["RedirectLimit"], codes["RemoteDisconnected"], codes["IncompleteBody"]) == (47, 52, 18)
    assert {
        codes[name] for name in ("BadStatusLine", "InvalidHeader", "InvalidChunkSize", "HeaderLimit")
    } == {8}


def test_a_line_has_nothing_that_a_terminal_obeys() -> None:
    assert "listening" in line_of(errors.ConnectError("first\nsecond"))
    assert line_of(UsageError("a\x1b[2J\nb")) == "An error happened: a [2J b"


# -- names, sizes


@given(st.text())
def test_saved_names_stay_in_the_folder(name: str) -> None:
    safe = safe_name(name)
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")
    assert safe.isprintable()
    assert len(safe.encode()) <= 200
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (5 << 20, "5.0 MiB"),
        (3 << 29, "1.50 GiB"),
        (1 << 45, "32768.00 GiB"),
    ],
)
def test_size_text(size: int, text: str) -> None:
    assert size_text(size) == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (59.6, "1:00"), (3723, "1:02:03")])
def test_time_text(seconds: float, text: str) -> None:
    assert time_text(seconds) == text


def test_documented_names() -> None:
    for name in (
        "as_bool",
        "external",
        "indent",
        "indent_json",
        "indent_xml",
        "main",
        "options",
        "prettify",
        "update_defaults",
    ):
        assert callable(getattr(console, name))
    with pytest.raises(AttributeError):
        console.nothing  # noqa: B018


def test_a_json_item_that_is_too_deep_is_named() -> None:
    with pytest.raises(UsageError, match="nested too deeply"):
        read_items(["a:=" + "[" * 200_000])
    assert json.loads("[]") == []
