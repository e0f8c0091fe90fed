"""The event parsers: the order of things, pipelining, upgrades, interim responses, the end of the connection."""

from __future__ import annotations

import pytest

from restkit_parser import (
    EndOfMessage,
    IncompleteBody,
    IncompleteHead,
    InvalidChunkSize,
    InvalidHeader,
    Limits,
    ParserError,
    RemoteDisconnected,
    RequestHead,
    RequestParser,
    ResponseHead,
    ResponseParser,
)

GET = b"GET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
POST = b"POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


def request_parser(*pieces, eof=False, limits=None):
    parser = RequestParser(limits) if limits else RequestParser()
    for piece in pieces:
        parser.feed(piece)
    if eof:
        parser.feed_eof()
    return parser


def response_parser(*pieces, methods=("GET",), eof=False, limits=None):
    parser = ResponseParser(limits) if limits else ResponseParser()
    for method in methods:
        parser.expect(method)
    for piece in pieces:
        parser.feed(piece)
    if eof:
        parser.feed_eof()
    return parser


def kinds(parser):
    return [event if isinstance(event, bytes) else type(event) for event in parser]


def test_pipelined_requests_come_one_after_the_other():
    parser = request_parser(GET + POST + GET)
    assert kinds(parser) == [
        RequestHead,
        EndOfMessage,
        RequestHead,
        b"hello",
        EndOfMessage,
        RequestHead,
        EndOfMessage,
    ]
    assert list(parser) == []
    parser.feed(b"\r\n" + GET)
    assert kinds(parser) == [RequestHead, EndOfMessage]


def test_pipelined_responses_are_framed_by_their_requests():
    parser = response_parser(OK[:-5] + OK + b"HTTP/1.1 204 N\r\n\r\n", methods=("HEAD", "GET", "DELETE"))
    assert kinds(parser) == [
        ResponseHead,
        EndOfMessage,
        ResponseHead,
        b"hello",
        EndOfMessage,
        ResponseHead,
        EndOfMessage,
    ]
    assert parser.reusable


@pytest.mark.parametrize("data", [bytes, bytearray, memoryview])
def test_any_kind_of_bytes_is_fed(data):
    assert kinds(request_parser(data(POST))) == [RequestHead, b"hello", EndOfMessage]
    assert kinds(response_parser(data(OK))) == [ResponseHead, b"hello", EndOfMessage]


def test_content_is_given_as_it_comes():
    parser = request_parser(POST[:-3])
    assert kinds(parser) == [RequestHead, b"he"]
    parser.feed(b"l")
    assert parser.next_event() == b"l"
    assert parser.next_event() is None
    parser.feed(b"loGET")
    assert kinds(parser) == [b"lo", EndOfMessage]


def test_the_end_tells_trailers_keep_alive_and_upgrade():
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    parser = request_parser(head + b"5\r\nhello\r\n0\r\nA: b\r\n\r\n" + GET)
    *_, end = parser
    assert (end.trailers.items(), end.keep_alive, end.upgrade) == ([("A", "b")], False, False)
    assert repr(end) == "EndOfMessage(Headers([('A', 'b')]), keep_alive=False, upgrade=False)"
    assert parser.framing.keep_alive is False
    # What follows the last message is never taken for one.
    parser.feed(GET)
    assert list(parser) == []
    assert parser.take_rest() == GET + GET
    assert parser.take_rest() == b""


class TestUpgrade:
    ASK = b"GET /chat HTTP/1.1\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"

    @pytest.mark.parametrize("ask", [ASK, b"CONNECT h:1 HTTP/1.1\r\n\r\n"])
    def test_the_bytes_after_the_request_are_given_back(self, ask):
        parser = request_parser(ask + b"\x81\x00")
        head, end = parser
        assert (type(head), end.upgrade, end.keep_alive) == (RequestHead, True, True)
        parser.feed(b"\x82")
        assert list(parser) == []
        assert parser.take_rest() == b"\x81\x00\x82"

    @pytest.mark.parametrize("ask", [ASK, b"CONNECT h:1 HTTP/1.1\r\n\r\n"])
    def test_a_server_that_does_not_grant_it_goes_on_with_http(self, ask):
        parser = request_parser(ask + POST)
        assert kinds(parser) == [RequestHead, EndOfMessage]
        parser.resume()
        assert kinds(parser) == [RequestHead, b"hello", EndOfMessage]

    def test_the_body_comes_first(self):
        ask = self.ASK.replace(b"Upgrade:", b"Content-Length: 4\r\nUpgrade:")
        parser = request_parser(ask + b"bodyother")
        assert kinds(parser) == [RequestHead, b"body", EndOfMessage]
        assert parser.take_rest() == b"other"

    def test_a_connect_with_content_can_not_be_resumed(self):
        parser = request_parser(b"CONNECT h:1 HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello" + GET)
        assert kinds(parser) == [RequestHead, EndOfMessage]
        parser.resume()
        assert list(parser) == []

    def test_resuming_without_an_upgrade_changes_nothing(self):
        parser = request_parser(GET.replace(b"Host: h", b"Connection: close") + GET)
        assert kinds(parser) == [RequestHead, EndOfMessage]
        parser.resume()
        assert list(parser) == []

    @pytest.mark.parametrize(
        "fields", [b"Upgrade: x\r\n", b"Connection: upgrade\r\n", b"Connection: upgrades\r\nUpgrade: x\r\n"]
    )
    def test_one_field_alone_asks_for_nothing(self, fields):
        parser = request_parser(b"GET / HTTP/1.1\r\n" + fields + b"\r\n" + GET)
        assert kinds(parser) == [RequestHead, EndOfMessage] * 2

    def test_http_1_0_asks_for_nothing(self):
        (_, end) = request_parser(self.ASK.replace(b"1.1", b"1.0"))
        assert not end.upgrade

    @pytest.mark.parametrize(
        ("method", "head"),
        [
            ("GET", b"HTTP/1.1 101 S\r\nUpgrade: x\r\nContent-Length: 4\r\n\r\n"),
            ("CONNECT", b"HTTP/1.1 200 OK\r\n\r\n"),
        ],
    )
    def test_a_client_gets_the_bytes_of_the_other_protocol(self, method, head):
        parser = response_parser(head + b"other", methods=(method,))
        _, end = parser
        assert (end.upgrade, end.keep_alive) == (True, False)
        assert parser.take_rest() == b"other"
        assert not parser.reusable


class TestInterimResponses:
    def test_they_come_before_the_final_one(self):
        parser = response_parser(
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + OK
        )
        statuses = [event.status for event in parser if isinstance(event, ResponseHead)]
        assert statuses == [100, 103, 200]

    def test_too_many_are_an_error_and_the_count_begins_anew(self):
        interim = b"HTTP/1.1 100 Continue\r\n\r\n"
        limits = Limits(max_interim_responses=2)
        data = interim * 2 + OK + interim * 2 + OK
        assert len(kinds(response_parser(data, methods=("GET", "GET"), limits=limits))) == 10
        with pytest.raises(ParserError, match="More than 2 interim"):
            list(response_parser(interim * 3, limits=limits))


class TestTheEndOfTheConnection:
    def test_between_requests_it_is_no_error(self):
        for data in (b"", GET, GET + b"\r\n"):
            assert len(kinds(request_parser(data, eof=True))) == (2 if data else 0)

    @pytest.mark.parametrize("cut", [b"G", GET[:-1], b"\r\nGET / HTTP/1.1\r\nX-Token: hunter2"])
    def test_inside_a_request_head(self, cut):
        with pytest.raises(IncompleteHead) as caught:
            list(request_parser(cut, eof=True))
        assert "hunter2" not in str(caught.value)

    @pytest.mark.parametrize(
        "cut", [POST[:-1], b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"]
    )
    def test_inside_a_request_body(self, cut):
        with pytest.raises(IncompleteBody):
            list(request_parser(cut, eof=True))

    @pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\n"])
    def test_before_the_first_byte_of_a_response(self, interim):
        with pytest.raises(RemoteDisconnected):
            list(response_parser(interim, eof=True))

    def test_when_no_response_is_due_it_is_no_error(self):
        assert list(response_parser(methods=(), eof=True)) == []

    def test_inside_a_response_head(self):
        with pytest.raises(IncompleteHead):
            list(response_parser(OK[:20], eof=True))

    def test_inside_a_response_body(self):
        with pytest.raises(IncompleteBody) as caught:
            list(response_parser(OK[:-2], eof=True))
        assert (caught.value.expected, caught.value.received) == (5, 3)

    def test_ends_a_body_without_a_length(self):
        parser = response_parser(b"HTTP/1.1 200 OK\r\n\r\nhello")
        assert kinds(parser) == [ResponseHead, b"hello"]
        parser.feed(b"world")
        parser.feed_eof()
        assert kinds(parser) == [b"world", EndOfMessage]
        assert not parser.reusable


class TestReuse:
    def test_a_connection_is_reusable_between_messages_only(self):
        parser = ResponseParser()
        assert parser.reusable
        parser.expect("GET")
        assert not parser.reusable
        parser.feed(OK[:-1])
        list(parser)
        assert not parser.reusable
        parser.feed(OK[-1:])
        list(parser)
        assert parser.reusable
        parser.feed_eof()
        assert not parser.reusable

    def test_bytes_left_over_forbid_it(self):
        parser = response_parser(OK + b"HTTP/1.1 200 EVIL\r\nContent-Length: 0\r\n\r\n")
        assert kinds(parser) == [ResponseHead, b"hello", EndOfMessage]
        assert not parser.reusable
        with pytest.raises(ParserError, match="before the request"):
            parser.expect("GET")

    def test_both_lengths_forbid_it(self):
        data = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"
        parser = response_parser(data)
        assert kinds(parser) == [ResponseHead, EndOfMessage]
        assert not parser.reusable


def test_what_came_before_a_fault_is_told_first_and_the_fault_again_and_again():
    data = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nX"
    for parser in (request_parser(data + b"\r\n"), request_parser(data, b"\r\n")):
        assert isinstance(parser.next_event(), RequestHead)
        assert parser.next_event() == b"hello"
        for _ in range(2):
            with pytest.raises(InvalidChunkSize):
                parser.next_event()
    parser = response_parser(OK + b"HTTP/1.1 200 OK\r\nbad\r\n", methods=("GET", "GET"))
    for _ in range(3):
        parser.next_event()
    for _ in range(2):
        with pytest.raises(InvalidHeader):
            parser.next_event()
    assert not parser.reusable


@pytest.mark.parametrize("limits", [None, Limits(max_status_line_garbage=None), Limits(allow_bare_lf=True)])
def test_a_head_that_comes_in_pieces_is_found(limits):
    head = b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nContent-Length: 0\r\n\r\n"
    for at in range(1, len(head)):
        parser = response_parser(limits=limits)
        parser.feed(head[:at])
        assert parser.next_event() is None
        parser.feed(head[at:])
        assert kinds(parser) == [ResponseHead, EndOfMessage]


def test_empty_lines_before_a_request_may_come_alone():
    parser = request_parser(b"\r\n\r\n")
    assert parser.next_event() is None
    parser.feed(GET)
    assert kinds(parser) == [RequestHead, EndOfMessage]
