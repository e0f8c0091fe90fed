from urllib.parse import quote, quote_plus, unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_forms import FormError, LimitExceeded, form_decode, form_encode, url_encode, url_quote

TEXT = st.text(st.characters(exclude_categories=["Cs"]))

TABLE = [  # of the manual's url_encode, as restkit 4 had it
    ({"q": None}, "q="),
    ({"q": True, "r": False}, "q=True&r=False"),
    ({"q": [1, None, "x y"]}, "q=1&q=&q=x+y"),
    ({"q": (1, None, "x y")}, "q=1&q=&q=x+y"),
    ({"q": []}, ""),
    ({"q": {}}, "q=%7B%7D"),
    ({"q": lambda: "called"}, "q=called"),
    ({"q": lambda: [1, 2]}, "q=1&q=2"),
    ({"q": b"\xe9"}, "q=%E9"),
    ({"q": "é ~"}, "q=%C3%A9+~"),
    ({"a b": "1"}, "a%20b=1"),
    ({"a/b": "c/d"}, "a/b=c%2Fd"),
    ({"é": "1"}, "%C3%A9=1"),
    ({5: 6}, "5=6"),
    ([("b", 1), ("a", 2), ("b", 3)], "b=1&a=2&b=3"),
    ((pair for pair in [("a", 1)]), "a=1"),
]


@pytest.mark.parametrize(("obj", "query"), TABLE)
def test_url_encode_follows_the_table(obj, query):
    assert url_encode(obj) == query


def test_names_are_in_the_charset_only_when_asked():
    assert url_encode({"é": "é"}, "latin-1") == "%C3%A9=%E9"
    assert url_encode({"é": "é"}, "latin-1", encode_keys=True) == "%E9=%E9"


def test_form_encode_gives_bytes():
    assert form_encode({"a": ["1", None, True], "b": "é /"}) == b"a=1&a=&a=True&b=%C3%A9+%2F"
    assert form_encode([("a b", "*-._~")]) == b"a+b=*-._~"
    assert form_encode({"é": "é"}, "latin-1") == b"%E9=%E9"


@pytest.mark.parametrize(
    ("call", "character"),
    [(lambda: form_encode({"a": "\ud800"}), "ud800"), (lambda: url_quote("€", "latin-1"), "u20ac")],
)
def test_a_character_that_the_charset_lacks_is_named(call, character):
    with pytest.raises(FormError, match=character):
        call()


@given(st.lists(st.tuples(TEXT, TEXT)))
def test_what_is_encoded_is_decoded(pairs):
    encoded = form_encode(pairs)
    assert form_decode(encoded) == pairs
    assert form_decode(encoded.decode()) == pairs
    assert form_decode(url_encode(pairs)) == pairs


@given(st.binary() | st.text("%09afAFgz&=+ ").map(str.encode))
def test_form_decode_agrees_with_the_standard_library(data):
    def decoded(piece):
        return unquote_to_bytes(piece.replace(b"+", b" ")).decode("utf-8", "replace")

    pairs = [field.partition(b"=") for field in data.split(b"&") if field]
    assert form_decode(data) == [(decoded(name), decoded(value)) for name, _, value in pairs]


@given(TEXT)
def test_url_quote_agrees_with_the_standard_library(text):
    assert url_quote(text) == quote(text, safe="/:")
    assert url_quote(text, safe="") == quote(text, safe="")
    assert form_encode([("", text)]).decode() == "=" + quote_plus(text, safe="*")


@pytest.mark.parametrize(
    ("value", "quoted"), [(5, "5"), (None, ""), (b"\xff/%", "%FF/%25"), ("a b", "a%20b")]
)
def test_url_quote_takes_more_than_text(value, quoted):
    assert url_quote(value) == quoted


def test_any_number_of_safe_sets_gives_right_answers():
    for code in range(0x21, 0x7F):
        safe = chr(code)
        assert url_quote(f"{safe} é", safe=safe) == quote(f"{safe} é", safe=safe)


def test_a_flood_of_fields_is_refused():
    assert len(form_decode("&".join(["a"] * 10_000))) == 10_000
    with pytest.raises(LimitExceeded) as caught:
        form_decode("&" * 10_000)
    assert (caught.value.limit, caught.value.allowed) == ("max_fields", 10_000)
    with pytest.raises(LimitExceeded, match="max_fields=1;"):
        form_decode("a&b", max_fields=1)
