"""How long a body is, and whether the connection can be used again (RFC 9112 sections 6.3 and 9.3)."""

from __future__ import annotations

import pytest

from restkit_parser import (
    CHUNKED,
    TUNNEL,
    UNTIL_CLOSE,
    Headers,
    Limits,
    ParserError,
    RequestHead,
    ResponseHead,
    list_members,
    parse_request_head,
    parse_response_head,
    request_framing,
    response_framing,
)

CL = "Content-Length"
TE = "Transfer-Encoding"

RESPONSES = [
    # status, method, version, fields, length, keep_alive
    (200, "GET", "1.1", [(CL, "5")], 5, True),
    (200, "GET", "1.1", [(CL, "0005")], 5, True),
    (200, "GET", "1.1", [(CL, "0")], 0, True),
    (200, "GET", "1.1", [(CL, "5"), (CL, "5")], 5, True),
    (200, "GET", "1.1", [(CL, "5, 5 ,5")], 5, True),
    (200, "GET", "1.1", [(CL, "5"), ("Connection", "close")], 5, False),
    (200, "GET", "1.1", [(CL, "5"), ("Connection", "keep-alive")], 5, True),
    (200, "GET", "1.1", [(CL, "5"), ("Connection", "Keep-Alive, CLOSE")], 5, False),
    (200, "GET", "1.1", [(CL, "5"), ("Connection", "keep-alive"), ("Connection", "close")], 5, False),
    (200, "GET", "1.1", [(CL, "5"), ("Connection", "closed")], 5, True),
    (200, "GET", "1.0", [(CL, "5")], 5, False),
    (200, "GET", "1.0", [(CL, "5"), ("Connection", "keep-alive")], 5, True),
    (200, "GET", "1.0", [(CL, "5"), ("Connection", "x, keep-alive")], 5, True),
    (200, "GET", "1.0", [(CL, "5"), ("Connection", "keep-alive, close")], 5, False),
    (200, "GET", "1.2", [(CL, "5")], 5, True),
    (200, "GET", "1.1", [], UNTIL_CLOSE, False),
    (200, "GET", "1.0", [("Connection", "keep-alive")], UNTIL_CLOSE, False),
    (200, "GET", "1.1", [(TE, "chunked")], CHUNKED, True),
    (200, "GET", "1.1", [(TE, "CHUNKED")], CHUNKED, True),
    (200, "GET", "1.1", [(TE, ", chunked ,")], CHUNKED, True),
    (200, "GET", "1.1", [(TE, "chunked"), (CL, "5")], CHUNKED, False),
    (200, "GET", "1.1", [(TE, "chunked"), (CL, "nonsense")], CHUNKED, False),
    (200, "GET", "1.0", [(TE, "chunked"), ("Connection", "keep-alive")], CHUNKED, False),
    (200, "HEAD", "1.1", [(CL, "5")], 0, True),
    (200, "HEAD", "1.1", [(TE, "chunked")], 0, True),
    (200, "HEAD", "1.1", [], 0, True),
    (100, "GET", "1.1", [(CL, "5")], 0, True),
    (204, "GET", "1.1", [(CL, "5")], 0, True),
    (304, "GET", "1.1", [(TE, "chunked")], 0, True),
    (304, "GET", "1.1", [("Connection", "close")], 0, False),
    (101, "GET", "1.1", [(CL, "5"), ("Connection", "upgrade")], TUNNEL, False),
    (200, "CONNECT", "1.1", [(CL, "5")], TUNNEL, False),
    (299, "CONNECT", "1.1", [(TE, "chunked")], TUNNEL, False),
    (407, "CONNECT", "1.1", [(CL, "5")], 5, True),
    (100, "CONNECT", "1.1", [], 0, True),
]


def text(pairs, colon=": "):
    return "".join(f"{name}{colon}{value}\r\n" for name, value in pairs)


@pytest.mark.parametrize(("status", "method", "version", "fields", "length", "keep_alive"), RESPONSES)
def test_the_framing_of_a_response(status, method, version, fields, length, keep_alive):
    number = (1, int(version[-1]))
    heads = [
        parse_response_head(f"HTTP/{version} {status} X\r\n{text(fields, colon)}\r\n".encode())
        for colon in (": ", ":", ":\t")
    ]
    # The same when the fields were asked for before, and when the head was made by hand.
    heads.append(parse_response_head(f"HTTP/{version} {status} X\r\n{text(fields)}\r\n".encode()))
    assert len(heads[-1].headers) == len(fields)
    heads.append(ResponseHead(number, status, "X", Headers(fields)))
    for head in heads:
        framing = response_framing(head, method)
        assert (framing.length, framing.keep_alive) == (length, keep_alive)


REQUESTS = [
    ("GET", "1.1", [], 0, True),
    ("GET", "1.0", [], 0, False),
    ("POST", "1.1", [(CL, "5")], 5, True),
    ("POST", "1.1", [(CL, "15")], 15, True),
    ("POST", "1.1", [(TE, "chunked")], CHUNKED, True),
    ("POST", "1.1", [(TE, "chunked"), (CL, "5")], CHUNKED, False),
    ("POST", "1.1", [(TE, "chunked"), ("Connection", "close")], CHUNKED, False),
    ("CONNECT", "1.1", [], TUNNEL, True),
    ("CONNECT", "1.1", [(CL, "5")], TUNNEL, False),
    ("CONNECT", "1.1", [(TE, "chunked")], TUNNEL, False),
]


@pytest.mark.parametrize(("method", "version", "fields", "length", "keep_alive"), REQUESTS)
def test_the_framing_of_a_request(method, version, fields, length, keep_alive):
    target = "h:1" if method == "CONNECT" else "/"
    number = (1, int(version[-1]))
    heads = [
        parse_request_head(f"{method} {target} HTTP/{version}\r\n{text(fields, colon)}\r\n".encode())
        for colon in (": ", ":")
    ]
    heads.append(RequestHead(number, method, target, Headers(fields)))
    for head in heads:
        framing = request_framing(head)
        assert (framing.length, framing.keep_alive) == (length, keep_alive)


@pytest.mark.parametrize(
    ("fields", "request_code"),
    [
        ([(CL, "")], 400),
        ([(CL, "+5")], 400),
        ([(CL, "-5")], 400),
        ([(CL, "5 5")], 400),
        ([(CL, "5,6")], 400),
        ([(CL, "5,")], 400),
        ([(CL, "5"), (CL, "6")], 400),
        ([(CL, "5"), (CL, "05")], 400),
        ([(CL, "0x5")], 400),
        ([(CL, "1" * 21)], 413),
        ([(CL, "1" * 5000)], 413),
        ([(TE, "")], 400),
        ([(TE, "gzip")], 400),
        ([(TE, "identity")], 400),
        ([(TE, "chunked, gzip")], 400),
        ([(TE, "chunked"), (TE, "gzip")], 400),
        ([(TE, "gzip, chunked")], 501),
        ([(TE, "chunked, chunked")], 501),
        ([(TE, "chunked;q=1")], 400),
        ([(TE, '"chunked"')], 400),
    ],
)
def test_a_framing_that_can_not_be_trusted_is_refused(fields, request_code):
    response = parse_response_head(f"HTTP/1.1 200 OK\r\n{text(fields)}\r\n".encode())
    with pytest.raises(ParserError) as caught:
        response_framing(response, "GET")
    request = parse_request_head(f"POST / HTTP/1.1\r\n{text(fields)}\r\n".encode())
    with pytest.raises(ParserError) as caught:
        request_framing(request)
    assert caught.value.code == request_code
    assert len(str(caught.value)) < 250


def test_transfer_encoding_in_an_http_1_0_request_is_refused():
    with pytest.raises(ParserError, match=r"HTTP/1\.0"):
        request_framing(parse_request_head(b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"))


def test_leading_zeros_do_not_count_as_digits_of_a_length():
    head = parse_response_head(b"HTTP/1.1 200 OK\r\nContent-Length: %b7\r\n\r\n" % (b"0" * 5000))
    assert response_framing(head, "GET").length == 7


def test_the_digits_of_a_length_are_limited_as_asked():
    head = parse_response_head(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    assert response_framing(head, "GET", Limits(max_length_digits=4)).length == 1000
    with pytest.raises(ParserError, match="3 digits"):
        response_framing(head, "GET", Limits(max_length_digits=3))


def test_a_framing_shows_what_it_is():
    head = parse_response_head(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    assert repr(response_framing(head, "GET")) == "Framing(1000, keep_alive=True)"
    assert repr(response_framing(head, "CONNECT")) == "Framing(TUNNEL, keep_alive=False)"


def test_list_members_leave_out_the_empty_ones():
    assert list_members([" A ,,b\t", "", "C"]) == ["a", "b", "c"]
