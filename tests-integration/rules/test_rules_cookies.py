"""Cookies with the real list of public suffixes, with a file shared with curl, and through the client."""

import os
import shutil
import subprocess

import pytest

from restkit_client import Client
from restkit_client.cookies import Cookie, CookieFilter, CookieJar, load_netscape, save_netscape
from restkit_client.cookies.suffixes import installed_rule


@pytest.mark.parametrize(
    ("set_url", "domain", "get_url", "goes"),
    [
        ("https://www.example.com/", "example.com", "https://api.example.com/", True),
        ("https://www.example.com/", "com", "https://other.com/", False),
        ("https://www.example.co.uk/", "co.uk", "https://other.co.uk/", False),
        ("https://www.example.co.uk/", "example.co.uk", "https://api.example.co.uk/", True),
        ("https://me.github.io/", "github.io", "https://you.github.io/", False),
        ("https://a.b.kawasaki.jp/", "b.kawasaki.jp", "https://c.b.kawasaki.jp/", False),
        ("https://a.city.kawasaki.jp/", "city.kawasaki.jp", "https://b.city.kawasaki.jp/", True),
        ("https://食狮.公司.cn/", "公司.cn", "https://other.公司.cn/", False),
        ("https://a.unknown-tld/", "unknown-tld", "https://b.unknown-tld/", False),
    ],
)
def test_the_list_of_public_suffixes_decides(set_url, domain, get_url, goes):
    assert installed_rule() is not None, "the extra cookies is not installed"
    jar = CookieJar()
    field = f"x=1; Domain={domain}" if domain.isascii() else f"x=1; Domain={domain.encode('idna').decode()}"
    jar.receive(set_url, [field])
    assert (jar.header_for(get_url) is not None) is goes


@pytest.fixture
def curl() -> str:
    found = shutil.which("curl")
    if found is None:
        hint = "install curl to share a cookie file with it"
        pytest.fail(hint) if os.environ.get("RESTKIT_REQUIRE") == "1" else pytest.skip(hint)
    return found


def run_curl(curl, origins, *arguments):
    port = origins.resolve("", 80, None)[0][1][1]
    to_us = ["--connect-to", f"::127.0.0.1:{port}"]
    subprocess.run([curl, "-q", "-s", "-o", os.devnull, *to_us, *arguments], check=True, timeout=20)


def test_curl_reads_what_we_wrote(origins, curl, tmp_path):
    jar = CookieJar()
    jar.set(Cookie("host", "1", domain="a.example"))
    jar.set(Cookie("wide", '"2, x"', domain="a.example", host_only=False, expires=4e9, http_only=True))
    jar.set(Cookie("deep", "3", domain="a.example", path="/deep"))
    jar.set(Cookie("secure", "4", domain="a.example", secure=True))
    jar.set(Cookie("empty", "", domain="a.example"))
    path = tmp_path / "cookies.txt"
    save_netscape(jar, path)
    for url in (
        "http://a.example/end",
        "http://sub.a.example/end",
        "http://b.example/end",
        "http://a.example/deep/x",
    ):
        run_curl(curl, origins, "-b", str(path), url)
        theirs = origins.seen[-1].fields.get("cookie")
        assert sorted((theirs or "").split("; ")) == sorted((jar.header_for(url) or "").split("; "))


def test_we_read_what_curl_wrote(origins, curl, tmp_path):
    cookies = (
        "host=1; Path=/",
        "wide=2; Domain=a.example; Path=/; HttpOnly",
        "late=3; Max-Age=1000; Path=/deep",
    )
    origins.cookies = list(cookies)
    path = tmp_path / "cookies.txt"
    run_curl(curl, origins, "-c", str(path), "http://a.example/cookies")
    jar = CookieJar()
    assert load_netscape(jar, path) == 3
    ours = CookieJar(is_public_suffix=lambda domain: "." not in domain)
    ours.receive("http://a.example/cookies", cookies)
    for url in ("http://a.example/", "http://sub.a.example/", "http://a.example/deep/x", "http://b.example/"):
        assert sorted((jar.header_for(url) or "").split("; ")) == sorted(
            (ours.header_for(url) or "").split("; ")
        )
    assert [cookie.name for cookie in jar if cookie.http_only] == ["wide"]


def test_cookies_set_on_the_way_are_sent_on_the_way(origins, through):
    origins.cookies = ["sid=1; Path=/"]
    client = Client(follow_redirect=True, filters=[CookieFilter()], resolver=origins.resolve, timeout=10)
    client.request(through("http://a.example/", "http://b.example/", "http://a.example/"))
    assert [seen.fields.get("cookie") for seen in origins.seen] == [None, None, "sid=1"]
    client.request("http://b.example/end")
    assert origins.seen[-1].fields.get("cookie") == "sid=1"
