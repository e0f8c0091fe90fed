"""The verifying side: what is accepted, and that every tampering is refused."""

import io
import itertools

import pytest

import restkit_oauth2 as oauth
from restkit_oauth2 import (
    Consumer,
    MemoryNonceStore,
    MissingSignature,
    OAuthFilter,
    Request,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_HMAC_SHA256,
    SignatureMethod_HMAC_SHA512,
    SignatureMethod_PLAINTEXT,
    Token,
    VerificationError,
    verify_request,
)
from restkit_oauth2.encoding import format_authorization, parse_authorization

CONSUMER = Consumer("ck", "hunter2 c")
TOKEN = Token("tk", "hunter2 t")
FORM = "application/x-www-form-urlencoded"
NOW = 1_700_000_000
URL = "https://example.com:8443/a/b?q=1&q=2"


@pytest.fixture(autouse=True)
def _signed_now(monkeypatch):
    monkeypatch.setattr("time.time", lambda: NOW + 0.5)


def verify(request, **options):
    settings = {
        "find_consumer": {"ck": CONSUMER}.get,
        "find_token": lambda consumer, token: {("ck", "tk"): TOKEN}.get((consumer, token)),
        "nonces": MemoryNonceStore(),
        "now": lambda: NOW,
        **options,
    }
    return verify_request(request.method, request.url, request.headers, request.body, **settings)


def refused(request, problem, status=401, **options):
    with pytest.raises(VerificationError) as caught:
        verify(request, **options)
    assert (caught.value.problem, caught.value.status) == (problem, status)
    assert "hunter2" not in repr(vars(caught.value)) + repr(caught.value)
    return caught.value


@pytest.fixture
def signed(message):
    def make(method="GET", url=URL, headers=None, body=None, signing=None, token=TOKEN, **options):
        request = message(method, url, dict(headers or {}), body)
        OAuthFilter("*", CONSUMER, token, signing, "r", **options).on_request(request)
        return request

    return make


def change(request, name, value):
    """Replace a parameter of the Authorization field; None takes it out."""
    pairs = dict(parse_authorization(request.headers["Authorization"]))
    pairs.pop("realm")
    pairs[name] = value
    kept = [pair for pair in pairs.items() if pair[1] is not None]
    request.headers["Authorization"] = format_authorization(kept, "r")


@pytest.mark.parametrize(
    "signing", [SignatureMethod_HMAC_SHA1(), SignatureMethod_HMAC_SHA256(), SignatureMethod_HMAC_SHA512()]
)
@pytest.mark.parametrize("token", [TOKEN, None])
@pytest.mark.parametrize(
    ("method", "headers", "body"),
    [
        ("GET", {}, None),
        ("POST", {"Content-Type": FORM}, b"a=1&a=2&q=%C3%A9"),
        ("PUT", {"Content-Type": "application/json"}, b"{}\xff"),
        ("PUT", {}, io.BytesIO(b"file")),
    ],
)
@pytest.mark.parametrize("placement", ["header", "query"])
def test_what_we_sign_we_accept(signed, signing, token, method, headers, body, placement):
    request = signed(method, headers=headers, body=body, signing=signing, token=token, placement=placement)
    found = verify(request)
    assert (found.consumer, found.token) == (CONSUMER, token)
    assert isinstance(found.parameters, Request)
    assert found.parameters["oauth_consumer_key"] == "ck"
    assert "hunter2" not in repr(found)


@pytest.mark.parametrize("as_pairs", [False, True])
def test_fields_may_be_a_mapping_or_pairs_in_any_case(signed, as_pairs):
    request = signed("POST", headers={"Content-Type": FORM}, body=b"a=b")
    fields = {name.upper(): value for name, value in request.headers.items()}
    request.headers = iter(fields.items()) if as_pairs else fields
    assert verify(request)


PARAMETERS = (
    "oauth_body_hash",
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_signature",
    "oauth_signature_method",
    "oauth_timestamp",
    "oauth_token",
    "oauth_version",
)
TAMPERED = {
    "method": lambda request: setattr(request, "method", "PUT"),
    "scheme": lambda request: setattr(request, "url", URL.replace("https", "http")),
    "host": lambda request: setattr(request, "url", URL.replace("example.com", "example.org")),
    "port": lambda request: setattr(request, "url", URL.replace("8443", "8444")),
    "no port": lambda request: setattr(request, "url", URL.replace(":8443", "")),
    "path": lambda request: setattr(request, "url", URL.replace("/a/b", "/a/c")),
    "path case": lambda request: setattr(request, "url", URL.replace("/a/b", "/A/b")),
    "path slash": lambda request: setattr(request, "url", URL.replace("/a/b", "/a/b/")),
    "query value": lambda request: setattr(request, "url", URL.replace("q=1", "q=3")),
    "query name": lambda request: setattr(request, "url", URL.replace("q=1", "r=1")),
    "query more": lambda request: setattr(request, "url", URL + "&r=1"),
    "query less": lambda request: setattr(request, "url", URL.replace("q=1&", "")),
    "query twice": lambda request: setattr(request, "url", URL + "&q=2"),
    "body": lambda request: setattr(request, "body", b"{} "),
    "no body": lambda request: setattr(request, "body", None),
    "type": lambda request: request.headers.update({"Content-Type": FORM}),
    **{
        f"{name} changed": lambda request, name=name: change(
            request, name, dict(parse_authorization(request.headers["Authorization"]))[name] + "1"
        )
        for name in PARAMETERS
    },
    **{f"{name} gone": lambda request, name=name: change(request, name, None) for name in PARAMETERS},
    "one more": lambda request: change(request, "oauth_verifier", "1"),
    "one more of no protocol": lambda request: change(request, "x", "1"),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED)
def test_tampering_is_refused(signed, tamper):
    request = signed("POST", headers={"Content-Type": "application/json"}, body=b"{}")
    assert verify(request)
    tamper(request)
    with pytest.raises((VerificationError, MissingSignature)):
        verify(request)


@pytest.mark.parametrize("body", [b"a=1&b=3", b"a=1", b"a=1&b=2&c=3", b"a=2&b=1", b"a=1&b=2&b=2", b""])
def test_tampering_with_a_form_is_refused(signed, body):
    request = signed("POST", headers={"Content-Type": FORM}, body=b"a=1&b=2")
    request.body = b"b=2&a=1"
    assert verify(request), "the order of the fields is not signed (RFC 5849 §3.4.1.3.2)"
    request.body = body
    refused(request, "signature_invalid")


def test_a_form_declared_as_something_else_is_refused(signed):
    request = signed("POST", headers={"Content-Type": FORM}, body=b"a=1")
    request.headers["Content-Type"] = "text/plain"
    refused(request, "signature_invalid")


def test_the_realm_is_not_signed_and_a_parameter_of_that_name_is(signed):
    request = signed()
    change(request, "oauth_version", "1.0")
    request.headers["Authorization"] = request.headers["Authorization"].replace('realm="r"', 'realm="x"')
    assert verify(request)
    request.url += "&realm=r"
    refused(request, "signature_invalid")


def test_a_nonce_is_good_once_for_its_consumer_token_and_timestamp(signed):
    nonces = MemoryNonceStore()
    request = signed()
    assert verify(request, nonces=nonces)
    refused(request, "nonce_used", nonces=nonces)
    assert verify(signed(), nonces=nonces)
    assert len(nonces) == 2


def test_a_request_that_is_refused_uses_up_no_nonce(signed):
    nonces = MemoryNonceStore()
    request = signed()
    good = request.headers["Authorization"]
    change(request, "oauth_signature", "x")
    refused(request, "signature_invalid", nonces=nonces)
    assert len(nonces) == 0
    request.headers["Authorization"] = good
    assert verify(request, nonces=nonces)


def test_a_nonce_is_remembered_as_long_as_its_timestamp_is_good(signed):
    class Store:
        def add(self, key, seconds):
            self.added = key, seconds
            return True

    store = Store()
    request = signed(token=Token("t&k", "hunter2 t"))
    change(request, "oauth_nonce", None)
    fields = Request.from_consumer_and_token(CONSUMER, TOKEN, "GET", URL, {"oauth_nonce": "n/1"})
    fields.sign_request(SignatureMethod_HMAC_SHA1(), CONSUMER, TOKEN)
    request.headers = fields.to_header()
    assert verify(request, nonces=store, now=lambda: NOW - 100)
    assert store.added == (f"ck&tk&{NOW}&n%2F1", 400)


@pytest.mark.parametrize(("now", "good"), [(-300, True), (300, True), (-301, False), (301, False)])
def test_the_window_is_five_minutes_either_way(signed, now, good):
    request = signed()
    if good:
        assert verify(request, now=lambda: NOW + now)
    else:
        assert "300 s away" in str(refused(request, "timestamp_refused", now=lambda: NOW + now))


def test_the_window_can_be_set(signed):
    assert verify(signed(), now=lambda: NOW + 3600, window=3600)


@pytest.mark.parametrize(
    "text", ["", "-1700000000", "+1700000000", "1_700_000_000", "1.7e9", "\u0661\u0667", " 1", "9" * 16]
)
def test_a_timestamp_is_ascii_digits(signed, text):
    request = signed()
    change(request, "oauth_timestamp", text)
    refused(request, "parameter_rejected", 400)


@pytest.mark.parametrize("nonce", ["", "n" * 257])
def test_the_length_of_a_nonce_is_bounded(signed, nonce):
    request = signed()
    change(request, "oauth_nonce", nonce)
    refused(request, "parameter_rejected", 400)


def test_an_unsigned_request_is_told_apart(message):
    for fields in ({}, {"Authorization": "Basic dTpw"}, {"Authorization": 'OAuth oauth_consumer_key="ck"'}):
        with pytest.raises(MissingSignature, match="no oauth_signature"):
            verify(message(headers=fields))


@pytest.mark.parametrize("field", ["OAuth nonsense", 'OAuth oauth_token="'])
def test_a_broken_field_is_a_bad_request(message, field):
    refused(message(headers={"Authorization": field}), "parameter_rejected", 400)


def test_a_form_that_can_not_be_read_is_a_bad_request(signed):
    request = signed("POST", headers={"Content-Type": FORM}, body=b"a=b")
    request.body = b"\xff"
    refused(request, "parameter_rejected", 400)


@pytest.mark.parametrize("where", ["header", "query", "two fields"])
def test_a_parameter_of_the_protocol_comes_once(signed, where):
    request = signed()
    if where == "header":
        request.headers["Authorization"] += ', oauth_nonce="2"'
    elif where == "query":
        request.url += "&oauth_nonce=2"
    else:
        request.headers = [*request.headers.items()] * 2
    assert "oauth_" in str(refused(request, "parameter_rejected", 400))


def test_many_names_of_the_protocol_take_linear_time(message):
    fields = ",".join(f'oauth_{number}=""' for number in range(100_000))
    with pytest.raises(MissingSignature):
        verify(message(headers={"Authorization": f"OAuth {fields}"}))


@pytest.mark.parametrize(
    "name", ["oauth_consumer_key", "oauth_signature_method", "oauth_timestamp", "oauth_nonce"]
)
def test_what_every_request_needs(signed, name):
    request = signed()
    change(request, name, None)
    assert name.removeprefix("oauth_") in str(refused(request, "parameter_absent", 400))


def test_the_version_is_1_0_or_absent(signed, message):
    request = signed()
    change(request, "oauth_version", "2.0")
    refused(request, "version_rejected", 400)
    fields = Request("GET", URL, {"oauth_timestamp": str(NOW), "oauth_nonce": "n"})
    fields.sign_request(SignatureMethod_HMAC_SHA1(), CONSUMER, TOKEN)
    assert verify(message(url=URL, headers=fields.to_header()))


def test_only_the_methods_that_are_accepted(signed):
    request = signed(signing=SignatureMethod_HMAC_SHA256())
    refused(request, "signature_method_rejected", 400, methods=[SignatureMethod_HMAC_SHA1()])
    refused(signed(signing=SignatureMethod_PLAINTEXT()), "signature_method_rejected", 400)


def test_unknown_consumers_and_tokens(signed):
    refused(signed(), "consumer_key_unknown", find_consumer={}.get)
    refused(signed(), "token_rejected", find_token=None)
    refused(signed(), "token_rejected", find_token=lambda consumer, token: None)


def test_an_empty_token_is_no_token(message):
    fields = Request.from_consumer_and_token(CONSUMER, None, "GET", URL, {"oauth_token": ""})
    fields.sign_request(SignatureMethod_HMAC_SHA1(), CONSUMER, None)
    assert verify(message(url=URL, headers=fields.to_header())).token is None


def test_a_body_that_is_not_signed_is_refused_unless_allowed(signed):
    request = signed("POST", body=b"x", body_hash=False)
    assert "not signed" in str(refused(request, "parameter_absent", 400))
    assert verify(request, require_body_hash=False)
    assert verify(signed("POST", body=b"", body_hash=False))


@pytest.mark.parametrize("digest", ["sha1", "sha256"])
def test_a_body_hash_is_sha1_or_of_the_methods_own_digest(message, digest):
    from restkit_oauth2.body import body_hash

    method = SignatureMethod_HMAC_SHA256()
    fields = Request.from_consumer_and_token(
        CONSUMER, TOKEN, "PUT", URL, {"oauth_body_hash": body_hash(b"x", digest)}
    )
    fields.sign_request(method, CONSUMER, TOKEN, body_hash=False)
    request = message("PUT", URL, fields.to_header(), b"x")
    assert verify(request)
    request.body = b"y"
    refused(request, "body_hash_invalid")


def test_plaintext_needs_tls_and_no_nonce(message, signed):
    plain = SignatureMethod_PLAINTEXT()
    request = signed(signing=plain, body=b"x", method="POST")
    assert verify(request, methods=[plain])
    change(request, "oauth_timestamp", None)
    refused(request, "parameter_absent", 400, methods=[plain])
    change(request, "oauth_nonce", None)
    assert verify(request, methods=[plain])
    change(request, "oauth_body_hash", None)
    assert verify(request, methods=[plain])
    request.url = request.url.replace("https", "http")
    refused(request, "signature_method_rejected", methods=[plain])
    assert verify(request, methods=[SignatureMethod_PLAINTEXT(insecure=True)])


def test_hmac_with_a_public_key_as_secret_is_refused(signed):
    """Whoever knows a public key could sign with it."""
    pem = Consumer("ck", "-----BEGIN PUBLIC KEY-----\nhunter2")
    assert "RSA key" in str(refused(signed(), "signature_method_rejected", find_consumer=lambda key: pem))


def test_a_server_that_gives_no_url_is_told(signed):
    request = signed()
    request.url = "/a/b"
    with pytest.raises(ValueError, match="Unsupported URL"):
        verify(request)


def test_every_single_character_of_the_signature_counts(signed):
    request = signed()
    signature = dict(parse_authorization(request.headers["Authorization"]))["oauth_signature"]
    for at, other in itertools.product(range(len(signature)), "Az"):
        if signature[at] != other:
            change(request, "oauth_signature", signature[:at] + other + signature[at + 1 :])
            refused(request, "signature_invalid")
    assert oauth.verify_request is verify_request
