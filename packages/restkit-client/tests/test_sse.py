"""Server-sent events (HTML Standard §9.2.6)."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.errors import BodyTooLarge
from restkit_client.sse import Event, iter_events

# The standard's own examples and rules, one a row.
STREAMS = [
    (b"data: YHOO\ndata: +2\ndata: 10\n\n", [Event("message", "YHOO\n+2\n10")]),
    (
        b": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n",
        [Event("message", "first event", "1"), Event("message", "second event", "")],
    ),
    (b"data\n\ndata\ndata\n\ndata:", [Event("message", ""), Event("message", "\n")]),
    (b"data:test\n\ndata: test\n\n", [Event("message", "test")] * 2),
    (b"event: add\ndata: 7\n\ndata: 8\n\n", [Event("add", "7"), Event("message", "8")]),
    (b"event: add\n\ndata: 8\n\n", [Event("message", "8")]),
    (b"\xef\xbb\xbfdata: bom\n\n", [Event("message", "bom")]),
    (b"data: a\r\ndata: b\rdata: c\n\r\n", [Event("message", "a\nb\nc")]),
    (
        b"retry: 1500\ndata: x\n\nretry: 1x\nretry: -1\ndata: y\n\n",
        [Event("message", "x", retry=1500), Event("message", "y", retry=1500)],
    ),
    (
        b"id: a\0b\nid: 5\ndata: x\n\nid: a\0b\ndata: y\n\n",
        [Event("message", "x", "5"), Event("message", "y", "5")],
    ),
    (b"unknown: field\nData: case\n\n", []),
    (b"data: \xff\n\n", [Event("message", "\N{REPLACEMENT CHARACTER}")]),
    (b"data: cut by the end\n", []),
    (b"", []),
]


@pytest.mark.parametrize(("body", "events"), STREAMS)
def test_the_events_of_a_stream_however_it_is_cut(body, events):
    assert list(iter_events([body])) == events
    assert list(iter_events(body[i : i + 1] for i in range(len(body)))) == events


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([b"data: x", b"data", b"id: 1", b":c", b"\n", b"\r\n", b"\r", b"event: e"]),
        max_size=20,
    )
)
def test_chunks_do_not_matter(parts):
    assert list(iter_events(parts)) == list(iter_events([b"".join(parts)]))


def test_an_event_is_given_as_soon_as_its_blank_line_has_come():
    def endless():
        for number in itertools.count():
            yield b"data: %d\n\n" % number

    events = iter_events(endless())
    assert [next(events).data for _ in range(3)] == ["0", "1", "2"]


@pytest.mark.parametrize("chunks", [[b"data: " + b"x" * 100], [b"data: xxxx\n"] * 20])
def test_an_event_larger_than_the_limit_is_an_error(chunks):
    with pytest.raises(BodyTooLarge, match="more than 50 bytes"):
        list(iter_events(chunks, max_size=50))
    assert list(iter_events([*chunks, b"\n\n"], max_size=None))


def test_events_compare_and_show_what_they_are():
    event = Event("e", "d", "1", 2)
    assert repr(event) == "Event(event='e', data='d', id='1', retry=2)"
    assert event != Event("e", "d")
    assert event != 5
    with pytest.raises(TypeError):
        hash(event)


def test_a_retry_of_a_million_digits_costs_nothing():
    assert next(iter_events([b"retry: " + b"9" * 1_000_000 + b"\ndata: x\n\n"])).retry == int("9" * 18)
