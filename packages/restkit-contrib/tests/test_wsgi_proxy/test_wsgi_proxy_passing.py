"""What passes through a proxy, and what becomes of it when a side fails."""

import io
import socket
import time

import pytest

from restkit_client import Timeout
from restkit_client.pool import ConnectionPool
from restkit_contrib.wsgi_proxy import ALLOWED_METHODS, HostProxy, Proxy, TransparentProxy


def head(*fields: str, status: str = "200 OK") -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Type: text/plain", *fields, "", ""]).encode()


# -- requests


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE"])
def test_the_method_passes(upstream, call, method):
    answer = call(HostProxy(upstream.url), method)
    assert (answer.status, upstream.last.method) == (200, method)
    assert answer.body == (b"" if method == "HEAD" else b"ok")
    assert answer.one("Content-Length") == "2"


@pytest.mark.parametrize("method", ["PROPFIND", "REPORT", "COPY", "PATCH", "OPTIONS"])
@pytest.mark.filterwarnings("ignore:Unknown REQUEST_METHOD")
def test_methods_of_webdav_and_couchdb_pass_when_they_are_allowed(upstream, call, method):
    assert call(HostProxy(upstream.url), method).status == 403
    assert call(HostProxy(upstream.url, allowed_methods=[method]), method).status == 200


def test_a_method_that_is_not_allowed_is_403(upstream, call):
    proxy = HostProxy(upstream.url, allowed_methods=["get"])
    assert (call(proxy, "POST").status, call(proxy).status, len(upstream.requests)) == (403, 200, 1)
    assert ALLOWED_METHODS == ["GET", "HEAD", "POST", "PUT", "DELETE"]


def test_the_query_and_fields_pass(upstream, call):
    headers = {"X-Custom": "a, b", "Accept": "text/*", "Range": "bytes=0-1", "If-None-Match": '"x"'}
    call(HostProxy(upstream.url), headers=headers, QUERY_STRING="a=1&b=%20%C3%A9&c")
    assert upstream.last.target == "/?a=1&b=%20%C3%A9&c"
    assert {name: upstream.last.one(name) for name in headers} == headers


def test_the_body_passes_with_its_length(upstream, call):
    call(HostProxy(upstream.url), "PUT", headers={"Content-Type": "image/png"}, body=b"x" * 100_000)
    assert (upstream.last.framing, upstream.last.body) == ("length 100000", b"x" * 100_000)
    assert upstream.last.one("Content-Type") == "image/png"


def test_a_chunked_body_passes_chunked(upstream, call):
    options = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"x" * 100_000)}
    call(HostProxy(upstream.url), "POST", headers={"Transfer-Encoding": "chunked"}, **options)
    assert (upstream.last.framing, upstream.last.body) == ("chunked", b"x" * 100_000)
    assert upstream.last.all("Content-Length") == []


def test_a_get_without_body_gets_no_framing(upstream, call):
    call(HostProxy(upstream.url))
    assert upstream.last.framing == "none"


def test_a_chunked_body_whose_end_is_not_shown_is_411(upstream, call):
    assert call(HostProxy(upstream.url), "POST", headers={"Transfer-Encoding": "chunked"}).status == 411


def test_no_more_is_read_than_the_length_says(upstream, call):
    body = io.BytesIO(b"bodyGET / HTTP/1.1")
    call(HostProxy(upstream.url), "POST", headers={"Content-Length": "4"}, **{"wsgi.input": body})
    assert (upstream.last.body, body.tell()) == (b"body", 4)


def test_webobs_mark_for_an_unknown_length_is_an_error(upstream, call):
    with pytest.raises(ValueError, match="Content-Length is -1"):
        call(HostProxy(upstream.url), "POST", headers={"Content-Length": "-1"}, validated=False)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_client_that_leaves_mid_body_leaves_no_complete_request(upstream, call, eventually, chunked):
    class Cut(io.BytesIO):
        def read(self, size=-1):
            block = super().read(size)
            if not block and chunked:
                raise OSError("connection reset")
            return block

    headers = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": "100000"}
    options = {"wsgi.input_terminated": True, "wsgi.input": Cut(b"x" * 50_000)}
    assert call(HostProxy(upstream.url), "POST", headers=headers, **options).status == 400
    assert eventually(lambda: upstream.broken)
    assert upstream.requests == []


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_413(upstream, call, chunked):
    headers = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": "1001"}
    options = {"wsgi.input_terminated": True, "wsgi.input": io.BytesIO(b"x" * 1001)}
    proxy = HostProxy(upstream.url, max_request_size=1000)
    assert call(proxy, "POST", headers=headers, **options).status == 413
    assert upstream.requests == []
    assert call(proxy, "POST", body=b"x" * 1000).status == 200


def test_expectations(upstream, call):
    proxy = HostProxy(upstream.url, expect_timeout=0.05)
    assert call(proxy, "POST", headers={"Expect": "100-continue"}, body=b"x").status == 200
    assert upstream.last.one("Expect") == "100-continue"
    assert call(proxy, headers={"Expect": "100-continue"}).status == 200
    assert upstream.last.all("Expect") == []
    assert call(proxy, headers={"Expect": "tea"}).status == 417


def test_the_answer_to_an_expectation_spares_the_body(call, upstream):
    """The upstream server refuses at the head; not a byte of the body is read from the client."""

    class Unread(io.BytesIO):
        def read(self, size=-1):
            raise AssertionError("the body was read")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def refuse():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(head("Content-Length: 0", "Connection: close", status="401 Unauthorized"))
                connection.recv(65536)

        thread = threading.Thread(target=refuse)
        thread.start()
        proxy = HostProxy(f"http://127.0.0.1:{listener.getsockname()[1]}", expect_timeout=5)
        headers = {"Expect": "100-continue", "Content-Length": "100000"}
        assert call(proxy, "POST", headers=headers, **{"wsgi.input": Unread()}).status == 401
        thread.join()


@pytest.mark.parametrize(("value", "sent"), [("5", "4"), ("1", "0"), ("x", "x")])
def test_max_forwards_counts_down(upstream, call, value, sent):
    call(HostProxy(upstream.url, allowed_methods=["OPTIONS"]), "OPTIONS", headers={"Max-Forwards": value})
    assert upstream.last.one("Max-Forwards") == sent


def test_the_last_proxy_answers_itself(upstream, call):
    answer = call(
        HostProxy(upstream.url, allowed_methods=["OPTIONS", "GET"]), "OPTIONS", headers={"Max-Forwards": "0"}
    )
    assert (answer.status, answer.one("Allow"), upstream.requests) == (200, "OPTIONS, GET", [])
    call(HostProxy(upstream.url), headers={"Max-Forwards": "0"})
    assert upstream.last.one("Max-Forwards") == "0"


# -- where to


@pytest.mark.parametrize(
    ("raw", "info", "script", "strip", "target"),
    [
        ("/a%2Fb%20c?q", "/a/b c", "", True, "/a%2Fb%20c"),
        (None, "/a/b c", "", True, "/a/b%20c"),
        ("/%C3%A9", "/\xc3\xa9", "", True, "/%C3%A9"),
        (None, "/\xc3\xa9", "", True, "/%C3%A9"),
        ("/\xc3\xa9", "/\xc3\xa9", "", True, "/%C3%A9"),
        ("/m%20t/x%2Fy", "/x/y", "/m t", True, "/x%2Fy"),
        ("/m%20t/x%2Fy", "/x/y", "/m t", False, "/m%20t/x%2Fy"),
        ("/m/x", "/changed%", "/m", True, "/changed%25"),
        ("/m/x", "/x", "/other", False, "/other/x"),
        ("/a%2Fb", "/a%2Fb", "", True, "/a%2Fb"),
        ("/a%252Fb", "/a%2Fb", "", True, "/a%252Fb"),
        ("http://front.example:8000/a%2Fb?x", "/a/b", "", True, "/a%2Fb"),
        ("http://front.example:8000", "/", "", True, "/"),
        ("*", "*", "", True, "/*"),
        ("/~a!$&'()*+,;=:@", "/~a!$&'()*+,;=:@", "", True, "/~a!$&'()*+,;=:@"),
        ("/m%2521", "1", "/m%2", True, "/1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("variable", ["RAW_URI", "REQUEST_URI"])
def test_the_path_is_the_one_the_client_wrote(upstream, call, raw, info, script, strip, target, variable):
    proxy = HostProxy(upstream.url, strip_script_name=strip)
    call(proxy, path=info, SCRIPT_NAME=script, validated=False, **{variable: raw})
    assert upstream.last.target == target


def test_the_prefix_of_the_uri_goes_in_front(upstream, call):
    proxy = HostProxy(upstream.url + "/db/")
    assert (proxy.uri, proxy.scheme, proxy.net_loc) == (upstream.url + "/db", "http", upstream.netloc)
    call(proxy, path="/doc")
    assert upstream.last.target == "/db/doc"


def test_the_upstream_servers_name_is_sent_or_the_clients(upstream, call):
    call(HostProxy(upstream.url))
    assert upstream.last.one("Host") == upstream.netloc
    call(HostProxy(upstream.url, preserve_host=True))
    assert upstream.last.one("Host") == "front.example:8000"


@pytest.mark.parametrize("name", ["127.0.0.1:{port}", "localhost:{port}"])
def test_server_name_may_hold_the_port(upstream, call, name):
    call(Proxy(), SERVER_NAME=name.format(port=upstream.port), SERVER_PORT="1")
    assert len(upstream.requests) == 1


def test_server_name_and_port_say_where(upstream, call):
    call(Proxy(), SERVER_NAME="127.0.0.1", SERVER_PORT=str(upstream.port))
    assert upstream.last.one("Host") == upstream.netloc


def test_a_proxy_without_a_place_is_400(call):
    assert call(Proxy(), SERVER_NAME="", SERVER_PORT="", HTTP_HOST=None, validated=False).status == 400
    assert call(TransparentProxy(), HTTP_HOST=None).status == 400


def test_an_address_of_version_six_is_reached(call):
    answer = call(Proxy(), SERVER_NAME="::1", SERVER_PORT="9", HTTP_HOST="[::1]:9")
    assert answer.status == 502


@pytest.mark.parametrize("uri", ["ftp://h/", "h", "http://h/?q", "http://h/#f", "http://a b/"])
def test_a_place_that_is_none_is_refused_at_once(uri):
    with pytest.raises(ValueError, match=r"."):
        HostProxy(uri)


@pytest.mark.parametrize("entry", ["a/b", "10.0.0.0/33", "a@b", "a:b", ""])
def test_an_entry_of_allowed_hosts_that_is_none_is_refused_at_once(entry):
    with pytest.raises(ValueError, match=r"."):
        TransparentProxy(allowed_hosts=[entry])


def test_an_option_that_does_not_exist_is_refused(upstream):
    with pytest.raises(TypeError, match="timeout"):
        HostProxy(upstream.url, timeuot=1)


# -- what is said of the client


def test_upstream_is_told_about_the_client(upstream, call):
    call(HostProxy(upstream.url), SCRIPT_NAME="/mount", path="/x")
    assert {name: upstream.last.one(name) for name in ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "Forwarded")} == {
        "X-Forwarded-For": "192.0.2.7",
        "X-Forwarded-Host": "front.example:8000",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Prefix": "/mount",
        "Forwarded": 'for=192.0.2.7;host="front.example:8000";proto=http',
    }  # fmt: skip


@pytest.mark.parametrize("trusted", [["192.0.2.0/24"], "*", ["192.0.2.7"]])
def test_the_word_of_a_trusted_proxy_is_continued(upstream, call, trusted):
    headers = {
        "X-Forwarded-For": "198.51.100.1",
        "X-Forwarded-Proto": "https",
        "Forwarded": "for=198.51.100.1",
    }
    call(HostProxy(upstream.url, trusted_proxies=trusted), headers=headers)
    assert upstream.last.one("X-Forwarded-For") == "198.51.100.1, 192.0.2.7"
    assert upstream.last.one("X-Forwarded-Proto") == "https"
    assert upstream.last.one("Forwarded").startswith("for=198.51.100.1, for=192.0.2.7;")


def test_an_address_of_version_six_is_quoted_in_forwarded(upstream, call):
    call(HostProxy(upstream.url), REMOTE_ADDR="2001:db8::1")
    assert upstream.last.one("Forwarded").startswith('for="[2001:db8::1]";')


def test_both_messages_carry_via(upstream, call):
    upstream.answer = head("Content-Length: 0", "Via: 1.0 cache")
    answer = call(
        HostProxy(upstream.url, via="edge"), headers={"Via": "1.0 other"}, SERVER_PROTOCOL="HTTP/1.0"
    )
    assert upstream.last.one("Via") == "1.0 other, 1.0 edge:8000"
    assert answer.one("Via") == "1.0 cache, 1.1 edge:8000"


# -- responses


def test_fields_repeats_and_reason_pass(upstream, call):
    upstream.answer = head(
        "Set-Cookie: a=1; Path=/",
        "Set-Cookie: b=2",
        "X-T: a\tb",
        "Status: 1",
        "Content-Length: 0",
        status="200 Fine",
    )
    answer = call(HostProxy(upstream.url))
    assert (answer.reason, answer.all("Set-Cookie")) == ("Fine", ["a=1; Path=/", "b=2"])
    assert (answer.one("X-T"), answer.one("Status")) == ("a b", None)


def test_codings_pass_untouched(upstream, call):
    import gzip

    packed = gzip.compress(b"hello" * 100)
    upstream.answer = head("Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed
    answer = call(HostProxy(upstream.url), headers={"Accept-Encoding": "gzip"})
    assert (answer.body, answer.one("Content-Encoding"), answer.one("Content-Length")) == (
        packed,
        "gzip",
        str(len(packed)),
    )
    assert upstream.last.one("Accept-Encoding") == "gzip"


def test_a_chunked_answer_is_left_to_the_server_to_frame(upstream, call):
    upstream.answer = head("Transfer-Encoding: chunked") + b"2\r\nok\r\n0\r\n\r\n"
    answer = call(HostProxy(upstream.url))
    assert (answer.body, answer.names & {"content-length", "transfer-encoding"}) == (b"ok", set())


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_answers_without_content(upstream, call, status):
    upstream.answer = f'HTTP/1.1 {status}\r\nETag: "x"\r\n\r\n'.encode()
    answer = call(HostProxy(upstream.url))
    assert (answer.status, answer.body, answer.one("ETag")) == (int(status[:3]), b"", '"x"')


@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "401 Unauthorized", "416 Range Not Satisfiable", "500 X", "503 Busy"]
)
def test_any_status_passes(upstream, call, status):
    upstream.answer = head("Content-Length: 1", status=status) + b"x"
    answer = call(HostProxy(upstream.url))
    assert (f"{answer.status} {answer.reason}", answer.body) == (status, b"x")


def test_redirects_are_the_clients_to_follow(upstream, call):
    upstream.answer = head("Content-Length: 0", f"Location: {upstream.url}/x", status="302 Found")
    assert (call(HostProxy(upstream.url)).status, len(upstream.requests)) == (302, 1)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("{url}/db/x?q#f", "http://front.example:8000/m/x?q#f"),
        ("{url}/db", "http://front.example:8000/m"),
        ("{url}/db?q", "http://front.example:8000/m?q"),
        ("{upper}/db/x", "http://front.example:8000/m/x"),
        ("/db/x", "/m/x"),
        ("/db", "/m"),
        ("x", "x"),
        ("?q", "?q"),
        ("../x", "../x"),
        ("{url}/dbx", "{url}/dbx"),
        ("/other", "/other"),
        ("http://elsewhere.example/db/x", "http://elsewhere.example/db/x"),
        ("//elsewhere.example/db/x", "//elsewhere.example/db/x"),
        ("http://[bad/db", "http://[bad/db"),
    ],
)
@pytest.mark.parametrize("field", ["Location", "Content-Location"])
def test_places_on_the_server_become_places_on_the_front(upstream, call, location, expected, field):
    names = {"url": upstream.url, "upper": upstream.url.upper()}
    upstream.answer = head("Content-Length: 0", f"{field}: {location.format(**names)}", status="301 Moved")
    answer = call(HostProxy(upstream.url + "/db"), SCRIPT_NAME="/m", path="/y")
    assert answer.one(field) == expected.format(**names)


def test_places_without_prefix_and_with_script_name_kept(upstream, call):
    upstream.answer = head("Content-Length: 0", f"Location: {upstream.url}/m/x", status="301 Moved")
    answer = call(HostProxy(upstream.url, strip_script_name=False), SCRIPT_NAME="/m", path="/y")
    assert (answer.one("Location"), upstream.last.target) == ("http://front.example:8000/m/x", "/m/y")


def test_a_server_that_believes_it_is_the_front(upstream, call):
    upstream.answer = head("Content-Length: 0", "Location: http://front.example:8000/x", status="301 Moved")
    answer = call(HostProxy(upstream.url, preserve_host=True), SCRIPT_NAME="/m", path="/y")
    assert answer.one("Location") == "http://front.example:8000/m/x"


@pytest.mark.parametrize(
    ("cookie", "expected"),
    [
        ("a=1; Path=/db/x; HttpOnly", "a=1; Path=/m/x; HttpOnly"),
        ("a=1; path=/db", "a=1; Path=/m"),
        ("a=1; Path=/", "a=1; Path=/m/"),
        ("a=1; Domain=127.0.0.1; Secure", "a=1; Secure"),
        ("a=1; Domain=elsewhere.example", "a=1; Domain=elsewhere.example"),
        ("a=path=/db", "a=path=/db"),
    ],
)
def test_cookies_are_rewritten_on_request(upstream, call, cookie, expected):
    upstream.answer = head("Content-Length: 0", f"Set-Cookie: {cookie}")
    options = {"SCRIPT_NAME": "/m", "path": "/y"}
    assert call(HostProxy(upstream.url + "/db"), **options).one("Set-Cookie") == cookie
    assert (
        call(HostProxy(upstream.url + "/db", rewrite_cookies=True), **options).one("Set-Cookie") == expected
    )


def test_early_hints_reach_the_server_in_front(upstream, call):
    hints = []
    upstream.answer = b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\nConnection: x\r\n\r\n" + head(
        "Content-Length: 0"
    )
    proxy = HostProxy(upstream.url)
    assert call(proxy, **{"wsgi.early_hints": hints.append}).status == 200
    assert hints == [[("Link", "</a.css>")]]
    assert call(proxy).status == 200
    assert len(hints) == 1


# -- streaming and failures


def test_the_first_event_is_there_before_the_second_is_made(upstream, start):
    import threading

    go_on = threading.Event()

    def events(request, connection):
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n"
        )
        go_on.wait(5)
        connection.sendall(b"6\r\nsecond\r\n0\r\n\r\n")

    upstream.answer = events
    started, app_iter = start(HostProxy(upstream.url))
    blocks = iter(app_iter)
    began = time.monotonic()
    assert (started[0], next(blocks), next(blocks)) == ("200 OK", b"", b"first")
    assert time.monotonic() - began < 0.1
    go_on.set()
    assert b"".join(blocks) == b"second"
    app_iter.close()


def test_a_client_that_leaves_closes_the_upstream_connection(upstream, start):
    def endless(request, connection):
        connection.sendall(head("Transfer-Encoding: chunked") + b"1\r\na\r\n")
        while True:
            connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")

    upstream.answer = endless
    _, app_iter = start(HostProxy(upstream.url))
    assert next(filter(None, app_iter)).startswith(b"a")
    app_iter.close()
    assert upstream.hung_up.wait(5)


def test_an_answer_nobody_iterates_is_closed_all_the_same(upstream, start):
    upstream.answer = head("Content-Length: 10000000") + b"x" * 100_000
    _, app_iter = start(HostProxy(upstream.url))
    app_iter.close()
    assert upstream.hung_up.wait(5)


@pytest.mark.parametrize("framing", ["Content-Length: 10", "Transfer-Encoding: chunked"])
def test_an_answer_that_is_cut_breaks(upstream, start, framing):
    def cut(request, connection):
        connection.sendall(head(framing) + b"5\r\nhello\r\n"[: 10 if "chunked" in framing else 5])
        return "close"

    upstream.answer = cut
    _, app_iter = start(HostProxy(upstream.url))
    with pytest.raises(ConnectionError):
        b"".join(app_iter)
    app_iter.close()


def test_an_answer_that_stalls_breaks(upstream, start):
    upstream.answer = head("Content-Length: 10") + b"hello"
    _, app_iter = start(HostProxy(upstream.url, timeout=0.1))
    with pytest.raises(TimeoutError):
        b"".join(app_iter)
    app_iter.close()


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (b"nonsense\r\n\r\n", 502),
        (b"HTTP/1.1 200 OK\r\nBad Name: 1\r\n\r\n", 502),
        (b"HTTP/1.1 200 OK\r\nContent-Le", 502),
        (b"", 502),
    ],
)
def test_an_answer_that_is_none_is_502(upstream, call, answer, status):
    def say(request, connection):
        connection.sendall(answer)
        return "close"

    upstream.answer = say
    assert call(HostProxy(upstream.url, max_tries=1)).status == status


def test_a_server_that_is_down_is_502(upstream, call):
    upstream.close()
    answer = call(HostProxy(upstream.url))
    assert answer.status == 502
    assert upstream.netloc.encode() not in answer.body


def test_a_server_that_says_nothing_is_504(upstream, call):
    upstream.answer = b""
    assert call(HostProxy(upstream.url, timeout=0.1)).status == 504


def test_no_free_connection_is_503(upstream, start, call):
    upstream.answer = head("Content-Length: 100000000") + b"x"
    proxy = HostProxy(upstream.url, pool=ConnectionPool(max_per_origin=1), timeout=Timeout(pool=0.05))
    _, busy = start(proxy)
    answer = call(proxy)
    assert (answer.status, answer.one("Retry-After")) == (503, "1")
    busy.close()


def test_connections_are_used_again(upstream, call):
    proxy = HostProxy(upstream.url, pool=ConnectionPool())
    for _ in range(5):
        assert call(proxy).body == b"ok"
    assert upstream.connections == 1


def test_a_post_is_not_sent_twice(upstream, call):
    def drop(request, connection):
        return "close"

    upstream.answer = drop
    assert call(HostProxy(upstream.url), "POST", body=b"x").status == 502
    assert len(upstream.requests) == 1


def test_a_refused_upload_is_answered_early(upstream, call):
    """The server refuses while the body is still on its way."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        import threading

        def refuse():
            connection, _ = listener.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(
                    head("Content-Length: 3", "Connection: close", status="413 Too Large") + b"big"
                )
                while connection.recv(65536):
                    pass

        thread = threading.Thread(target=refuse)
        thread.start()
        proxy = HostProxy(f"http://127.0.0.1:{listener.getsockname()[1]}")
        answer = call(proxy, "POST", body=b"x" * 20_000_000)
        assert (answer.status, answer.body) == (413, b"big")
        thread.join()


# -- upgrade


def test_an_upgraded_connection_passes_bytes_both_ways(upstream, start):
    def switch(request, connection):
        assert (request.one("Upgrade"), request.one("Connection")) == ("websocket", "Upgrade")
        connection.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-Key: 1\r\n\r\nhello"
        )
        while data := connection.recv(65536):
            connection.sendall(data.upper())
        return "close"

    import threading

    upstream.answer = switch
    client, server = socket.socketpair()
    headers = {"Connection": "keep-alive, Upgrade", "Upgrade": "websocket"}
    done = []

    def serve():
        started, app_iter = start(
            HostProxy(upstream.url), headers=headers, validated=False, **{"gunicorn.socket": server}
        )
        done.append((started[0], list(app_iter)))

    thread = threading.Thread(target=serve)
    thread.start()
    with client, server, client.makefile("rb") as stream:
        lines = []
        while (line := stream.readline()) != b"\r\n":
            lines.append(line.strip())
        assert lines[0] == b"HTTP/1.1 101 Switching Protocols"
        assert {b"Upgrade: websocket", b"Connection: Upgrade", b"X-Key: 1"} <= set(lines)
        assert stream.read(5) == b"hello"
        big = b"x" * 1_000_000
        sender = threading.Thread(target=client.sendall, args=(big,))
        sender.start()
        assert stream.read(len(big)) == big.upper()
        sender.join()
        client.shutdown(socket.SHUT_WR)
        assert stream.read() == b""
        thread.join(5)
    assert done == [("101 Switching Protocols", [])]


def test_an_upgrade_that_the_server_declines_is_an_answer_like_any_other(upstream, call):
    headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
    answer = call(HostProxy(upstream.url), headers=headers, **{"gunicorn.socket": object()})
    assert (answer.status, answer.body) == (200, b"ok")


def test_without_the_clients_socket_nothing_is_upgraded(upstream, call):
    call(HostProxy(upstream.url), headers={"Connection": "Upgrade", "Upgrade": "websocket"})
    assert upstream.last.all("Upgrade") == []
