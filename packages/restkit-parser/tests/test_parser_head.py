"""Heads: what is accepted, what is refused, how early, and with which options it would be let through."""

from __future__ import annotations

import pytest

from restkit_parser import (
    DEFAULT_LIMITS,
    REQUEST,
    RESPONSE,
    BadStatusLine,
    HeaderLimit,
    HeadScanner,
    IncompleteHead,
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    Limits,
    ParserError,
    RequestHead,
    ResponseHead,
    parse_request_head,
    parse_response_head,
    request_head_end,
    response_head_end,
    take_response_head,
)

OK = b"HTTP/1.1 200 OK\r\n"
GET = b"GET / HTTP/1.1\r\n"


@pytest.mark.parametrize(
    ("line", "version", "status", "reason"),
    [
        (b"HTTP/1.1 200 OK", (1, 1), 200, "OK"),
        (b"HTTP/1.0 404 Not Found", (1, 0), 404, "Not Found"),
        (b"HTTP/1.9 999 ", (1, 9), 999, ""),
        (b"HTTP/1.1 100", (1, 1), 100, ""),
        (b"HTTP/1.1 200  OK", (1, 1), 200, " OK"),
        (b"HTTP/1.1 200 \xe9\t\xff", (1, 1), 200, "\xe9\t\xff"),
    ],
)
@pytest.mark.parametrize("folded", [b"", b"A: b\r\n c\r\n"], ids=["plain", "scanned"])
def test_a_status_line_is_taken_apart(line, version, status, reason, folded):
    data = line + b"\r\n" + folded + b"\r\n"
    head = parse_response_head(data)
    assert (head.version, head.status, head.reason) == (version, status, reason)
    assert response_head_end(data + b"body", 0, len(data) + 4) == len(data)
    taken, end = take_response_head(bytearray(b"xx" + data + b"body"), 2, len(data) + 6)
    assert (taken.version, taken.status, taken.reason, end) == (version, status, reason, len(data) + 2)
    assert taken.headers == head.headers


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"", BadStatusLine),
        (b"HTTP/1.1x200 OK", BadStatusLine),
        (b"HTTP/1.1", BadStatusLine),
        (b"http/1.1 200 OK", BadStatusLine),
        (b"HTTP/1 200 OK", BadStatusLine),
        (b"HTTP/1.10 200 OK", BadStatusLine),
        (b"HTTP/1.1\t200 OK", BadStatusLine),
        (b"ICY 200 OK", BadStatusLine),
        (b"HTTP/2.0 200 OK", InvalidHTTPVersion),
        (b"HTTP/0.9 200 OK", InvalidHTTPVersion),
        (b"HTTP/1.1 099 No", InvalidHTTPStatus),
        (b"HTTP/1.1 20 OK", InvalidHTTPStatus),
        (b"HTTP/1.1 2000 OK", InvalidHTTPStatus),
        (b"HTTP/1.1 +20 OK", InvalidHTTPStatus),
        (b"HTTP/1.1 \xb2\xb2\xb2 OK", InvalidHTTPStatus),
        (b"HTTP/1.1 200\tOK", InvalidHTTPStatus),
        (b"HTTP/1.1 200 O\0K", BadStatusLine),
        (b"HTTP/1.1 200 O\x7fK", BadStatusLine),
        (b"HTTP/1.1 200 O\rK", BadStatusLine),
    ],
)
def test_what_is_no_status_line_is_refused(line, error):
    with pytest.raises(error) as caught:
        parse_response_head(line + b"\r\n\r\n")
    assert caught.value.section
    assert 0 <= caught.value.offset <= len(line)


@pytest.mark.parametrize(
    ("line", "method", "target", "version"),
    [
        (b"GET / HTTP/1.1", "GET", "/", (1, 1)),
        (b'x!#$ /a|b"?c#d HTTP/1.0', "x!#$", '/a|b"?c#d', (1, 0)),
        (b"OPTIONS * HTTP/1.1", "OPTIONS", "*", (1, 1)),
        (b"GET http://h/ HTTP/1.2", "GET", "http://h/", (1, 2)),
        (b"CONNECT h:443 HTTP/1.1", "CONNECT", "h:443", (1, 1)),
    ],
)
@pytest.mark.parametrize("before", [b"", b"\r\n", b"\r\n" * 8], ids=len)
def test_a_request_line_is_taken_apart(line, method, target, version, before):
    data = before + line + b"\r\nHost: h\r\n\r\n"
    assert request_head_end(data + b"body", 0, len(data) + 4) == len(data)
    head = parse_request_head(data)
    assert (head.method, head.target, head.version, head.headers["host"]) == (method, target, version, "h")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"GET /", InvalidRequestLine),
        (b"GET  HTTP/1.1", InvalidRequestLine),
        (b"GET  / HTTP/1.1", InvalidRequestLine),
        (b"GET / HTTP/1.1 ", InvalidRequestLine),
        (b"GET /a b HTTP/1.1", InvalidRequestLine),
        (b"GET /\xe9 HTTP/1.1", InvalidRequestLine),
        (b"GET /\0 HTTP/1.1", InvalidRequestLine),
        (b"GET ../a HTTP/1.1", InvalidRequestLine),
        (b"CONNECT /a HTTP/1.1", InvalidRequestLine),
        (b"CONNECT * HTTP/1.1", InvalidRequestLine),
        (b"GET / http/1.1", InvalidRequestLine),
        (b"GET / HTTP/1.1x", InvalidRequestLine),
        (b"GET / RTSP/1.0", InvalidRequestLine),
        (b"GET / HTTP/2.0", InvalidHTTPVersion),
        (b"G\x01T / HTTP/1.1", InvalidRequestMethod),
        (b"G@T / HTTP/1.1", InvalidRequestMethod),
        (b" GET / HTTP/1.1", InvalidRequestMethod),
    ],
)
def test_what_is_no_request_line_is_refused(line, error):
    with pytest.raises(error) as caught:
        parse_request_head(line + b"\r\nHost: h\r\n\r\n")
    assert caught.value.section
    assert 0 <= caught.value.offset <= len(line)


def test_a_password_in_a_bad_target_is_not_shown():
    with pytest.raises(InvalidRequestLine) as caught:
        parse_request_head(b"GET http://user:hunter2@h/a b HTTP/1.1\r\n\r\n")
    assert "hunter2" not in str(caught.value)
    assert "***@h/a b" in str(caught.value)


FIELD_FAULTS = [
    (b"foo", InvalidHeader, 0),
    (b"f oo", InvalidHeader, 0),
    (b": x", InvalidHeaderName, 0),
    (b"foo : x", InvalidHeaderName, 0),
    (b"foo\t: x", InvalidHeaderName, 0),
    (b"f(o: x", InvalidHeaderName, 0),
    (b"f\xe9o: x", InvalidHeaderName, 0),
    (b"f\0o: x", InvalidHeaderName, 0),
    (b"f\0o", InvalidHeaderName, 0),
    (b"foo: a\0b", InvalidHeader, 6),
    (b"foo: a\x7fb", InvalidHeader, 6),
    (b"foo: a\x0bb", InvalidHeader, 6),
    (b"foo: a\rb", InvalidHeader, 6),
    (b"foo: a\nb: c", InvalidHeader, 6),
]


@pytest.mark.parametrize(("line", "error", "place"), FIELD_FAULTS)
@pytest.mark.parametrize("before", [b"", b"A: b\r\n"], ids=["first", "later"])
@pytest.mark.parametrize(("start", "parse"), [(OK, parse_response_head), (GET, parse_request_head)])
def test_a_bad_field_line_is_refused_where_it_is_bad(line, error, place, before, start, parse):
    with pytest.raises(error) as caught:
        parse(start + before + line + b"\r\n\r\n")
    assert caught.value.offset == len(start) + len(before) + place
    assert caught.value.section


@pytest.mark.parametrize(
    "line",
    [
        b"Authorization : hunter2",
        b"Set-Cookie: hunter2\0",
        b"X-Token hunter2",
        b"X: y\r\n hunter2\0",
        b" hunter2",
    ],
)
def test_the_error_about_a_secret_field_does_not_show_its_value(line):
    for parse, start in ((parse_response_head, OK), (parse_request_head, GET)):
        with pytest.raises((InvalidHeader, InvalidHeaderName)) as caught:
            parse(start + line + b"\r\n\r\n")
        if not line.startswith(b"X-Token "):
            assert "hunter2" not in str(caught.value)


def test_folds_in_a_response_become_a_space():
    data = OK + b"A: b\r\n c\r\n\t \td\r\nB:\r\n e\r\nC: \r\n \r\n\r\n"
    assert parse_response_head(data).headers.items() == [("A", "b c d"), ("B", "e"), ("C", "")]


def test_a_fold_in_a_request_is_refused_unless_allowed():
    data = GET + b"A: b\r\n c\r\n\r\n"
    with pytest.raises(InvalidHeader, match="fold"):
        parse_request_head(data)
    assert parse_request_head(data, Limits(allow_request_obs_fold=True)).headers["a"] == "b c"


@pytest.mark.parametrize(("start", "parse"), [(OK, parse_response_head), (GET, parse_request_head)])
def test_whitespace_before_the_first_field_is_refused(start, parse):
    with pytest.raises(InvalidHeader, match="before the first field"):
        parse(start + b" A: b\r\n\r\n", Limits(allow_request_obs_fold=True))


def test_bare_lf_ends_a_line_only_when_allowed():
    data = b"HTTP/1.1 200 OK\nA: b\r\nC: d\n\n"
    for at, error in ((0, BadStatusLine), (5, InvalidHeader)):
        with pytest.raises(error, match="LF alone"):
            parse_response_head(data if not at else data.replace(b"OK\n", b"OK\r\n"))
    limits = Limits(allow_bare_lf=True)
    assert response_head_end(data + b"\r\n\r\n", 0, len(data) + 4, limits) == len(data)
    assert parse_response_head(data, limits).headers.items() == [("A", "b"), ("C", "d")]
    assert take_response_head(data, 0, len(data), limits)[1] == len(data)
    request = b"\nGET / HTTP/1.1\nA: b\n\n"
    assert request_head_end(request, 0, len(request), limits) == len(request)
    assert parse_request_head(request, limits).headers.items() == [("A", "b")]
    with pytest.raises(InvalidRequestLine, match="LF alone"):
        parse_request_head(b"GET / HTTP/1.1\nA: b\r\n\r\n")


def test_space_before_a_colon_is_dropped_only_when_allowed_and_only_in_responses():
    limits = Limits(allow_space_before_colon=True)
    assert parse_response_head(OK + b"A \t: b\r\n\r\n", limits).headers.items() == [("A", "b")]
    with pytest.raises(InvalidHeader):
        parse_response_head(OK + b"A b\r\n\r\n", limits)
    with pytest.raises(InvalidHeaderName):
        parse_response_head(OK + b"A b: c\r\n\r\n", limits)
    with pytest.raises(InvalidHeaderName, match="the colon"):
        parse_request_head(GET + b"A : b\r\n\r\n", limits)


@pytest.mark.parametrize(
    "beginning",
    [
        b"SSH-2.0-x\r\n",
        b"\x16\x03\x01",
        b"<html>",
        b"HTTP/2",
        b"HTTP/1.1 0",
        b"HTTP/1.1\r\n",
        b" ",
        b"\0",
        b"\r\n",
        b"H\n",
        b"hello",
        b"HTTP/1.1 200 O\0",
        b"HTTP/1.1 200 OK\rX",
    ],
)
def test_a_server_that_does_not_speak_http_is_refused_at_once(beginning):
    with pytest.raises((BadStatusLine, InvalidHTTPVersion, InvalidHTTPStatus)):
        response_head_end(bytearray(beginning), 0, len(beginning))


@pytest.mark.parametrize(
    "beginning", [b"\x16\x03\x01", b" ", b"\0", b"@", b"GET /\0", b"GET / HTTP/1.1\rX", b"(GET"]
)
def test_a_client_that_does_not_speak_http_is_refused_at_once(beginning):
    with pytest.raises((InvalidRequestLine, InvalidRequestMethod)):
        request_head_end(bytearray(beginning), 0, len(beginning))


@pytest.mark.parametrize("line", [line for line, _, _ in FIELD_FAULTS if b"\r" not in line])
def test_a_bad_field_line_is_refused_when_it_is_complete(line):
    data = OK + line + b"\r\n"
    with pytest.raises((InvalidHeader, InvalidHeaderName)):
        response_head_end(data, 0, len(data))


@pytest.mark.parametrize("data", [OK + b"A: b\r\nC: d\r\n\r\n", b"HTTP/1.1 200\r\n\r\n"])
def test_a_beginning_of_a_good_head_asks_for_more(data):
    for stop in range(len(data)):
        assert response_head_end(data, 0, stop) == -1
        assert take_response_head(data, 0, stop) is None
    request = b"\r\n" + GET + b"A: b\r\n\r\n"
    for stop in range(len(request)):
        assert request_head_end(request, 0, stop) == -1


def test_bytes_after_stop_are_not_looked_at():
    data = bytearray(OK + b"\r\n")
    assert response_head_end(data, 0, len(data) - 1) == -1
    assert response_head_end(data, 0, len(data)) == len(data)


LIMITED = [
    (Limits(max_start_line=20), b"HTTP/1.1 200 OK 456789\r\n", b"GET /456789 HTTP/1.1x\r\n", "start line"),
    (
        Limits(max_field_line=20),
        OK + b"A: 45678901234567890 x\r\n",
        GET + b"A: 45678901234567890 x\r\n",
        "field line",
    ),
    (
        Limits(max_field_section=20),
        OK + b"A: b\r\nC: d\r\nE: f\r\nG: h\r\n",
        GET + b"A: b\r\n" * 4,
        "field section",
    ),
    (Limits(max_header_count=2), OK + b"A: b\r\n" * 3, GET + b"A: b\r\n" * 3, "more than 2 fields"),
]


@pytest.mark.parametrize(
    ("limits", "response", "request_", "what"), LIMITED, ids=[what for *_, what in LIMITED]
)
def test_a_limit_passed_is_an_error_at_once_and_in_the_whole(limits, response, request_, what):
    for data, find, parse, kind in (
        (response, response_head_end, parse_response_head, RESPONSE),
        (request_, request_head_end, parse_request_head, REQUEST),
    ):
        errors = []
        for attempt in (
            lambda data=data, find=find: find(data, 0, len(data), limits),
            lambda data=data, parse=parse: parse(data + b"\r\n", limits),
            lambda data=data, kind=kind: bytewise(HeadScanner(limits, kind), data),
        ):
            with pytest.raises(HeaderLimit, match=what) as caught:
                attempt()
            errors.append((str(caught.value), caught.value.code))
        assert len(set(errors)) == 1
        assert errors[0][1] == (414 if what == "start line" and kind is REQUEST else 431)
    with pytest.raises(HeaderLimit, match=what):
        take_response_head(response + b"\r\n", 0, len(response) + 2, limits)


def bytewise(scanner, data):
    for stop in range(1, len(data) + 1):
        scanner.end(data, 0, stop)


def test_what_is_within_the_limits_passes():
    head = b"HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\n\r\n"
    limits = Limits(max_start_line=15, max_field_line=4, max_field_section=12, max_header_count=2)
    assert take_response_head(head, 0, len(head), limits)[1] == len(head)
    bytewise(HeadScanner(limits, RESPONSE), head)


def test_a_control_character_within_the_limit_is_told_before_the_limit():
    limits = Limits(max_start_line=10, max_field_line=10, max_field_section=10)
    for data, error in [
        (OK + b"A: \0 234567890\r\n\r\n", HeaderLimit),
        (b"HTTP/1.1 2\x0000 OK too long\r\n\r\n", InvalidHTTPStatus),
    ]:
        with pytest.raises((error, InvalidHTTPStatus, HeaderLimit)):
            parse_response_head(data, limits)
    limits = Limits(max_field_line=10, max_start_line=14)
    for line, error in [
        (b"A: \0 234567890", InvalidHeader),
        (b" \0 234567890", InvalidHeader),
        (b"A\0: 34567890", InvalidHeaderName),
    ]:
        with pytest.raises(error):
            parse_request_head(
                GET + b"B: c\r\n" + line + b"\r\n\r\n", Limits(max_field_line=10, allow_request_obs_fold=True)
            )
    with pytest.raises(InvalidRequestLine):
        parse_request_head(b"GET /\0 234567890 HTTP/1.1\r\n\r\n", limits)


def test_too_many_empty_lines_before_a_request_are_refused():
    with pytest.raises(HeaderLimit, match="empty lines"):
        request_head_end(b"\r\n" * 9, 0, 18)


def test_more_than_one_host_is_refused():
    with pytest.raises(InvalidHeader, match="Host"):
        parse_request_head(GET + b"Host: a\r\nHOST: a\r\n\r\n")


@pytest.mark.parametrize("parse", [parse_request_head, parse_response_head])
def test_exactly_one_head_is_taken(parse):
    start = GET if parse is parse_request_head else OK
    with pytest.raises(IncompleteHead):
        parse(start)
    with pytest.raises(ParserError, match="after the head"):
        parse(start + b"\r\nmore")


class TestGarbageBeforeAStatusLine:
    GARBAGE = b"rest of a body\r\n\r\n\0\xff\nmore\n"

    def test_it_is_refused_by_default(self):
        data = self.GARBAGE + OK + b"\r\n"
        with pytest.raises(BadStatusLine):
            take_response_head(data, 0, len(data))

    @pytest.mark.parametrize("allowed", [4, None])
    def test_as_many_lines_as_allowed_are_skipped(self, allowed):
        limits = Limits(max_status_line_garbage=allowed)
        data = self.GARBAGE + OK + b"A: b\r\n\r\n"
        for stop in range(len(data)):
            assert response_head_end(data, 0, stop, limits) == -1
        assert response_head_end(data + b"HTTP", 0, len(data) + 4, limits) == len(data)
        assert parse_response_head(data, limits).headers.items() == [("A", "b")]
        assert take_response_head(data, 0, len(data), limits)[1] == len(data)

    def test_the_common_head_is_not_searched_twice(self):
        data = OK + b"A: b\r\n\r\n"
        assert response_head_end(data, 0, len(data), Limits(max_status_line_garbage=None)) == len(data)

    def test_more_lines_than_allowed_are_refused(self):
        data = self.GARBAGE + OK + b"\r\n"
        with pytest.raises(BadStatusLine, match="more than 3 lines"):
            response_head_end(data, 0, len(data), Limits(max_status_line_garbage=3))

    @pytest.mark.parametrize("unit", [b"x", b"x\n"])
    def test_more_than_64_kib_are_refused(self, unit):
        limits = Limits(max_status_line_garbage=None)
        data = unit * (65_537 // len(unit) + 1)
        with pytest.raises(BadStatusLine, match="65536 bytes"):
            response_head_end(data, 0, len(data), limits)

    def test_a_status_line_that_is_bad_is_not_garbage(self):
        with pytest.raises(InvalidHTTPVersion):
            response_head_end(b"x\r\nHTTP/3.1 200 OK\r\n", 0, 20, Limits(max_status_line_garbage=None))


def test_heads_can_be_made_by_hand():
    headers = {"a": "b"}
    response = ResponseHead((1, 1), 200, "OK", headers)
    request = RequestHead((1, 1), "GET", "/", headers)
    assert response.headers is request.headers is headers
    assert repr(response) == "ResponseHead((1, 1), 200, 'OK', {'a': 'b'})"
    assert repr(request) == "RequestHead((1, 1), 'GET', '/', {'a': 'b'})"


@pytest.mark.parametrize(
    ("line", "expects"),
    [
        (b"GET / HTTP/1.1\r\nExpect: 100-continue", True),
        (b"GET / HTTP/1.1\r\nExpect: 100-Continue", True),
        (b"GET / HTTP/1.0\r\nExpect: 100-continue", False),
        (b"GET / HTTP/1.1\r\nExpect: other", False),
        (b"GET / HTTP/1.1", False),
    ],
)
def test_whether_a_client_waits_for_100_continue(line, expects):
    assert parse_request_head(line + b"\r\n\r\n").expects_continue is expects


def test_limits_show_what_differs():
    assert (
        repr(Limits(max_header_count=5, allow_bare_lf=True))
        == "Limits(allow_bare_lf=True, max_header_count=5)"
    )
    assert repr(DEFAULT_LIMITS) == "Limits()"
