"""The RSA methods on the real `cryptography`, against oauthlib's."""

from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from oauthlib.oauth1 import Client, ResourceEndpoint

from oauth.provider_app import CLIENT, Validator
from restkit_oauth2 import (
    Consumer,
    Error,
    MemoryNonceStore,
    OAuthFilter,
    Request,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_RSA_SHA1,
    SignatureMethod_RSA_SHA256,
    SignatureMethod_RSA_SHA512,
    Token,
    VerificationError,
    explain,
    verify_request,
)

METHODS = [SignatureMethod_RSA_SHA1(), SignatureMethod_RSA_SHA256(), SignatureMethod_RSA_SHA512()]
TOKEN = Token("t" * 24, "ts")
URL = "https://example.com/a?b=c%20d"


def private_pem(key, encryption=None):
    return key.private_bytes(
        Encoding.PEM, PrivateFormat.TraditionalOpenSSL, encryption or NoEncryption()
    ).decode()


def public_pem(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def verify(request, secret, methods=METHODS):
    return verify_request(
        request.method,
        request.url,
        request.headers,
        request.body,
        find_consumer=lambda name: Consumer(name, secret),
        find_token=lambda consumer, token: TOKEN,
        nonces=MemoryNonceStore(),
        methods=methods,
    )


def signed(method, secret):
    request = SimpleNamespace(method="GET", url=URL, headers={}, body=None)
    OAuthFilter("*", Consumer(CLIENT[0], secret), TOKEN, method).on_request(request)
    return request


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_oauthlibs_server_accepts_what_we_sign(method, key):
    request = signed(method, private_pem(key))
    validator = Validator(rsa_key=public_pem(key))
    validator.granted = {TOKEN.key: TOKEN.secret}
    valid, _ = ResourceEndpoint(validator).validate_protected_resource_request(
        request.url, request.method, "", request.headers
    )
    assert valid
    assert verify(request, public_pem(key)).consumer.key == CLIENT[0]
    assert verify(request, key.public_key())
    assert "consumer's RSA private key" in explain(request)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_we_accept_what_oauthlib_signs(method, key):
    client = Client(
        CLIENT[0],
        resource_owner_key=TOKEN.key,
        resource_owner_secret=TOKEN.secret,
        rsa_key=private_pem(key),
        signature_method=method.name,
    )
    url, headers, _ = client.sign(URL)
    request = SimpleNamespace(method="GET", url=url, headers=headers, body=None)
    assert verify(request, public_pem(key))
    request.url += "1"
    with pytest.raises(VerificationError) as caught:
        verify(request, public_pem(key))
    assert caught.value.problem == "signature_invalid"


def test_another_key_is_refused(key):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    with pytest.raises(VerificationError):
        verify(signed(METHODS[1], other), key.public_key())


def test_hmac_with_the_public_key_is_refused(key):
    """Whoever knows the public key could sign for its owner, were it taken for a shared secret."""
    request = signed(SignatureMethod_HMAC_SHA1(), "x")
    pem = public_pem(key)
    forged = Request(
        "GET", URL, {"oauth_consumer_key": CLIENT[0], "oauth_timestamp": "1", "oauth_nonce": "1"}
    )
    with pytest.raises(Error, match="RSA key"):
        forged.sign_request(SignatureMethod_HMAC_SHA1(), Consumer(CLIENT[0], pem), None)
    with pytest.raises(VerificationError, match="RSA key"):
        verify(request, pem, [*METHODS, SignatureMethod_HMAC_SHA1()])


@pytest.mark.parametrize("kind", ["ec", "encrypted", "public", "broken"])
def test_a_key_that_can_not_sign_is_refused_without_showing_it(key, kind):
    secret = {
        "ec": lambda: private_pem(ec.generate_private_key(ec.SECP256R1())),
        "encrypted": lambda: private_pem(key, BestAvailableEncryption(b"hunter2")),
        "public": lambda: public_pem(key),
        "broken": lambda: private_pem(key).replace("M", "N"),
    }[kind]()
    with pytest.raises(Error, match="needs an RSA private key") as caught:
        signed(METHODS[0], secret)
    assert secret.splitlines()[1] not in repr(caught.value) + str(caught.value)
