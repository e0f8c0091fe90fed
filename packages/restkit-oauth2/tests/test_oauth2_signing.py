"""Signature methods of shared secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_oauth2 import (
    Consumer,
    Error,
    InsecureTransport,
    Request,
    SignatureMethod,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_HMAC_SHA256,
    SignatureMethod_HMAC_SHA512,
    SignatureMethod_PLAINTEXT,
    Token,
)

HMACS = [SignatureMethod_HMAC_SHA1(), SignatureMethod_HMAC_SHA256(), SignatureMethod_HMAC_SHA512()]
ALL = [*HMACS, SignatureMethod_PLAINTEXT()]
CONSUMER = Consumer("ck", "consumer secret")
TOKEN = Token("tk", "token secret")


def request(url="https://example.com/x?a=b"):
    return Request("GET", url, {"oauth_nonce": "n"})


@pytest.mark.parametrize("method", ALL, ids=lambda method: method.name)
def test_a_signature_is_right_for_its_request_and_secrets_only(method):
    signature = method.sign(request(), CONSUMER, TOKEN)
    assert method.check(request(), CONSUMER, TOKEN, signature) is True
    assert method.check(request(), CONSUMER, None, signature) is False
    assert method.check(request(), Consumer("ck", "other"), TOKEN, signature) is False
    assert method.check(request(), CONSUMER, TOKEN, signature[:-1]) is False
    assert method.check(request(), CONSUMER, TOKEN, "é☃") is False


@pytest.mark.parametrize("method", HMACS, ids=lambda method: method.name)
def test_an_hmac_is_over_the_base_string(method):
    signature = method.sign(request(), CONSUMER, TOKEN)
    assert method.check(request("https://example.com/x?a=c"), CONSUMER, TOKEN, signature) is False
    key, raw = method.signing_base(request(), CONSUMER, TOKEN)
    assert key == b"consumer%20secret&token%20secret"
    assert raw == "GET&https%3A%2F%2Fexample.com%2Fx&a%3Db%26oauth_nonce%3Dn"


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_secret_signs_and_checks(one, other):
    method = HMACS[0]
    consumer, token = Consumer("k", one), Token("t", other)
    assert method.check(request(), consumer, token, method.sign(request(), consumer, token))


def test_a_signature_is_compared_in_constant_time(monkeypatch):
    seen = []
    monkeypatch.setattr("hmac.compare_digest", lambda *pair: seen.append(pair) or True)
    assert HMACS[0].check(request(), CONSUMER, TOKEN, "wrong") is True
    assert seen == [(HMACS[0].sign(request(), CONSUMER, TOKEN).encode(), b"wrong")]


def test_plaintext_gives_the_secrets_twice():
    assert ALL[3].signing_base(request(), CONSUMER, TOKEN) == ("consumer%20secret&token%20secret",) * 2
    assert ALL[3].sign(request(), CONSUMER, None) == "consumer%20secret&"


@pytest.mark.parametrize("url", ["http://example.com/", None])
def test_plaintext_is_refused_without_tls_unless_asked_for(url):
    with pytest.raises(InsecureTransport, match="insecure=True") as caught:
        SignatureMethod_PLAINTEXT().sign(request(url), CONSUMER, TOKEN)
    assert "secret&" not in str(caught.value)
    asked = SignatureMethod_PLAINTEXT(insecure=True)
    assert asked.sign(request(url), CONSUMER, TOKEN) == "consumer%20secret&token%20secret"


@pytest.mark.parametrize("method", [*HMACS, SignatureMethod_PLAINTEXT()], ids=lambda method: method.name)
@pytest.mark.parametrize(
    "secret", ["-----BEGIN PUBLIC KEY-----\n", b"-----BEGIN PUBLIC KEY-----\n", object()]
)
def test_an_rsa_key_is_never_used_as_a_shared_secret(method, secret):
    """A public key is no secret: accepting HMAC with it would let anybody sign for its owner."""
    with pytest.raises(Error, match="is an RSA key"):
        method.check(request(), Consumer("ck", secret), TOKEN, "x")


def test_a_request_without_url_has_no_base_string():
    with pytest.raises(ValueError, match=r"^Base URL for request is not set\.$"):
        HMACS[0].signing_base(Request(), CONSUMER, TOKEN)


def test_a_method_of_ones_own():
    class Reversed(SignatureMethod):
        name = "X-REVERSED"

        def sign(self, request, consumer, token):
            return self.signing_base(request, consumer, token)[1][::-1]

    own = request()
    own.sign_request(Reversed(), CONSUMER, TOKEN)
    assert own["oauth_signature_method"] == "X-REVERSED"
    assert own["oauth_signature"].endswith("&TEG")
    assert Reversed().check(own, CONSUMER, TOKEN, own["oauth_signature"])


def test_a_method_without_sign_says_so():
    with pytest.raises(TypeError, match="SignatureMethod can not sign <Request GET"):
        SignatureMethod().sign(request(), CONSUMER, TOKEN)
