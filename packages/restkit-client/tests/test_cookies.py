"""The cookie store: who may set what, who gets it, its bounds, and its files."""

import http.cookiejar
import os
import stat
import threading
from datetime import UTC, datetime
from time import thread_time, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client.cookies import (
    Cookie,
    CookieJar,
    from_cookiejar,
    load_netscape,
    save_netscape,
    suffixes,
    to_cookiejar,
)
from restkit_client.cookies.dates import parse_cookie_date
from restkit_client.cookies.parsing import parse_set_cookie

NOW = 1_800_000_000.0
PUBLIC = {"com", "org", "example", "co.uk", "uk", "github.io", "io"}


def jar_of(*fields, url="https://www.a.example/x/y", **options):
    jar = CookieJar(**{"is_public_suffix": PUBLIC.__contains__, **options})
    jar.receive(url, fields, NOW)
    return jar


def sent(jar, url, now=NOW):
    return jar.header_for(url, now)


@pytest.mark.parametrize(
    ("set_url", "field", "get_url", "goes"),
    [
        ("https://a.example/", "x=1", "https://a.example/", True),
        ("https://a.example/", "x=1", "https://b.a.example/", False),
        ("https://a.example/", "x=1; Domain=a.example", "https://b.a.example/", True),
        ("https://b.a.example/", "x=1; Domain=a.example", "https://a.example/", True),
        ("https://b.a.example/", "x=1; Domain=.A.EXAMPLE", "https://c.a.example/", True),
        ("https://b.a.example/", "x=1; Domain=c.a.example", "https://c.a.example/", False),
        ("https://a.example/", "x=1; Domain=b.a.example", "https://b.a.example/", False),
        ("https://a.example/", "x=1; Domain=example", "https://b.example/", False),
        ("https://a.example/", "x=1; Domain=example", "https://a.example/", False),
        ("https://github.io/", "x=1; Domain=github.io", "https://github.io/", True),
        ("https://github.io/", "x=1; Domain=github.io", "https://me.github.io/", False),
        ("https://me.github.io/", "x=1; Domain=github.io", "https://you.github.io/", False),
        ("https://x.co.uk/", "x=1; Domain=co.uk", "https://y.co.uk/", False),
        ("https://1.2.3.4/", "x=1; Domain=1.2.3.4", "https://1.2.3.4/", True),
        ("https://1.2.3.4/", "x=1; Domain=3.4", "https://9.9.3.4/", False),
        ("https://1.2.3.4/", "x=1; Domain=4", "https://1.2.3.4/", False),
        ("https://[::1]/", "x=1", "https://[::1]:81/", True),
        ("https://[::1]/", "x=1; Domain=::1", "https://[::1]/", True),
        ("https://[fe80::1%25eth0]/", "x=1", "https://[fe80::1%25eth1]/", False),
        ("https://bücher.example/", "x=1; Domain=xn--bcher-kva.example", "https://a.bücher.example/", True),
        ("https://a.example/", "x=1; Domain=a..example", "https://a.example/", False),
        ("https://a.example/", "x=1; Domain=a.example%2f", "https://a.example/", False),
        ("https://a.example./", "x=1", "https://a.example/", False),
        ("http://a.example/", "x=1; Secure", "https://a.example/", False),
        ("https://a.example/", "x=1; Secure", "http://a.example/", False),
        ("https://a.example/", "x=1", "http://a.example/", True),
        ("https://a.example/", "__Secure-x=1; Secure", "https://a.example/", True),
        ("https://a.example/", "__secure-x=1", "https://a.example/", False),
        ("https://a.example/", "__Host-x=1; Secure; Path=/", "https://a.example/", True),
        ("https://a.example/", "__Host-x=1; Secure; Path=/", "https://b.a.example/", False),
        ("https://a.example/", "__Host-x=1; Secure; Path=/; Domain=a.example", "https://a.example/", False),
        ("https://a.example/", "__Host-x=1; Secure; Path=/x", "https://a.example/x", False),
        ("https://a.example/", "__Host-x=1; Secure", "https://a.example/", False),
        ("https://a.example/", "__Host-x=1; Path=/", "https://a.example/", False),
        ("https://a.example/", "__HOST-x=1; Path=/", "https://a.example/", False),
        ("https://a.example/", "=__Host-x=1", "https://a.example/", False),
        ("https://a.example/", "=__Secure-x=1", "https://a.example/", False),
        ("https://a.example/", "x=1; Path=/a", "https://a.example/a/b", True),
        ("https://a.example/", "x=1; Path=/a", "https://a.example/ab", False),
        ("https://a.example/x/y", "x=1; Path=a", "https://a.example/x/z", True),
        ("https://a.example/x/y", "x=1", "https://a.example/", False),
        ("https://a.example/", "x=1; HttpOnly; SameSite=Strict", "https://a.example/", True),
        ("https://a.example/", "x=\x0b1", "https://a.example/", False),
        ("https://a.example/", "x=1\r\nX: y", "https://a.example/", False),
        ("https://a.example/", "x=1; Path=/\r\n", "https://a.example/", False),
        ("https://a.example/", "x=" + "v" * 4095, "https://a.example/", True),
        ("https://a.example/", "x=" + "v" * 4096, "https://a.example/", False),
        ("https://a.example/", "x=1; Path=/" + "p" * 1024, "https://a.example/", True),
        ("https://a.example/", "x=1; Max-Age=0", "https://a.example/", False),
        ("https://a.example/", "x=1; Max-Age=-1", "https://a.example/", False),
        ("https://a.example/", "x=1; Max-Age=+5", "https://a.example/", True),
        (
            "https://a.example/",
            "x=1; Max-Age=1e9; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "https://a.example/",
            False,
        ),
        ("https://a.example/", "x=1; Max-Age=" + "9" * 1000, "https://a.example/", True),
        ("https://a.example/", "x=1; Expires=nonsense", "https://a.example/", True),
    ],
)
def test_a_cookie_goes_where_its_setter_may_send_it(set_url, field, get_url, goes):
    assert sent(jar_of(field, url=set_url), get_url) == (field.split(";")[0] if goes else None)


def test_without_the_list_of_public_suffixes_no_domain_widens_a_cookie(monkeypatch):
    monkeypatch.setattr("restkit_client.cookies.store.installed_rule", lambda: None)
    jar = jar_of("x=1; Domain=a.example", url="https://b.a.example/", is_public_suffix=None)
    assert sent(jar, "https://b.a.example/") == "x=1"
    assert sent(jar, "https://a.example/") is None
    assert sent(jar, "https://c.b.a.example/") is None
    assert [cookie.host_only for cookie in jar] == [True]


def test_the_rule_needs_the_extra(monkeypatch):
    monkeypatch.setattr(suffixes, "_rules", [])
    monkeypatch.setitem(__import__("sys").modules, "publicsuffixlist", None)
    assert suffixes.installed_rule() is None


def test_http_neither_replaces_nor_shadows_what_https_set_as_secure():
    jar = jar_of("x=1; Secure; Path=/a", url="https://www.a.example/")
    for field in ("x=2; Path=/a", "x=2; Path=/a/b", "x=2; Path=/a; Domain=a.example"):
        jar.receive("http://www.a.example/", [field], NOW)
    assert sent(jar, "https://www.a.example/a/b") == "x=1"
    jar.receive("http://www.a.example/", ["x=2; Path=/", "y=1"], NOW)
    assert sent(jar, "https://www.a.example/a") == "x=1; x=2; y=1"
    jar.receive("https://www.a.example/", ["x=3; Path=/a"], NOW)
    assert sent(jar, "https://www.a.example/a") == "x=3; x=2; y=1"


def test_cookies_come_longest_path_first_then_oldest():
    jar = jar_of("b=1; Path=/", "a=2; Path=/", "c=3; Path=/x/y", "d=4; Path=/x", "b=5; Path=/")
    assert sent(jar, "https://www.a.example/x/y") == "c=3; d=4; b=5; a=2"


def test_a_cookie_ends_with_its_time():
    jar = jar_of("x=1; Max-Age=10; Path=/", "y=2; Path=/")
    assert sent(jar, "https://www.a.example/", NOW + 9) == "x=1; y=2"
    assert sent(jar, "https://www.a.example/", NOW + 10) == "y=2"


def test_no_cookie_lives_longer_than_400_days():
    far = "Expires=Fri, 31 Dec 9999 23:59:59 GMT"
    jar = jar_of(f"x=1; {far}", f"y=1; Max-Age={10**18}")
    assert {cookie.expires for cookie in jar} == {NOW + 400 * 86400}


def test_a_cookie_is_deleted_by_an_old_date():
    jar = jar_of("x=1")
    jar.receive("https://www.a.example/x/y", ["x=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"], NOW)
    assert len(jar) == 0
    assert list(jar) == []


def test_the_end_of_a_session_and_clearing():
    jar = jar_of("x=1", "y=2; Max-Age=10")
    jar.receive("https://b.example/", ["z=3"], NOW)
    jar.end_session()
    assert [cookie.name for cookie in jar] == ["y"]
    jar.receive("https://b.example/", ["z=3"], NOW)
    jar.clear("b.example")
    assert [cookie.name for cookie in jar] == ["y"]
    jar.clear()
    assert len(jar) == 0
    assert jar


def test_a_domain_has_a_bounded_number_of_cookies():
    jar = jar_of("keep=1; Secure; Path=/", max_per_domain=20)
    for number in range(200):
        jar.receive("https://www.a.example/", [f"n{number}=1"], NOW)
        assert len(jar) <= 20
    header = sent(jar, "https://www.a.example/")
    assert "keep=1" in header
    assert "n199=1" in header
    assert "n0=1" not in header


def test_the_jar_has_a_bounded_number_of_cookies():
    jar = CookieJar(max_total=50)
    for number in range(500):
        jar.receive(f"https://h{number}.example/", ["x=1"], NOW)
        assert len(jar) <= 50
    assert sent(jar, "https://h499.example/") == "x=1"
    assert sent(jar, "https://h0.example/") is None


def test_what_is_used_stays():
    jar = CookieJar(max_total=50)
    for number in range(500):
        jar.receive(f"https://h{number}.example/", ["x=1"], NOW)
        assert sent(jar, "https://h0.example/") == "x=1"


def test_the_expired_leave_before_the_others():
    jar = jar_of(*(f"n{number}=1" for number in range(9)), "old=1; Max-Age=1", max_per_domain=10)
    jar.receive("https://www.a.example/x/y", ["new=1"], NOW + 5)
    names = {cookie.name for cookie in jar}
    assert "old" not in names
    assert {"new", "n8"} <= names


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("", "1"),
        ("a=b", "1"),
        ("a;b", "1"),
        *[(f"a{bad}b", "1") for bad in ("\r", "\n", "\0", "\r\n", "\u010d", "\ud800", "\x7f")],
        *[("a", f"1{bad}2") for bad in ("\r", "\n", "\0", "\r\n", "\u010d", "\ud800", "\x7f", ";")],
    ],
)
def test_a_cookie_injects_nothing(name, value):
    with pytest.raises(ValueError, match="cookie") as caught:
        Cookie(name, value, domain="a.example")
    assert "12" not in str(caught.value)


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\r\n", "\u010d", "\ud800", "\x7f"])
def test_a_received_cookie_injects_nothing(bad):
    assert len(jar_of(f"x=a{bad}b", f"x{bad}=b", f"x=b; Path=/{bad}")) == 0


def test_a_tab_within_a_name_or_a_value_is_kept():
    jar = jar_of("a\tb=c\td")
    assert jar.header_for("https://www.a.example/x/y", NOW) == "a\tb=c\td"


def test_no_value_in_a_repr():
    jar = jar_of("sid=s3cret; Domain=a.example")
    assert "s3cret" not in repr(jar) + repr(list(jar))
    assert repr(next(iter(jar))) == "<Cookie sid for *.a.example/x>"
    assert repr(jar) == "<CookieJar with 1 cookies>"


def test_attributes_are_noted():
    cookie = parse_set_cookie(
        "x=1; HTTPONLY; samesite=LAX; secure=no; Path=/a; Path=/b; SameSite=None; Domain=.A.example"
    )
    assert cookie.http_only
    assert cookie.secure
    assert (cookie.same_site, cookie.path, cookie.domain) == ("None", "/b", "a.example")
    assert parse_set_cookie("x=1; SameSite=Weird").same_site == ""


@given(
    st.datetimes(min_value=datetime(1601, 1, 1), max_value=datetime(9999, 12, 31)).map(
        lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
    )
)
def test_every_date_is_read_back(moment):
    assert parse_cookie_date(
        moment.strftime("%a, %d %b ") + f"{moment.year:04d}" + moment.strftime(" %H:%M:%S GMT")
    ) == (moment.timestamp())


@given(st.text(max_size=80))
def test_no_text_breaks_the_parsers(text):
    parse_cookie_date(text)
    parse_set_cookie(text)
    jar_of(text, f"x=1; {text}", f"x=1; Domain={text}", f"x=1; Expires={text}")


TOKEN = st.text(alphabet="abcXYZ0189_-.", min_size=1, max_size=8)
COOKIES = st.builds(
    Cookie,
    TOKEN,
    st.text(alphabet='abc=" ,%é', max_size=8),
    domain=st.sampled_from(["a.example", "b.a.example", "localhost", "1.2.3.4", "::1"]),
    path=st.sampled_from(["/", "/x", "/x/y"]),
    expires=st.sampled_from([None, float(int(time()) + 1000)]),
    secure=st.booleans(),
    http_only=st.booleans(),
    same_site=st.just(""),
    host_only=st.booleans(),
)


def parts(jar):
    names = ("name", "value", "domain", "path", "expires", "secure", "http_only", "host_only", "same_site")
    return [tuple(getattr(cookie, name) for name in names) for cookie in jar]


@given(st.lists(COOKIES, max_size=6))
def test_a_file_holds_what_was_saved(tmp_path_factory, cookies):
    jar = CookieJar()
    for cookie in cookies:
        jar.set(cookie)
    path = tmp_path_factory.mktemp("cookies") / "jar.txt"
    save_netscape(jar, path)
    again = CookieJar()
    assert load_netscape(again, path) == len(jar)
    assert parts(again) == parts(jar)


@given(st.lists(COOKIES.filter(lambda cookie: not cookie.domain[-1].isdigit()), max_size=6))
def test_the_standard_library_s_jar_holds_the_same(cookies):
    jar = CookieJar()
    for cookie in cookies:
        # The standard library keeps one cookie a name, domain and path, and marks a domain by its dot.
        jar.set(cookie)
    again = from_cookiejar(to_cookiejar(jar))
    assert sorted(parts(again), key=repr) == sorted(parts(jar), key=repr)


def test_a_jar_of_the_standard_library_is_taken_over():
    ours = CookieJar(is_public_suffix=PUBLIC.__contains__)
    field = "x=1; Domain=a.example; Secure; HttpOnly; SameSite=Lax; Max-Age=1000"
    ours.receive("https://b.a.example/", [field, "y=2"], int(time()))
    theirs = http.cookiejar.CookieJar()
    for cookie in to_cookiejar(ours):
        theirs.set_cookie(cookie)
    assert sorted(parts(from_cookiejar(theirs)), key=repr) == sorted(parts(ours), key=repr)
    for cookie in theirs:
        cookie.value = "a\r\nb"
    assert len(from_cookiejar(theirs)) == 0


def test_a_cookie_file_is_private_and_replaced_whole(tmp_path):
    path = tmp_path / "cookies.txt"
    path.write_text("old")
    path.chmod(0o644)
    jar = CookieJar()
    jar.set(Cookie("sid", "s3cret", domain="a.example"))
    mask = os.umask(0)
    try:
        save_netscape(jar, path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in tmp_path.iterdir()] == ["cookies.txt"]
    assert path.read_text().splitlines()[-1] == "a.example\tFALSE\t/\tFALSE\t0\tsid\ts3cret"


def test_a_failed_save_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "cookies.txt"
    path.write_text("old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        save_netscape(CookieJar(), path)
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_of_others_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "cookies.txt"
    path.write_bytes(
        b"# Netscape HTTP Cookie File\n"
        b"# comment\n\n"
        b"a.example\tFALSE\t/\tFALSE\t0\ta\t1\n"
        b".a.example\tTRUE\t/x\tTRUE\t9999999999\tb\t2\r\n"
        b"#HttpOnly_a.example\tFALSE\t/\tFALSE\t0\tc\t3\n"
        b"a.example\tFALSE\t/\tFALSE\t0\tempty\n"
        b"a.example\tFALSE\t/\tFALSE\t1\texpired\t1\n"
        b"a.example\tFALSE\t/\tFALSE\tsoon\tbad\t1\n"
        b"a.example\tFALSE\t/\tFALSE\t0\n"
        b"a..example\tFALSE\t/\tFALSE\t0\tbad\t1\n"
        b"a.example\tFALSE\t/\tFALSE\t0\t\tnameless\n"
        b"a.example\tFALSE\t/\tFALSE\t0\tbad\t1\t2\n"
        b"a.example\tFALSE\t/\tFALSE\t" + b"9" * 5000 + b"\tbad\t1\n"
        b"a.example\tFALSE\t/\tFALSE\t0\tlatin\t\xe9\n"
        b"a.example FALSE / FALSE 0 blanks 1\n"
        b"a.example\tFALSE\t/\tFALSE\t0\tlast\t1"
    )
    jar = CookieJar()
    assert load_netscape(jar, path) == 6
    assert sent(jar, "https://a.example/x") == "b=2; a=1; c=3; empty=; latin=\xe9; last=1"
    assert sent(jar, "https://sub.a.example/x") == "b=2"
    assert [cookie.name for cookie in jar if cookie.http_only] == ["c"]


def test_cookies_of_one_jar_are_not_those_of_another():
    first = jar_of("x=1")
    second = CookieJar()
    for cookie in first:
        second.set(cookie)
    second.clear()
    assert len(first) == 1
    assert len(second) == 0


def test_threads_share_a_jar():
    jar = CookieJar(max_total=60, max_per_domain=30)
    failures = []

    def work(number):
        try:
            for turn in range(300):
                jar.receive(f"https://h{turn % 9}.example/", [f"n{number}{turn % 40}=1", "s=1; Secure"], NOW)
                jar.header_for(f"https://h{turn % 9}.example/", NOW)
                list(jar)
                if turn % 50 == 0:
                    jar.end_session()
        except Exception as error:  # noqa: BLE001 - whatever goes wrong in a thread is told to the test
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(jar) == len(list(jar)) <= 60
    jar.clear()
    assert len(jar) == 0
    assert not jar._secure_names


def test_ten_thousand_cookies_of_four_kilobytes_cost_linear_time():
    """Ten seconds of CPU allow for a slow machine and a tracer; it takes about one."""
    jar = CookieJar()
    fields = [f"n{number}={'v' * 4000}" for number in range(10_000)]
    start = thread_time()
    jar.receive("http://a.example/", fields, NOW)
    for number in range(3000):
        jar.receive(f"http://h{number}.example/", [f"x{number}=1"], NOW)
    assert thread_time() - start < 10
    assert len(jar) <= 3000


@pytest.mark.parametrize("front", ["", "x=1;", "x=1; Expires=", "x="])
@pytest.mark.parametrize("unit", ["a=b;", "=", " ", "\t", '"', "1:", "Expires=1 "])
def test_a_megabyte_of_cookie_is_read_at_once(unit, front):
    text = front + unit * (1_000_000 // len(unit))
    start = thread_time()
    jar_of(text)
    assert thread_time() - start < 5


@pytest.mark.parametrize("unit", [" ", "1", "1 ", "jan ", "1:", "1:1:1 ", "-", "é"])
def test_a_megabyte_of_date_is_read_at_once(unit):
    start = thread_time()
    parse_cookie_date(unit * (1_000_000 // len(unit)))
    assert thread_time() - start < 5
