"""Flow against a provider that is a function."""

import pytest

from restkit_oauth2 import (
    Consumer,
    Flow,
    MemoryNonceStore,
    ProviderError,
    SignatureMethod_HMAC_SHA256,
    Token,
    verify_request,
)

CONSUMER = Consumer("ck", "consumer-secret")
BASE = "https://provider.example"


class Provider:
    """Verifies what it is sent and answers what the test says."""

    def __init__(self, status=200, headers=(), body=b""):
        self.answer = status, headers, body
        self.seen = []

    def __call__(self, method, url, headers, body):
        found = verify_request(
            method,
            url,
            headers,
            body,
            find_consumer={"ck": CONSUMER}.get,
            find_token=lambda consumer, token: Token("rt", "request-secret"),
            nonces=MemoryNonceStore(),
        )
        self.seen.append((method, url, found.parameters))
        return self.answer


def flow(provider, **options):
    return Flow(
        CONSUMER, BASE + "/initiate", BASE + "/authorize?x=1", BASE + "/token", send=provider, **options
    )


def request_token():
    token = Token("rt", "request-secret")
    token.set_callback("https://me/cb")
    return token


def test_a_request_token_with_callback_and_with_a_pin():
    provider = Provider(body=b"oauth_token=rt&oauth_token_secret=s&oauth_callback_confirmed=true&x=y\n")
    token = flow(provider, callback="https://me/cb", realm="r").request_token()
    assert (token.key, token.secret, token.callback, token.extra) == ("rt", "s", "https://me/cb", {"x": "y"})
    assert flow(provider).request_token().callback == "oob"
    (method, url, first), (_, _, second) = provider.seen
    assert (method, url) == ("POST", BASE + "/initiate")
    assert (first["oauth_callback"], second["oauth_callback"]) == ("https://me/cb", "oob")
    assert "oauth_token" not in first
    assert "oauth_body_hash" not in first


def test_a_provider_that_does_not_confirm_the_callback_is_refused():
    provider = Provider(body="oauth_token=rt&oauth_token_secret=s")
    with pytest.raises(ProviderError, match=r"does not speak OAuth 1\.0a"):
        flow(provider).request_token()


def test_the_authorization_url_keeps_its_query():
    assert flow(Provider()).authorization_url(Token("r t", "s")) == BASE + "/authorize?x=1&oauth_token=r+t"


@pytest.mark.parametrize("given", [True, False])
def test_an_access_token(given):
    provider = Provider(body="oauth_token=at&oauth_token_secret=as&screen_name=me")
    token = request_token()
    if given:
        found = flow(provider, method=SignatureMethod_HMAC_SHA256(), http_method="GET").access_token(
            token, "1234"
        )
    else:
        token.set_verifier("1234")
        found = flow(provider, method=SignatureMethod_HMAC_SHA256(), http_method="GET").access_token(token)
    assert (found.key, found.secret, found.extra) == ("at", "as", {"screen_name": "me"})
    ((method, url, seen),) = provider.seen
    assert (method, url, seen["oauth_verifier"]) == ("GET", BASE + "/token", "1234")
    assert seen["oauth_signature_method"] == "HMAC-SHA256"


def test_the_verifier_of_a_callback():
    url = "https://me/cb?y=1&oauth_token=rt&oauth_verifier=v%20w#f"
    assert flow(Provider()).verifier(url, request_token()) == "v w"


@pytest.mark.parametrize(
    ("query", "problem", "message"),
    [
        ("oauth_token=other&oauth_verifier=v", "", "The callback is for another token."),
        ("oauth_verifier=v", "", "The callback is for another token."),
        ("oauth_token=rt", "", "The callback has no oauth_verifier."),
        ("denied=rt", "permission_denied", "Refused: permission_denied."),
        ("oauth_problem=user_refused", "user_refused", "Refused: user_refused."),
    ],
)
def test_a_callback_that_brings_no_agreement(query, problem, message):
    with pytest.raises(ProviderError) as caught:
        flow(Provider()).verifier("https://me/cb?" + query, request_token())
    assert (caught.value.problem, str(caught.value), caught.value.status) == (problem, message, 0)


CHALLENGE = 'OAuth realm="r", oauth_problem="timestamp_refused", oauth_problem_advice="%3D5%20minutes"'


@pytest.mark.parametrize(
    ("answer", "problem", "advice"),
    [
        ((401, {"WWW-Authenticate": CHALLENGE}, b""), "timestamp_refused", "=5 minutes"),
        (
            (401, [("www-authenticate", "Basic"), ("www-authenticate", CHALLENGE)], ""),
            "timestamp_refused",
            "=5 minutes",
        ),
        ((401, {"WWW-Authenticate": "OAuth nonsense"}, b""), "", ""),
        ((400, {}, b"oauth_problem=nonce_used&oauth_problem_advice=try+again"), "nonce_used", "try again"),
        ((400, {}, b"error=invalid_request&error_description=no+callback"), "invalid_request", "no callback"),
        ((200, {}, b"oauth_problem=version_rejected"), "version_rejected", ""),
        ((500, {}, b"\xff<html>"), "", ""),
        ((302, {"Location": "/login"}, b""), "", ""),
    ],
)
def test_what_the_provider_says_is_surfaced(answer, problem, advice):
    with pytest.raises(ProviderError) as caught:
        flow(Provider(*answer)).access_token(request_token(), "v")
    error = caught.value
    assert (error.status, error.problem, error.advice) == (answer[0], problem, advice)
    for part in (f"refused with {answer[0]}", problem, advice):
        assert part in str(error)


def test_a_providers_words_show_no_secret_and_no_control_characters():
    body = (
        "oauth_problem=signature_invalid&oauth_problem_advice=key%0d%0awas%20consumer-secret%26request-secret%20"
        + "x" * 999
    )
    with pytest.raises(ProviderError) as caught:
        flow(Provider(401, (), body)).access_token(request_token(), "v")
    assert caught.value.advice.startswith("key  was ***&*** xxx")
    assert len(caught.value.advice) == 200


def test_a_secret_is_hidden_in_its_encoded_form_too():
    token = Token("rt", "a/b+c")
    answer = 401, (), "oauth_problem=x&oauth_problem_advice=a%252Fb%252Bc"
    with pytest.raises(ProviderError) as caught:
        flow(lambda *request: answer).access_token(token, "v")
    assert caught.value.advice == "***"


def test_an_empty_secret_hides_nothing():
    with pytest.raises(ProviderError) as caught:
        flow(lambda *request: (401, (), "oauth_problem=abc")).access_token(Token("rt", ""), "v")
    assert caught.value.problem == "abc"


@pytest.mark.parametrize("body", ["", "<html>", "oauth_token=t"])
def test_an_answer_without_a_token(body):
    with pytest.raises(ProviderError, match=r"https://provider\.example/token holds no token") as caught:
        flow(Provider(body=body)).access_token(request_token(), "v")
    assert caught.value.status == 200
