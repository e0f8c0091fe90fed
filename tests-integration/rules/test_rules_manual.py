"""The manual's snippets on authentication run as they are printed, but for a resolver that leads their hosts to loopback."""

import json
from typing import Any

import pytest

import restkit.oauth2 as oauth
from restkit import BasicAuth, OAuthFilter, Resource, request

BASIC = "Basic dXNlcm5hbWU6cGFzc3dvcmQ="


class TwitterSearch(Resource):
    """Chapter 2.2.1."""

    def __init__(self, **kwargs: Any) -> None:
        search_url = "http://search.twitter.com"
        super().__init__(search_url, follow_redirect=True, max_follow_redirect=10, **kwargs)

    def search(self, query: str) -> Any:
        return self.get("search.json", q=query)

    def request(self, *args: Any, **kwargs: Any) -> Any:
        resp = super().request(*args, **kwargs)
        return json.loads(resp.body_string())


def test_basic_authentication_of_a_resource(origins):
    auth = BasicAuth("username", "password")
    r = Resource("http://friendpaste.com", filters=[auth], resolver=origins.resolve)
    assert r.get("/end").status_int == 200
    assert origins.seen[0].fields["authorization"] == BASIC
    assert origins.seen[0].host == "friendpaste.com"


def test_an_authentication_url(origins):
    r = Resource("http://username:password@friendpaste.com", resolver=origins.resolve)
    assert r.get("/end").status_int == 200
    response = request("http://username:password@friendpaste.com/end", resolver=origins.resolve)
    assert response.status_int == 200
    assert [seen.fields["authorization"] for seen in origins.seen] == [BASIC, BASIC]
    assert "username" not in r.uri


def test_a_class_can_say_that_urls_carry_no_credentials(origins):
    class Plain(Resource):
        basic_auth_url = False

    assert (
        Plain("http://username:password@friendpaste.com", resolver=origins.resolve).get("/end").status_int
        == 200
    )
    assert "authorization" not in origins.seen[0].fields


def test_the_simple_oauth_client(origins):
    origins.body = "oauth_token=t&oauth_token_secret=s"
    consumer = oauth.Consumer(key="your-twitter-consumer-key", secret="your-twitter-consumer-secret")
    request_token_url = "http://twitter.com/oauth/request_token"
    auth = oauth.OAuthFilter("*", consumer)
    resp = request(request_token_url, filters=[auth], resolver=origins.resolve)
    assert resp.body_string() == b"oauth_token=t&oauth_token_secret=s"
    assert 'oauth_consumer_key="your-twitter-consumer-key"' in origins.seen[0].fields["authorization"]


def test_twitter_search_with_oauth(origins):
    origins.body = '{"results": []}'
    consumer = oauth.Consumer(key="k", secret="s")
    client = oauth.OAuthFilter("*", consumer)
    s = TwitterSearch(filters=[client], resolver=origins.resolve)
    assert s.search("gunicorn") == {"results": []}
    assert origins.seen[0].target == "/search.json?q=gunicorn"
    assert origins.seen[0].fields["authorization"].startswith("OAuth ")


@pytest.mark.parametrize(
    ("rule", "signed"),
    [
        (
            "*",
            {
                "/",
                "/search.json",
                "/some/resource",
                "/some/resource/other",
                "/some/resource/a/b",
                "/some/resource2",
            },
        ),
        ("/some/resource/*", {"/some/resource/other", "/some/resource/a/b"}),
        ("/some/resource", {"/some/resource"}),
        ("/search.json", {"/search.json"}),
    ],
)
def test_a_path_rule_signs_exactly_the_matching_paths(origins, rule, signed):
    """Chapter 2.4.2; restkit 4's rules were unescaped regular expressions."""
    origins.body = "{}"
    s = TwitterSearch(filters=[OAuthFilter(rule, oauth.Consumer("k", "s"))], resolver=origins.resolve)
    paths = ["/", "/search.json", "/searchxjson", "/some/resource", "/some/resource/other"]
    paths += ["/some/resource/a/b", "/some/resource2", "/x/some/resource/other"]
    for path in paths:
        s.get(path)
    expected = set(paths) if rule == "*" else signed
    assert {seen.target for seen in origins.seen if "authorization" in seen.fields} == expected
