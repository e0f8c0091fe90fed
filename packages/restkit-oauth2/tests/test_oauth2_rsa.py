"""The RSA methods' own code; the signatures themselves are tested against `cryptography` in tests-integration.

`cryptography` is an extra, so here a stand-in takes its place: its signature is the text it was given.
"""

import sys
import types
from base64 import b64encode

import pytest

from restkit_oauth2 import (
    Consumer,
    Error,
    Request,
    SignatureMethod_RSA_SHA1,
    SignatureMethod_RSA_SHA256,
    SignatureMethod_RSA_SHA512,
)

METHODS = [SignatureMethod_RSA_SHA1(), SignatureMethod_RSA_SHA256(), SignatureMethod_RSA_SHA512()]
PRIVATE = "-----BEGIN PRIVATE KEY-----"
PUBLIC = "-----BEGIN PUBLIC KEY-----"


class InvalidSignature(Exception):
    pass


class PublicKey:
    def verify(self, signature, data, padding, algorithm):
        if signature != f"{padding} {algorithm} ".encode() + data:
            raise InvalidSignature


class PrivateKey:
    def sign(self, data, padding, algorithm):
        return f"{padding} {algorithm} ".encode() + data

    def public_key(self):
        return PublicKey()


def load(text, key):
    def loader(pem, *password):
        assert password in ((), (None,))
        if pem != text.encode():
            raise ValueError(f"no key in {pem!r}")
        return key

    return loader


def module(name, **names):
    made = types.ModuleType(name)
    vars(made).update(names)
    return made


@pytest.fixture
def _stand_in(monkeypatch):
    start = "cryptography.hazmat.primitives"
    modules = [
        module("cryptography"),
        module("cryptography.exceptions", InvalidSignature=InvalidSignature),
        module("cryptography.hazmat"),
        module(
            start,
            hashes=module(
                "hashes", **{name: lambda name=name: name for name in ("SHA1", "SHA256", "SHA512")}
            ),
            serialization=module(
                "serialization",
                load_pem_private_key=load(PRIVATE, PrivateKey()),
                load_pem_public_key=load(PUBLIC, PublicKey()),
            ),
        ),
        module(
            f"{start}.asymmetric",
            padding=module("padding", PKCS1v15=lambda: "PKCS1v15"),
            rsa=module("rsa", RSAPrivateKey=PrivateKey, RSAPublicKey=PublicKey),
        ),
    ]
    for made in modules:
        monkeypatch.setitem(sys.modules, made.__name__, made)


def request():
    return Request("GET", "http://a/")


@pytest.mark.usefixtures("_stand_in")
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
@pytest.mark.parametrize("private", [PRIVATE, PRIVATE.encode(), PrivateKey()], ids=type)
@pytest.mark.parametrize("public", [PUBLIC, PUBLIC.encode(), PublicKey(), PRIVATE, PrivateKey()], ids=type)
def test_the_private_key_signs_and_the_public_one_verifies(method, private, public):
    raw = "GET&http%3A%2F%2Fa%2F&"
    signature = method.sign(request(), Consumer("k", private), None)
    hash_name = method.name.removeprefix("RSA-")
    assert signature == b64encode(f"PKCS1v15 {hash_name} {raw}".encode()).decode()
    assert method.check(request(), Consumer("k", public), None, signature) is True
    assert method.check(Request("PUT", "http://a/"), Consumer("k", public), None, signature) is False


@pytest.mark.usefixtures("_stand_in")
@pytest.mark.parametrize("signature", ["", "é", "*", "YQ==YQ=="])
def test_a_signature_that_is_no_base64_is_wrong(signature):
    assert METHODS[0].check(request(), Consumer("k", PUBLIC), None, signature) is False


@pytest.mark.usefixtures("_stand_in")
@pytest.mark.parametrize("secret", ["hunter2", PUBLIC, object()])
def test_signing_needs_a_private_key_and_does_not_show_the_other(secret):
    with pytest.raises(Error, match="needs an RSA private key") as caught:
        METHODS[0].sign(request(), Consumer("k", secret), None)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.usefixtures("_stand_in")
@pytest.mark.parametrize("secret", ["hunter2", object()])
def test_verifying_needs_an_rsa_key(secret):
    with pytest.raises(Error, match=r"an RSA (private|public) key") as caught:
        METHODS[0].check(request(), Consumer("k", secret), None, "")
    assert "hunter2" not in str(caught.value)


def test_the_base_string_can_be_looked_at_without_a_key():
    assert METHODS[0].signing_base(request(), Consumer("k", ""), None) == (None, "GET&http%3A%2F%2Fa%2F&")


@pytest.mark.parametrize("use", ["sign", "check"])
def test_without_cryptography_the_extra_is_named(monkeypatch, use):
    monkeypatch.setitem(sys.modules, "cryptography.exceptions", None)
    arguments = [request(), Consumer("k", PRIVATE), None] + ([""] if use == "check" else [])
    with pytest.raises(Error, match=r"pip install restkit-oauth2\[rsa\]"):
        getattr(METHODS[0], use)(*arguments)
