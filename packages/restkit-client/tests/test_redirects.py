"""Which redirects are followed, how, and what goes along."""

import json
from pathlib import Path
from time import thread_time

import pytest

from restkit_client.errors import InvalidUrl
from restkit_client.redirects import Hop, hop_headers, next_hop
from restkit_parser.headers import Headers

TABLE = json.loads((Path(__file__).parent / "data" / "redirects.json").read_text("utf-8"))

SECRET_FIELDS = [
    "Authorization",
    "authorization",
    "AUTHORIZATION",
    "Proxy-Authorization",
    "Cookie",
    "Cookie2",
    "X-Api-Key",
    "X-Auth-Token",
    "X-Amz-Security-Token",
    "Private-Token",
    "X-Csrf-Token",
    "Ocp-Apim-Subscription-Key",
    "X-My-Own-Field",
    "Host",
    "Referer",
    "Origin",
    "From",
    "If-None-Match",
    "If-Match",
    "Content-Location",
    "Content-Secret",
    "Forwarded",
    "X-Forwarded-For",
    "Idempotency-Key",
    "Signature",
]
HARMLESS_FIELDS = ["Accept", "Accept-Language", "accept-encoding", "User-Agent", "Range", "Cache-Control"]
BODY_FIELDS = [
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Content-Language",
    "Content-MD5",
    "content-digest",
    "Digest",
    "Repr-Digest",
    "Transfer-Encoding",
    "Expect",
]


def hop(**changes):
    return Hop("http://b/", "GET", **{"keep_body": True, "same_origin": True, "downgrade": False, **changes})


def parts(found):
    return found and [found.url, found.method, found.keep_body, found.same_origin, found.downgrade]


def names(headers):
    return [name for name, _ in headers.items()]


@pytest.mark.parametrize(
    ("method", "status", "follow", "force", "url", "location", "expected"), TABLE["rows"]
)
def test_each_response_is_followed_or_returned(method, status, follow, force, url, location, expected):
    found = next_hop(method, status, location, url, follow=follow, force=force)
    assert parts(found) == expected


def test_the_table_is_as_large_as_promised():
    assert len(TABLE["rows"]) >= 40


@pytest.mark.parametrize(("location", "words"), TABLE["refused"])
def test_a_location_that_can_not_be_requested_is_an_error(location, words):
    with pytest.raises(InvalidUrl, match="the redirect can not be followed") as caught:
        next_hop("GET", 302, location, "http://a/", follow=True, force=False)
    assert words in str(caught.value)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("location", ["file:///x", "http://b\\@c/"])
def test_a_location_that_is_not_followed_is_not_looked_at(location):
    assert next_hop("POST", 302, location, "http://a/", follow=True, force=False) is None
    assert next_hop("GET", 302, location, "http://a/", follow=False, force=False) is None


@pytest.mark.parametrize("name", [*SECRET_FIELDS, *HARMLESS_FIELDS, *BODY_FIELDS])
def test_the_same_origin_gets_every_field(name):
    assert hop_headers(Headers({name: "value"}), hop()) == Headers({name: "value"})


@pytest.mark.parametrize("name", SECRET_FIELDS)
@pytest.mark.parametrize("downgrade", [False, True])
@pytest.mark.parametrize("keep_body", [False, True])
def test_another_origin_gets_no_field_that_may_be_a_secret(name, downgrade, keep_body):
    kept = hop_headers(
        Headers([(name, "s3cret"), ("Accept", "*/*"), (name.title(), "s3cret")]),
        hop(same_origin=False, downgrade=downgrade, keep_body=keep_body),
    )
    assert kept.items() == [("Accept", "*/*")]


@pytest.mark.parametrize("name", HARMLESS_FIELDS)
def test_another_origin_gets_what_describes_the_wish(name):
    assert names(hop_headers(Headers({name: "x"}), hop(same_origin=False))) == [name]


@pytest.mark.parametrize("name", BODY_FIELDS)
@pytest.mark.parametrize("same_origin", [True, False])
def test_the_body_s_fields_go_where_the_body_goes(name, same_origin):
    headers = Headers([(name, "x"), ("Accept", "*/*")])
    assert names(hop_headers(headers, hop(same_origin=same_origin))) == [name, "Accept"]
    assert names(hop_headers(headers, hop(same_origin=same_origin, keep_body=False))) == ["Accept"]


def test_what_came_from_the_caller_is_not_changed():
    headers = Headers([("Cookie", "a=b"), ("Accept", "*/*"), ("accept", "text/html")])
    kept = hop_headers(headers, hop(same_origin=False))
    assert names(headers) == ["Cookie", "Accept", "accept"]
    assert kept.items() == [("Accept", "*/*"), ("accept", "text/html")]
    kept["X"] = "y"
    assert "X" not in headers


ORIGINS = {
    "scheme up": ("http://a.example/", "https://a.example/"),
    "scheme down": ("https://a.example/", "http://a.example/"),
    "port": ("http://a.example/", "http://a.example:8080/"),
    "default port of the other scheme": ("http://a.example/", "http://a.example:443/"),
    "host": ("http://a.example/", "http://b.example/"),
    "subdomain": ("http://a.example/", "http://sub.a.example/"),
    "parent domain": ("http://sub.a.example/", "http://a.example/"),
    "trailing dot": ("http://a.example/", "http://a.example./"),
    "IDN": ("http://bucher.example/", "http://b\u00c3\u00bccher.example/"),
    "IP for name": ("http://localhost/", "http://127.0.0.1/"),
    "suffix": ("http://a.example/", "http://nota.example/"),
    "userinfo in front": ("http://a.example/", "http://a.example@b.example/"),
}
CALLERS_FIELDS = Headers([(name, "s3cret") for name in SECRET_FIELDS] + [("Accept", "*/*")])


@pytest.mark.parametrize("change", ORIGINS)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_secret_arrives_at_another_origin_nor_comes_back(change, status):
    """A to B, and from there on to A again or to another page of B: the fields are those of the hop before."""
    first, second = ORIGINS[change]
    one = next_hop("GET", status, second, first, follow=True, force=True)
    there = hop_headers(CALLERS_FIELDS, one)
    assert there.items() == [("Accept", "*/*")]
    for third in (first, second + "b2"):
        two = next_hop("GET", status, third, one.url, follow=True, force=True)
        assert hop_headers(there, two).items() == [("Accept", "*/*")]


@pytest.mark.parametrize("same", ["http://A.EXAMPLE/x", "http://a.example:80/x", "/x", "//a.example/x"])
def test_another_spelling_of_the_origin_keeps_all(same):
    one = next_hop("GET", 302, same, "http://a.example/", follow=True, force=False)
    assert hop_headers(CALLERS_FIELDS, one) == CALLERS_FIELDS


@pytest.mark.parametrize("character", ["\r", "\n", "\0", "\r\n", "\x0b", "\x7f"])
def test_a_location_injects_nothing(character):
    with pytest.raises(InvalidUrl):
        next_hop("GET", 302, f"/a{character}X-Evil: 1", "http://a/", follow=True, force=False)


@pytest.mark.parametrize("unit", ["../", "/", "é", "Ã©", "%", "@", "a:", "?", "#", "\xff"])
def test_a_megabyte_of_location_is_handled_at_once(unit):
    start = thread_time()
    try:
        next_hop("GET", 302, unit * (1_000_000 // len(unit)), "http://a/", follow=True, force=False)
    except InvalidUrl as error:
        text = str(error)
    else:
        text = ""
    assert thread_time() - start < 5
    assert len(text) < 500
