"""Targets in restkit_client: what servers say in fields and streams, and what callers and servers say in URLs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from restkit_client.cookies import CookieJar
from restkit_client.errors import InvalidUrl
from restkit_client.filters.digest import DigestAuth
from restkit_client.links import parse_link
from restkit_client.sse import iter_events
from restkit_client.urls import join_url, redact, split_url
from restkit_parser import Headers
from tools.fuzz.expectation import expect

BASE = "http://user.example/a/b?c=d"


def url(data: bytes) -> None:
    """A URL, alone and as a reference; what is accepted is written so that it stays itself."""
    text = data.decode("utf-8", "surrogateescape")
    redact(text)
    try:
        parsed = split_url(text)
    except InvalidUrl:
        pass
    else:
        written = parsed.geturl()
        expect(split_url(written).geturl() == written, written)
        expect(split_url(written).origin == parsed.origin)
        target = parsed.target
        expect(target.isascii() and target.isprintable() and " " not in target, target)
    joined = join_url(BASE, text)
    split_url(joined)


def cookies(data: bytes) -> None:
    """Set-Cookie fields, a line each, and the Cookie field that comes of them."""
    jar = CookieJar()
    fields = data.decode("latin-1").split("\n")
    jar.receive("https://www.example.com/a/b", fields, now=1_700_000_000)
    for address in ("https://www.example.com/a/b/c", "http://example.com/", "https://evil.test/"):
        sent = jar.header_for(address, now=1_700_000_001)
        if sent is not None:
            expect(not set(sent) & set("\r\n\0"), sent)
            expect("evil" not in address)
    repr(jar)


def digest(data: bytes) -> None:
    """WWW-Authenticate fields, a line each, answered."""
    filter_ = DigestAuth("Mufasa", "Circle of Life")
    request = _Request("http://user.example/dir/index.html", "GET")
    fields = Headers()
    for line in data.decode("latin-1").split("\n"):
        fields.add("WWW-Authenticate", line.replace("\r", " ").replace("\0", " "))
    response: Any = SimpleNamespace(status_int=401, headers=fields)
    answer: Any = filter_.on_response(response, request)  # type: ignore[arg-type]
    if answer is not None:
        filter_.on_request(answer)
        # Setting it has checked it: no line break can be in it.
        answer.headers.get("Authorization")
        info: Any = SimpleNamespace(
            status_int=200, headers=Headers([("Authentication-Info", fields.get_all("WWW-Authenticate")[0])])
        )
        filter_.on_response(info, answer)
        filter_.on_request(answer)


class _Request:
    """What filters see of a request."""

    body = b""
    content = b""

    def __init__(self, url: str, method: str) -> None:
        self.url = url
        self.method = method
        self.headers = Headers()
        self.context: dict[str, Any] = {}

    def copy(self) -> _Request:
        made = _Request(self.url, self.method)
        made.context = self.context
        return made


def link(data: bytes) -> None:
    """A Link field, as it is and against a base."""
    text = data.decode("latin-1")
    for base in (None, BASE):
        for each in parse_link(text, base):
            repr(each)
            expect(all(each.rels) or not each.rels)


def sse(data: bytes) -> None:
    """An event stream, whole and cut in two: the same events."""
    at = sum(data) % (len(data) + 1)
    whole = [repr(event) for event in iter_events([data])]
    cut = [repr(event) for event in iter_events([data[:at], data[at:]])]
    expect(whole == cut, f"cut at {at}")
