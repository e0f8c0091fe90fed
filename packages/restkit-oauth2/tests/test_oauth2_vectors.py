"""Every case of oauth1.json: RFC 5849 and its errata, OAuth Core 1.0, Twitter, oauthlib and ours."""

from restkit_oauth2 import (
    Consumer,
    Request,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_HMAC_SHA256,
    SignatureMethod_HMAC_SHA512,
    SignatureMethod_PLAINTEXT,
    Token,
    escape,
)
from restkit_oauth2.base_string import base_uri
from restkit_oauth2.encoding import parse_authorization, unescape
from restkit_oauth2.request import gather

METHODS = {
    method.name: method
    for method in (
        SignatureMethod_HMAC_SHA1(),
        SignatureMethod_HMAC_SHA256(),
        SignatureMethod_HMAC_SHA512(),
        SignatureMethod_PLAINTEXT(),
    )
}


def of_kind(cases, kind):
    found = [case for case in cases if case["kind"] == kind]
    assert found
    return found


def test_signing_cases_are_byte_exact(oauth1_vectors):
    for case in of_kind(oauth1_vectors, "sign"):
        fields = [pair for pair in case["oauth_params"] if pair[0] != "realm"]
        request = Request(case["method"], case["url"], gather(fields + case["body_params"]))
        consumer, token = Consumer("k", case["consumer_secret"]), Token("t", case["token_secret"])
        method = METHODS[case["signature_method"]]
        expected = case["expected"]
        assert request.normalized_url == expected["base_string_uri"], case["id"]
        assert request.get_normalized_parameters() == expected["normalized_parameters"], case["id"]
        assert method.sign(request, consumer, token) == expected["signature"], case["id"]
        if method.name != "PLAINTEXT":
            key, raw = method.signing_base(request, consumer, token)
            assert (key.decode(), raw) == (expected["key"], expected["base_string"]), case["id"]


def test_percent_encoding_cases(oauth1_vectors):
    for case in of_kind(oauth1_vectors, "percent-encode"):
        assert escape(case["input"]) == case["expected"], case["id"]
        assert unescape(case["expected"]) == case["input"], case["id"]


def test_authorization_cases(oauth1_vectors):
    for case in of_kind(oauth1_vectors, "parse-authorization"):
        assert [list(pair) for pair in parse_authorization(case["input"])] == case["expected"], case["id"]


def test_urls_without_scheme_host_or_valid_port_are_refused(oauth1_vectors):
    for case in of_kind(oauth1_vectors, "base-uri-error"):
        try:
            found = base_uri(case["input"])
        except ValueError:
            continue
        raise AssertionError((case["id"], found))
