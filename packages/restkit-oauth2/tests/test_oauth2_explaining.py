"""explain()."""

import pytest

from restkit_oauth2 import (
    Consumer,
    OAuthFilter,
    Request,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_PLAINTEXT,
    Token,
    explain,
)

CONSUMER = Consumer("ck", "consumer-secret")
TOKEN = Token("tk", "token-secret")


def test_a_signed_request_line_by_line(message):
    fields = Request(
        "POST",
        "http://Example.com:80/a",
        {"oauth_nonce": "n", "oauth_timestamp": "1", "z": "é", "b": ["2", "1"]},
    )
    fields.sign_request(SignatureMethod_HMAC_SHA1(), CONSUMER, TOKEN, body_hash=False)
    request = message(
        "POST",
        "http://Example.com:80/a?b=1",
        {**fields.to_header("r"), "Content-Type": "application/x-www-form-urlencoded"},
        "b=2&z=%C3%A9",
    )
    raw = SignatureMethod_HMAC_SHA1().signing_base(fields, CONSUMER, TOKEN)[1]
    assert explain(request).splitlines() == [
        "signature method  HMAC-SHA1",
        "HTTP method       POST",
        "base string URI   http://example.com/a",
        "parameters, in the order of the base string:",
        "    b = 1    (query)",
        "    b = 2    (body)",
        "    oauth_consumer_key = ck    (header)",
        "    oauth_nonce = n    (header)",
        "    oauth_signature_method = HMAC-SHA1    (header)",
        "    oauth_timestamp = 1    (header)",
        "    oauth_token = tk    (header)",
        "    z = %C3%A9    (body)",
        f"base string       {raw}",
        "key               consumer secret & token secret",
        f"signature         {fields['oauth_signature']}",
    ]


def test_a_request_of_ours_before_and_after_it_is_signed():
    request = Request("GET", "http://a/?x=1", {"y": ["2", "3"]})
    text = explain(request)
    assert "signature method  (missing)" in text
    assert "    x = 1    (query)\n    y = 2    (parameters)\n    y = 3    (parameters)" in text
    assert "signature         (missing)" in text
    assert "consumer secret & (no token secret)" in text
    request["oauth_signature_method"] = "RSA-SHA256"
    assert "key               consumer's RSA private key" in explain(request)


@pytest.mark.parametrize("method", [SignatureMethod_HMAC_SHA1(), SignatureMethod_PLAINTEXT()])
def test_no_secret_is_shown(message, method):
    request = message(url="https://example.com/")
    OAuthFilter("*", CONSUMER, TOKEN, method).on_request(request)
    text = explain(request)
    assert "consumer-secret" not in text
    assert "token-secret" not in text
    assert ("(hidden: it is the key)" in text) == (method.name == "PLAINTEXT")


def test_a_request_without_a_url_can_not_be_explained():
    with pytest.raises(ValueError, match="Unsupported URL"):
        explain(Request())
