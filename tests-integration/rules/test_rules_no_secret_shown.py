"""No secret in any repr, log record at debug level, exception, note or chained cause: one walk over all of them."""

import logging
import pickle
import traceback
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from restkit_client import Client
from restkit_client.cookies import Cookie, CookieJar
from restkit_client.errors import RestkitError
from restkit_client.filters import BasicAuth, BearerAuth, CookieFilter, DigestAuth, LoggingFilter, NetrcAuth
from restkit_client.proxy_rules import parse_proxy, proxy_for
from restkit_client.urls import join_url, split_url
from restkit_oauth2 import Consumer, OAuthFilter, Token
from restkit_parser import Headers

SECRET = "s3cret"
MASKS = (SECRET, b64encode(b"alice:s3cret").decode(), "s3cr%65t")
HEADERS = {
    "Authorization": "Basic s3cret",
    "Proxy-Authorization": "Basic s3cret",
    "Cookie": "sid=s3cret",
    "X-Api-Key": "s3cret",
    "X-Auth-Token": "s3cret",
}


def make_filters(folder: Path) -> list[Any]:
    netrc = folder / "netrc"
    netrc.write_text("machine a.example login alice password s3cret\n")
    jar = CookieJar()
    jar.set(Cookie("sid", SECRET, domain="a.example"))
    return [
        BasicAuth("alice", SECRET),
        BearerAuth(SECRET),
        NetrcAuth(netrc),
        OAuthFilter("*", Consumer("key", SECRET), Token("token", SECRET)),
        DigestAuth("alice", SECRET),
        CookieFilter(jar),
        LoggingFilter(),
    ]


CALLS: dict[str, Callable[[Client, str], Any]] = {
    "answered": lambda c, url: c.request(f"{url}end", headers=HEADERS),
    "userinfo": lambda c, url: c.request(f"{url}end".replace("://", "://alice:s3cret@")),
    "query": lambda c, url: c.request(f"{url}end?access_token=s3cret&signature=s3cret"),
    "redirect with userinfo": lambda c, url: c.request(f"{url}userinfo"),
    "redirect with a token": lambda c, url: c.request(f"{url}token"),
    "redirect to nowhere": lambda c, url: c.request(f"{url}nowhere"),
    "digest": lambda c, url: c.request(f"{url}digest"),
    "loop": lambda c, url: c.request(f"{url}loop"),
    "refused": lambda c, _: c.request("http://alice:s3cret@127.0.0.1:9/", resolver=None, headers=HEADERS),
    "unknown host": lambda c, _: c.request("http://alice:s3cret@no.invalid/", resolver=None),
    "bad port": lambda c, _: c.request("http://alice:s3cret@a.example:port/"),
    "bad host": lambda c, _: c.request("http://alice:s3cret@a..example/"),
    "raw slash": lambda c, _: c.request("http://alice:s3cret/x@a.example/"),
    "backslash": lambda c, _: c.request("http://alice:s3cret\\@a.example/"),
    "not UTF-8": lambda c, _: c.request("http://alice:s3cret%ff@a.example/"),
    "other scheme": lambda c, _: c.request("ftp://alice:s3cret@a.example/"),
    "line end in the password": lambda c, _: c.request("http://alice:s3cret%0a@a.example/"),
    "line end in a field": lambda c, url: c.request(url, headers={"Authorization": "Basic s3cret\r\n"}),
    "line end in a token": lambda c, url: c.request(url, filters=[BearerAuth(lambda: "s3cret\n")]),
    "surrogate in a password": lambda c, url: c.request(url, filters=[BasicAuth("alice", "s3cret\ud800")]),
    "proxy": lambda c, url: c.request(url, proxy="http://alice:s3cret@127.0.0.1:9"),
    "proxy, raw slash": lambda c, url: c.request(url, proxy="http://alice:s3cret/@127.0.0.1:9"),
    "wrong certificate": lambda c, _: c.request("https://alice:s3cret@wrong.example/end"),
}
LOCATIONS = {
    "/userinfo": "http://alice:s3cret@b.example/end",
    "/token": "http://b.example/end?access_token=s3cret#token=s3cret",
    "/nowhere": "ftp://alice:s3cret@b.example/",
    "/loop": "http://alice:s3cret@a.example/loop?token=s3cret",
}
PARTS: dict[str, Callable[[], Any]] = {
    "Url": lambda: split_url("http://alice:s3cret@a.example/?token=s3cret"),
    "join": lambda: split_url(join_url("http://alice:s3cret@a.example/", "b")),
    "ProxyUrl": lambda: parse_proxy("http://alice:s3cret@a.example"),
    "environment": lambda: proxy_for(
        split_url("http://a/"), {"http_proxy": "p", "proxy_username": "a", "proxy_password": SECRET}
    ),
    "bad environment": lambda: proxy_for(split_url("http://a/"), {"http_proxy": "http://a:s3cret/@p:1"}),
    "Headers": lambda: Headers(HEADERS),
    "Cookie": lambda: Cookie("sid", SECRET, domain="a.example"),
    "bad Cookie": lambda: Cookie("sid", "s3cret\n", domain="a.example"),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("with_filters", [False, True])
def test_no_call_shows_a_secret(origins, tmp_path, caplog, call, with_filters):
    caplog.set_level(logging.DEBUG)
    origins.locations.update(LOCATIONS)
    filters = make_filters(tmp_path) if with_filters else []
    client = Client(
        follow_redirect=True,
        resolver=origins.resolve,
        ca_certs=str(origins.authority),
        filters=filters,
        timeout=10,
        max_tries=2,
        wait_tries=0.01,
    )
    try:
        outcome: Any = CALLS[call](client, "http://a.example/")
    except (RestkitError, ValueError) as error:
        outcome = error
    shown = [*texts_of(outcome), repr(client), str(vars(client)), *map(repr, filters)]
    shown += [
        text
        for record in caplog.records
        for text in (record.getMessage(), repr(record.args), record.exc_text or "")
    ]
    assert not [text for text in shown if any(mask in text for mask in MASKS)]


@pytest.mark.parametrize("part", PARTS)
def test_no_part_shows_a_secret(part):
    try:
        outcome = PARTS[part]()
    except (RestkitError, ValueError) as error:
        outcome = error
    assert not [text for text in texts_of(outcome) if SECRET in text]


def texts_of(outcome: Any) -> Iterator[str]:
    """Every text that a program would print of an outcome."""
    if isinstance(outcome, BaseException):
        seen: set[int] = set()
        waiting = [outcome]
        while waiting:
            error = waiting.pop()
            if id(error) in seen:
                continue
            seen.add(id(error))
            yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
            yield from getattr(error, "__notes__", ())
            waiting += [each for each in (error.__cause__, error.__context__) if each is not None]
        # The lines of this file hold the secret: of the traceback only what the exceptions say.
        yield "".join(traceback.TracebackException.from_exception(outcome).format_exception_only())
        if isinstance(outcome, RestkitError):
            yield repr(pickle.loads(pickle.dumps(outcome)))
        return
    yield from (repr(outcome), f"{outcome!a}")
    for name in ("request", "headers", "history", "connection"):
        value = getattr(outcome, name, None)
        yield from (str(value), repr(value), repr(getattr(value, "headers", None)))
