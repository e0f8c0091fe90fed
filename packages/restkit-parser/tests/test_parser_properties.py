"""Properties: no cut changes an outcome, no bytes raise anything undocumented, the quick way agrees with the careful."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from restkit_parser import (
    DEFAULT_LIMITS,
    REQUEST,
    RESPONSE,
    HeadScanner,
    IncompleteHead,
    Limits,
    ProtocolError,
    parse_request_head,
    parse_response_head,
    take_response_head,
)

PARTS = [
    b"HTTP/1.1 200 OK\r\n",
    b"GET / HTTP/1.1\r\n",
    b"HTTP/1.1",
    b"GET ",
    b" ",
    b"/",
    b"*",
    b"h:1",
    b"200",
    b"100",
    b"101",
    b"CONNECT ",
    b"Host: h\r\n",
    b"A: b\r\n",
    b"A:b",
    b"A : b\r\n",
    b": b\r\n",
    b"\r\n",
    b"\r",
    b"\n",
    b"\t",
    b"\0",
    b"\xe9",
    b"\x7f",
    b"Content-Length: 5\r\n",
    b"content-length:15\r\n",
    b"Content-Length: 0\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"Connection: close\r\n",
    b"Connection: upgrade\r\nUpgrade: x\r\n",
    b"\r\n\r\n",
    b"5\r\nhello\r\n",
    b"0\r\n",
    b"0\r\n\r\n",
    b"5;a=b\r\n",
    b"hello",
    b" folded\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"x" * 30,
]
OPTIONS = [
    DEFAULT_LIMITS,
    Limits(allow_bare_lf=True, allow_request_obs_fold=True, allow_space_before_colon=True, max_status_line_garbage=None),
    Limits(max_start_line=20, max_field_line=25, max_field_section=60, max_header_count=3, max_trailers=20,
           max_chunk_extensions=5, max_interim_responses=1, max_status_line_garbage=1),
]  # fmt: skip

messages = st.lists(st.one_of(st.sampled_from(PARTS), st.binary(max_size=3)), max_size=14).map(b"".join)
kinds = st.sampled_from(["request", "response"])
options = st.sampled_from(OPTIONS)


@settings(max_examples=400, deadline=None)
@given(messages, kinds, options, st.booleans(), st.data())
@example(b"\r\r\n", "request", OPTIONS[1], True, None)
@example(b"HTTP/1.1 200 OK\r\nA: b\r\r\n\r\n", "response", OPTIONS[0], True, None)
def test_no_cut_changes_the_outcome_and_only_documented_errors_are_raised(
    wire, data, kind, limits, eof, random
):
    methods = ("GET", "HEAD", "GET")
    whole = wire(kind, [data], methods=methods, eof=eof, limits=limits)
    bytewise = wire(
        kind, [data[at : at + 1] for at in range(len(data))], methods=methods, eof=eof, limits=limits
    )
    assert bytewise.verdict == whole.verdict
    if random is not None:
        places = sorted(random.draw(st.lists(st.integers(0, len(data)), max_size=4)))
        pieces = [data[a:b] for a, b in zip([0, *places], [*places, len(data)], strict=True)]
        assert wire(kind, pieces, methods=methods, eof=eof, limits=limits).verdict == whole.verdict


def careful(data, kind, limits):
    """What the scanner alone says, without the pattern of the plain head."""
    scanner = HeadScanner(limits, kind)
    if scanner.end(data, 0, len(data)) != len(data):
        raise IncompleteHead
    return scanner.normalised()


@settings(max_examples=400, deadline=None)
@given(messages.map(lambda data: data + b"\r\n\r\n"), st.sampled_from([REQUEST, RESPONSE]), options)
@example(b"HTTP/1.1x200 OK\r\n\r\n", RESPONSE, OPTIONS[0])
@example(b"CONNECT / HTTP/1.1\r\n\r\n", REQUEST, OPTIONS[0])
def test_the_quick_way_and_the_careful_way_agree(data, kind, limits):
    parse = parse_request_head if kind is REQUEST else parse_response_head
    outcomes = []
    for read in (lambda: parse(data, limits), lambda: parse(careful(data, kind, limits))):
        try:
            head = read()
            start = (
                (head.version, head.method, head.target)
                if kind is REQUEST
                else (head.version, head.status, head.reason)
            )
            outcomes.append((start, head.headers.items()))
        except (ProtocolError, IncompleteHead) as error:
            outcomes.append(type(error))
    if outcomes[0] != outcomes[1]:
        # Only here may they differ: the careful way stops at the first blank line.
        assert IncompleteHead in outcomes


@settings(max_examples=200, deadline=None)
@given(messages, options)
def test_the_two_ways_to_take_a_response_head_agree(data, limits):
    outcomes = []
    for buffer in (data, bytearray(data)):
        try:
            taken = take_response_head(buffer, 0, len(data), limits)
            outcomes.append(taken and (taken[0].status, taken[0].headers.items(), taken[1]))
            if taken and limits is DEFAULT_LIMITS:
                assert parse_response_head(data[: taken[1]]).headers.items() == taken[0].headers.items()
        except ProtocolError as error:
            outcomes.append((type(error), str(error)))
    assert outcomes[0] == outcomes[1]


def test_nothing_depends_on_assertions():
    """The same under `python -O`: random pieces and mutations of good messages, whole and byte by byte."""
    script = Path(__file__).parent / "fuzz_without_asserts.py"
    done = subprocess.run(
        [sys.executable, "-O", str(script)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() == "3000 messages, all outcomes documented and the same byte by byte"
