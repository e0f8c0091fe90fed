"""No secret arrives at another origin, and none comes back; over real sockets, with every way to give a secret."""

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from restkit_client import Client
from restkit_client.cookies import Cookie, CookieJar
from restkit_client.errors import RequestError
from restkit_client.filters import BasicAuth, BearerAuth, CookieFilter, DigestAuth, LoggingFilter, NetrcAuth
from restkit_oauth2 import Consumer, OAuthFilter, Token

# What may be said to anybody: nothing of it comes from the caller.
HARMLESS = {"host", "user-agent", "accept-encoding", "accept"}

CHANGES = {
    "scheme up": ("http://a.example/", "https://a.example/"),
    "scheme down": ("https://a.example/", "http://a.example/"),
    "port": ("http://a.example/", "http://a.example:8080/"),
    "host": ("http://a.example/", "http://b.example/"),
    "subdomain": ("http://a.example/", "http://sub.a.example/"),
    "parent": ("http://sub.a.example/", "http://a.example/"),
    "trailing dot": ("http://a.example/", "http://a.example./"),
    "IDN": ("http://bucher.example/", "http://b\u00fccher.example/"),
}
SAME = {
    "case": ("http://a.example/", "http://A.EXAMPLE/"),
    "default port": ("http://a.example/", "http://a.example:80/"),
    "userinfo of the server's": ("http://a.example/", "http://eve:pw@a.example/"),
    "IDN spelt twice": ("http://xn--bcher-kva.example/", "http://b\u00fccher.example/"),
    "https": ("https://a.example/", "https://a.example/"),
}


class Given(NamedTuple):
    """How a secret is given, and the fields by which it is seen."""

    make: Callable[[Path], dict[str, Any]]
    fields: tuple[str, ...]
    userinfo: str = ""
    path: str = "go"


class OwnFilter:
    """A user's filter, which knows nothing of origins."""

    def on_request(self, request: Any) -> None:
        request.headers["X-Own"] = "s3cret"


def netrc(folder: Path) -> NetrcAuth:
    path = folder / "netrc"
    hosts = ("a.example", "b.example", "sub.a.example", "bucher.example", "xn--bcher-kva.example")
    path.write_text("".join(f"machine {host} login alice password s3cret\n" for host in hosts))
    return NetrcAuth(path)


CALLER = {
    "Authorization": "Basic s3cret",
    "Cookie": "sid=s3cret",
    "X-Api-Key": "s3cret",
    "x-auth-token": "s3cret",
    "X-Anything": "s3cret",
    "Referer": "http://a.example/?s3cret",
}
GIVEN = {
    "caller's fields": Given(lambda _: {"headers": CALLER}, tuple(CALLER)),
    "client's fields": Given(lambda _: {"client": {"headers": CALLER}}, tuple(CALLER)),
    "userinfo": Given(lambda _: {}, ("Authorization",), "alice:s3cret@"),
    "BasicAuth": Given(lambda _: {"filters": [BasicAuth("alice", "s3cret")]}, ("Authorization",)),
    "BearerAuth": Given(lambda _: {"filters": [BearerAuth("s3cret")]}, ("Authorization",)),
    "BearerAuth by a callable": Given(
        lambda _: {"filters": [BearerAuth(lambda: "s3cret")]}, ("Authorization",)
    ),
    "DigestAuth": Given(
        lambda _: {"filters": [DigestAuth("alice", "s3cret")]}, ("Authorization",), path="digest"
    ),
    "NetrcAuth": Given(lambda folder: {"filters": [netrc(folder)]}, ("Authorization",)),
    "OAuthFilter": Given(
        lambda _: {"filters": [OAuthFilter("*", Consumer("s3cret", "s3cret"), Token("s3cret", "s3cret"))]},
        ("Authorization",),
    ),
    "a user's filter": Given(lambda _: {"filters": [OwnFilter()]}, ("X-Own",)),
}
SHOWN = ("s3cret", b64encode(b"alice:s3cret").decode(), "oauth_", "alice")


def run(origins: Any, given: Given, folder: Path, url: str) -> Any:
    """Follow the chain; the response, and every request that was seen."""
    made = given.make(folder)
    client = Client(
        follow_redirect=True,
        resolver=origins.resolve,
        ca_certs=str(origins.authority),
        filters=[*made.get("filters", ()), LoggingFilter()],
        timeout=20,
        **made.get("client", {}),
    )
    url = url.replace("://", f"://{given.userinfo}", 1)
    response = client.request(url, headers=made.get("headers"))
    assert response.status_int == 200
    return response


def is_clean(request: Any) -> bool:
    return set(request.fields) <= HARMLESS and not any(
        text in request.raw.decode("latin-1") for text in SHOWN
    )


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN.keys())
@pytest.mark.parametrize("chain", ["one hop", "there and back", "and on to another page"])
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_arrives_at_another_origin_and_nothing_comes_back(
    origins, through, tmp_path, given, chain, change
):
    first, second = CHANGES[change]
    urls = {
        "one hop": (first, second),
        "there and back": (first, second, first),
        "and on to another page": (first, second, second),
    }[chain]
    response = run(origins, given, tmp_path, through(*urls).replace("/go?", f"/{given.path}?", 1))
    start = 2 if given.path == "digest" else 1
    secret, clean = origins.seen[:start], origins.seen[start:]
    assert all(name.lower() in secret[-1].fields for name in given.fields)
    assert len(clean) == len(urls) - 1
    assert [is_clean(seen) for seen in clean] == [True] * len(clean), [seen.raw for seen in clean]
    assert response.final_url.endswith("/end")
    assert len(response.history) == len(urls) - 1


@pytest.mark.parametrize("given", GIVEN.values(), ids=GIVEN.keys())
@pytest.mark.parametrize("same", SAME)
def test_the_same_origin_gets_all_again(origins, through, tmp_path, given, same):
    run(origins, given, tmp_path, through(*SAME[same]).replace("/go?", f"/{given.path}?", 1))
    first, last = origins.seen[-2:]
    for name in map(str.lower, given.fields):
        # Digest counts its uses, OAuth signs anew; all else is said as before.
        told_again = first.fields[name].split(" ")[0], last.fields[name].split(" ")[0]
        assert first.fields[name] == last.fields[name] or told_again in (
            ("Digest", "Digest"),
            ("OAuth", "OAuth"),
        )
    assert last.target == "/end"
    assert "eve" not in last.raw.decode("latin-1")


def test_oauth_signs_every_hop_of_its_origin_anew(origins, through, tmp_path):
    run(
        origins,
        GIVEN["OAuthFilter"],
        tmp_path,
        through("http://a.example/", "http://a.example/", "http://a.example/"),
    )
    signatures = [seen.fields["authorization"] for seen in origins.seen]
    assert len({field.split("oauth_nonce=")[1].split(",")[0] for field in signatures}) == 3
    assert len({field.split("oauth_signature=")[1] for field in signatures}) == 3
    assert all(field.count("oauth_signature=") == 1 for field in signatures)
    assert not any("oauth_" in seen.target for seen in origins.seen)


def test_a_challenge_s_answer_is_signed_once(origins):
    """A filter that signs in the URL, and one that answers a challenge: the second request is signed like the first."""

    class Signing:
        def on_request(self, request: Any) -> None:
            request.url += "?signature=1"

    client = Client(resolver=origins.resolve, filters=[Signing(), DigestAuth("alice", "pw")], timeout=20)
    assert client.request("http://a.example/digest").status_int == 200
    assert [seen.target for seen in origins.seen] == ["/digest?signature=1"] * 2


@pytest.mark.parametrize("change", CHANGES)
def test_another_origin_s_digest_challenge_is_not_answered(origins, change):
    first, second = CHANGES[change]
    client = Client(
        follow_redirect=True,
        resolver=origins.resolve,
        ca_certs=str(origins.authority),
        filters=[DigestAuth("alice", "s3cret")],
        timeout=20,
    )
    response = client.request(f"{first}go?to={quote(second + 'digest', safe='')}")
    assert response.status_int == 401
    assert len(origins.seen) == 2
    assert is_clean(origins.seen[-1])


@pytest.mark.parametrize("change", CHANGES)
def test_a_jar_s_cookies_go_by_host_not_by_port(origins, through, change):
    """RFC 6265 section 8.5: cookies are not isolated by port or scheme, but for Secure."""
    first, second = CHANGES[change]
    jar = CookieJar()
    jar.set(Cookie("sid", "s3cret", domain=first.split("/")[2], secure=first.startswith("https")))
    client = Client(
        follow_redirect=True,
        resolver=origins.resolve,
        ca_certs=str(origins.authority),
        filters=[CookieFilter(jar)],
        timeout=20,
    )
    client.request(through(first, second, first))
    shared = change in ("scheme up", "port")
    assert ["cookie" in seen.fields for seen in origins.seen] == [True, shared, True]


def test_https_to_http_can_be_refused(origins, through):
    client = Client(
        follow_redirect=True,
        resolver=origins.resolve,
        ca_certs=str(origins.authority),
        refuse_downgrade=True,
        timeout=20,
    )
    with pytest.raises(RequestError, match="from https to http"):
        client.request(through("https://a.example/", "http://a.example/"))
    assert len(origins.seen) == 1
