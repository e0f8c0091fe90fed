"""The errors: the documented texts and attributes, where the fault is, and no secret in any of them."""

from __future__ import annotations

import copy
import pickle

import pytest

import restkit_parser
from restkit_parser import errors
from restkit_parser.errors import (
    BadStatusLine,
    ChunkMissingTerminator,
    HeaderLimit,
    IncompleteBody,
    IncompleteHead,
    InvalidChunkSize,
    InvalidHeader,
    InvalidHeaderName,
    InvalidHTTPStatus,
    InvalidHTTPVersion,
    InvalidRequestLine,
    InvalidRequestMethod,
    NoMoreData,
    ParseException,
    ParserError,
    ProtocolError,
    RemoteDisconnected,
    RestkitError,
    UnexpectedEOF,
)

# The texts of restkit 4's classes, and their arguments, which are attributes.
DOCUMENTED = [
    (NoMoreData("HTT"), "buf", "No more data after: 'HTT'"),
    (NoMoreData(), "buf", "No more data after: None"),
    (InvalidRequestLine("GET /"), "req", "Invalid HTTP request line: 'GET /'"),
    (InvalidRequestMethod("G@T"), "method", "Invalid HTTP method: 'G@T'"),
    (InvalidHTTPVersion("HTTP/3.0"), "version", "Invalid HTTP Version: HTTP/3.0"),
    (InvalidHTTPStatus("20X"), "status", "Invalid HTTP Status: 20X"),
    (InvalidHeader("foo"), "hdr", "Invalid HTTP Header: 'foo'"),
    (InvalidHeaderName("f o"), "hdr", "Invalid HTTP header name: 'f o'"),
    (InvalidChunkSize("x"), "data", "Invalid chunk size: 'x'"),
    (ChunkMissingTerminator("ab"), "term", "Invalid chunk terminator is not '\\r\\n': 'ab'"),
]
OTHERS = [
    RestkitError("told"),
    ProtocolError("told"),
    ParseException("told"),
    BadStatusLine("told"),
    ParserError("told").at(3, "RFC 9112 section 6", "because", 501),
    HeaderLimit().at(3, "RFC 9110 section 5.4", "more than 3 fields"),
    UnexpectedEOF("told"),
    RemoteDisconnected(),
    IncompleteHead(b"HTTP/1.1 200 OK"),
    IncompleteBody(10, 3),
    IncompleteBody(None, 3, "trailers"),
    IncompleteBody(),
]
ALL = [error for error, _, _ in DOCUMENTED] + OTHERS


@pytest.mark.parametrize(("error", "attribute", "text"), DOCUMENTED, ids=lambda value: type(value).__name__)
def test_the_documented_text_attribute_and_empty_args_are_kept(error, attribute, text):
    assert str(error) == text
    assert hasattr(error, attribute)
    assert error.args == ()
    assert isinstance(error, ParseException)


def test_the_code_of_a_bad_request_line_is_400():
    assert InvalidRequestLine("x").code == 400


@pytest.mark.parametrize("error", ALL, ids=repr)
@pytest.mark.parametrize(
    "again", [lambda e: pickle.loads(pickle.dumps(e)), copy.copy], ids=["pickle", "copy"]
)
def test_an_error_survives_pickling_and_copying_with_its_notes(error, again):
    error.add_note("GET http://example.com/")
    try:
        other = again(error)
        assert type(other) is type(error)
        assert (str(other), other.args, vars(other)) == (str(error), error.args, vars(error))
    finally:
        del error.__notes__


def test_an_error_says_what_why_where_and_by_which_rule():
    error = InvalidHeader("foo").at(17, "RFC 9112 section 5", "a field line without a colon")
    assert str(error) == (
        "Invalid HTTP Header: 'foo' (a field line without a colon; at byte 17; RFC 9112 section 5)"
    )
    assert (error.offset, error.section, error.reason, error.code) == (
        17,
        "RFC 9112 section 5",
        "a field line without a colon",
        400,
    )


@pytest.mark.parametrize(
    "make",
    [
        InvalidHeader,
        InvalidHeaderName,
        InvalidRequestLine,
        InvalidHTTPVersion,
        InvalidHTTPStatus,
        InvalidChunkSize,
    ],
)
@pytest.mark.parametrize("value", ["\x00" * 10_000, b"\xff" * 10_000])
def test_an_excerpt_shows_at_most_80_bytes_and_escapes_them(make, value):
    text = str(make(value))
    assert text.isascii()
    assert text.isprintable()
    assert text.count("\\x") in (0, 80)
    assert len(text) < 400


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (IncompleteBody(10, 3), "The connection was closed inside the body after 3 bytes of 10"),
        (
            IncompleteBody(None, 3, "trailers"),
            "The connection was closed inside the body after 3 bytes, in the trailers",
        ),
        (IncompleteBody(), "The connection was closed inside the body"),
        (RemoteDisconnected(), "The connection was closed before a byte of the message arrived"),
        (IncompleteHead(b"HTTP/1"), "The connection was closed inside the head that begins with b'HTTP/1'"),
        (HeaderLimit(), ""),
    ],
    ids=str,
)
def test_the_end_of_a_connection_tells_how_far_it_came(error, text):
    assert str(error) == text


@pytest.mark.parametrize(
    ("child", "parents"),
    [
        (BadStatusLine, (ProtocolError,)),
        (ParserError, (ProtocolError,)),
        (NoMoreData, (ParseException, ProtocolError)),
        (HeaderLimit, (ParseException,)),
        (UnexpectedEOF, (RestkitError, ConnectionError)),
        (RemoteDisconnected, (UnexpectedEOF, NoMoreData)),
        (IncompleteHead, (UnexpectedEOF, NoMoreData)),
        (IncompleteBody, (UnexpectedEOF,)),
    ],
)
def test_the_tree(child, parents):
    assert all(issubclass(child, parent) for parent in (*parents, RestkitError))


def test_an_incomplete_body_is_no_fault_of_the_grammar():
    assert not issubclass(IncompleteBody, ProtocolError)


def test_the_package_exports_every_error():
    assert set(errors.__all__) <= set(restkit_parser.__all__)
