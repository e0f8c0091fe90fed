"""The heads of responses, in whatever pieces they come; those before the final one; those that come too early."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client import Client
from restkit_client.errors import BadStatusLine, HeaderLimit, IncompleteHead, ParserError, RemoteDisconnected
from restkit_client.heads import HeadReader
from restkit_client.stream import Stream
from restkit_parser import DEFAULT_LIMITS, Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"


def reader(*pieces, limits=DEFAULT_LIMITS, told=None, end=True):
    """A head reader whose stream gives these pieces, one a read."""
    left = list(pieces)

    class Pieces(Stream):
        __slots__ = ()

        def __init__(self):
            self.received = b""

        def wait_readable(self):
            pass

        def is_readable_within(self, _seconds):
            return bool(self.received or left)

        def recv(self, size):
            if self.received:
                return self.take_received()
            piece = left.pop(0) if left else b""
            if isinstance(piece, Exception):
                raise piece
            return piece

        def recv_now(self, size):
            return (left.pop(0) if left else b"") if left or end else None

    made = HeadReader(Pieces())
    made.limits, made.on_interim = limits, told
    return made


@given(st.lists(st.integers(1, len(HINTS + OK) - 1), max_size=6))
def test_a_head_may_be_cut_anywhere(cuts):
    data = HINTS + OK + b"body"
    edges = [0, *sorted(set(cuts)), len(data)]
    heads = reader(*[data[a:b] for a, b in pairwise(edges)])
    assert heads.read().status == 200
    # What follows was put back, as far as it was read.
    assert b"body".startswith(heads.stream.received)


def test_interim_responses_are_passed_by_and_told():
    told = []
    assert reader(HINTS + HINTS + OK, told=told.append).read().status == 200
    assert [head.status for head in told] == [103, 103]


def test_there_may_not_be_endless_ones():
    limits = Limits(max_interim_responses=3)
    assert reader(HINTS * 3 + OK, limits=limits).read().status == 200
    with pytest.raises(ParserError, match="more than 3 interim responses"):
        reader(HINTS * 4 + OK, limits=limits).read()


def test_switching_protocols_is_final():
    heads = reader(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n\x01\x02")
    assert heads.read().status == 101
    assert heads.stream.received == b"\x01\x02"


@pytest.mark.parametrize("pieces", [(), (RemoteDisconnected(),)])
def test_an_end_before_a_byte_is_another_than_one_inside(pieces):
    with pytest.raises(RemoteDisconnected):
        reader(*pieces).read()
    with pytest.raises(IncompleteHead) as caught:
        reader(b"HTTP/1.1 200 OK\r\n", *pieces).read()
    assert b"HTTP/1.1 200 OK" in str(caught.value).encode()


def test_what_can_not_become_a_head_is_refused_at_once():
    with pytest.raises(BadStatusLine):
        reader(b"SSH-2.0-OpenSSH\r\n", AssertionError("it read on")).read()
    with pytest.raises(HeaderLimit):
        reader(b"HTTP/1.1 200 OK\r\n", *[b"A: " + b"b" * 9000 + b"\r\n"] * 40).read()


def test_leave_to_go_on():
    assert reader(b"HTTP/1.1 100 Continue\r\n\r\n").await_continue(5) is None
    assert reader(HINTS, b"HTTP/1.1 100 Continue\r\n\r\n").await_continue(5) is None
    assert reader().await_continue(0.01) is None
    assert reader(b"HTTP/1.1 413 No\r\n\r\n").await_continue(5).status == 413


def test_an_early_response_is_seen_without_waiting():
    assert reader(end=False).early() is None
    assert reader(OK[:9], end=False).early() is None
    heads = reader(OK[:9], OK[9:] + b"ok", end=False)
    assert heads.early() is None
    assert heads.early().status == 200
    assert heads.stream.received == b"ok"
    heads = reader(HINTS + OK, end=False)
    assert heads.early().status == 200
    assert reader(HINTS, end=False).early() is None
    with pytest.raises(RemoteDisconnected, match="while the request was sent"):
        reader().early()


def test_interim_responses_over_a_socket(serve, client):
    server = serve(["head", HINTS, HINTS + OK[:10], OK[10:], b"ok", "serve"])
    seen = []
    response = client.get(server.url, on_interim=seen.append)
    assert response.body_string() == b"ok"
    assert [head.headers["link"] for head in seen] == ["</a>", "</a>"]
    assert client.get(server.url).body_string() == b"request 1"


def test_garbage_before_a_status_line_is_skipped_on_a_reused_connection_only(serve, client, pool):
    server = serve(["head", OK + b"ok", "head", b"junk\r\n" + OK + b"ok"], ["head", b"junk\r\n" + OK + b"ok"])
    client = Client(pool=pool, max_tries=1)
    assert client.get(server.url).body_string() == b"ok"
    assert client.get(server.url).body_string() == b"ok"
    pool.release_all()
    with pytest.raises(BadStatusLine):
        client.get(server.url)
