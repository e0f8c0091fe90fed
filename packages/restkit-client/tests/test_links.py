"""Link fields (RFC 8288), and the parameters of field values (RFC 9110 §5.6.6)."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.links import Link, parse_link
from restkit_client.parameters import parse_parameters

LINKS = [
    ("", []),
    ("garbage", []),
    ("<unclosed", []),
    # RFC 8288 §3.5's examples.
    (
        '<http://example.com/TheBook/chapter2>; rel="previous"; title="previous chapter"',
        [Link("http://example.com/TheBook/chapter2", "previous", {"title": "previous chapter"})],
    ),
    ('</>; rel="http://example.net/foo"', [Link("/", "http://example.net/foo", {})]),
    ('</terms>; rel="copyright"; anchor="#foo"', [Link("/terms", "copyright", {"anchor": "#foo"})]),
    (
        "</TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, "
        "</TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
        [
            Link("/TheBook/chapter2", "previous", {"title": "letztes Kapitel"}),
            Link("/TheBook/chapter4", "next", {"title": "n\xe4chstes Kapitel"}),
        ],
    ),
    (
        '<http://example.org/>; rel="start http://example.net/relation/other"',
        [Link("http://example.org/", "start http://example.net/relation/other", {})],
    ),
    (
        '<https://example.org/>; rel="start", <https://example.org/index>; rel="index"',
        [Link("https://example.org/", "start", {}), Link("https://example.org/index", "index", {})],
    ),
    # As found in the wild.
    ("<a>;rel=next,<b>;rel=prev", [Link("a", "next", {}), Link("b", "prev", {})]),
    (" , <a> ; REL = next ; x , ,<b>", [Link("a", "next", {"x": ""}), Link("b", "", {})]),
    ('<a,b;c>; title="x, y; z=\\"w\\"\\\\"; rel=next', [Link("a,b;c", "next", {"title": 'x, y; z="w"\\'})]),
    ("<a>; rel=one; rel=two; title=x; title=y", [Link("a", "one", {"title": "x"})]),
    ("<a>; title=plain; title*=UTF-8''better", [Link("a", "", {"title": "better"})]),
    ("<a>; title=plain; title*=koi8-r''x", [Link("a", "", {"title": "plain"})]),
    ("<a>; title=plain; title*=UTF-8''%ff", [Link("a", "", {"title": "plain"})]),
    ('<a>; rel="unclosed, <b>', [Link("a", "unclosed, <b>", {})]),
    ('<a>; rel="x"junk, <b>', [Link("a", "x", {}), Link("b", "", {})]),
    ('<a>; rel="cut\\', [Link("a", "cut", {})]),
    ("<a>; rel=next junk <b>", [Link("a", "next junk <b>", {})]),
]


@pytest.mark.parametrize(("value", "links"), LINKS)
def test_parse_link(value, links):
    assert parse_link(value) == links


def test_targets_are_made_absolute_and_those_that_can_not_be_are_left_out():
    value = "<b?c>; rel=next, <//o/>; rel=other, <\x01>; rel=bad, <http://x/y>"
    found = parse_link(value, "http://h/a/z")
    assert [link.target for link in found] == ["http://h/a/b?c", "http://o/", "http://x/y"]


def test_relation_types_are_told_apart_without_regard_to_case():
    link = parse_link('<a>; rel="Next  prev"')[0]
    assert link.rel == "Next  prev"
    assert link.rels == ("next", "prev")
    assert repr(link) == "Link('a', 'Next  prev', {})"
    assert link != 5
    with pytest.raises(TypeError):
        hash(link)


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(st.text(st.sampled_from("<>;,=\"\\ ab'*%"), max_size=60))
def test_no_value_is_an_error(value):
    for link in parse_link(value):
        assert f"<{link.target}>" in value
    parse_parameters(value)


PARAMETERS = [
    ("text/html", ("text/html", {})),
    (" text/html ; Charset=UTF-8", ("text/html", {"charset": "UTF-8"})),
    ('text/html;charset="utf-8" ;x', ("text/html", {"charset": "utf-8", "x": ""})),
    ('a;b="c;d\\"e"; b=2', ("a", {"b": 'c;d"e'})),
    (";;; a = 1 ;", ("", {"a": "1"})),
    ("a;b=", ("a", {"b": ""})),
    ("a;b= ", ("a", {"b": ""})),
]


@pytest.mark.parametrize(("value", "expected"), PARAMETERS)
def test_parse_parameters(value, expected):
    assert parse_parameters(value) == expected


@settings(deadline=None)
@given(
    st.dictionaries(st.text("abc", min_size=1), st.text(st.characters(min_codepoint=32, max_codepoint=126)))
)
def test_quoted_values_come_back(parameters):
    quoted = [
        f'; {name}="{value.translate({34: chr(92) + chr(34), 92: chr(92) * 2})}"'
        for name, value in parameters.items()
    ]
    assert parse_parameters("x" + "".join(quoted)) == ("x", parameters)


@pytest.mark.parametrize(
    "make",
    [
        "<a>;".__mul__,
        '<a>; b="\\"'.__mul__,
        ";".__mul__,
        "<".__mul__,
        ("<a>; b=c ").__mul__,
        '<a>;b="x",'.__mul__,
    ],
)
def test_time_is_linear(make):
    def seconds(n):
        start = time.process_time()
        parse_link(make(n))
        parse_parameters(make(n))
        return time.process_time() - start

    seconds(100)
    small = min(seconds(20_000) for _ in range(3))
    assert min(seconds(80_000) for _ in range(3)) < 8 * max(small, 0.01)
