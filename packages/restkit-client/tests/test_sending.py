"""A request's bytes: framed as announced, answered early, broken by the caller or the peer."""

import io

import pytest

from restkit_client import Request, Timeout, sending
from restkit_client.errors import (
    InvalidHeader,
    RequestError,
    UnrewindableBody,
    WriteTimeout,
)

REFUSED = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig"


def body_of(log):
    return bytes(log).partition(b"\r\n\r\n")[2]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "body"
    path.write_bytes(bytes(range(256)) * 2000)
    with path.open("rb") as opened:
        yield opened


@pytest.mark.parametrize("sendfile", [True, False])
@pytest.mark.parametrize("start", [0, 1000])
def test_a_file_is_sent_from_where_it_stands(start, sendfile, file, serve, client, monkeypatch):
    if not sendfile:
        monkeypatch.delattr(sending.os, "sendfile")
    file.seek(start)
    server = serve()
    assert client.post(server.url, file).status_int == 200
    assert body_of(server.received[0]) == (bytes(range(256)) * 2000)[start:]
    assert b"Content-Length: %d\r\n" % (512_000 - start) in server.received[0]
    assert file.tell() == 512_000


@pytest.mark.parametrize("blocks", [[b"ab", b"", b"c"], [b"x" * 100_000, b"y"], [b"small"] * 1000, []])
def test_a_generator_goes_out_in_chunks(blocks, serve, client):
    server = serve()
    assert client.post(server.url, (block for block in blocks)).status_int == 200
    rest, got = body_of(server.received[0]), b""
    while True:
        size, _, rest = rest.partition(b"\r\n")
        if size == b"0":
            break
        got += rest[: int(size, 16)]
        rest = rest[int(size, 16) + 2 :]
    assert got == b"".join(blocks)


def test_without_sendmsg_blocks_are_joined_or_sent_in_turn(serve, client, monkeypatch):
    monkeypatch.setattr(sending, "hasattr", lambda *_: False, raising=False)
    server = serve()
    assert client.post(server.url, iter([b"x" * 200_000, b"y"])).status_int == 200
    assert client.post(server.url, b"z" * 200_000).status_int == 200


def test_trailers_follow_the_last_chunk(serve, client):
    ok = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    server = serve(["head", ("read", len(b"2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n")), ok])
    assert client.post(server.url, iter([b"ab"]), trailers=[("X-Sum", "7")]).body_string() == b"ok"
    assert bytes(server.received[0]).endswith(b"2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n")


def test_a_broken_trailer_is_refused_before_a_byte_is_sent(serve, client):
    server = serve()
    with pytest.raises(InvalidHeader):
        client.post(server.url, iter([b"ab"]), trailers=[("X", "a\r\nb")])
    client.get(server.url).body_string()
    assert b"POST" not in b"".join(map(bytes, server.received))


@pytest.mark.parametrize("block", [65536, 300_000])
@pytest.mark.parametrize("after", ["hold", "drain", "close"])
def test_an_early_answer_ends_the_upload(after, block, serve, client, pool):
    server = serve(["head", REFUSED, after])
    blocks = (bytes(block) for _ in range(2000))
    response = client.post(server.url, blocks, timeout=Timeout(read=5, write=5))
    assert (response.status_int, response.body_string()) == (413, b"big")
    assert pool.size == 0
    assert len(server.received[0]) < 60_000_000


def test_an_early_answer_to_a_file(serve, client, pool, tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as made:
        made.truncate(200_000_000)
    for after in ("hold", "drain"):
        server = serve(["head", REFUSED, after])
        with path.open("rb") as opened:
            assert client.post(server.url, opened, timeout=5).status_int == 413
    assert pool.size == 0


def test_a_peer_that_takes_nothing_is_not_waited_for_for_ever(serve, client, tmp_path):
    server = serve(["hold"], ["hold"], ["hold"])
    path = tmp_path / "large"
    with path.open("wb") as made:
        made.truncate(200_000_000)
    with path.open("rb") as opened:
        for body in (opened, bytes(50_000_000), (bytes(65536) for _ in range(2000))):
            with pytest.raises(WriteTimeout):
                client.post(server.url, body, timeout=Timeout(write=0.1))


def test_a_file_that_gets_shorter_is_told(serve, client, pool, tmp_path):
    path = tmp_path / "shrinks"
    path.write_bytes(bytes(1000))
    server = serve(["drain"])
    with path.open("rb") as opened:
        request = Request(server.url, "POST", opened)
        path.write_bytes(b"")
        with pytest.raises(RequestError, match="shorter"):
            client.perform(request)
    assert pool.stats()["in_use"] == 0


@pytest.mark.parametrize(("body", "length"), [(b"four", "9"), (b"four", "2")])
def test_a_length_that_is_not_the_body_s_is_refused(body, length, client, serve):
    with pytest.raises(RequestError):
        client.post(serve().url, iter([body]), {"Content-Length": length})


def test_a_body_is_sent_once_only_when_it_can_not_be_read_again(serve, client):
    server = serve()
    request = Request(server.url, "POST", iter([b"once"]))
    client.perform(request).body_string()
    with pytest.raises((RequestError, UnrewindableBody)):
        client.perform(request)


def test_by_hand_through_a_connection(serve, client):
    server = serve()
    connection = client.get_connection(Request(server.url))
    connection.send(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.send(b"ab", chunked=True)
    connection.sendlines(["cd", b"", b"ef"], chunked=True)
    connection.sendfile(io.BytesIO(b"gh"), chunked=True)
    connection.send_chunk(b"")
    head = connection.heads.read()
    assert head.status == 200
    assert body_of(server.received[0]) == b"2\r\nab\r\n2\r\ncd\r\n2\r\nef\r\n2\r\ngh\r\n0\r\n\r\n"
    connection.close()
