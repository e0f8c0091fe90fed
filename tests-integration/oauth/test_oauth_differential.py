"""10 000 random requests against oauthlib, both ways, and against authlib where it is right."""

import random
import re
from types import SimpleNamespace

import pytest
from authlib.oauth1.rfc5849 import signature as authlib_signature
from oauthlib.oauth1 import Client, ResourceEndpoint
from oauthlib.oauth1.rfc5849 import signature as oauthlib_signature

from oauth.provider_app import Validator
from oauth.random_requests import FORM, random_message
from restkit_oauth2 import (
    Consumer,
    MemoryNonceStore,
    OAuthFilter,
    Request,
    SignatureMethod_HMAC_SHA1,
    SignatureMethod_HMAC_SHA256,
    SignatureMethod_HMAC_SHA512,
    Token,
    verify_request,
)
from restkit_oauth2.request import gather
from restkit_oauth2.sources import collect

METHODS = [SignatureMethod_HMAC_SHA1(), SignatureMethod_HMAC_SHA256(), SignatureMethod_HMAC_SHA512()]
OAUTHLIB = {
    "HMAC-SHA1": oauthlib_signature.sign_hmac_sha1_with_client,
    "HMAC-SHA256": oauthlib_signature.sign_hmac_sha256_with_client,
    "HMAC-SHA512": oauthlib_signature.sign_hmac_sha512_with_client,
}
# 20 shards of 500: one is short enough for a test's time limit on a busy machine.
SHARDS = range(20)
SIZE = 500


def requests(shard, salt):
    rng = random.Random(f"{salt} {shard}")
    for _ in range(SIZE):
        yield random_message(rng), rng.choice(METHODS), rng


def credentials(message):
    return Consumer(*message.consumer), Token(*message.token) if message.token else None


def signed(message, method, placement):
    """What our filter makes of the request, and its base string and signature."""
    consumer, token = credentials(message)
    request = SimpleNamespace(
        method=message.method, url=message.url, headers=dict(message.headers), body=message.body
    )
    OAuthFilter("*", consumer, token, method, placement=placement).on_request(request)
    found = collect(request.url, request.headers, request.body)
    parameters = gather((name, value) for _, name, value in found)
    ours = Request(request.method, request.url.partition("?")[0], parameters)
    return request, method.signing_base(ours, consumer, token)[1], parameters["oauth_signature"]


def form_of(request):
    """The body as oauthlib takes it: text, and only of forms."""
    return request.body.decode() if request.headers.get("Content-Type", "").startswith(FORM) else ""


def has_realm(request):
    return any(name == "realm" for _, name, _ in collect(request.url, request.headers, request.body))


def oauthlib_base_string(request):
    collected = oauthlib_signature.collect_parameters(
        uri_query=request.url.partition("#")[0].partition("?")[2],
        body=form_of(request) or [],
        headers=request.headers,
    )
    return oauthlib_signature.signature_base_string(
        request.method,
        oauthlib_signature.base_string_uri(request.url),
        oauthlib_signature.normalize_parameters(collected),
    )


@pytest.mark.parametrize("shard", SHARDS)
def test_base_string_and_signature_are_oauthlibs_and_its_server_accepts_them(shard):
    for message, method, rng in requests(shard, "ours"):
        request, raw, signature = signed(message, method, rng.choice(["header", "query"]))
        assert raw == oauthlib_base_string(request), message
        client = SimpleNamespace(
            client_secret=message.consumer[1],
            resource_owner_secret=message.token[1] if message.token else None,
        )
        assert signature == OAUTHLIB[method.name](raw, client), message
        if has_realm(request):
            # Its server leaves out every parameter of that name, not only the Authorization field's (§3.4.1.3.1).
            continue
        validator = Validator(enforce_ssl=False, client=message.consumer)
        validator.granted = dict([message.token]) if message.token else {}
        endpoint = ResourceEndpoint(validator)
        if message.token:
            valid, _ = endpoint.validate_protected_resource_request(
                request.url, request.method, form_of(request), request.headers
            )
        else:
            # Its resource endpoint wants a token, so two-legged requests are checked one step deeper.
            seen = endpoint._create_request(request.url, request.method, form_of(request), request.headers)
            valid = endpoint._check_signature(seen)
        assert valid, message


@pytest.mark.parametrize("shard", SHARDS)
def test_what_oauthlib_signs_we_accept(shard):
    for message, method, rng in requests(shard, "theirs"):
        consumer, token = credentials(message)
        client = Client(
            consumer.key,
            consumer.secret,
            token.key if token else None,
            token.secret if token else None,
            signature_method=method.name,
            signature_type=rng.choice(["AUTH_HEADER", "QUERY"]),
        )
        is_form = message.headers.get("Content-Type", "") == FORM
        if "charset" in message.headers.get("Content-Type", ""):
            # It takes a form with a charset for no form, and then hashes it.
            continue
        # It hashes text only, so a body of bytes is left out of its signature.
        body = message.body.decode() if is_form else None
        url, headers, _ = client.sign(message.url, message.method, body, dict(message.headers))
        found = verify_request(
            message.method,
            url,
            headers,
            message.body,
            find_consumer={consumer.key: consumer}.get,
            find_token=lambda key, name, token=token: token,
            nonces=MemoryNonceStore(),
            require_body_hash=False,
        )
        assert (found.consumer, found.token) == (consumer, token)


def authlib_is_right(request):
    """It keeps the default port of an IPv6 host, and leaves out every parameter named realm."""
    return not (has_realm(request) or re.search(r"\]:(80|443)([/?#]|$)", request.url))


@pytest.mark.parametrize("shard", SHARDS)
def test_base_string_and_signature_are_authlibs_where_it_is_right(shard):
    compared = 0
    for message, _, rng in requests(shard, "authlib"):
        request, raw, signature = signed(message, METHODS[0], rng.choice(["header", "query"]))
        if not authlib_is_right(request):
            continue
        compared += 1
        found = collect(request.url, request.headers, request.body)
        pairs = [(name, value) for _, name, value in found]
        theirs = authlib_signature.construct_base_string(request.method, request.url, pairs)
        assert theirs == raw, message
        secret = message.token[1] if message.token else None
        assert authlib_signature.hmac_sha1_signature(theirs, message.consumer[1], secret) == signature
    assert compared > SIZE / 2
