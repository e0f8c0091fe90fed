"""Digest authentication: the RFC's examples, and a small server that checks every answer."""

import hashlib
import io
import threading
from time import thread_time

import pytest

from restkit_client.filters import DigestAuth
from restkit_client.filters.challenges import parse_challenges, parse_parameters, quoted_string
from restkit_client.filters.digest_hash import ALGORITHMS, entity_hash, hash_of
from restkit_parser.headers import Headers


class Request:
    """What the caller gave; `copy()` is a fresh one, the context is the call's."""

    def __init__(self, url="http://www.example.org/dir/index.html", method="GET", body=None, context=None):
        self.url = url
        self.method = method
        self.body = body
        self.headers = Headers()
        self.context = {} if context is None else context

    def copy(self):
        return Request(self.url, self.method, self.body, self.context)


class Response:
    def __init__(self, status, headers=()):
        self.status_int = status
        self.headers = Headers(headers)


def call(auth, server, request=None):
    """The client's loop: filters, send, ask the filters, again."""
    request = request or Request()
    while True:
        outgoing = request.copy()
        auth.on_request(outgoing)
        response = server(outgoing)
        request = auth.on_response(response, outgoing)
        if request is None:
            return response


def answer_to(fields, username, password, url, monkeypatch, cnonce=None):
    """The parameters of the Authorization field that answers a challenge."""
    auth = DigestAuth(username, password)
    request = Request(url)
    if cnonce is not None:
        monkeypatch.setattr(
            "restkit_client.filters.digest_session.os.urandom", lambda _count: _Cnonce(cnonce)
        )
    again = auth.on_response(Response(401, [("WWW-Authenticate", field) for field in fields]), request)
    auth.on_request(again)
    scheme, _, rest = again.headers["Authorization"].partition(" ")
    assert scheme == "Digest"
    return parse_parameters(rest)


class _Cnonce:
    def __init__(self, text):
        self.hex = lambda: text


RFC_3_9_1 = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)


@pytest.mark.parametrize(
    ("fields", "algorithm", "response"),
    [
        (
            [RFC_3_9_1.format("SHA-256"), RFC_3_9_1.format("MD5")],
            "SHA-256",
            "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
        ),
        ([RFC_3_9_1.format("MD5")], "MD5", "8ca523f5e9506fed4657c9700eebdbec"),
    ],
)
def test_the_example_of_rfc_7616_section_3_9_1(fields, algorithm, response, monkeypatch):
    sent = answer_to(
        fields,
        "Mufasa",
        "Circle of Life",
        "http://www.example.org/dir/index.html",
        monkeypatch,
        "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    )
    assert sent == {
        "username": "Mufasa",
        "realm": "http-auth@example.org",
        "uri": "/dir/index.html",
        "algorithm": algorithm,
        "nonce": "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
        "nc": "00000001",
        "cnonce": "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
        "qop": "auth",
        "response": response,
        "opaque": "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS",
    }


def test_the_example_of_rfc_7616_section_3_9_2(monkeypatch):
    """With the user name and response of erratum 4897: the RFC's own are of a truncated SHA-512, not of SHA-512/256."""
    field = (
        'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, '
        'nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", '
        'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true'
    )
    sent = answer_to(
        [field],
        "J\u00e4s\u00f8n Doe",
        "Secret, or not?",
        "http://api.example.org/doe.json",
        monkeypatch,
        "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
    )
    assert sent["username"] == "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"
    assert sent["response"] == "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"
    assert sent["userhash"] == "true"


def test_the_example_of_rfc_2617_section_3_5(monkeypatch):
    field = (
        'Digest realm="testrealm@host.com", qop="auth,auth-int", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"'
    )
    sent = answer_to(
        [field], "Mufasa", "Circle Of Life", "http://www.nowhere.org/dir/index.html", monkeypatch, "0a4f113b"
    )
    assert sent["response"] == "6629fae49393a05397450978507c4ef1"
    assert "algorithm" not in sent


class Server:
    """Checks Authorization by its own arithmetic."""

    def __init__(self, algorithm="MD5", qop="auth", password="Secret, or not?", username="alice", **extra):
        self.algorithm, self.qop, self.password, self.username = algorithm, qop, password, username
        self.extra = extra
        self.nonce_number = 1
        self.uses_left = 10**9
        self.next_nonce = False
        self.seen = []
        self.counts = {}
        self.sessions = {}

    @property
    def nonce(self):
        return f"nonce{self.nonce_number}"

    def __call__(self, request):
        field = request.headers.get("Authorization")
        self.seen.append(field)
        if field is None:
            return self.challenge()
        sent = parse_parameters(field.partition(" ")[2])
        if self.response_to(sent, request) != sent["response"]:
            return self.challenge()
        if sent["nonce"] != self.nonce or self.uses_left == 0:
            self.nonce_number += 1
            self.uses_left = self.extra.get("uses", 10**9)
            return self.challenge("stale=TRUE")
        if self.qop:
            # RFC 7616 3.4: the count goes up by one.
            assert int(sent["nc"], 16) == self.counts.get(self.nonce, 0) + 1
            self.counts[self.nonce] = int(sent["nc"], 16)
        self.uses_left -= 1
        if not self.next_nonce:
            return Response(200)
        self.nonce_number += 1
        return Response(200, {"Authentication-Info": f'qop=auth, nextnonce="{self.nonce}"'})

    def challenge(self, *more):
        parts = ['realm="a \\"realm\\", with comma"', f'nonce="{self.nonce}"', *more]
        if self.algorithm:
            parts.append(f"algorithm={self.algorithm}")
        if self.qop:
            parts.append(f'qop="{self.qop}"')
        return Response(
            401, [("WWW-Authenticate", 'Basic realm="x"'), ("WWW-Authenticate", "Digest " + ", ".join(parts))]
        )

    def response_to(self, sent, request):
        name = (self.algorithm or "MD5").upper().removesuffix("-SESS")
        name = {"MD5": "md5", "SHA-256": "sha256", "SHA-512-256": "sha512_256"}[name]

        def h(data):
            return hashlib.new(name, data if isinstance(data, bytes) else data.encode()).hexdigest()

        assert sent["realm"] == 'a "realm", with comma'
        ha1 = h(f"{self.username}:{sent['realm']}:{self.password}")
        if (self.algorithm or "").lower().endswith("-sess"):
            ha1 = self.sessions.setdefault(sent["cnonce"], h(f"{ha1}:{sent['nonce']}:{sent['cnonce']}"))
        ha2 = f"{request.method}:{sent['uri']}"
        if sent.get("qop") == "auth-int":
            ha2 += ":" + h(
                b"".join([request.body]) if isinstance(request.body, bytes) else (request.body or b"")
            )
        if not self.qop:
            return h(f"{ha1}:{sent['nonce']}:{h(ha2)}")
        return h(f"{ha1}:{sent['nonce']}:{sent['nc']}:{sent['cnonce']}:{sent['qop']}:{h(ha2)}")


ALL = ["MD5", "MD5-sess", "md5", "SHA-256", "SHA-256-sess", "SHA-512-256", "SHA-512-256-sess", None]


@pytest.mark.parametrize("algorithm", ALL)
@pytest.mark.parametrize("qop", ["auth", "auth-int", "auth,auth-int", "auth-int, auth", None])
def test_every_algorithm_and_qop_is_answered(algorithm, qop):
    server = Server(algorithm, qop)
    auth = DigestAuth("alice", "Secret, or not?")
    if qop is None and (algorithm or "").endswith("-sess"):
        # A session key needs the client's nonce, which RFC 2069 does not have.
        assert call(auth, server).status_int == 401
        assert server.seen == [None]
        return
    assert call(auth, server, Request(method="POST", body=b"body")).status_int == 200
    assert len(server.seen) == 2
    assert (
        call(auth, server, Request("http://www.example.org/other?a=b", "PUT", b"x" * 1000)).status_int == 200
    )
    assert len(server.seen) == 3


def test_a_wrong_password_is_tried_once():
    server = Server()
    assert call(DigestAuth("alice", "wrong"), server).status_int == 401
    assert len(server.seen) == 2


def test_a_stale_nonce_is_answered_once_more():
    server = Server(uses=1)
    auth = DigestAuth("alice", "Secret, or not?")
    server.uses_left = 0
    assert call(auth, server).status_int == 200
    assert len(server.seen) == 3
    assert call(auth, server).status_int == 200
    assert len(server.seen) == 5


def test_a_server_that_always_says_stale_is_answered_twice():
    seen = []

    def server(request):
        seen.append(request.headers.get("Authorization"))
        return Response(
            401, {"WWW-Authenticate": f'Digest realm="r", nonce="{len(seen)}", qop="auth", stale=true'}
        )

    assert call(DigestAuth("alice", "p"), server).status_int == 401
    assert len(seen) == 3


def test_the_next_nonce_is_used_from_its_first_count():
    server = Server(next_nonce=True)
    server.next_nonce = True
    auth = DigestAuth("alice", "Secret, or not?")
    for _ in range(4):
        assert call(auth, server).status_int == 200
    assert len(server.seen) == 5
    assert [parse_parameters(field)["nc"] for field in server.seen[1:]] == ["00000001"] * 4


def test_another_origin_is_told_nothing_in_advance():
    server = Server()
    auth = DigestAuth("alice", "Secret, or not?")
    call(auth, server)
    for url in (
        "https://www.example.org/",
        "http://www.example.org:81/",
        "http://example.org/",
        "http://www.example.org./",
    ):
        request = Request(url)
        auth.on_request(request)
        assert "Authorization" not in request.headers
    assert not hasattr(DigestAuth, "any_origin")


@pytest.mark.parametrize(
    ("fields", "algorithm"),
    [
        (
            ['Digest realm="r", nonce="n", algorithm=MD5, Digest realm="r", nonce="n", algorithm=SHA-256'],
            "SHA-256",
        ),
        (
            ['Digest realm="r", nonce="n", algorithm=SHA-512-256', 'Digest realm="r", nonce="n"'],
            "SHA-512-256",
        ),
        (['Negotiate, Digest realm="r", nonce="n", algorithm=MD5, Basic realm="x"'], "MD5"),
        (['Digest realm="r", nonce="n", algorithm=SHA-3, Digest realm="r", nonce="n", algorithm=MD5'], "MD5"),
        (['Digest nonce="n", algorithm=SHA-256, qop="auth-conf", Digest nonce="n", algorithm=MD5'], "MD5"),
    ],
)
def test_the_strongest_challenge_that_can_be_answered_is(fields, algorithm, monkeypatch):
    assert answer_to(fields, "u", "p", "http://h/", monkeypatch)["algorithm"] == algorithm


@pytest.mark.parametrize(
    "field",
    [
        "",
        "Basic realm=x",
        "Digest",
        "Digest realm=x",
        'Digest nonce=""',
        "Digest nonce=n, algorithm=SHA-1",
        'Digest nonce=n, qop="x"',
    ],
)
def test_what_can_not_be_answered_is_the_caller_s_to_see(field):
    assert DigestAuth("u", "p").on_response(Response(401, {"WWW-Authenticate": field}), Request()) is None
    assert (
        DigestAuth("u", "p").on_response(Response(403, {"WWW-Authenticate": "Digest nonce=n"}), Request())
        is None
    )


@pytest.mark.parametrize(
    ("challenge", "expected"),
    [
        ("Digest nonce=n", 'username="J\u00c3\u00a4s\u00c3\u00b8n \\"D\\""'),
        ("Digest nonce=n, charset=UTF-8", "username*=UTF-8''J%C3%A4s%C3%B8n%20%22D%22"),
    ],
)
def test_a_name_beyond_ascii_is_utf_8(challenge, expected):
    auth = DigestAuth('J\u00e4s\u00f8n "D"', "p")
    again = auth.on_response(Response(401, {"WWW-Authenticate": challenge}), Request())
    auth.on_request(again)
    assert expected in again.headers["Authorization"]


def test_a_realm_is_hashed_as_the_server_sent_it(monkeypatch):
    sent = answer_to(['Digest realm="caf\u00c3\u00a9", nonce="n"'], "u", "p", "http://h/", monkeypatch)
    ha1 = hashlib.md5("u:caf\u00e9:p".encode()).hexdigest()
    ha2 = hashlib.md5(b"GET:/").hexdigest()
    assert sent["response"] == hashlib.md5(f"{ha1}:n:{ha2}".encode()).hexdigest()
    assert sent["realm"] == "caf\u00c3\u00a9"


class FileBody:
    def __init__(self, data, rewinds=True):
        self.data, self.rewinds, self.rewound = data, rewinds, 0

    def segments(self):
        yield self.data[:3]
        yield io.BytesIO(b"--" + self.data), 5, len(self.data) - 3

    def rewind(self):
        self.rewound += 1
        return self.rewinds


@pytest.mark.parametrize("size", [3, 100, 200_000])
def test_a_body_of_segments_is_hashed_and_rewound(size):
    data = bytes(range(256)) * (size // 256 + 1)
    body = FileBody(data[:size])
    for name in ALGORITHMS:
        digest = hash_of(name)
        assert entity_hash(digest, body) == digest.over([data[:size]])
    assert body.rewound == 2 * len(ALGORITHMS)
    assert entity_hash(digest, None) == entity_hash(digest, b"") == entity_hash(digest, "")
    assert entity_hash(digest, "é") == entity_hash(digest, "é".encode())


@pytest.mark.parametrize("body", [FileBody(b"abcdef", rewinds=False), iter([b"abc"])])
def test_a_body_that_can_be_read_once_is_not_used_up(body):
    assert entity_hash(hash_of("MD5"), body) is None
    server = Server(qop="auth-int")
    response = call(DigestAuth("alice", "Secret, or not?"), server, Request(body=body))
    assert response.status_int == 401
    assert server.seen == [None, None]


@pytest.mark.parametrize("bad", ["\r", "\n", "\0", "\r\n", "\ud800", "\x7f"])
def test_names_and_passwords_inject_nothing(bad):
    for pair in ((f"u{bad}", "s3cret"), ("u", f"s3cret{bad}")):
        with pytest.raises(ValueError, match="control character or lone surrogate") as caught:
            DigestAuth(*pair)
        assert "s3cret" not in str(caught.value)


def test_no_password_in_a_repr():
    auth = DigestAuth("alice", "s3cret")
    call(auth, Server(password="s3cret"))
    assert repr(auth) == "<DigestAuth 'alice'>"
    assert "s3cret" not in str([repr(session) for session in auth._sessions.values()])


def test_threads_count_together():
    """Each use of a nonce has a count of its own."""
    counts = []

    def server(request):
        field = request.headers.get("Authorization")
        if field is None:
            return Response(401, {"WWW-Authenticate": 'Digest realm="r", nonce="n", qop="auth"'})
        counts.append(parse_parameters(field)["nc"])
        return Response(200)

    auth = DigestAuth("u", "p")
    call(auth, server)
    threads = [threading.Thread(target=lambda: [call(auth, server) for _ in range(200)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(counts) == len(set(counts)) == 801


def test_origins_are_remembered_within_bounds():
    auth = DigestAuth("u", "p")
    for number in range(1000):
        auth.on_response(
            Response(401, {"WWW-Authenticate": 'Digest nonce="n"'}), Request(f"http://h{number}/")
        )
    assert len(auth._sessions) <= 256


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (["Basic"], [("basic", {})]),
        (["Basic realm=x"], [("basic", {"realm": "x"})]),
        (['Basic realm="a, b=c", charset="UTF-8"'], [("basic", {"realm": "a, b=c", "charset": "UTF-8"})]),
        (["Negotiate YWJj, Basic realm=x"], [("negotiate", {}), ("basic", {"realm": "x"})]),
        (["Negotiate YWJj=="], [("negotiate", {"ywjj": "="})]),
        (["NTLM, Negotiate"], [("ntlm", {}), ("negotiate", {})]),
        (['Digest a="\\"\\\\x\\y"'], [("digest", {"a": '"\\xy'})]),
        (["Digest a = b ,, c=d,"], [("digest", {"a": "b", "c": "d"})]),
        (["Digest a=1, a=2"], [("digest", {"a": "1"})]),
        (["Basic realm=x", "Digest nonce=n"], [("basic", {"realm": "x"}), ("digest", {"nonce": "n"})]),
        (["a=b"], []),
        ([""], []),
        (['Digest a="unclosed, b=c'], [("digest", {"a": '"unclosed, b=c'})]),
    ],
)
def test_challenges_are_taken_apart(fields, expected):
    assert parse_challenges(fields) == expected


def test_a_quoted_string_is_read_back():
    for text in ("", "a", 'a"b', "a\\b", '\\"', '"', "\\\\", "a,b=c"):
        assert parse_parameters(f"x={quoted_string(text)}") == {"x": text}


@pytest.mark.parametrize(
    "unit", ["a", ",", "=", '"', "\\", '\\"', "a=b,", "Digest ", " ", 'a="', "Digest a=b,"]
)
def test_a_megabyte_of_challenges_is_read_at_once(unit):
    text = unit * (1_000_000 // len(unit))
    start = thread_time()
    parse_challenges([text])
    parse_challenges(["Digest nonce=" + text])
    parse_parameters(text)
    assert thread_time() - start < 6
