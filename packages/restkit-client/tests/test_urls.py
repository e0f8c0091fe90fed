"""The URL parser against a table of URLs, the standard library, and megabytes of nonsense."""

import copy
import json
import pickle
from pathlib import Path
from time import thread_time
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client import urls
from restkit_client.errors import InvalidUrl
from restkit_client.urls import Url, cut_userinfo, join_url, redact, same_origin, split_url

TABLE = json.loads((Path(__file__).parent / "data" / "urls.json").read_text("utf-8"))


@pytest.mark.parametrize(("url", "host", "port", "netloc", "target"), TABLE["read"])
def test_a_url_is_read_in_one_way(url, host, port, netloc, target):
    parts = split_url(url)
    assert (parts.host, parts.port, parts.netloc, parts.target) == (host, port, netloc, target)
    assert parts.origin == (parts.scheme, parts.hostname, port)
    assert parts.is_ssl == (parts.scheme == "https")


@pytest.mark.parametrize("url", [row[0] for row in TABLE["read"]])
def test_what_was_read_reads_the_same_again(url):
    parts = split_url(url)
    assert split_url(parts.geturl()) == parts
    assert split_url(parts.geturl()).geturl() == parts.geturl()


@pytest.mark.parametrize("url", [row[0] for row in TABLE["read"]])
def test_the_parts_are_those_of_the_standard_library(url):
    """urlsplit reads the normalised URL as we read the original."""
    parts = split_url(url)
    theirs = urlsplit(parts.geturl())
    assert (theirs.scheme, theirs.path, theirs.query, theirs.fragment) == (
        parts.scheme,
        parts.path,
        parts.query,
        parts.fragment,
    )
    assert theirs.hostname == (f"{parts.host}%25{parts.zone}" if parts.zone else parts.host)
    assert (theirs.port or parts.port, theirs.username, theirs.password) == (parts.port, None, None)


@pytest.mark.parametrize(("url", "words"), TABLE["refused"])
def test_what_two_parsers_could_read_differently_is_refused(url, words):
    with pytest.raises(InvalidUrl) as caught:
        split_url(url)
    assert words in str(caught.value)


def test_the_table_is_as_large_as_promised():
    assert len(TABLE["read"]) + len(TABLE["refused"]) >= 60


@pytest.mark.parametrize(("base", "reference", "expected"), TABLE["join"])
def test_references_are_resolved_as_rfc_3986_says(base, reference, expected):
    assert join_url(base, reference) == expected


@pytest.mark.parametrize(("a", "b", "same"), TABLE["origin"])
def test_an_origin_is_scheme_host_and_port(a, b, same):
    assert same_origin(a, b) is same
    assert same_origin(split_url(b), split_url(a)) is same


@pytest.mark.parametrize(
    ("url", "bare", "credentials"),
    [
        ("http://h/", "http://h/", None),
        ("http://u:p@h/x?y", "http://h/x?y", ("u", "p")),
        ("http://u@h/", "http://h/", ("u", "")),
        ("http://:p@h/", "http://h/", ("", "p")),
        ("http://@h/", "http://h/", None),
        ("http://u:p:q@h/", "http://h/", ("u", "p:q")),
        ("http://u@corp:p@h/", "http://h/", ("u@corp", "p")),
        ("http://u%40corp:p%3Aq%2F@h/", "http://h/", ("u@corp", "p:q/")),
        ("http://J%C3%A4s%C3%B8n:%E2%82%AC@h/", "http://h/", ("Jäsøn", "€")),
        ("http://Jäsøn:€@h/", "http://h/", ("Jäsøn", "€")),
        ("http://u:p+q@h/", "http://h/", ("u", "p+q")),
        ("http://h/a@b", "http://h/a@b", None),
        ("http://h?a@b", "http://h?a@b", None),
        ("http://h#a@b", "http://h#a@b", None),
        ("http://u:p@[::1]:80/", "http://[::1]:80/", ("u", "p")),
        ("//u:p@h/x", "//h/x", ("u", "p")),
    ],
)
def test_userinfo_is_cut_and_decoded(url, bare, credentials):
    assert cut_userinfo(url) == (bare, credentials)


def test_no_part_remembers_the_userinfo():
    parts = split_url("http://alice:only-here-s3cret@userinfo.example/a?b#c")
    assert parts.username is None
    assert parts.password is None
    assert not any(
        "only-here-s3cret" in str(getattr(parts, name)) for name in dir(parts) if not name.startswith("_")
    )
    assert not any("only-here-s3cret" in key for key in urls._memo)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://u:p@h/a", "http://h/a"),
        ("http://h/?q=1&access_token=abc&x", "http://h/?q=1&access_token=***&x"),
        ("http://h/?oauth_signature=abc", "http://h/?oauth_signature=***"),
        ("http://h/?API_KEY=abc", "http://h/?API_KEY=***"),
        ("http://h/#access_token=abc", "http://h/"),
        ("http://u:p/w@h/", "http://h/"),
        ("u:p@h/x", "h/x"),
        ("ftp://u:p@h/x", "ftp://h/x"),
        ("http://u:p@exa mple/", "http://exa mple/"),
        ("http://u:p\n@h/", "http://h/"),
        ("http://h/\n", "http://h/\N{REPLACEMENT CHARACTER}"),
        ("", ""),
    ],
)
def test_a_shown_url_has_no_secret_and_no_control_character(url, shown):
    assert redact(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "http://alice:s3c/ret@h/",
        "http://alice:s3c?ret@h/",
        "http://alice:s3c#ret@h/",
        "http://alice:s3c\\ret@h/",
        "http://alice:s3c\nret@h/",
        "http://alice:s3c%ffret@h/",
        "http://alice:s3cret@h:port/",
        "http://alice:s3cret@exa mple/",
        "http://alice:s3cret@bücher_%/",
        "ftp://alice:s3cret@h/",
        "alice:s3cret@h",
    ],
)
def test_no_error_shows_a_password(url):
    with pytest.raises(InvalidUrl) as caught:
        split_url(url)
    seen = [str(caught.value), repr(caught.value), repr(caught.value.__context__), redact(url)]
    assert not any("s3c" in text or "ret" in text for text in seen)


def test_a_url_can_not_be_changed():
    parts = split_url("http://h/")
    with pytest.raises(AttributeError):
        parts.host = "evil"
    with pytest.raises(AttributeError):
        del parts.host
    with pytest.raises(AttributeError):
        parts.other = 1


def test_urls_pickle_copy_compare_and_hash():
    parts = split_url("https://[fe80::1%25eth0]:81/a?b#c")
    again = pickle.loads(pickle.dumps(parts))
    assert again == parts
    assert copy.deepcopy(parts) == parts
    assert hash(again) == hash(parts)
    assert parts != "https://[fe80::1%25eth0]:81/a?b#c"
    assert parts != split_url("https://[fe80::1%25eth0]:81/a?b#d")
    assert repr(split_url("http://h/?token=abc")) == "<Url http://h/?token=***>"


def test_the_zone_is_for_connecting_only():
    parts = split_url("http://[fe80::1%25eth0]:81/")
    assert parts.hostname == "fe80::1%eth0"
    assert parts.netloc == "[fe80::1]:81"
    assert parts.geturl() == "http://[fe80::1%25eth0]:81/"


def test_the_memo_is_bounded_and_keeps_no_long_url():
    for number in range(3 * urls._MEMO_ENTRIES):
        split_url(f"http://h/{number}")
        assert len(urls._memo) <= urls._MEMO_ENTRIES
    long = "http://h/" + "x" * urls._MEMO_LENGTH
    assert split_url(long).path == long[8:]
    assert long not in urls._memo


def test_a_url_seen_before_is_the_same_object():
    assert split_url("http://memo.example/") is split_url("http://memo.example/")
    assert split_url("http://u:p@memo.example/") is split_url("http://memo.example/")


@pytest.mark.parametrize("url", [b"http://h/", None, 5])
def test_a_url_is_a_str(url):
    with pytest.raises(InvalidUrl, match="a URL is a str"):
        split_url(url)


def test_a_base_needs_a_scheme():
    with pytest.raises(InvalidUrl, match="no scheme"):
        join_url("/a", "b")


PATHS = st.text(alphabet="ab./;=%&+é", max_size=30).map(lambda text: "/" + text)


@given(path=PATHS, query=st.text(alphabet="ab./;=%&+é?", max_size=20))
def test_the_target_is_ascii_without_blanks_or_dot_segments(path, query):
    parts = split_url(f"http://h{path}?{query}")
    assert parts.target.isascii()
    assert not {"/./", "/../"} & {parts.path[i : i + n] for n in (3, 4) for i in range(len(parts.path))}
    assert split_url(parts.geturl()) == parts


@given(reference=st.text(alphabet="ab./?#=", max_size=30).filter(lambda text: not text.startswith("//")))
def test_references_are_resolved_as_the_standard_library_does(reference):
    """urljoin keeps no empty query or fragment, and merges empty segments and parameters its own way: those apart."""
    base = "http://a/b/c/d"
    ours = split_url(join_url(base, reference))
    theirs = split_url(urljoin(base, reference))
    if "//" not in reference:
        assert (ours.path, ours.query, ours.fragment) == (theirs.path, theirs.query, theirs.fragment)
    assert same_origin(ours, base)


@given(st.text(max_size=60))
def test_no_text_raises_anything_but_invalid_url(text):
    for url in (text, f"http://{text}", f"http://h{text}", f"http://{text}@h/"):
        redact(url)
        try:
            parts = split_url(url)
        except InvalidUrl:
            continue
        assert parts.target.isascii()
        assert parts.target.isprintable()
        assert " " not in parts.target
        assert set(parts.host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_.:")


ADVERSARIES = {
    "dots": "http://h/" + "../" * 350_000,
    "slashes": "http://h" + "/" * 1_000_000,
    "ats": "http://" + "@" * 1_000_000 + "h/",
    "colons": "http://" + ":" * 1_000_000,
    "digits": "http://h:" + "1" * 1_000_000,
    "zeros": "http://h:" + "0" * 1_000_000,
    "brackets": "http://" + "[" * 1_000_000,
    "labels": "http://" + "a." * 500_000,
    "long label": "http://" + "a" * 1_000_000,
    "idn label": "http://" + "é" * 1_000_000,
    "percent": "http://" + "%41" * 330_000 + "@h/",
    "encoded": "http://h/" + "é" * 500_000,
    "query": "http://h/?" + "&a=b" * 250_000,
    "hashes": "http://h/" + "#" * 1_000_000,
    "backslashes": "http://h/?" + "\\" * 1_000_000,
    "control at the end": "http://h/" + "é" * 500_000 + "\x00x",
    "scheme": "a" * 1_000_000 + "://h",
    "no scheme": "+" * 1_000_000,
    "ipv6": "http://[" + "0:" * 500_000 + "]/",
    "zone": "http://[::1%25" + "a" * 1_000_000 + "]/",
}


@pytest.mark.parametrize("name", ADVERSARIES)
def test_a_megabyte_is_read_or_refused_at_once(name):
    """Seconds of CPU: 5 allow for a slow machine and a tracer; anything quadratic takes minutes."""
    url = ADVERSARIES[name]
    message = ""
    start = thread_time()
    redact(url)
    try:
        split_url(url)
        join_url(url, url)
    except InvalidUrl as error:
        message = str(error)
    assert thread_time() - start < 5
    assert len(message) < 500


def test_a_known_url_is_a_look_up():
    assert isinstance(split_url("http://h/"), Url)
    before = dict(urls._memo)
    split_url("http://h/")
    assert urls._memo == before
