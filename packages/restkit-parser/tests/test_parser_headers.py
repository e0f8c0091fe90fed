"""Headers: ordered, case-insensitive, repeats kept apart, secrets masked; the same lazily parsed and made by hand."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, MutableMapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_parser import Headers, is_secret_field, parse_response_head

PAIRS = [("Host", "a"), ("Set-Cookie", "x=1"), ("X-One", ""), ("set-cookie", "y=2"), ("Last", "b, c")]


def parsed(pairs):
    """Headers over the bytes of a head, nothing of them taken apart yet."""
    lines = "".join(f"{name}:{value}\r\n" for name, value in pairs)
    return parse_response_head(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode("latin-1")).headers


@pytest.fixture(params=[Headers, parsed], ids=["made", "parsed"])
def headers(request):
    return request.param(PAIRS)


def test_lookup_ignores_case_and_joins_repeats(headers):
    assert headers["SET-cookie"] == "x=1, y=2"
    assert headers.get("host") == "a"
    assert headers.get("x-one") == ""
    assert headers.get("absent") is None
    assert headers.get("absent", "z") == "z"
    with pytest.raises(KeyError):
        headers["absent"]


def test_get_all_keeps_repeats_apart_and_gives_a_new_list(headers):
    headers.get_all("set-cookie").append("z")
    assert headers.get_all("Set-Cookie") == headers.getall("Set-Cookie") == ["x=1", "y=2"]
    headers.items().append(("a", "b"))
    headers.get_all("set-cookie").append("z")
    assert headers.get_all("Set-Cookie") == ["x=1", "y=2"]
    assert headers.get_all("absent") == []


def test_order_spelling_and_repeats_are_kept(headers):
    assert headers.items() == PAIRS
    assert headers.keys() == list(headers) == [name for name, _ in PAIRS]
    assert headers.values() == [value for _, value in PAIRS]
    assert len(headers) == 5


def test_membership(headers):
    assert "HOST" in headers
    assert headers.has_key("host")
    assert "cookie" not in headers
    assert 5 not in headers
    assert None not in headers


@pytest.mark.parametrize("name", ["host: a\r\nset-cookie", "x: 1", "host:", "Ho\xdft", ""])
def test_a_name_that_reaches_into_a_value_finds_nothing(headers, name):
    assert headers.get_all(name) == []


def test_setting_replaces_all_at_the_place_of_the_first(headers):
    headers["SET-COOKIE"] = "z"
    assert headers.items() == [("Host", "a"), ("SET-COOKIE", "z"), ("X-One", ""), ("Last", "b, c")]
    headers["New"] = "n"
    assert headers.items()[-1] == ("New", "n")


def test_deleting_removes_all(headers):
    del headers["set-COOKIE"]
    assert headers.keys() == ["Host", "X-One", "Last"]
    with pytest.raises(KeyError):
        del headers["set-cookie"]


def test_add_pop_popitem_setdefault_update_extend_and_clear(headers):
    headers.add("host", "b")
    assert headers["Host"] == "a, b"
    assert headers.pop("HOST") == "a, b"
    assert headers.pop("host", None) is None
    with pytest.raises(KeyError):
        headers.pop("host")
    assert headers.popitem() == ("Last", "b, c")
    assert headers.setdefault("x-one", "other") == ""
    assert headers.setdefault("New", "n") == "n"
    headers.update({"set-cookie": "z"}, new="m")
    assert headers.items() == [("X-One", ""), ("set-cookie", "z"), ("new", "m")]
    headers.extend([("X-One", "1")], more="2")
    assert headers.get_all("x-one") == ["", "1"]
    assert headers["more"] == "2"
    headers.clear()
    assert not headers
    with pytest.raises(KeyError):
        headers.popitem()


def test_the_documented_methods_of_the_old_multidict(headers):
    assert headers.getone("host") == "a"
    for name in ("set-cookie", "absent"):
        with pytest.raises(KeyError):
            headers.getone(name)
    assert headers.iget("set-cookie") == "x=1"
    assert headers.iget("absent") is None
    assert headers.mixed() == {"Host": "a", "Set-Cookie": ["x=1", "y=2"], "X-One": "", "Last": "b, c"}
    assert headers.dict_of_lists()["Set-Cookie"] == ["x=1", "y=2"]
    assert headers.ipop("set-cookie") == "x=1"
    assert headers.ipop("set-cookie", None) is None
    with pytest.raises(KeyError):
        headers.ipop("set-cookie")


def test_a_copy_is_independent(headers):
    other = headers.copy()
    other["Host"] = "b"
    assert headers["Host"] == "a"
    assert other == Headers([("Host", "b"), *PAIRS[1:]])


def test_equality_is_by_name_and_values(headers):
    assert headers == Headers(PAIRS)
    assert headers == Headers([(name.upper(), value) for name, value in PAIRS])
    assert headers == Headers(sorted(PAIRS, key=lambda pair: pair[0].lower()))
    assert headers != Headers(PAIRS[:-1])
    assert headers != Headers([PAIRS[3], PAIRS[1], *PAIRS[:1], PAIRS[2], PAIRS[4]])
    assert Headers({"a": "B"}) == {"A": "B"}
    assert headers != 5
    with pytest.raises(TypeError):
        hash(headers)


def test_it_pickles(headers):
    assert pickle.loads(pickle.dumps(headers)).items() == PAIRS


def test_it_counts_as_a_mapping(headers):
    assert isinstance(headers, MutableMapping)
    assert isinstance(headers, Mapping)
    assert dict(headers) == {
        "Host": "a",
        "Set-Cookie": "x=1, y=2",
        "X-One": "",
        "set-cookie": "x=1, y=2",
        "Last": "b, c",
    }


@pytest.mark.parametrize(
    "fields",
    [
        None,
        {},
        {"a": "b"},
        [("a", "b")],
        iter([("a", "b")]),
        Headers(a := [("a", "b")]),
        {"a": 5},
        [(b"a", b"\xe9")],
    ],
    ids=repr,
)
def test_what_it_is_made_from(fields):
    assert all(isinstance(value, str) for value in Headers(fields).values())


@pytest.mark.parametrize("value", [None, 1.5, object(), ["x"]], ids=repr)
def test_a_value_of_no_text_is_a_type_error(value):
    with pytest.raises(TypeError, match="is str, not"):
        Headers({"a": value})
    with pytest.raises(TypeError, match="is str, not"):
        Headers()["a"] = value


SECRET = [
    "Authorization",
    "proxy-authorization",
    "COOKIE",
    "Set-Cookie",
    "X-Api-Key",
    "Api-Key",
    "apikey",
    "X-Auth-Token",
    "X-CSRF-Token",
    "X-Amz-Security-Token",
    "Client-Secret",
    "X-Password",
    "X-Amz-Signature",
    "X-Credential",
]


@pytest.mark.parametrize("name", SECRET)
def test_the_value_of_a_secret_field_is_not_shown(name):
    assert is_secret_field(name)
    assert repr(Headers([(name, "hunter2"), ("Host", "a")])) == f"Headers([({name!r}, '***'), ('Host', 'a')])"
    assert "hunter2" not in repr(parsed([(name, "hunter2")]))


@pytest.mark.parametrize("name", ["Host", "Accept", "Content-Type", "ETag", "WWW-Authenticate"])
def test_other_fields_are_shown(name):
    assert not is_secret_field(name)


names = st.text("abcXYZ-_!", min_size=1, max_size=3)
values = st.text("abc ,:\t\xe9\xa0\x85", max_size=8).map(lambda text: text.strip(" \t"))


@given(st.lists(st.tuples(names, st.text(" \t", max_size=2), values, st.text(" \t", max_size=2))), names)
def test_parsed_and_made_headers_answer_alike(fields, asked):
    lazy = parsed([(name, before + value + after) for name, before, value, after in fields])
    made = Headers([(name, value) for name, _, value, _ in fields])
    for name in {asked, *made.keys()}:
        assert lazy.get_all(name) == made.get_all(name)
    assert lazy.items() == made.items()
    assert lazy.get_all(asked) == made.get_all(asked)
