"""What Python would let through: int(), strip(), isdigit(), splitlines(), and the limit of 4300 digits."""

from __future__ import annotations

import pytest

from restkit_parser import (
    Headers,
    ParserError,
    ProtocolError,
    parse_request_head,
    parse_response_head,
    request_framing,
    response_framing,
)

OK = b"HTTP/1.1 200 OK\r\n"
# int() takes each of these for a number.
INT_TAKES = [
    b"+5",
    b"-0",
    b"0_5",
    b"5_0",
    "\u0665".encode(),
    "\uff15".encode(),
    b"\x0b5",
    b"5\x0c",
    b"\xa05",
    b"5\x85",
    b"5\x1f",
    b"\x1c5",
]


@pytest.mark.parametrize("number", INT_TAKES, ids=repr)
def test_what_int_takes_is_no_length(number):
    with pytest.raises(ProtocolError):
        response_framing(parse_response_head(OK + b"Content-Length: " + number + b"\r\n\r\n"), "GET")
    with pytest.raises(ProtocolError):
        request_framing(parse_request_head(b"POST / HTTP/1.1\r\nContent-Length: " + number + b"\r\n\r\n"))


@pytest.mark.parametrize("size", [*INT_TAKES, b"0x5", b"0X5", b"+0x5", b" 5", b"5 ", b"5_5"], ids=repr)
def test_what_int_takes_is_no_chunk_size(size, wire):
    data = OK + b"Transfer-Encoding: chunked\r\n\r\n" + size + b"\r\nhello\r\n0\r\n\r\n"
    assert isinstance(wire("response", [data], eof=True).error, ProtocolError)


@pytest.mark.parametrize("digits", [4299, 4300, 4301, 10_000])
def test_more_digits_than_int_takes_are_a_clean_error(digits, wire):
    number = b"9" * digits
    with pytest.raises(ParserError):
        response_framing(parse_response_head(OK + b"Content-Length: " + number + b"\r\n\r\n"), "GET")
    run = wire("response", [OK + b"Transfer-Encoding: chunked\r\n\r\n" + number + b"\r\n"])
    assert isinstance(run.error, ProtocolError)


@pytest.mark.parametrize("code", ["\xb2\xb2\xb2", "\u0662\u0660\u0660"])
def test_what_isdigit_takes_is_no_status(code):
    for encoding in ("latin-1", "utf-8"):
        with pytest.raises(ProtocolError):
            parse_response_head(b"HTTP/1.1 " + code.encode(encoding, "replace") + b" OK\r\n\r\n")


# strip() without an argument takes these off, on bytes or on str; none of them is OWS (RFC 9110 section 5.6.3).
@pytest.mark.parametrize("space", [b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x1f"])
def test_control_characters_that_strip_takes_off_are_refused(space):
    for value in (space + b"a", b"a" + space):
        with pytest.raises(ProtocolError):
            parse_response_head(OK + b"A: " + value + b"\r\n\r\n")


@pytest.mark.parametrize("space", ["\x85", "\xa0"])
def test_latin_1_spaces_that_strip_takes_off_are_kept(space):
    head = parse_response_head(f"HTTP/1.1 200 OK\r\nA: {space}a{space}\r\n\r\n".encode("latin-1"))
    assert head.headers.get_all("a") == [f"{space}a{space}"]
    assert head.headers.items() == [("A", f"{space}a{space}")]
    for name in ("Transfer-Encoding", "Connection"):
        head = parse_response_head(
            f"HTTP/1.1 200 OK\r\n{name}:{space}chunked\r\nContent-Length: 5\r\n\r\n".encode("latin-1")
        )
        try:
            assert response_framing(head, "GET").length == 5
            assert name == "Connection"
        except ParserError:
            assert name == "Transfer-Encoding"


def test_a_connection_option_is_not_stripped_of_more_than_ows():
    head = parse_response_head(OK + b"Content-Length: 0\r\nConnection: \xa0close\r\n\r\n")
    assert response_framing(head, "GET").keep_alive


# splitlines() splits at each of these.
@pytest.mark.parametrize(
    "end", [b"\x0b", b"\x0c", b"\x1c", b"\x1d", b"\x1e", b"\x85", b"\xe2\x80\xa8", b"\r", b"\n"]
)
def test_only_cr_lf_ends_a_line(end):
    data = OK + b"A: b" + end + b"Evil: c\r\n\r\n"
    try:
        head = parse_response_head(data)
    except ProtocolError:
        return
    assert head.headers.keys() == ["A"]
    assert end.decode("latin-1") in head.headers["a"]


# lower() of these is an ASCII letter, or makes two characters of one.
@pytest.mark.parametrize("name", ["Transfer-Encodi\u212ag", "content-lengt\u0130", "ho\u017ft"])
def test_case_folding_beyond_ascii_finds_no_field(name):
    headers = Headers([("Transfer-Encoding", "x"), ("Content-Length", "5"), ("Host", "h")])
    assert name not in headers
    assert name not in parse_response_head(OK + b"Host: h\r\nContent-Length: 5\r\n\r\n").headers
