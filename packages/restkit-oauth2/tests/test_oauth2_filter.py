"""OAuthFilter: paths, placements, and what is signed of any request object."""

import io
from urllib.parse import parse_qsl, urlsplit

import pytest

import restkit_oauth2 as oauth
from restkit_oauth2 import Consumer, Error, MemoryNonceStore, OAuthFilter, Token, UnhashableBody
from restkit_oauth2.encoding import parse_authorization
from restkit_oauth2.filter import validate_consumer, validate_token

CONSUMER = Consumer("ck", "cs")
TOKEN = Token("tk", "ts")
FORM = "application/x-www-form-urlencoded"
SET = {
    "oauth_body_hash",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_version",
}


def verify(request, **options):
    return oauth.verify_request(
        request.method,
        request.url,
        request.headers,
        request.body,
        find_consumer={"ck": CONSUMER}.get,
        find_token=lambda consumer, token: TOKEN,
        nonces=MemoryNonceStore(),
        **options,
    )


def in_header(request):
    return dict(parse_authorization(request.headers["Authorization"]))


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("*", "", True),
        ("*", "/any/thing", True),
        ("/some/resource/*", "/some/resource/other", True),
        ("/some/resource/*", "/some/resource/", True),
        ("/some/resource/*", "/some/resource/a/b", True),
        ("/some/resource/*", "/some/resource", False),
        ("/some/resource/*", "/x/some/resource/other", False),
        ("/some/resource", "/some/resource", True),
        ("/some/resource", "/some/resource/", False),
        ("/some/resource", "/some/resource2", False),
        ("/some/resource", "/some/resource?a=b", True),
        ("/", "", True),
        ("/a.c", "/abc", False),
        ("/a.c", "/a.c", True),
        ("/a(", "/a(", True),
        ("/a*c", "/abc", False),
        ("/a*c", "/a*c", True),
        ("/a+*", "/aa", False),
        ("/a%20b", "/a%20b", True),
    ],
)
def test_paths(message, pattern, path, matches):
    request = message(url="http://example.com" + path)
    sign = OAuthFilter(pattern, CONSUMER)
    assert sign.on_path(request) is matches
    sign.on_request(request)
    assert ("Authorization" in request.headers) is matches


def test_the_manuals_arguments_and_attributes():
    method = oauth.SignatureMethod_HMAC_SHA256()
    sign = OAuthFilter("*", CONSUMER, TOKEN, method, "r")
    assert (sign.consumer, sign.token, sign.method, sign.realm) == (CONSUMER, TOKEN, method, "r")
    assert isinstance(OAuthFilter("*", CONSUMER).method, oauth.SignatureMethod_HMAC_SHA1)
    assert OAuthFilter.any_origin is False


def test_consumer_and_token_are_checked():
    assert (validate_consumer(CONSUMER), validate_token(TOKEN)) == (CONSUMER, TOKEN)
    for make in (lambda: validate_consumer("x"), lambda: OAuthFilter("*", None)):
        with pytest.raises(ValueError, match=r"^Invalid consumer\.$"):
            make()
    for make in (lambda: validate_token("x"), lambda: OAuthFilter("*", CONSUMER, "x")):
        with pytest.raises(ValueError, match=r"^Invalid token\.$"):
            make()


def test_an_unknown_placement_is_refused():
    with pytest.raises(ValueError, match=r"placement is one of header, query, body, 4\.2; not 'url'"):
        OAuthFilter("*", CONSUMER, placement="url")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_the_header_is_the_place_for_every_method(message, method):
    request = message(
        method, "http://example.com/a?b=%7e+c&b=d", body=b"{}" if method in ("POST", "PUT") else None
    )
    OAuthFilter("*", CONSUMER, TOKEN, realm="r").on_request(request)
    assert request.url == "http://example.com/a?b=%7e+c&b=d"
    fields = in_header(request)
    assert fields.pop("realm") == "r"
    assert fields.keys() == SET
    assert verify(request).token is TOKEN


def test_a_signature_of_before_is_replaced_whatever_its_spelling(message):
    request = message(headers={"authorization": "OAuth old", "AUTHORIZATION": "older"})
    OAuthFilter("*", CONSUMER).on_request(request)
    assert list(request.headers) == ["Authorization"]
    first = in_header(request)
    OAuthFilter("*", CONSUMER).on_request(request)
    assert in_header(request)["oauth_nonce"] != first["oauth_nonce"]


def test_the_fields_of_a_form_are_signed_and_stay_where_they_are(message):
    request = message("POST", "http://example.com/?q=1", {"content-type": FORM}, b"a=1&a=2+3&q=%C3%A9")
    OAuthFilter("*", CONSUMER, TOKEN).on_request(request)
    assert request.body == b"a=1&a=2+3&q=%C3%A9"
    assert in_header(request).keys() == SET - {"oauth_body_hash"} | {"realm"}
    assert verify(request).parameters["q"] == ["1", "é"]


@pytest.mark.parametrize("body", ["a=é", io.BytesIO(b"a=b")], ids=["text", "file"])
def test_a_form_may_be_text_or_a_file(message, body):
    request = message("POST", "http://example.com/", {"Content-Type": FORM}, body)
    OAuthFilter("*", CONSUMER, TOKEN).on_request(request)
    assert "a" in verify(request).parameters


@pytest.mark.parametrize(
    ("url", "start"),
    [
        ("http://example.com/a", "http://example.com/a?oauth_"),
        ("http://example.com/a?b=%7e+c", "http://example.com/a?b=%7e+c&oauth_"),
        ("http://example.com/a?", "http://example.com/a?oauth_"),
        ("http://example.com/a?b=c?", "http://example.com/a?b=c?&oauth_"),
        ("http://example.com/a?b&", "http://example.com/a?b&oauth_"),
    ],
)
def test_placement_query(message, url, start):
    request = message(url=url + "#f")
    OAuthFilter("*", CONSUMER, TOKEN, placement="query").on_request(request)
    assert request.original_url == url + "#f"
    assert request.url.startswith(start)
    assert request.url.endswith("#f")
    assert request.headers == {}
    names = [name for name, _ in parse_qsl(urlsplit(request.url).query) if name.startswith("oauth_")]
    assert (set(names), len(names)) == (SET, len(SET))
    assert verify(request)


def test_placement_body_of_a_form(message):
    request = message("POST", headers={"CONTENT-TYPE": FORM, "content-length": "3"}, body="a=b")
    OAuthFilter("*", CONSUMER, TOKEN, placement="body").on_request(request)
    assert request.body.startswith(b"a=b&oauth_consumer_key=ck&")
    assert request.headers == {"CONTENT-TYPE": FORM, "Content-Length": str(len(request.body))}
    assert verify(request).parameters["a"] == "b"


@pytest.mark.parametrize("body", [None, b"", ""])
def test_placement_body_makes_a_form_of_nothing(message, body):
    request = message("POST", body=body)
    OAuthFilter("*", CONSUMER, TOKEN, placement="body").on_request(request)
    assert request.body.startswith(b"oauth_consumer_key=ck&")
    assert request.headers == {"Content-Type": FORM, "Content-Length": str(len(request.body))}
    assert verify(request)


@pytest.mark.parametrize(
    ("method", "body", "headers", "why"),
    [
        ("POST", b"{}", {"content-type": "application/json"}, "a POST with Content-Type application/json"),
        ("get", None, {}, "a get with Content-Type missing"),
    ],
)
def test_placement_body_needs_a_form(message, method, body, headers, why):
    with pytest.raises(Error, match=why):
        OAuthFilter("*", CONSUMER, placement="body").on_request(message(method, body=body, headers=headers))


@pytest.mark.parametrize(
    ("method", "headers", "body", "place"),
    [
        ("GET", {}, None, "query"),
        ("head", {}, None, "query"),
        ("POST", {"Content-Type": FORM}, b"a=b", "body"),
        ("GET", {"Content-Type": FORM}, b"a=b", "body"),
        ("POST", {"Content-Type": "text/plain"}, b"a=b", "header"),
        ("DELETE", {}, None, "header"),
    ],
)
def test_placement_4_2_is_what_restkit_4_did(message, method, headers, body, place):
    request = message(method, "http://example.com/a", dict(headers), body)
    OAuthFilter("*", CONSUMER, TOKEN, placement="4.2").on_request(request)
    found = {"query": "?oauth_" in request.url, "header": "Authorization" in request.headers}
    found["body"] = body is not None and request.body != body
    assert [name for name, there in found.items() if there] == [place]
    assert verify(request)


def test_a_body_hash_is_there_unless_it_is_not_wanted(message):
    request = message("POST", body=iter([b"a"]))
    with pytest.raises(UnhashableBody, match="body_hash=False"):
        OAuthFilter("*", CONSUMER).on_request(request)
    OAuthFilter("*", CONSUMER, body_hash=False).on_request(request)
    assert "oauth_body_hash" not in in_header(request)


@pytest.mark.parametrize(
    "name", ["oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_body_hash"]
)
def test_what_signing_sets_may_not_be_there_before(message, name):
    with pytest.raises(Error, match=f"already carries {name}"):
        OAuthFilter("*", CONSUMER).on_request(message(url=f"http://example.com/?{name}=1"))
    with pytest.raises(Error, match=f"already carries {name}"):
        OAuthFilter("*", CONSUMER).on_request(
            message("POST", headers={"Content-Type": FORM}, body=f"{name}=1")
        )


def test_other_parameters_of_the_protocol_may_stand_in_the_query(message):
    request = message(url="http://example.com/?oauth_callback=oob")
    OAuthFilter("*", CONSUMER, TOKEN).on_request(request)
    assert verify(request).parameters["oauth_callback"] == "oob"


def test_the_host_field_is_the_host_that_is_signed(message):
    request = message(url="http://127.0.0.1:8080/a", headers={"host": "api.example.com"})
    OAuthFilter("*", CONSUMER, TOKEN).on_request(request)
    request.url = "http://api.example.com/a"
    assert verify(request)


def test_the_url_as_the_client_parsed_it_is_signed(message):
    request = message(url="http://example.com/a/../b c")
    request.parsed_url = urlsplit("http://example.com/b%20c")
    sign = OAuthFilter("/b%20c", CONSUMER, TOKEN)
    assert sign.on_path(request)
    sign.on_request(request)
    request.url = "http://example.com/b%20c"
    assert verify(request)


def test_the_clients_own_body_object_is_hashed(message):
    class Content:
        def segments(self):
            return iter([b"as it ", b"is sent"])

        def rewind(self):
            return True

    request = message("PUT", body=iter([]))
    request.content = Content()
    OAuthFilter("*", CONSUMER, TOKEN).on_request(request)
    request.body = b"as it is sent"
    assert verify(request)


def test_a_mapping_that_knows_no_case_is_left_to_itself(message):
    class Fields:
        """The least that a client's header object does."""

        def __init__(self):
            self.fields = {}

        def get(self, name):
            return self.fields.get(name.lower())

        def __setitem__(self, name, value):
            self.fields[name.lower()] = value

    request = message(headers=Fields())
    OAuthFilter("*", CONSUMER).on_request(request)
    assert request.headers.get("AUTHORIZATION").startswith("OAuth ")


def test_a_user_defined_method_signs(message):
    class Own(oauth.SignatureMethod):
        name = "OWN"

        def sign(self, request, consumer, token):
            return "signed " + request.method

    request = message("PATCH")
    OAuthFilter("*", CONSUMER, None, Own()).on_request(request)
    assert in_header(request)["oauth_signature"] == "signed PATCH"
