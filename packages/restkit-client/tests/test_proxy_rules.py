"""Which proxy a URL goes through, and how a proxy's URL is read."""

import json
import pickle
from pathlib import Path
from time import thread_time

import pytest

from restkit_client.errors import InvalidUrl
from restkit_client.proxy_rules import ProxyUrl, bypasses, parse_proxy, proxy_for
from restkit_client.urls import split_url

TABLE = json.loads((Path(__file__).parent / "data" / "no_proxy.json").read_text("utf-8"))

HTTP = split_url("http://example.com/")
HTTPS = split_url("https://example.com/")


@pytest.mark.parametrize(("no_proxy", "url", "direct"), [row[:3] for row in TABLE["rows"]])
def test_no_proxy_says_what_is_reached_directly(no_proxy, url, direct):
    parts = split_url(url)
    assert bypasses(parts, no_proxy) is direct
    proxy = proxy_for(parts, {"all_proxy": "proxy:3128", "no_proxy": no_proxy})
    assert (proxy is None) is direct


def test_the_table_is_as_large_as_promised():
    assert len(TABLE["rows"]) >= 40


@pytest.mark.parametrize(
    ("url", "environ", "expected"),
    [
        (HTTP, {}, None),
        (HTTP, {"http_proxy": "http://p:1"}, "http://p:1"),
        (HTTPS, {"http_proxy": "http://p:1"}, None),
        (HTTPS, {"https_proxy": "http://p:1"}, "http://p:1"),
        (HTTP, {"https_proxy": "http://p:1"}, None),
        (HTTP, {"all_proxy": "http://p:1"}, "http://p:1"),
        (HTTPS, {"ALL_PROXY": "socks5h://p"}, "socks5h://p:1080"),
        (HTTP, {"HTTP_PROXY": "http://p:1"}, "http://p:1"),
        (HTTPS, {"HTTPS_PROXY": "https://p"}, "https://p:443"),
        (HTTP, {"http_proxy": "http://p:1", "HTTP_PROXY": "http://q:1"}, "http://p:1"),
        (HTTP, {"http_proxy": "http://p:1", "all_proxy": "http://q:1"}, "http://p:1"),
        (HTTP, {"HTTP_PROXY": "http://p:1", "all_proxy": "http://q:1"}, "http://p:1"),
        (HTTP, {"http_proxy": "", "HTTP_PROXY": "http://q:1"}, None),
        (HTTP, {"http_proxy": " ", "all_proxy": "http://q:1"}, None),
        (HTTP, {"http_proxy": " p:3128 "}, "http://p:3128"),
        (HTTP, {"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, None),
        (
            HTTP,
            {"HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET", "ALL_PROXY": "http://q:1"},
            "http://q:1",
        ),
        (HTTP, {"http_proxy": "http://p:1", "REQUEST_METHOD": "GET"}, "http://p:1"),
        (HTTPS, {"HTTPS_PROXY": "http://p:1", "REQUEST_METHOD": "GET"}, "http://p:1"),
        (HTTP, {"http_proxy": "p", "NO_PROXY": "example.com"}, None),
        (HTTP, {"http_proxy": "p", "no_proxy": "", "NO_PROXY": "example.com"}, "http://p:80"),
    ],
)
def test_the_environment_names_the_proxy(url, environ, expected):
    proxy = proxy_for(url, environ)
    assert (proxy and proxy.geturl()) == expected


@pytest.mark.parametrize(
    ("extra", "credentials"),
    [
        ({}, ("u", "p")),
        ({"proxy-username": "a", "proxy-password": "b"}, ("a", "b")),
        ({"proxy_username": "a", "proxy_password": "b"}, ("a", "b")),
        ({"proxy_username": "a"}, ("a", "")),
        ({"proxy_password": "b"}, ("u", "p")),
    ],
)
def test_credentials_come_from_restkit_4_s_variables_or_the_proxy_s_url(extra, credentials):
    environ = {"http_proxy": "http://u:p@proxy:3128", **extra}
    assert proxy_for(HTTP, environ).credentials == credentials


@pytest.mark.parametrize(
    ("url", "scheme", "host", "port", "credentials"),
    [
        ("http://p", "http", "p", 80, None),
        ("https://p", "https", "p", 443, None),
        ("socks4a://p", "socks4a", "p", 1080, None),
        ("socks5://p", "socks5", "p", 1080, None),
        ("SOCKS5H://P:9050/", "socks5h", "p", 9050, None),
        ("p:3128", "http", "p", 3128, None),
        ("p", "http", "p", 80, None),
        ("u:p@p:3128", "http", "p", 3128, ("u", "p")),
        ("http://u%40corp:p%3A%2F@p:3128/ignored?x#y", "http", "p", 3128, ("u@corp", "p:/")),
        ("http://[::1]:3128", "http", "::1", 3128, None),
        ("http://[fe80::1%25eth0]:3128", "http", "fe80::1%eth0", 3128, None),
        ("http://bücher.example:1", "http", "xn--bcher-kva.example", 1, None),
    ],
)
def test_a_proxy_s_url_is_read(url, scheme, host, port, credentials):
    proxy = parse_proxy(url)
    assert (proxy.scheme, proxy.host, proxy.port, proxy.credentials) == (scheme, host, port, credentials)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://p", "scheme is not one of"),
        ("socks4://p", "scheme is not one of"),
        ("file:///p", "scheme is not one of"),
        ("http://", "no host"),
        ("", "no host"),
        ("http://p:x", "nonnumeric port: 'x'"),
        ("http://p:70000", "not between"),
        ("http://p\n", "white space"),
        ("http://p\r\nX: y", "control character"),
        ("http://u:s3cr/et@p:1", "an @ after its host"),
        ("http://u:s3cret\\@p:1", "backslash"),
        ("http://127.1:3128", "four decimal"),
        ("http://a b", "no host name"),
        (None, "a URL is a str"),
    ],
)
def test_a_proxy_s_url_is_refused_without_showing_its_password(url, words):
    with pytest.raises(InvalidUrl) as caught:
        parse_proxy(url)
    assert words in str(caught.value)
    assert "s3cr" not in str(caught.value)
    if url and url.strip():
        with pytest.raises(InvalidUrl, match="environment variable http_proxy: "):
            proxy_for(HTTP, {"http_proxy": url + " x" if url.endswith("\n") else url})


def test_no_credentials_in_repr_text_or_url():
    proxy = parse_proxy("http://alice:s3cret@p:3128")
    assert repr(proxy) == "<ProxyUrl http://p:3128>"
    assert str(proxy) == proxy.geturl() == "http://p:3128"
    assert f"{parse_proxy('socks5://u:s3cret@[::1]')}" == "socks5://[::1]:1080"


def test_proxies_differ_by_credentials():
    a, b, c = (parse_proxy(f"http://{user}p:1") for user in ("", "u:1@", "u:2@"))
    assert len({a, b, c}) == 3
    assert b == parse_proxy("http://u:1@P:1/")
    assert pickle.loads(pickle.dumps(b)) == b
    assert a != "http://p:1"


def test_a_proxy_can_not_be_changed():
    proxy = ProxyUrl("http", "p", 1)
    with pytest.raises(AttributeError):
        proxy.host = "q"
    with pytest.raises(AttributeError):
        del proxy.host


@pytest.mark.parametrize(
    "unit", ["a,", ",", " ", "*.", "1.", "[", "]:", "10.0.0.0/8,", "a", "/", "::1,", "é,", "0:"]
)
def test_a_megabyte_of_no_proxy_is_read_at_once(unit):
    text = unit * (1_000_000 // len(unit))
    start = thread_time()
    bypasses(split_url("http://10.0.0.1/"), text)
    assert thread_time() - start < 5


@pytest.mark.parametrize("unit", ["@", ":", "[", "%", "1", "a.", "/", "\\", "é"])
def test_a_megabyte_of_proxy_url_is_refused_at_once(unit):
    start = thread_time()
    with pytest.raises(InvalidUrl) as caught:
        parse_proxy(f"http://p:{unit * (1_000_000 // len(unit))}@")
    assert thread_time() - start < 5
    assert len(str(caught.value)) < 500
