"""Percent-encoding, form text and the Authorization field."""

import string
from urllib.parse import parse_qsl, quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import restkit_oauth2 as oauth
from restkit_oauth2 import Error, escape
from restkit_oauth2.encoding import (
    encode_pairs,
    form_pairs,
    format_authorization,
    join_pairs,
    parse_authorization,
    quote_illegal,
    signing_pieces,
    unescape,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
PAIRS = st.lists(st.tuples(TEXT, TEXT))


@given(TEXT)
@example("a b+c~%/&=é☃")
@example(string.printable)
def test_escape_is_quote_with_nothing_safe_but_unreserved(text):
    assert escape(text) == quote(text, safe="~")


@given(st.binary())
def test_bytes_that_are_no_utf8_keep_their_value(data):
    text = "".join(f"%{byte:02x}" for byte in data)
    assert escape(unescape(text)) == escape(data)
    assert escape(data) == quote(data, safe="~")


def test_escape_takes_numbers():
    assert escape(137131200) == "137131200"


@given(TEXT)
def test_unescape_undoes_escape(text):
    assert unescape(escape(text)) == text


@pytest.mark.parametrize("text", ["%", "%4", "%zz", "100%", "%%41", "% 1", "%+1"])
def test_a_percent_sign_that_begins_no_byte_is_itself(text):
    assert unescape(text) == text.replace("%41", "A")


def test_half_a_surrogate_pair_is_refused_without_showing_the_text():
    with pytest.raises(Error, match="at 6 is half") as caught:
        escape("secret\ud800")
    assert "secret" not in str(caught.value) + repr(caught.value)
    assert caught.value.__context__ is None


@given(st.text(alphabet="ab=&%+2F~é \0\n;"))
def test_form_text_is_decoded_as_the_standard_library_does(text):
    expected = parse_qsl(text, keep_blank_values=True, errors="surrogateescape")
    assert form_pairs(text) == expected


@given(st.text(alphabet="ab=&%+27EFef~é \0\n/"))
@example("a=1&b=2")
@example("a=1&&b==2")
@example("a%5F=1")
@example("a%2f=1")
@example("a&b==1")
def test_what_is_signed_of_a_query_is_its_decoded_pairs_encoded_again(text):
    assert signing_pieces(text) == [f"{escape(name)}\0{escape(value)}" for name, value in form_pairs(text)]


@given(PAIRS)
@example([("a", "b\0c")])
@example([("a", "b\nc"), ("d", "e")])
@example([("a\0", "")])
def test_encoding_all_pairs_at_once_is_encoding_each(pairs):
    assert encode_pairs(pairs) == [f"{escape(name)}\0{escape(value)}" for name, value in pairs]


def test_a_list_is_several_values_and_a_number_is_text():
    assert join_pairs([("a", [1, "2"]), ("b", ("x y",)), ("c", b"\xff")]) == "a=1&a=2&b=x%20y&c=%FF"


@given(PAIRS)
def test_joined_pairs_come_back(pairs):
    kept = [pair for pair in pairs if pair != ("", "")]
    assert form_pairs(join_pairs(kept)) == kept
    assert form_pairs(join_pairs(kept, "+")) == kept


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("/a/b;c=%20?x", "/a/b;c=%20?x"), ("/r v", "/r%20v"), ("/é", "/%C3%A9"), ('/"<>', "/%22%3C%3E")],
)
def test_only_what_may_not_stand_in_a_uri_is_quoted(text, quoted):
    assert quote_illegal(text) == quoted


@given(PAIRS, st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_authorization_field_comes_back(pairs, realm):
    kept = [(name, value) for name, value in pairs if name and name != "realm"]
    field = format_authorization(kept, realm)
    assert field.startswith('OAuth realm="')
    assert field.isascii()
    assert field.isprintable()
    assert parse_authorization(field) == [("realm", realm), *kept]


@pytest.mark.parametrize("realm", ["a\r\nb", "é", "\0", "tab\t"])
def test_a_realm_that_no_field_may_hold_is_refused(realm):
    with pytest.raises(Error, match="printable ASCII"):
        format_authorization([], realm)


@pytest.mark.parametrize(
    ("field", "pairs"),
    [
        ("OAuth", []),
        ('oauth  a="1" ,\r\n\tb="2"', [("a", "1"), ("b", "2")]),
        ("OAUTH a=b", [("a", "b")]),
        ("OAuth a=b, c=d%20e", [("a", "b"), ("c", "d e")]),
        ('OAuth realm="x\\"y\\\\z, oauth_token=1"', [("realm", 'x"y\\z, oauth_token=1')]),
        ('OAuth oauth_nonce="therealmnonce"', [("oauth_nonce", "therealmnonce")]),
        ('OAuth realm="%41",x%2Dy="%41"', [("realm", "%41"), ("x-y", "A")]),
        ("Basic dTpw", None),
        ("", None),
        ("OAuthX a=1", None),
    ],
)
def test_authorization_fields_of_many_kinds(field, pairs):
    assert parse_authorization(field) == pairs


@pytest.mark.parametrize(
    "field",
    [
        "OAuth a",
        'OAuth a="1',
        'OAuth ="1"',
        'OAuth a="1" b="2"',
        "OAuth a b, c=1",
        'OAuth "a"=1',
        'OAuth a="\\',
    ],
)
def test_a_broken_authorization_field_is_an_error(field):
    with pytest.raises(Error) as caught:
        parse_authorization(field)
    assert str(caught.value) == "Unable to parse OAuth parameters from Authorization header."


@given(st.text(alphabet='OAuth abr=",\\% \t'))
def test_any_authorization_field_is_read_or_an_error(text):
    said = ""
    try:
        parse_authorization("OAuth " + text)
    except Error as error:
        said = str(error)
    assert said in ("", "Unable to parse OAuth parameters from Authorization header.")


def test_reading_an_authorization_field_takes_linear_time():
    """The number of steps is what is bounded: a megabyte of each would not end within the timeout otherwise."""
    for piece in ('"', "\\", ",", "=", 'a="', 'a="\\"', "a=1,", " "):
        try:
            parse_authorization("OAuth " + piece * (1_000_000 // len(piece)))
        except Error:
            continue


def test_text_and_bytes_families():
    assert oauth.to_unicode("é") == oauth.to_unicode(b"\xc3\xa9") == "é"
    assert oauth.to_utf8("é") == oauth.to_utf8(b"\xc3\xa9") == b"\xc3\xa9"
    assert oauth.to_unicode_if_string(b"a") == "a"
    assert oauth.to_unicode_if_string(5) == 5
    assert oauth.to_utf8_if_string("a") == b"a"
    assert oauth.to_utf8_if_string(5) == 5
    assert oauth.to_unicode_optional_iterator(b"a") == "a"
    assert oauth.to_unicode_optional_iterator([b"a", 1]) == ["a", 1]
    assert oauth.to_unicode_optional_iterator(7) == 7
    assert oauth.to_utf8_optional_iterator("a") == b"a"
    assert oauth.to_utf8_optional_iterator(("a", 1)) == [b"a", 1]
    assert oauth.to_utf8_optional_iterator(7) == 7


@pytest.mark.parametrize("convert", [oauth.to_unicode, oauth.to_utf8])
def test_neither_text_nor_bytes_is_a_type_error(convert):
    with pytest.raises(TypeError, match="You are required to pass either unicode or string here, not: int"):
        convert(5)
    with pytest.raises(TypeError, match="byte at 1 is not UTF-8"):
        convert(b"a\xff")
    with pytest.raises(TypeError):
        oauth.to_unicode_optional_iterator([b"\xff"])
