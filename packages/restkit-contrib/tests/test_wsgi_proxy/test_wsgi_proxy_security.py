"""Row 48 of the security checklist: what an attacker in front, or behind, can not do through a proxy."""

import pytest

from restkit_contrib.wsgi_proxy import HostProxy, Proxy, TransparentProxy

HOP_BY_HOP = {
    "Connection": "keep-alive, X-Secret-Hop",
    "Keep-Alive": "timeout=5",
    "Proxy-Authorization": "Basic c2VjcmV0",
    "Proxy-Connection": "keep-alive",
    "TE": "trailers",
    "Trailer": "X-Sum",
    "Upgrade": "h2c",
    "X-Secret-Hop": "1",
    "Proxy": "http://evil.example",
}


@pytest.mark.parametrize("name", HOP_BY_HOP)
def test_a_field_about_one_connection_does_not_pass_upstream(upstream, call, name):
    call(HostProxy(upstream.url), headers=HOP_BY_HOP)
    assert upstream.last.all(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "Connection",
        "Keep-Alive",
        "Proxy-Authenticate",
        "TE",
        "Trailer",
        "Upgrade",
        "Transfer-Encoding",
        "X-Hop",
    ],
)
def test_a_field_about_one_connection_does_not_pass_downstream(upstream, call, name):
    upstream.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: keep-alive, X-Hop\r\nKeep-Alive: timeout=5\r\n"
        b"Proxy-Authenticate: Basic\r\nTE: trailers\r\nTrailer: X-Sum\r\nUpgrade: h2c\r\nX-Hop: 1\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n"
    )
    answer = call(HostProxy(upstream.url))
    assert (answer.all(name), answer.body) == ([], b"ok")


@pytest.mark.parametrize(
    "name", ["Host", "Content-Length", "Authorization", "Cookie", "Content-Type", "X-Forwarded-For"]
)
def test_what_the_server_relies_on_can_not_be_named_away(upstream, call, name):
    headers = {
        "Connection": name,
        "Authorization": "Basic eA==",
        "Cookie": "a=1",
        "Content-Type": "text/plain",
    }
    call(HostProxy(upstream.url), "POST", headers=headers, body=b"body")
    assert upstream.last.one(name) is not None
    assert upstream.last.body == b"body"


@pytest.mark.parametrize("name", ["Set-Cookie", "Content-Length", "Location", "Content-Type"])
def test_the_server_can_not_name_away_what_the_client_relies_on(upstream, call, name):
    upstream.answer = (
        b"HTTP/1.1 302 Found\r\nContent-Type: text/plain\r\nSet-Cookie: a=1\r\nLocation: /x\r\nContent-Length: 0\r\n"
        b"Connection: " + name.encode() + b"\r\n\r\n"
    )
    assert call(HostProxy(upstream.url)).one(name) is not None


def test_two_framings_in_one_request_are_refused(upstream, call):
    headers = {"Transfer-Encoding": "chunked", "Content-Length": "4"}
    answer = call(HostProxy(upstream.url), "POST", headers=headers, **{"wsgi.input_terminated": True})
    assert (answer.status, upstream.requests) == (400, [])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Transfer-Encoding": "chunked, chunked"}, 501),
        ({"Transfer-Encoding": "gzip, chunked"}, 501),
        ({"Transfer-Encoding": "identity"}, 501),
        ({"Content-Length": "0x4"}, 400),
        ({"Content-Length": "+4"}, 400),
        ({"Content-Length": "4, 5"}, 400),
    ],
)
def test_a_framing_that_others_read_differently_is_refused(upstream, call, headers, status):
    options = {"wsgi.input_terminated": True, "validated": False}
    assert call(HostProxy(upstream.url), "POST", headers=headers, **options).status == status
    assert upstream.requests == []


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_trace_and_connect_never_pass(upstream, call, method):
    assert call(HostProxy(upstream.url), method, validated=False).status == 403
    with pytest.raises(ValueError, match=method):
        HostProxy(upstream.url, allowed_methods=["GET", method.lower()])


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("//evil.example/x", "//evil.example/x"),
        ("http://evil.example/x", "/http://evil.example/x"),
        ("@evil.example/x", "/@evil.example/x"),
        (":80@evil.example/", "/:80@evil.example/"),
        (".evil.example/x", "/.evil.example/x"),
        ("/\\evil.example", "/%5Cevil.example"),
        ("\\\\evil.example", "/%5C%5Cevil.example"),
        ("/a\r\nX-Evil: 1", "/a%0D%0AX-Evil:%201"),
        ("/a b?c#d", "/a%20b%3Fc%23d"),
        ("", "/"),
    ],
)
def test_no_path_leads_to_another_host(upstream, call, path, target):
    call(HostProxy(upstream.url), path=path, validated=False)
    assert (upstream.last.target, upstream.last.one("Host")) == (target, upstream.netloc)


@pytest.mark.parametrize(
    "raw",
    [
        "/../x",
        "/a/../../x",
        "/%2e%2e/x",
        "/.%2E/x",
        "/a%2f..%2f..%2fx",
        "/..%2fx",
        "/..%5cx",
        "/..;/x",
        "/..;a=b/x",
        "/a/..%5c..%5cx",
        "/a%2Fb/../../x",
    ],
)
def test_no_path_leads_out_of_the_prefix(upstream, call, raw):
    from urllib.parse import unquote

    answer = call(HostProxy(upstream.url + "/inside"), path=unquote(raw, "latin-1"), RAW_URI=raw)
    assert (answer.status, upstream.requests) == (400, [])
    assert call(HostProxy(upstream.url + "/inside"), path=raw, RAW_URI=raw).status == 400


def test_dot_segments_inside_are_resolved(upstream, call):
    proxy = HostProxy(upstream.url + "/inside")
    for raw, target in [
        ("/a/../b", "/inside/b"),
        ("/a/./b/%2e%2e", "/inside/a/"),
        ("/...", "/inside/..."),
        ("/a..b", "/inside/a..b"),
    ]:
        call(proxy, path=raw.replace("%2e", "."), RAW_URI=raw)
        assert upstream.last.target == target


@pytest.mark.parametrize(
    "host", ["evil.example/x", "a@evil.example", "a b", "a,b", 'a"b', "a?b", "a#b", "evil\\x"]
)
def test_a_host_that_is_none_is_refused(upstream, call, host):
    assert call(HostProxy(upstream.url), headers={"Host": host}).status == 400
    assert upstream.requests == []


def test_an_absolute_target_and_another_host_are_refused(upstream, call):
    proxy = HostProxy(upstream.url)
    assert call(proxy, path="/x", RAW_URI="http://evil.example/x").status == 400
    assert call(proxy, path="/x", RAW_URI="http://Front.example:8000/x").status == 200
    assert upstream.last.target == "/x"


CLAIMS = {
    "Forwarded": "for=198.51.100.1",
    "X-Forwarded-For": "198.51.100.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "1",
    "X-Real-IP": "198.51.100.1",
}


@pytest.mark.parametrize("forwarded", [True, False])
def test_nobody_can_claim_to_be_somebody_else(upstream, call, forwarded):
    call(HostProxy(upstream.url, forwarded=forwarded), headers=CLAIMS)
    sent = " ".join(f"{name}: {value}" for name, value in upstream.last.fields)
    assert "198.51.100.1" not in sent
    assert "evil.example" not in sent
    assert upstream.last.all("X-Forwarded-For") == (["192.0.2.7"] if forwarded else [])


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b", "a\rb"])
def test_no_field_can_be_split_upstream(upstream, call, value):
    answer = call(HostProxy(upstream.url), headers={"X-A": value})
    assert (answer.status, upstream.requests) == (400, [])


def test_no_field_can_be_split_downstream(upstream, call):
    upstream.answer = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nX-A: a\rX-Evil: 1\r\nContent-Length: 0\r\n\r\n"
    )
    assert call(HostProxy(upstream.url)).status == 502


def test_an_answer_with_two_lengths_is_an_error(upstream, call):
    upstream.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"
    assert call(HostProxy(upstream.url)).status == 502


def test_upgrade_with_a_body_is_no_upgrade(upstream, call):
    headers = {"Connection": "Upgrade", "Upgrade": "websocket"}
    call(HostProxy(upstream.url), "POST", headers=headers, body=b"x", **{"gunicorn.socket": object()})
    assert upstream.last.all("Upgrade") == []


def test_a_protocol_that_is_not_offered_is_no_upgrade(upstream, call):
    headers = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c"}
    call(HostProxy(upstream.url), headers=headers, **{"gunicorn.socket": object()})
    assert upstream.last.all("Upgrade") == []


def test_a_loop_is_refused(upstream, call):
    proxy = HostProxy(upstream.url)
    call(proxy)
    again = call(proxy, headers={"Via": "1.0 other, " + upstream.last.one("Via")})
    assert (again.status, len(upstream.requests)) == (508, 1)
    assert call(HostProxy(upstream.url + "/other"), headers={"Via": upstream.last.one("Via")}).status == 200


def test_the_password_of_the_uri_stays_between_proxy_and_server(upstream, call):
    proxy = HostProxy(upstream.url.replace("//", "//user:s3cret@"))
    answer = call(proxy)
    assert upstream.last.one("Authorization") == "Basic dXNlcjpzM2NyZXQ="
    assert "s3cret" not in f"{proxy.uri} {proxy.net_loc} {answer.fields} {answer.body!r}"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "169.254.169.254",
                                  "10.1.2.3", "100.64.0.1", "224.0.0.1", "0.0.0.0", "[fd00::1]", "[2002:7f00:1::]"])  # fmt: skip
def test_a_transparent_proxy_goes_to_no_private_address(upstream, call, host):
    answer = call(TransparentProxy(timeout=5), headers={"Host": f"{host}:{upstream.port}"})
    assert answer.status == 403
    assert b"allowed_hosts" in answer.body
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("allowed", "status"),
    [
        (["127.0.0.1"], 200),
        (["127.0.0.1:{port}"], 200),
        (["127.0.0.1:1"], 403),
        (["127.0.0.0/8"], 200),
        (["*"], 200),
        ("*", 200),
        (["example.org", "10.0.0.0/8"], 403),
        ([], 403),
    ],
)
def test_a_private_address_is_reached_when_it_is_listed(upstream, call, allowed, status):
    allowed = allowed if isinstance(allowed, str) else [entry.format(port=upstream.port) for entry in allowed]
    proxy = TransparentProxy(allowed_hosts=allowed)
    assert call(proxy, headers={"Host": upstream.netloc}).status == status


def test_the_address_that_is_judged_is_the_one_connected_to(upstream, call):
    import socket

    def rebinding(host, port, phase):
        return [(socket.AF_INET, ("127.0.0.1", upstream.port))]

    headers = {"Host": f"public.example:{upstream.port}"}
    assert call(TransparentProxy(resolver=rebinding), headers=headers).status == 403
    assert (
        call(TransparentProxy(resolver=rebinding, allowed_hosts=["127.0.0.0/8"]), headers=headers).status
        == 200
    )
    assert (
        call(TransparentProxy(resolver=rebinding, allowed_hosts=["public.example"]), headers=headers).status
        == 200
    )


def test_a_pooled_connection_of_a_laxer_proxy_is_not_shared(upstream, call):
    from restkit_client.pool import ConnectionPool

    pool = ConnectionPool()
    headers = {"Host": upstream.netloc}
    assert call(TransparentProxy(pool=pool, allowed_hosts=["127.0.0.1"]), headers=headers).status == 200
    assert call(TransparentProxy(pool=pool), headers=headers).status == 403


@pytest.mark.parametrize("option", [{"proxy": "http://p"}, {"use_proxy": True}, {"unix_socket": "/s"}])
def test_a_transparent_proxy_refuses_options_that_hide_the_address(option):
    with pytest.raises(ValueError, match=next(iter(option))):
        TransparentProxy(**option)


def test_a_request_for_itself_is_a_loop_not_a_flood(upstream, call):
    proxy = Proxy()
    seen = []

    def front(request, connection):
        seen.append(request)
        headers = {"Via": request.one("Via")}
        answer = call(proxy, headers=headers, SERVER_NAME="127.0.0.1", SERVER_PORT=str(upstream.port))
        connection.sendall(
            f"HTTP/1.1 {answer.status} Loop\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n".encode()
        )

    upstream.answer = front
    answer = call(proxy, SERVER_NAME="127.0.0.1", SERVER_PORT=str(upstream.port))
    assert (answer.status, len(seen)) == (508, 1)
