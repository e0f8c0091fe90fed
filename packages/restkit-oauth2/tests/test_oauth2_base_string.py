"""The base string URI; the vectors hold the published cases."""

import pytest

from restkit_oauth2.base_string import base_string, base_uri, split_url


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("http://example.com", "http://example.com/"),
        ("HTTP://Example.COM:80", "http://example.com/"),
        ("https://example.com:443/x", "https://example.com/x"),
        ("http://example.com:443/x", "http://example.com:443/x"),
        ("https://example.com:80/x", "https://example.com:80/x"),
        ("http://example.com:/x", "http://example.com/x"),
        ("http://example.com:0080/x", "http://example.com/x"),
        ("http://[2001:DB8::1]/x", "http://[2001:db8::1]/x"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://[::1]:/x", "http://[::1]/x"),
        ("http://[fe80::1%25eth0]:8080/x", "http://[fe80::1]:8080/x"),
        ("http://user:p@ss@example.com/x", "http://example.com/x"),
        ("http://example.com/a;b=c?d#e", "http://example.com/a;b=c"),
        ("http://example.com?a=/b", "http://example.com/"),
        ("http://example.com#a?b/c", "http://example.com/"),
        ("http://example.com/r v/é", "http://example.com/r%20v/%C3%A9"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
    ],
)
def test_base_string_uri(url, uri):
    assert base_uri(url) == uri


def test_the_host_field_wins_over_the_url():
    assert base_uri("http://127.0.0.1:8080/x", "API.example.com") == "http://api.example.com/x"
    assert base_uri("https://127.0.0.1/x", "api.example.com:443") == "https://api.example.com/x"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("ftp://x", r"^Unsupported URL ftp://x \(ftp\)\.$"),
        ("ftp://user:hunter2@x/y", r"^Unsupported URL ftp://x \(ftp\)\.$"),
        ("", r"^Unsupported URL  \(\)\.$"),
        ("http://", "no valid host"),
        ("http:///x", "no valid host"),
        ("http://a b/", "no valid host"),
        ("http://a\\b/", "no valid host"),
        ("http://[::1", "no valid host"),
        ("http://[::1]x/", "no valid host"),
        ("http://a:1:2/", "no valid host"),
        ("http://é..x/", "no IDNA form"),
        ("http://a:٨٠/", "not a number below 65536"),
        ("http://a:+80/", "not a number below 65536"),
        ("http://a:hunter2/", "not a number below 65536"),
        ("http://a:65536/", "not a number below 65536"),
        ("http://a:000080/", "not a number below 65536"),
    ],
)
def test_a_url_that_can_not_be_signed(url, why):
    with pytest.raises(ValueError, match=why) as caught:
        base_uri(url)
    assert "hunter2" not in str(caught.value)


def test_a_url_is_cut_where_rfc_3986_says():
    assert split_url("http://a:1/b?c=d?e/f#g?h") == ("http", "a:1", "/b", "c=d?e/f", "g?h")


@pytest.mark.parametrize(
    ("uri", "encoded"),
    [
        ("http://a/b%20c", "http%3A%2F%2Fa%2Fb%2520c"),
        ("http://a/b;c@d", "http%3A%2F%2Fa%2Fb%3Bc%40d"),
        ("http://[::1]/", "http%3A%2F%2F%5B%3A%3A1%5D%2F"),
    ],
)
def test_the_uri_in_the_base_string_is_encoded(uri, encoded):
    assert base_string("get", uri, "a=%20&b=c") == f"GET&{encoded}&a%3D%2520%26b%3Dc"
