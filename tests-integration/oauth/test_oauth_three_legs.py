"""A user's agreement, from request token to protected photo, over TLS, with a provider of oauthlib's."""

import itertools
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qsl

import httpx
import pytest
import requests

import restkit
from oauth.provider_app import CLIENT, USER, agree
from restkit_oauth2 import Consumer, Flow, HttpxAuth, OAuthFilter, ProviderError, RequestsAuth, explain

ROOT = Path(__file__).parents[2]
CONSUMER = Consumer(*CLIENT)


def senders():
    """The README's, by the client that each imports."""
    text = (ROOT / "packages/restkit-oauth2/README.md").read_text()
    blocks = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "def send(" in block]
    found = {}
    for block in blocks:
        space = {}
        exec(compile(block, "README.md", "exec"), space)
        found[re.search(r"^import (\w+)$", block, re.MULTILINE)[1]] = space["send"]
    return found


SENDERS = senders()


def fetch(url, method="GET", body=None, **options):
    """Send one request with restkit; returns status and text."""
    with restkit.request(url, method, body, **options) as answer:
        return answer.status_int, answer.body_string(charset="utf-8")


def pin_of(url):
    return agree(lambda url: fetch(url)[1], url)


def flow(provider, send, **options):
    return Flow(
        CONSUMER,
        provider + "/request_token",
        provider + "/authorize",
        provider + "/access_token",
        send=send,
        **options,
    )


def access_token(provider):
    legs = flow(provider, SENDERS["restkit"])
    token = legs.request_token()
    return legs.access_token(token, pin_of(legs.authorization_url(token)))


def test_the_readme_has_a_sender_for_each_client():
    assert SENDERS.keys() == {"restkit", "requests", "httpx"}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("client", ["restkit", "requests", "httpx"])
def test_a_pin(provider, client):
    legs = flow(provider, SENDERS[client])
    token = legs.request_token()
    found = legs.access_token(token, pin_of(legs.authorization_url(token)))
    assert found.extra["screen_name"] == USER
    auth = OAuthFilter("*", CONSUMER, found)
    status, text = fetch(provider + "/photos?size=original&x=%7e+1", filters=[auth])
    assert (status, dict(parse_qsl(text))["user"]) == (200, USER)


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("client", ["restkit", "requests", "httpx"])
def test_a_callback(provider, client):
    legs = flow(provider, SENDERS[client], callback="https://me.example/back?session=1")
    token = legs.request_token()
    with restkit.request(legs.authorization_url(token), follow_redirect=False) as sent_back:
        assert sent_back.status_int == 302
        url = sent_back.headers["Location"]
    assert url.startswith("https://me.example/back?session=1&")
    assert legs.access_token(token, legs.verifier(url, token)).key


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("client", ["restkit", "requests", "httpx"])
def test_what_the_provider_says_comes_through(provider, client):
    legs = flow(provider, SENDERS[client])
    token = legs.request_token()
    with pytest.raises(ProviderError) as caught:
        legs.access_token(token, "x" * 24)
    assert (caught.value.status, caught.value.problem) == (401, "permission_denied")
    with pytest.raises(ProviderError) as caught:
        legs.access_token(token, "short")
    assert (caught.value.status, caught.value.problem) == (400, "invalid_request")
    assert "verifier" in caught.value.advice


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize(
    ("placement", "method"),
    [
        *itertools.product(("header", "query", "4.2"), ("GET", "POST", "PUT", "DELETE")),
        *itertools.product(("body",), ("POST", "PUT")),
    ],
)
def test_every_placement_reaches_the_photos(provider, placement, method):
    auth = OAuthFilter("*", CONSUMER, access_token(provider), placement=placement)
    body = {"caption": "é & ☃", "tag": ["a", "b"]} if method in ("POST", "PUT") else None
    with restkit.request(provider + "/photos?x=1", method, body, filters=[auth]) as answer:
        assert answer.status_int == 200, explain(answer.request)
        assert dict(parse_qsl(answer.body_string(charset="utf-8")))["method"] == method


@pytest.mark.usefixtures("trusted")
def test_one_filter_signs_many_requests_each_with_its_own_nonce(provider):
    auth = OAuthFilter("/photos", CONSUMER, access_token(provider))
    assert {fetch(provider + "/photos", filters=[auth])[0] for _ in range(5)} == {200}


@pytest.mark.usefixtures("trusted")
@pytest.mark.parametrize("placement", ["header", "query"])
@pytest.mark.parametrize("data", [None, {"caption": "é & ☃"}, b"\xff\0"])
def test_the_auth_objects(provider, placement, data):
    token = access_token(provider)
    method = "GET" if data is None else "POST"
    auth = RequestsAuth(CONSUMER, token, placement=placement)
    answer = requests.request(method, provider + "/photos?x=%7e+1", auth=auth, data=data)
    assert answer.status_code == 200
    content = {"content": data} if isinstance(data, bytes) else {"data": data}
    auth = HttpxAuth(CONSUMER, token, placement=placement)
    answer = httpx.request(method, provider + "/photos?x=%7e+1", auth=auth, **content)
    assert answer.status_code == 200


@pytest.mark.usefixtures("trusted")
def test_requests_signs_into_a_form(provider):
    auth = RequestsAuth(CONSUMER, access_token(provider), placement="body")
    assert requests.post(provider + "/photos", auth=auth, data={"caption": "é"}).status_code == 200


@pytest.mark.usefixtures("trusted")
def test_a_wrong_secret_is_refused(provider):
    token = access_token(provider)
    auth = OAuthFilter("*", Consumer(CLIENT[0], "wrong"), token)
    assert fetch(provider + "/photos", filters=[auth])[0] == 401


def test_the_manuals_script(provider, certificates):
    """It runs as it stands; the test is the user who opens the link and types the PIN."""
    urls = [provider + "/old/request_token", provider + "/access_token", provider + "/authorize"]
    environment = {**os.environ, "SSL_CERT_FILE": str(certificates.authority)}
    command = [sys.executable, str(Path(__file__).parent / "manual_script.py"), *CLIENT, *urls]
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as script:
        try:
            lines = []
            while not (lines and lines[-1].startswith(urls[2])):
                line = script.stdout.readline()
                assert line, script.stderr.read()
                lines.append(line)
            pin = agree(
                lambda url: requests.get(url, verify=str(certificates.authority), timeout=30).text,
                lines[-1].strip(),
            )
            output, errors = script.communicate(f"n\ny\n{pin}\n", timeout=30)
        finally:
            script.kill()
    assert (script.returncode, errors) == (0, "")
    assert re.search(r"oauth_token_secret = \w{20,}", output)
    assert "You may now access protected resources" in output
