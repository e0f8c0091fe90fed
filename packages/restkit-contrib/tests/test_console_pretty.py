"""Indenting changes nothing but white space, resolves nothing, and gives back what it can not read."""

import json
import sys
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_client import Client, FunctionTransport
from restkit_client.transports.function import Reply
from restkit_contrib.console import external, indent, indent_json, indent_xml, prettify
from restkit_contrib.console.pretty import MAX_SIZE, colour

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(VALUES)
def test_json_keeps_its_value(value: object) -> None:
    assert json.loads(indent_json(json.dumps(value))) == value


@given(st.dictionaries(st.text(), st.integers() | st.lists(st.text(), min_size=1), min_size=1))
def test_json_is_laid_out_as_the_standard_library_does(value: dict) -> None:
    assert indent_json(json.dumps(value)) == json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("1.10", "1.10"),
        ("1e400", "1e400"),
        ("-0.0", "-0.0"),
        ("12345678901234567890.123456789012345678901", "12345678901234567890.123456789012345678901"),
        ('{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'),
        ("[]", "[]"),
        ('{"b":{},"a":[]}', '{\n  "a": [],\n  "b": {}\n}'),
        ('"\\u001b[2J"', '"\\u001b[2J"'),
        ("NaN", "NaN"),
    ],
)
def test_json_text(data: str, text: str) -> None:
    assert indent_json(data) == text


@pytest.mark.parametrize("data", ["", "{", "no json", "[" * 100_000, "9" * 5000 + "x", "\ud800"])
def test_what_is_no_json_comes_back(data: str) -> None:
    assert indent_json(data) == data


def test_numbers_of_any_length_are_kept() -> None:
    digits = "9" * (sys.get_int_max_str_digits() + 10)
    assert indent_json(f"[{digits}]") == f"[\n  {digits}\n]"


NAMES = st.sampled_from(["a", "b", "ns"])
TREES = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=5),
    lambda inner: st.tuples(
        NAMES, st.dictionaries(NAMES, st.sampled_from(["", "1>2", "x'y"])), st.lists(inner, max_size=3)
    ),
    max_leaves=12,
)


def element(tree: object) -> ElementTree.Element:
    root = ElementTree.Element("root")
    build(root, [tree])
    return root


def build(parent: ElementTree.Element, children: list) -> None:
    last = None
    for child in children:
        if isinstance(child, str):
            if last is None:
                parent.text = (parent.text or "") + child
            else:
                last.tail = (last.tail or "") + child
        else:
            last = ElementTree.SubElement(parent, child[0], child[1])
            build(last, child[2])


def essence(node: ElementTree.Element) -> object:
    """A tree without the white space between elements."""
    texts = [node.text or "", *(child.tail or "" for child in node)]
    kept = texts if any(text.strip() for text in texts) else [""] * len(texts) if len(node) else texts
    return node.tag, node.attrib, kept, [essence(child) for child in node]


@given(TREES)
def test_xml_keeps_what_it_says(tree: object) -> None:
    source = ElementTree.tostring(element(tree), encoding="unicode")
    indented = indent_xml(source)
    assert essence(ElementTree.fromstring(indented)) == essence(ElementTree.fromstring(source))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<a><b/><c>x</c></a>", "<a>\n  <b/>\n  <c>x</c>\n</a>"),
        ("<a>x<b>y</b> z</a>", "<a>x<b>y</b> z</a>"),
        ("<a><b>x<c/>y</b></a>", "<a>\n  <b>x<c/>y</b>\n</a>"),
        (
            "<?xml version='1.0' encoding='latin-1'?><a><b t='>'/></a>",
            "<?xml version='1.0' encoding='latin-1'?>\n<a>\n  <b t='>'/>\n</a>",
        ),
        ("<a><!-- c --><b/></a>", "<a>\n  <!-- c -->\n  <b/>\n</a>"),
        ("<a><![CDATA[ <x> ]]></a>", "<a><![CDATA[ <x> ]]></a>"),
        ("<a>\n\n<b/>\n</a>\n", "<a>\n  <b/>\n</a>"),
        ("<a></a>", "<a></a>"),
        ("<!DOCTYPE html><a><b>&nbsp;</b></a>", "<!DOCTYPE html><a><b>&nbsp;</b></a>"),
        ('<!DOCTYPE a SYSTEM "x.dtd"><a><b/></a>', '<!DOCTYPE a SYSTEM "x.dtd">\n<a>\n  <b/>\n</a>'),
        ("<a>&lt;&#10;</a>", "<a>&lt;&#10;</a>"),
    ],
)
def test_xml_text(data: str, text: str) -> None:
    assert indent_xml(data) == text


BOMB = "<!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '&a;&a;&a;&a;'>]><l>&b;</l>"
OUTSIDE = "<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><l>&x;</l>"


@pytest.mark.parametrize(
    "data",
    [
        "",
        "<a>",
        "no xml",
        BOMB,
        OUTSIDE,
        "<a>&unknown;</a>",
        "<a>" * 5000,
        "<a>\ud800</a>",
        "<a/><b/>",
    ],
)
def test_what_is_no_plain_xml_comes_back(data: str) -> None:
    assert indent_xml(data) == data


def test_what_is_too_large_comes_back() -> None:
    data = "[" + " " * MAX_SIZE + "1]"
    assert indent_json(data) is data
    xml = "<a>" + "<b/>" * (MAX_SIZE // 4) + "</a>"
    assert indent_xml(xml) is xml
    assert colour(data, "application/json") is data


def test_deep_xml_takes_linear_time() -> None:
    wide = "<a>" + "<b><c>x</c></b>" * 20_000 + "</a>"
    assert indent_xml(wide).count("\n") == 60_001


@pytest.mark.parametrize(
    ("mimetype", "data", "text"),
    [
        ("application/json; charset=utf-8", "[1]", "[\n  1\n]"),
        ("application/vnd.api+json", "[1]", "[\n  1\n]"),
        ("application/atom+xml", "<a><b/></a>", "<a>\n  <b/>\n</a>"),
        ("image/svg+xml", "<a><b/></a>", "<a>\n  <b/>\n</a>"),
        ("text/html", "<p>one<br>two", "<p>one<br>two"),
        ("text/plain", "[1]", "[1]"),
        ("", "[1]", "[1]"),
    ],
)
def test_indent_by_media_type(mimetype: str, data: str, text: str) -> None:
    assert indent(mimetype, data) == text


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/xml", "text/x-python", "text/plain"])
def test_colours_change_nothing_but_colours(kind: str) -> None:
    import re

    text = ' {"a": [1, "b"]}\n\n<x>y</x>'
    assert re.sub(r"\033\[[0-9;]*m", "", colour(text, kind)) == text


def test_an_unknown_type_has_no_colours() -> None:
    assert colour("a", "x/unknown") == "a"


def test_prettify_takes_a_response() -> None:
    client = Client(transport=FunctionTransport(lambda _: Reply(json=[1])))
    assert prettify(client.get("http://a.b/"), cli=False) == "[\n  1\n]"
    assert "\033[" in prettify(client.get("http://a.b/"))


def test_external_uses_no_shell_and_gives_back_the_text_when_the_program_complains() -> None:
    upper = [sys.executable, "-c", "import sys; sys.stdout.write(sys.stdin.read().upper())"]
    assert external(upper, "a; echo b\n") == "A; ECHO B\n"
    complains = [sys.executable, "-c", "import sys; print('x', file=sys.stderr)"]
    for command in (complains, ["/no/such/program"], [sys.executable, "-c", "raise SystemExit(1)"]):
        assert external(command, "text") == "text"
