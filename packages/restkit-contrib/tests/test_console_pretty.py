"""Re-indenting and colouring."""

import sys

import pytest

from restkit_client import Client, FunctionTransport
from restkit_client.transports.function import Reply
from restkit_contrib.console import external, indent, indent_json, indent_xml, prettify


def test_json_is_indented_by_two_with_sorted_names():
    assert indent_json('{"b":[1],"a":"é"}') == '{\n  "a": "é",\n  "b": [\n    1\n  ]\n}'


@pytest.mark.parametrize("text", ["", "{", "nope", "[" * 100_000])
def test_what_is_no_json_is_given_back(text):
    assert indent_json(text) == text


def test_xml_is_indented_and_keeps_its_declaration():
    assert (
        indent_xml('<?xml version="1.0"?><a><b>t</b></a>') == '<?xml version="1.0"?>\n<a>\n  <b>t</b>\n</a>'
    )


BOMB = '<!DOCTYPE a [<!ENTITY b "boom">]><a>&b;</a>'


@pytest.mark.parametrize("text", ["<a>", "", BOMB, '<!DOCTYPE html SYSTEM "file:///etc/passwd"><html/>'])
def test_xml_that_is_broken_or_declares_anything_is_given_back(text):
    assert indent_xml(text) == text


def test_large_texts_are_given_back():
    large = "[" + "1," * 6_000_000 + "1]"
    assert indent_json(large) is large


@pytest.mark.parametrize(
    ("mimetype", "changed"),
    [
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("text/plain", False),
        ("", False),
    ],
)
def test_the_media_type_decides(mimetype, changed):
    assert (indent(mimetype, '{"a":1}') != '{"a":1}') is changed


def test_external_takes_a_list_and_gives_the_data_back_when_the_program_fails():
    shout = "import sys; print(sys.stdin.read().upper(), end='')"
    assert external([sys.executable, "-c", shout], "abc") == "ABC"
    assert external([sys.executable, "-c", "import sys; sys.exit(1)"], "abc") == "abc"
    assert external(["/no/such/program"], "abc") == "abc"


def test_prettify_colours_for_a_terminal_only():
    reply = Reply(200, b'{"a":1}', {"Content-Type": "application/json"})
    client = Client(transport=FunctionTransport(lambda _: reply))
    assert prettify(client.get("http://h/"), cli=False) == '{\n  "a": 1\n}'
    assert "\x1b[" in prettify(client.get("http://h/"))
