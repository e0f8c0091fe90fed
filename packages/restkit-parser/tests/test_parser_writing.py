"""Writers: nothing is written that our parser would refuse, and what is written reads back the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_parser import (
    HeaderLimit,
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    ParserError,
    ProtocolError,
    check_field_name,
    check_field_value,
    check_method,
    check_target,
    parse_request_head,
    parse_response_head,
    request_framing,
    response_framing,
    write_chunk,
    write_last_chunk,
    write_request_head,
    write_response_head,
)

# CR, LF, NUL; a character whose low byte is one; a lone surrogate; other control characters.
INJECTIONS = [
    "\r",
    "\n",
    "\r\n",
    "\0",
    "\r\nX: y",
    "\u010d",
    "\u010a",
    "\u0100",
    "\ud800",
    "\x0b",
    "\x7f",
    "\u4e00",
]


@pytest.mark.parametrize("bad", INJECTIONS, ids=ascii)
@pytest.mark.parametrize("place", ["{}a", "a{}a", "a{}"])
def test_no_slot_lets_an_injection_through(place, bad):
    text = place.format(bad)
    for write, error in [
        (lambda: write_request_head(text, "/", []), InvalidRequestMethod),
        (lambda: write_request_head("GET", f"/{text}", []), InvalidRequestLine),
        (lambda: write_request_head("CONNECT", text, []), InvalidRequestLine),
        (lambda: write_request_head("GET", "/", [(text, "b")]), InvalidHeaderName),
        (lambda: write_request_head("GET", "/", [("A", text)]), InvalidHeader),
        (lambda: write_response_head(200, text, []), InvalidHTTPStatus),
        (lambda: write_response_head(200, "OK", [(text, "b")]), InvalidHeaderName),
        (lambda: write_response_head(200, "OK", [("A", text)]), InvalidHeader),
        (lambda: write_last_chunk([(text, "b")]), InvalidHeaderName),
        (lambda: write_last_chunk([("A", text)]), InvalidHeader),
    ]:
        with pytest.raises(error):
            write()


@pytest.mark.parametrize(
    ("check", "bad", "error"),
    [
        (check_method, "", InvalidRequestMethod),
        (check_method, "GE T", InvalidRequestMethod),
        (check_target, "", InvalidRequestLine),
        (check_target, "a b", InvalidRequestLine),
        (check_target, "/\xe9", InvalidRequestLine),
        (check_target, "../x", InvalidRequestLine),
        (check_target, "1:x", InvalidRequestLine),
        (check_target, "http:", InvalidRequestLine),
        (check_field_name, "", InvalidHeaderName),
        (check_field_name, "A:", InvalidHeaderName),
        (check_field_name, "A ", InvalidHeaderName),
        (check_field_name, "\xe9", InvalidHeaderName),
    ],
)
def test_a_check_refuses(check, bad, error):
    with pytest.raises(error):
        check(bad)


@pytest.mark.parametrize("target", ["/", "/a?b|c", "*", "http://h/p", "urn:x"])
def test_the_forms_of_a_target_pass(target):
    check_target(target)


@pytest.mark.parametrize("target", ["h:443", "[::1]:443"])
def test_connect_takes_an_authority(target):
    check_target(target, "CONNECT")
    for other in ("/", "*", "http://h/"):
        with pytest.raises(InvalidRequestLine):
            check_target(other, "CONNECT")


def test_an_error_never_shows_the_value():
    with pytest.raises(InvalidHeader) as caught:
        check_field_value("Bearer hunter2\r\n", "Authorization")
    assert "hunter2" not in str(caught.value)
    assert caught.value.hdr == "Authorization"


@pytest.mark.parametrize("status", [0, 99, 1000, -200])
def test_a_status_has_three_digits(status):
    with pytest.raises(InvalidHTTPStatus):
        write_response_head(status, "", [])


@pytest.mark.parametrize("version", [(0, 9), (2, 0), (1, 10), (1, -1)])
def test_only_versions_1_x_are_written(version):
    with pytest.raises(InvalidHTTPVersion):
        write_request_head("GET", "/", [], version)


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ([("Host", "a"), ("host", "b")], InvalidHeader),
        ([("Content-Length", "+5")], ParserError),
        ([("Content-Length", "5"), ("content-length", "6")], ParserError),
        ([("Transfer-Encoding", "gzip")], ParserError),
        ([("Transfer-Encoding", "chunked"), ("Content-Length", "5")], ParserError),
        ([("A", "x" * 70_000)], HeaderLimit),
    ],
)
def test_fields_that_our_parser_would_refuse_are_not_written(fields, error):
    with pytest.raises(error):
        write_request_head("POST", "/", fields)
    if error is not InvalidHeader:
        with pytest.raises(error):
            write_response_head(200, "OK", fields)


@pytest.mark.parametrize(
    "name", ["Content-Length", "transfer-encoding", "HOST", "Authorization", "Trailer", "Set-Cookie"]
)
def test_a_field_that_comes_too_late_is_no_trailer(name):
    with pytest.raises(InvalidHeader):
        write_last_chunk([(name, "1")])


def test_chunks():
    assert write_chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
    assert write_chunk(b"") == b""
    assert write_last_chunk() == b"0\r\n\r\n"
    assert write_last_chunk([("A", "b")]) == b"0\r\nA: b\r\n\r\n"


tokens = st.text("!#$%&'*+-.^_`|~019azAZ", min_size=1, max_size=6)
contents = st.text(
    st.characters(max_codepoint=255, exclude_characters="".join(map(chr, [*range(32), 127]))), max_size=9
)
fields = st.lists(st.tuples(tokens, contents.map(str.strip)), max_size=5)
versions = st.tuples(st.just(1), st.integers(0, 9))


def canonical(pairs):
    return [(name, value.strip(" \t")) for name, value in pairs]


@given(tokens, st.text('/?a%|"', max_size=5), fields, versions)
def test_a_request_head_reads_back_the_same(method, path, pairs, version):
    head = parse_request_head(
        write_request_head(method, f"/{path}" if method != "CONNECT" else "h:1", pairs, version)
    )
    assert (head.method, head.version, head.headers.items()) == (method, version, canonical(pairs))
    request_framing(head)


@given(st.integers(100, 999), contents, fields, versions)
def test_a_response_head_reads_back_the_same(status, reason, pairs, version):
    head = parse_response_head(write_response_head(status, reason, pairs, version))
    assert (head.status, head.reason, head.version) == (status, reason, version)
    assert head.headers.items() == canonical(pairs)
    response_framing(head, "GET")


@given(st.text(max_size=4), st.text(max_size=4), st.text(max_size=3), st.text(max_size=4))
def test_any_text_is_written_so_that_it_reads_back_or_is_refused(method, target, name, value):
    try:
        data = write_request_head(method, target, [(name, value)])
    except ProtocolError:
        return
    head = parse_request_head(data)
    assert (head.method, head.target) == (method, target)
    assert head.headers.items() == [(name, value.strip(" \t"))]


@pytest.mark.parametrize(("name", "value"), [("Content-Length", "5"), ("Transfer-Encoding", "chunked")])
def test_one_valid_length_is_written(name, value):
    line = f"{name}: {value}\r\n\r\n".encode()
    assert write_request_head("POST", "/", [(name, value)]) == b"POST / HTTP/1.1\r\n" + line
    assert write_response_head(200, "OK", [(name, value)]) == b"HTTP/1.1 200 OK\r\n" + line


def test_a_head_of_many_fields_is_written_whole():
    fields = [(f"X-{number}", "v" * 1000) for number in range(100)]
    data = write_request_head("GET", "/", [("Host", "h"), *fields])
    assert parse_request_head(data).headers.items() == [("Host", "h"), *fields]


def test_more_names_than_are_remembered_are_written_and_checked():
    for number in range(3000):
        assert write_request_head("GET", "/", [(f"X-{number}", "v")]).endswith(b": v\r\n\r\n")
    with pytest.raises(InvalidHeaderName):
        write_request_head("GET", "/", [("X Y", "v")])
