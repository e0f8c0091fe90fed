"""The same requests through gunicorn + HostProxy and through nginx's proxy_pass: docs/wsgi-proxy.md explains each difference."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from wsgi_proxy.fronts import ROOT, gunicorn, run_nginx
from wsgi_proxy.recorder import Message, Recorder, exchange, recording

ANSWERS = {
    "/cookies": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 1\r\n\r\nx",
    "/chunked": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "/until-close": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\nabc",
    "/moved": b"HTTP/1.1 301 Moved Permanently\r\nContent-Type: a/b\r\nLocation: {url}/there\r\nContent-Length: 0\r\n\r\n",
    "/moved-path": b"HTTP/1.1 302 Found\r\nContent-Type: a/b\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n",
    "/not-modified": b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n',
    "/no-content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "/partial": b"HTTP/1.1 206 Partial Content\r\nContent-Type: a/b\r\nContent-Range: bytes 0-1/9\r\nContent-Length: 2\r\n\r\nab",
    "/gzip": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
    "/hop": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nConnection: X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nContent-Length: 0\r\n\r\n",
    "/error": b"HTTP/1.1 500 Own Reason\r\nContent-Type: a/b\r\nContent-Length: 1\r\n\r\nx",
    "/date": b"HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nServer: own\r\nContent-Length: 0\r\n\r\n",
    "/broken": b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
}

GET = "GET / HTTP/1.1\r\nHost: front.example\r\n"
REQUESTS = {
    "plain": GET,
    "no user agent": GET,
    "agent": GET + "User-Agent: me\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n",
    "head": GET.replace("GET", "HEAD"),
    "post": GET.replace("GET", "POST") + "Content-Type: a/b\r\nContent-Length: 3\r\n\r\nabc",
    "post without body": GET.replace("GET", "POST") + "Content-Length: 0\r\n",
    "put chunked": GET.replace("GET", "PUT") + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "delete": GET.replace("GET", "DELETE"),
    "options": GET.replace("GET", "OPTIONS"),
    "propfind": GET.replace("GET", "PROPFIND") + "Depth: 1\r\n",
    "trace": GET.replace("GET", "TRACE"),
    "unknown method": GET.replace("GET", "BREW"),
    "query": GET.replace("/ ", "/p?a=1&b=%20+%2F&c "),
    "encoded slash": GET.replace("/ ", "/a%2Fb%20c "),
    "utf-8": GET.replace("/ ", "/%C3%A9 "),
    "double slash": GET.replace("/ ", "//evil.example/x "),
    "dots": GET.replace("/ ", "/a/../b/./c "),
    "dots above": GET.replace("/ ", "/../x "),
    "absolute": GET.replace("/ ", "http://front.example/x "),
    "http/1.0": "GET / HTTP/1.0\r\nHost: front.example\r\n",
    "hop-by-hop": GET
    + "Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nTE: trailers\r\nProxy-Authorization: Basic eA==\r\n",
    "proxy field": GET + "Proxy: http://evil.example\r\n",
    "forwarded": GET + "X-Forwarded-For: 198.51.100.1\r\nForwarded: for=198.51.100.1\r\n",
    "conditional": GET.replace("/ ", "/not-modified ") + 'If-None-Match: "x"\r\n',
    "range": GET.replace("/ ", "/partial ") + "Range: bytes=0-1\r\n",
    "expect": GET.replace("GET", "POST") + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "two lengths": GET.replace("GET", "POST")
    + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    **{
        path[1:]: GET.replace("/ ", f"{path} ")
        for path in ANSWERS
        if path not in ("/not-modified", "/partial")
    },
}


class Way(NamedTuple):
    """What came of a request on one way."""

    sent: Message | None
    answer: Message | None


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Recorder, str, str]]:
    """The upstream server, and the URLs of the two fronts before it."""
    folder = tmp_path_factory.mktemp("beside")
    with recording() as recorder:
        recorder.answers = {
            path: answer.replace(b"{url}", recorder.url.encode()) for path, answer in ANSWERS.items()
        }
        with (
            run_nginx(folder / "nginx", recorder.url) as nginx,
            gunicorn(folder / "front", "front_app:proxy", UPSTREAM=recorder.url) as (ours, _),
        ):
            yield recorder, ours, nginx.proxy_url


def go(recorder: Recorder, url: str, request: str) -> Way:
    head, _, body = request.partition("\r\n\r\n")
    head = head.rstrip("\r\n")
    close = "" if "\r\nConnection:" in head else "\r\nConnection: close"
    before = len(recorder.got)
    answer = exchange(url, f"{head}{close}\r\n\r\n{body}".encode("latin-1"))
    return Way(recorder.got[before] if len(recorder.got) > before else None, answer)


def differences(ours: Way, theirs: Way) -> Iterator[str]:
    """In words that the table in the docs has: "request +via" is a field that only ours sends."""
    for kind, mine, other in (("request", ours.sent, theirs.sent), ("response", ours.answer, theirs.answer)):
        if mine is None or other is None:
            if mine is not other:
                yield f"{kind} only through {'nginx' if mine is None else 'restkit'}"
            continue
        a, b = (message.line.split(" ", 2) for message in (mine, other))
        if kind == "request" and a[:2] != b[:2]:
            yield "request target"
        if kind == "response" and a[1] != b[1]:
            yield f"status {a[1]} for {b[1]}"
            continue
        yield from (f"{kind} +{name}" for name in sorted(mine.names() - other.names()))
        yield from (f"{kind} -{name}" for name in sorted(other.names() - mine.names()))
        for name in sorted(mine.names() & other.names()):
            if name != "date" and mine.all(name) != other.all(name):
                yield f"{kind} {name}"
        if mine.body != other.body:
            yield f"{kind} body"


def explained() -> set[str]:
    page = (ROOT / "docs" / "wsgi-proxy.md").read_text()
    table = page.partition("## Beside nginx")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?`) \| .{20,} \|$", table, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def test_each_difference_is_explained(ways: tuple[Recorder, str, str]) -> None:
    recorder, ours, theirs = ways
    found: dict[str, list[str]] = {}
    for name, request in REQUESTS.items():
        for difference in differences(go(recorder, ours, request), go(recorder, theirs, request)):
            found.setdefault(difference, []).append(name)
    assert len(REQUESTS) > 30
    known = explained()
    assert {name: where for name, where in found.items() if name not in known} == {}
    assert known - set(found) == set()


@pytest.mark.parametrize(
    "name", ["query", "encoded slash", "utf-8", "cookies", "chunked", "gzip", "partial", "conditional"]
)
def test_what_counts_is_the_same(ways: tuple[Recorder, str, str], name: str) -> None:
    recorder, ours, theirs = ways
    request = REQUESTS.get(name) or REQUESTS["range"]
    mine, other = go(recorder, ours, request), go(recorder, theirs, request)
    assert mine.sent is not None
    assert other.sent is not None
    assert mine.answer is not None
    assert other.answer is not None
    assert mine.sent.line == other.sent.line
    assert (mine.answer.line, mine.answer.body) == (other.answer.line, other.answer.body)
    assert mine.answer.all("set-cookie") == other.answer.all("set-cookie")


def test_the_docs_folder_is_there() -> None:
    assert Path(ROOT / "docs" / "wsgi-proxy.md").is_file()
