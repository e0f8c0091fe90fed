import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_forms import MalformedMultipart, MultipartReader
from restkit_forms.part_headers import decoded_extended, parse_fields, parse_value, unescaped


def test_fields_keep_their_values_and_lose_their_case():
    block = b"Content-Type: a/b\r\nX-A:1\r\nx-a:  2\t\r\nEmpty:\r\nUtf: \xc3\xa9"
    assert parse_fields(block) == {"content-type": "a/b", "x-a": "1, 2", "empty": "", "utf": "é"}
    assert parse_fields(b"") == {}
    assert parse_fields(b"A: b\r\n c\r\n\td") == {"a": "b c d"}
    assert parse_fields(b"A: \xff") == {"a": "\ufffd"}


@pytest.mark.parametrize(
    "block",
    [
        b"no colon",
        b": no name",
        b"a b: c",
        b"\xc3\xa9: c",
        b"a: b\nc: d",
        b"a: b\rc",
        b"a: \0",
        b"a: b\r\n",
        b"Content-Type: a/b\r\ncontent-type: a/b",
        b"Content-Disposition: a\r\nContent-Disposition: a",
    ],
)
def test_fields_that_two_readers_might_read_differently_are_refused(block):
    with pytest.raises(MalformedMultipart):
        parse_fields(block)


VALUES = [
    ("form-data", "form-data", {}),
    ("FORM-Data ; Name=a", "form-data", {"name": "a"}),
    ('a; n="b"', "a", {"n": "b"}),
    ('a; n="b;c=d"; m=e ', "a", {"n": "b;c=d", "m": "e"}),
    ('a; n="b" ; m=""', "a", {"n": "b", "m": ""}),
    ("a; n=; m=b", "a", {"n": "", "m": "b"}),
    ("a;", "a", {}),
    ("a; ;n=b", "a", {"n": "b"}),
    (r'a; n="\"b\\"; m=c', "a", {"n": r"\"b\\", "m": "c"}),
    (r'a; n="x\y"', "a", {"n": r"x\y"}),
    ("", "", {}),
]


@pytest.mark.parametrize(("field", "value", "parameters"), VALUES)
def test_a_value_and_its_parameters(field, value, parameters):
    assert parse_value(field) == (value, parameters)


@pytest.mark.parametrize(
    "field",
    [
        "a; n",
        'a; n="b',
        'a; n="b" c; m=d',
        "a; n=1; n=2",
        "a; =b",
        'a; n="b\\"',
        "a; b c=d",
        "a; n=1;m",
        'a; n="b"c',
    ],
)
def test_parameters_that_are_none_are_refused(field):
    with pytest.raises(MalformedMultipart):
        parse_value(field)


ESCAPED = [
    ("plain", "plain"),
    ("a%22b%0D%0Ac", 'a"b\r\nc'),
    ("a%0a%20%2", "a%0a%20%2"),
    ("a%5C", "a\\"),
    ("a%5Cb", "a%5Cb"),
    (r"a\b", r"a\b"),
    (r"\\srv\x", r"\\srv\x"),
    (r"a\\b", r"a\b"),
    (r"a\"b", 'a"b'),
    (r"\"\\\b", '"\\\\b'),
]


@pytest.mark.parametrize(("raw", "name"), ESCAPED)
def test_names_are_read_as_they_were_before_they_were_escaped(raw, name):
    assert unescaped(raw) == name


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("utf-8''h%C3%A9", "hé"),
        ("UTF-8'en'a", "a"),
        ("iso-8859-1''%E9", "é"),
        ("utf-8''%E9", None),
        ("cp1252''a", None),
        ("plain", None),
        ("utf-8'a", None),
    ],
)
def test_extended_values(raw, text):
    assert decoded_extended(raw) == text


def disposition(value):
    body = b"--B\r\nContent-Disposition: " + value.encode() + b"\r\n\r\n\r\n--B--"
    part = next(MultipartReader(body, "multipart/form-data; boundary=B"))
    return part.name, part.filename


def test_the_extended_filename_wins_when_it_can_be_read():
    assert disposition("a; filename=x; filename*=utf-8''%C3%A9") == (None, "é")
    assert disposition("a; filename=x; filename*=koi8-r''%C1; name=n") == ("n", "x")
    assert disposition("a; filename*=koi8-r''%C1") == (None, None)


@given(st.binary() | st.text('a;="\\ :\r\n').map(str.encode))
def test_no_header_raises_anything_but_our_own_error(data):
    for parse in (parse_fields, lambda block: parse_value(block.decode("latin-1"))):
        with contextlib.suppress(MalformedMultipart):
            parse(data)
