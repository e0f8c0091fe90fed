"""What at least one other client gets wrong, by its row in the comparison of clients: each is right here, on raw sockets."""

import gzip
import hashlib
import time
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from faults.script_server import ScriptServer
from restkit import Client
from restkit.errors import (
    IncompleteBody,
    InvalidHeader,
    ParserError,
    RequestError,
    RestkitError,
    TotalTimeout,
    UnexpectedEOF,
)
from restkit_client import Timeout
from restkit_client.errors import DecodeError, UnrewindableBody

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunks(*parts: bytes) -> bytes:
    return b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


@pytest.fixture
def client() -> Iterator[Client]:
    with Client(max_connections=8, wait_tries=0.001) as client:
        yield client


def test_iter_lines_where_crlf_splits_between_chunks(client: Client) -> None:
    with ScriptServer([["head", CHUNKED + chunks(b"a\r", b"\nb", b"\r\n\r", b"\n", b"c")]]) as server:
        assert list(client.get(server.url).iter_lines()) == [b"a", b"b", b"", b"c"]


def test_server_sent_events_come_one_by_one(client: Client) -> None:
    events = [b"data: 1\n\n", b"id: 7\nevent: e\nda", b"ta: 2\r", b"\n\r\n"]
    with ScriptServer([["head", CHUNKED + chunks(*events)]]) as server:
        got = [(each.event, each.data, each.id) for each in client.get(server.url).iter_sse()]
    assert got == [("message", "1", ""), ("e", "2", "7")]


def test_early_hints_are_not_the_answer_and_the_next_request_gets_its_own(client: Client) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n"
    seen: list[Any] = []
    with ScriptServer([["head", hints + OK, "serve"]]) as server:
        first = client.get(server.url, on_interim=seen.append)
        assert (first.status_int, first.body_string()) == (200, b"ok")
        assert client.get(server.url).body_string() != b"ok"
        assert len(server.received) == 1
    assert [(head.status, head.headers["link"]) for head in seen] == [(103, "</style.css>; rel=preload")]


def test_three_hundred_fields(client: Client) -> None:
    fields = b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(300))
    with ScriptServer([["head", b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 0\r\n\r\n"]]) as server:
        assert client.get(server.url).headers["x-299"] == "299"


def test_repeated_fields_are_kept_apart(client: Client) -> None:
    fields = b"Set-Cookie: a=1; Expires=Wed, 09 Jun 2100 10:18:14 GMT\r\nSet-Cookie: b=2\r\n"
    with ScriptServer([["head", b"HTTP/1.1 200 OK\r\n" + fields + b"Content-Length: 0\r\n\r\n"]]) as server:
        response = client.get(server.url)
    assert len(response.headers.get_all("set-cookie")) == 2
    assert response.cookies == {"a": "1", "b": "2"}


@pytest.mark.parametrize(
    "script", [[CHUNKED, ("drip", b"1\r\nx\r\n" * 20, 0.1)], [("drip", OK, 0.1)]], ids=["body", "head"]
)
def test_the_total_limit_bites_however_slowly_bytes_drip(client: Client, script: list[Any]) -> None:
    with ScriptServer([["head", *script]]) as server:
        start = time.monotonic()
        with pytest.raises(TotalTimeout):
            client.get(server.url, timeout=Timeout(total=0.5)).body_string()
        assert 0.45 < time.monotonic() - start < 0.9


def test_a_307_with_a_generator_body_is_an_error_or_its_own_answer_and_never_an_empty_post(
    client: Client,
) -> None:
    moved = b"HTTP/1.1 307 Moved\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
    with ScriptServer([["head", ("read", 14), moved, "serve"]]) as server:
        try:
            options: dict[str, Any] = {"follow_redirect": True, "force_follow_redirect": True}
            status = client.post(server.url, body=iter([b"data"]), **options).status_int
        except UnrewindableBody:
            status = 307
        assert status == 307
        assert sum(bytes(log).count(b"POST ") for log in server.received) == 1


@pytest.mark.parametrize("status", [b"417 No", b"413 Too Large"])
def test_expect_waits_and_a_refusal_costs_no_body(client: Client, status: bytes) -> None:
    refusal = b"HTTP/1.1 %b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % status
    with ScriptServer([["head", refusal, "drain"], ["head", refusal, "drain"]]) as server:
        fields = {"Expect": "100-continue"}
        response = client.post(server.url, body=iter([bytes(2_000_000)]), headers=fields, expect_timeout=5)
        assert response.status_int in (417, 413)
        assert len(server.received[0]) < 1000


def test_an_early_answer_while_uploading_is_delivered(client: Client) -> None:
    answer = b"HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
    with ScriptServer([["head", ("read", 65536), answer, "drain"]]) as server:
        response = client.post(server.url, body=(bytes(65536) for _ in range(200)))
        assert (response.status_int, response.body_string()) == (413, b"no")


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
        b"HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 2\r\n\r\nok",
    ],
    ids=["blank before the colon", "two lengths", "bare CR"],
)
def test_malformed_heads_are_refused_at_once_and_once(client: Client, head: bytes) -> None:
    with ScriptServer([["head", head, "hold"]]) as server:
        start = time.monotonic()
        with pytest.raises(RestkitError) as caught:
            client.get(server.url, timeout=20)
        assert not isinstance(caught.value, TotalTimeout)
        assert time.monotonic() - start < 5
        assert len(server.received) == 1


def test_a_folded_field_is_unfolded(client: Client) -> None:
    # RFC 9112 §5.2: a user agent replaces the fold by a space.
    with ScriptServer(
        [["head", b"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 2\r\n\r\nok"]]
    ) as server:
        assert client.get(server.url).headers["x"] == "a folded"


def test_an_answer_with_length_and_chunks_is_read_as_chunks_and_its_connection_never_used_again(
    client: Client,
) -> None:
    both = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks(b"ok")
    with ScriptServer([["head", both, "serve"]]) as server:
        try:
            assert client.get(server.url).body_string() == b"ok"
        except ParserError:
            pass
        client.get(server.url).body_string()
        assert len(server.received) == 2


@pytest.mark.parametrize(
    "fields",
    [{"X": "a\r\nX-Evil: 1"}, {"X\r\nX-Evil": "1"}, {"X": "a\nb"}, {"X": "a\0"}, {"X": "\u010dX-Evil: 1"}],
)
def test_no_field_breaks_out_of_its_line(client: Client, fields: dict[str, str]) -> None:
    with ScriptServer() as server:
        with pytest.raises((RestkitError, ValueError)):
            client.get(server.url, headers=fields)
        assert all(b"Evil" not in log for log in server.received)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        CHUNKED + b"5\r\nabc",
        CHUNKED + b"3\r\nabc\r\n",
        CHUNKED + b"3\r\nabc\r\n0\r\n",
        CHUNKED + b"3",
    ],
)
@pytest.mark.parametrize("how", ["body_string", "read", "lines", "tee", "save"])
def test_a_truncated_body_is_an_error_however_it_is_read(
    client: Client, tmp_path: Any, answer: bytes, how: str
) -> None:
    ways: dict[str, Any] = {
        "body_string": lambda response: response.body_string(),
        "read": lambda response: response.body_stream().read(),
        "lines": lambda response: list(response.iter_lines()),
        "tee": lambda response: response.tee().read(),
        "save": lambda response: response.save(tmp_path / "file"),
    }
    with ScriptServer([["head", answer]]) as server:
        response = client.get(server.url)
        with pytest.raises(UnexpectedEOF) as caught:
            ways[how](response)
    assert isinstance(caught.value, IncompleteBody)
    assert list(tmp_path.iterdir()) == []


def coded(coding: bytes, body: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n%b" % (
        coding,
        len(body),
        body,
    )


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"gzip", gzip.compress(b"data")[:-3]),
        (b"gzip", b"no gzip at all"),
        (b"gzip", zlib.compress(b"wrong label")),
        (b"deflate", gzip.compress(b"wrong label")),
        (b"br", b"\xff\xff\xff"),
        (b"zstd", b"no frame at all"),
        (b"gzip, deflate", zlib.compress(b"not gzip inside")),
    ],
)
def test_a_body_that_is_not_what_its_coding_says_is_an_error_and_can_be_had_raw(
    client: Client, coding: bytes, body: bytes
) -> None:
    with ScriptServer([["head", coded(coding, body)] * 3]) as server:
        with pytest.raises(DecodeError):
            client.get(server.url).body_string()
        assert client.get(server.url, decompress=False).body_string() == body
        assert b"".join(client.get(server.url).iter_raw()) == body
        # It came whole, so the connection was fit for the next request.
        assert len(server.received) == 1


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"deflate", zlib.compress(b"data")),
        (b"deflate", zlib.compress(b"data")[2:-4]),
        (b"x-unknown", b"data"),
    ],
)
def test_both_kinds_of_deflate_are_read_and_an_unknown_coding_is_left_alone(
    client: Client, coding: bytes, body: bytes
) -> None:
    with ScriptServer([["head", coded(coding, body)]]) as server:
        response = client.get(server.url)
        assert response.headers.get("content-encoding") == (None if coding == b"deflate" else "x-unknown")
        assert response.body_string() == b"data"


def test_a_generator_that_was_sent_is_not_sent_again_empty(client: Client) -> None:
    with ScriptServer([["head", ("read", 4), "rst"]]) as server:
        with pytest.raises(RestkitError):
            client.put(server.url, body=iter([b"data"]))
        assert sum(bytes(log).count(b"PUT ") for log in server.received) == 1


def test_trailers_are_there_after_the_body(client: Client) -> None:
    digest = hashlib.sha256(b"data").hexdigest().encode()
    with ScriptServer(
        [["head", CHUNKED + b"4\r\ndata\r\n0\r\nX-Digest: " + digest + b"\r\n\r\n", "serve"]]
    ) as server:
        response = client.get(server.url)
        assert hashlib.sha256(response.body_string()).hexdigest() == response.trailers["x-digest"]


def test_http_1_0_is_never_chunked(client: Client) -> None:
    kept = b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok"
    with ScriptServer([["head", ("read", 4), OK, "drain"], ["head", kept, "head", OK, "drain"]]) as server:
        old = Client(max_connections=1)
        old.version = (1, 0)
        with old:
            with pytest.raises(RequestError, match="length"):
                old.post(server.url, body=iter([b"data"]))
            assert old.post(server.url, body=b"data").body_string() == b"ok"
            # Nobody has confirmed that the connection lives on; the next answer does.
            assert old.get(server.url).body_string() == b"ok"
            assert old.get(server.url).body_string() == b"ok"
        assert bytes(server.received[0]).startswith(b"POST / HTTP/1.0\r\n")
        assert b"chunked" not in server.received[0]
        assert len(server.received) == 2


def test_a_conflicting_length_of_the_callers_is_refused_before_a_byte_goes_out(client: Client) -> None:
    with ScriptServer() as server:
        for fields in (
            [("Content-Length", "3")],
            [("Content-Length", "4"), ("content-length", "5")],
            [("Content-Length", "+4")],
        ):
            with pytest.raises((RequestError, InvalidHeader)):
                client.post(server.url, body=b"data", headers=fields)
        assert all(not log for log in server.received)
