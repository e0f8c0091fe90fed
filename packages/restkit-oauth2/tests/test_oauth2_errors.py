"""The errors, and that no secret is in any repr, error or log."""

import copy
import logging
import pickle

import pytest

import restkit_oauth2 as oauth
from restkit_oauth2 import Consumer, Error, OAuthFilter, Request, Token, errors

KINDS = [getattr(errors, name) for name in errors.__all__]


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_has_a_message_and_no_args(kind):
    assert issubclass(kind, Error)
    assert kind("x").message == str(kind("x")) == "x"
    assert kind("x").args == ()
    assert kind().message


def test_the_documented_tree():
    assert Error.__bases__ == (RuntimeError,)
    assert oauth.MissingSignature.__bases__ == (Error,)
    assert str(Error()) == str(oauth.MissingSignature()) == "OAuth error occurred."


@pytest.mark.parametrize(
    "error",
    [
        Error("x"),
        oauth.MissingSignature("x"),
        oauth.UnhashableBody("x"),
        oauth.InsecureTransport("x"),
        oauth.VerificationError("x", "nonce_used", 400),
        oauth.ProviderError("x", 401, "p", "a"),
    ],
)
def test_errors_pickle_and_copy(error):
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert vars(again) == vars(error)
        assert str(again) == "x"


@pytest.mark.parametrize("method", [oauth.SignatureMethod_HMAC_SHA1(), oauth.SignatureMethod_PLAINTEXT()])
def test_no_repr_and_no_log_shows_a_secret(message, caplog, method):
    caplog.set_level(logging.DEBUG)
    consumer, token = Consumer("ck", "hunter2"), Token("tk", "hunter2")
    token.set_verifier("hunter2")
    token.extra = {"session": "hunter2"}
    request = message(url="https://example.com/?password=hunter2")
    sign = OAuthFilter("*", consumer, token, method)
    sign.on_request(request)
    signed = Request("GET", "https://example.com/?password=hunter2", {"x_auth_password": "hunter2"})
    signed.sign_request(method, consumer, token)
    shown = [consumer, token, sign, signed, method, Request(), OAuthFilter("*", consumer)]
    assert "hunter2" not in "".join(map(repr, shown)) + caplog.text
    assert (
        repr(sign)
        == f"<OAuthFilter * Consumer(key='ck', secret=***) Token(key='tk', secret=***) {method.name}>"
    )
    assert repr(signed).startswith("<Request GET https://example.com/ oauth_")
