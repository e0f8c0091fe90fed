"""Request, as the manual and compatibility.md 1.11 describe it."""

import pickle

import pytest

import restkit_oauth2 as oauth
from restkit_oauth2 import Consumer, Error, Request, SignatureMethod_HMAC_SHA1, Token

CONSUMER = Consumer("ck", "cs")
HMAC = SignatureMethod_HMAC_SHA1()


def token(verifier=None):
    made = Token("tk", "ts")
    made.verifier = verifier
    return made


def test_constants():
    assert (oauth.OAUTH_VERSION, oauth.HTTP_METHOD, oauth.SIGNATURE_METHOD) == ("1.0", "GET", "PLAINTEXT")
    assert Request.version == "1.0"


def test_a_request_is_a_dict_of_text():
    request = Request("post", "http://EX.com:80/a?b=c#d", {b"x": b"\xc3\xa9", "n": [1, b"2"], "i": 3})
    assert isinstance(request, dict)
    assert request == {"x": "é", "n": [1, "2"], "i": 3}
    assert (request.method, request.url) == ("POST", "http://EX.com:80/a?b=c#d")
    assert request.normalized_url == "http://ex.com/a"
    assert (request.body, request.is_form_encoded) == ("", False)


def test_without_anything_it_is_a_get_of_nowhere():
    request = Request()
    assert (request.method, request.url, request.normalized_url, dict(request)) == ("GET", None, None, {})


def test_other_schemes_are_refused():
    with pytest.raises(ValueError, match=r"^Unsupported URL ftp://x \(ftp\)\.$"):
        Request("GET", "ftp://x")


def test_a_form_body_gives_the_parameters_unless_they_are_given():
    assert Request("POST", "http://a/", None, b"a=1&a=2&b=x+y", True) == {"a": ["1", "2"], "b": "x y"}
    assert Request("POST", "http://a/", {"c": "3"}, b"a=1", True) == {"c": "3"}
    assert Request("POST", "http://a/", None, b"a=1", False) == {}
    assert Request("POST", "http://a/", None, b"", True) == {}


def test_from_consumer_and_token_fills_in_what_is_needed(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 137131200.7)
    monkeypatch.setattr("os.urandom", lambda count: b"\0" * (count - 1) + b"\7")
    request = Request.from_consumer_and_token(CONSUMER, token("v"), "get", "http://a/")
    assert request == {
        "oauth_consumer_key": "ck",
        "oauth_timestamp": "137131200",
        "oauth_nonce": "7".rjust(29, "0"),
        "oauth_version": "1.0",
        "oauth_token": "tk",
        "oauth_verifier": "v",
    }
    assert "oauth_token" not in Request.from_consumer_and_token(CONSUMER)
    assert "oauth_verifier" not in Request.from_consumer_and_token(CONSUMER, token())


def test_the_callers_parameters_win():
    request = Request.from_consumer_and_token(CONSUMER, token(), parameters={"oauth_nonce": "n", "a": b"b"})
    assert (request["oauth_nonce"], request["a"]) == ("n", "b")


def test_from_consumer_and_token_takes_a_form_body():
    request = Request.from_consumer_and_token(CONSUMER, None, "POST", "http://a/", None, b"a=1", True)
    assert (request["a"], request.body, request.is_form_encoded) == ("1", b"a=1", True)
    given = Request.from_consumer_and_token(CONSUMER, None, "POST", "http://a/", {"b": "2"}, b"a=1", True)
    assert "a" not in given


def test_a_subclass_makes_its_own_kind():
    class Mine(Request):
        @classmethod
        def make_nonce(cls):
            return "mine"

    request = Mine.from_consumer_and_token(CONSUMER)
    assert (type(request), request["oauth_nonce"]) == (Mine, "mine")


def test_from_token_and_callback():
    assert Request.from_token_and_callback(token()) == {"oauth_token": "tk"}
    request = Request.from_token_and_callback(token(), "http://c/", "POST", "http://a/b", {"x": "y"})
    assert request == {"oauth_token": "tk", "oauth_callback": "http://c/", "x": "y"}
    assert (request.method, request.url) == ("POST", "http://a/b")


def test_from_request_combines_header_form_and_query():
    request = Request.from_request(
        "GET",
        "http://a/b?q=1&q=2#f",
        {"AUTHORIZATION": 'OAuth realm="r", oauth_token="t%20k", h="1"', "X-Other": "1"},
        {"p": ["1", "2"], "q": "3"},
    )
    assert request == {"oauth_token": "t k", "h": "1", "p": ["1", "2"], "q": ["3", "1", "2"]}
    assert request.url == "http://a/b#f"


def test_from_request_counts_a_query_given_apart_once():
    assert Request.from_request("GET", "http://a/?q=1", query_string="q=1") == {"q": "1"}
    assert Request.from_request("GET", "http://a/", query_string="q=1&q=2") == {"q": ["1", "2"]}
    assert Request.from_request("POST", "http://a/?q=1", query_string="p=2") == {"q": "1", "p": "2"}


def test_from_request_without_parameters_is_none():
    assert Request.from_request("GET", "http://a/") is None
    assert Request.from_request("GET", "http://a/", {"Authorization": "Basic dTpw"}) is None


def test_from_request_refuses_a_broken_field():
    why = r"^Unable to parse OAuth parameters from Authorization header\.$"
    with pytest.raises(Error, match=why):
        Request.from_request("GET", "http://a/", {"Authorization": "OAuth nothing"})


@pytest.mark.parametrize("write", ["to_url", "header", "to_postdata"])
def test_what_was_written_is_read_and_verified(write):
    sent = Request.from_consumer_and_token(CONSUMER, token(), "POST", "http://a/b?q=%7e+1", {"p": "x&y"})
    sent.sign_request(HMAC, CONSUMER, token())
    if write == "to_url":
        received = Request.from_request("POST", sent.to_url())
    elif write == "header":
        received = Request.from_request("POST", sent.url, sent.to_header(), sent.get_nonoauth_parameters())
    else:
        received = Request.from_request("POST", sent.url, None, None, sent.to_postdata())
    assert HMAC.check(received, CONSUMER, token(), received["oauth_signature"])


def test_sign_request_sets_what_is_missing():
    request = Request("POST", "http://a/", body="data")
    request.sign_request(HMAC, CONSUMER, token())
    assert list(request) == [
        "oauth_body_hash",
        "oauth_consumer_key",
        "oauth_token",
        "oauth_signature_method",
        "oauth_signature",
    ]
    assert request["oauth_body_hash"] == "oXyaqmHoChv3HQ2FCvTluqmAC70="
    assert request["oauth_signature_method"] == "HMAC-SHA1"


def test_sign_request_keeps_what_is_there():
    request = Request("POST", "http://a/", {"oauth_consumer_key": "other", "oauth_token": "other"})
    request.sign_request(HMAC, CONSUMER, token())
    assert (request["oauth_consumer_key"], request["oauth_token"]) == ("other", "other")


def test_the_body_hash_is_that_of_no_bytes_and_absent_for_forms_or_when_not_wanted():
    request = Request("GET", "http://a/", body=None)
    request.sign_request(HMAC, CONSUMER, None)
    assert request["oauth_body_hash"] == "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
    form = Request("POST", "http://a/", None, "a=b", True)
    form.sign_request(HMAC, CONSUMER, None)
    plain = Request("POST", "http://a/", body="data")
    plain.sign_request(HMAC, CONSUMER, None, body_hash=False)
    assert "oauth_body_hash" not in form.keys() | plain.keys()


def test_signing_again_replaces_the_signature():
    request = Request("GET", "http://a/", {"oauth_nonce": "n"})
    request.sign_request(HMAC, CONSUMER, None)
    first = request["oauth_signature"]
    request.sign_request(HMAC, CONSUMER, None)
    assert request["oauth_signature"] == first


def test_normalized_parameters():
    request = Request(
        "GET",
        "http://a/?z=1&a=%7E&a=b+c&oauth_signature=x#f",
        {"oauth_signature": "x", "realm": "signed", "b": ["2", "1"], "é": "", "oauth_nonce": 5},
    )
    assert request.get_normalized_parameters() == (
        "%C3%A9=&a=b%20c&a=~&b=1&b=2&oauth_nonce=5&realm=signed&z=1"
    )


def test_getters():
    request = Request("GET", "http://a/", {"oauth_nonce": "n", "a": "b"})
    assert request.get_parameter("a") == "b"
    assert request.get_nonoauth_parameters() == {"a": "b"}
    with pytest.raises(Error, match=r"^Parameter not found: x$"):
        request.get_parameter("x")


def test_to_header_holds_the_oauth_parameters_only():
    request = Request("GET", "http://a/", {"oauth_nonce": "n ", "a": "b", "oauth_x": ["1", "2"]})
    assert request.to_header() == {
        "Authorization": 'OAuth realm="", oauth_nonce="n%20", oauth_x="1", oauth_x="2"'
    }
    assert request.to_header('a"b')["Authorization"].startswith('OAuth realm="a\\"b", ')


def test_to_postdata():
    assert (
        Request("POST", "http://a/", {"a": ["1 2", "~"], "é": "&"}).to_postdata() == "a=1%202&a=~&%C3%A9=%26"
    )


@pytest.mark.parametrize(
    ("url", "written"),
    [
        ("http://a/b", "http://a/b?x=1+2"),
        ("http://a/b?c=%7Ed#f", "http://a/b?c=%7Ed&x=1+2#f"),
        ("http://a/?é=ü z", "http://a/?%C3%A9=%C3%BC%20z&x=1+2"),
    ],
)
def test_to_url(url, written):
    assert Request("GET", url, {"x": "1 2"}).to_url() == written


def test_to_url_without_parameters_or_without_url():
    assert Request("GET", "http://a/b#f").to_url() == "http://a/b#f"
    with pytest.raises(ValueError, match=r"^Base URL for request is not set\.$"):
        Request().to_url()


def test_a_request_pickles():
    request = Request("PUT", "http://a/b", {"a": ["1"]}, b"x")
    again = pickle.loads(pickle.dumps(request))
    assert (again, again.method, again.url, again.normalized_url, again.body) == (
        request,
        "PUT",
        "http://a/b",
        "http://a/b",
        b"x",
    )


def test_challenge():
    assert oauth.build_authenticate_header("r") == {"WWW-Authenticate": 'OAuth realm="r"'}
    assert oauth.build_authenticate_header() == {"WWW-Authenticate": 'OAuth realm=""'}


def test_xoauth_string(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1)
    text = oauth.build_xoauth_string("https://mail/a", CONSUMER, token())
    start, url, fields = text.split(" ")
    assert (start, url) == ("GET", "https://mail/a")
    parts = fields.split(",")
    assert parts == sorted(parts)
    assert parts[1] == 'oauth_consumer_key="ck"'
    assert {part.partition("=")[0] for part in parts} == {
        f"oauth_{name}"
        for name in (
            "body_hash",
            "consumer_key",
            "nonce",
            "signature",
            "signature_method",
            "timestamp",
            "token",
            "version",
        )
    }
