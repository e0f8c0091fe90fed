"""The URL table against yarl, urllib3 and httpx: each difference is explained here, and none that is gone is kept."""

import json
from collections.abc import Callable
from ipaddress import IPv6Address
from pathlib import Path

import httpx
import pytest
import urllib3.util
import yarl

ROOT = Path(__file__).resolve().parents[2]
TABLE = json.loads((ROOT / "packages/restkit-client/tests/data/urls.json").read_text("utf-8"))
PORTS = {"http": 80, "https": 443}


def by_yarl(url: str) -> tuple[object, ...]:
    parts = yarl.URL(url)
    return parts.raw_host, parts.port, parts.raw_path_qs


def by_urllib3(url: str) -> tuple[object, ...]:
    parts = urllib3.util.parse_url(url)
    return parts.host, parts.port or PORTS.get(parts.scheme or ""), parts.request_uri


def by_httpx(url: str) -> tuple[object, ...]:
    parts = httpx.URL(url)
    return parts.raw_host.decode(), parts.port or PORTS.get(parts.scheme), parts.raw_path.decode()


PEERS: dict[str, Callable[[str], tuple[object, ...]]] = {
    "yarl": by_yarl,
    "urllib3": by_urllib3,
    "httpx": by_httpx,
}

ADDRESS = "the same address: we write it in its shortest form (RFC 5952), as whoever compares it would"
NORMALISED = "percent-encodings are kept as given: decoding or re-casing them changes what some servers sign or look up"
BAD_PERCENT = "a percent sign that encodes nothing is kept as given; the peer doubles it, and the other encodings with it"
MAPPED = (
    "IDNA 2008 with UTS 46, as browsers: full-width letters, digits and dots are mapped; the peer refuses"
)
EXPLAINED = {
    "yarl": {
        "http://example.com/a?": "an empty query is kept: it is another resource (RFC 3986 6.2.3)",
        "http://example.com/%7euser/%2F%zz%": NORMALISED,
        "http://example.com/a%2e%2e/b%0d%0a": NORMALISED,
        "http://example.com/?q=a b": "a blank is %20; + means a blank in forms only",
        "http://example.com/?a[]=1&b='2'": "brackets are kept, as browsers do",
    },
    "urllib3": {
        "http://example.com/%7euser/%2F%zz%": BAD_PERCENT,
        "http://example.com/a%2e%2e/b%0d%0a": NORMALISED,
        "http://example.com/?a[]=1&b='2'": "brackets are kept, as browsers do",
        "http://example\u3002com/": MAPPED,
        "http://\uff45xample.com/": MAPPED,
        "http://\uff11\uff12\uff17.0.0.1/": MAPPED,
    },
    "httpx": {
        "http://example.com/a/b/..": "RFC 3986 5.2.4 leaves the slash",
        "http://example.com/a/b/.": "RFC 3986 5.2.4 leaves the slash",
        "http://example.com/?a=b\\c": "a backslash may not stand in a URL (RFC 3986 2): encoded",
        'http://example.com/{id}/<x>|^`"': "| and ^ may not stand in a URL (RFC 3986 2): encoded",
        "http://\uff45xample.com/": MAPPED,
        "http://\uff11\uff12\uff17.0.0.1/": MAPPED,
    },
}

# Why a URL is refused that a peer reads; the key is what the error says.
REFUSALS = {
    "no scheme": "the peers keep relative references for later; a request needs an absolute URL",
    "scheme is not http or https": "a parser for any scheme, as the peers' are, has to take it; a request can not be made",
    "no host": "the peers fail later, or look up an empty name",
    "label in the host": "no name server knows it; urllib3 and httpx fail in the look-up",
    "nonnumeric port": "int() takes signs, blanks, underscores and digits of other scripts; a URL's port is ASCII digits",
    "not between 1 and 65535": "nobody can connect there",
    "backslash": "the host before it for browsers, the host after the @ for httpx: two readings of one URL",
    "white space at the start or end": "yarl strips it, httpx makes it part of a relative path",
    "control character": "yarl drops it, urllib3 encodes it: what was checked is not what is sent",
    "control character in the user name or password": "it would reach a header, or a log",
    "not UTF-8": "the peers send U+FFFD or other bytes than were meant",
    "lone surrogate": "it is no text; yarl drops it, urllib3 sends bytes that are no UTF-8",
    "no host name has": "the look-up fails, or a shell or a Host field reads it in another way; urllib3 decodes %61",
    "four decimal numbers": "the system's look-up takes it for an address that no list of forbidden addresses holds",
    "not an IPv6 address": "yarl does not look inside the brackets",
    "zone id": "an empty zone, or one that no interface has",
    "brackets": "httpx looks for the last bracket",
    "no internationalised name": "yarl falls back to another standard (IDNA 2003)",
}


def plain_host(host: object) -> object:
    """Without brackets and zone, and an IPv6 address in its shortest form: those differences are of spelling only."""
    text = str(host).strip("[]").partition("%")[0]
    return str(IPv6Address(text)) if ":" in text else text


def read(peer: str, url: str) -> tuple[object, ...] | None:
    """What a peer reads; None when it refuses, by whatever exception."""
    try:
        host, port, target = PEERS[peer](url)
        return plain_host(host), port, target
    except (ValueError, httpx.InvalidURL, urllib3.exceptions.LocationParseError):
        return None


@pytest.mark.parametrize("peer", PEERS)
def test_what_we_read_the_peers_read_too_or_it_is_explained(peer):
    differ = {
        url
        for url, host, port, _, target in TABLE["read"]
        if read(peer, url) != (plain_host(host), port, target)
    }
    assert differ == set(EXPLAINED[peer])


@pytest.mark.parametrize("peer", PEERS)
def test_what_we_refuse_and_a_peer_reads_is_explained(peer):
    reasons = {words for url, words in TABLE["refused"] if read(peer, url) is not None}
    unexplained = {words for words in reasons if not any(words.startswith(known) for known in REFUSALS)}
    assert unexplained == set()


def test_no_explanation_is_left_over():
    refused_by_us = {words for _, words in TABLE["refused"]}
    assert all(any(words.startswith(known) for words in refused_by_us) for known in REFUSALS)
