"""MultiDict (compatibility.md §1.5)."""

from __future__ import annotations

from collections.abc import MutableMapping
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from restkit_client.datastructures import MultiDict

PAIRS = [("a", 1), ("B", 2), ("a", 3), ("b", 4)]


@pytest.fixture
def many():
    return MultiDict(PAIRS)


def test_it_is_made_of_pairs_mappings_keywords_or_nothing():
    assert MultiDict().items() == []
    assert MultiDict({"a": 1}, b=2).items() == [("a", 1), ("b", 2)]
    assert MultiDict(MultiDict(PAIRS)).items() == PAIRS
    with pytest.raises(TypeError, match="2 of them"):
        MultiDict([], [])
    assert isinstance(MultiDict(), MutableMapping)


def test_reading(many):
    assert many["a"] == 3
    assert many.get("a") == 3
    assert many.get("x", 9) == 9
    assert many.getall("a") == [1, 3]
    assert many.getall("x") == []
    assert many.getone("b") == 4
    assert many.iget("A") == 1
    assert many.iget("b") == 2
    assert many.iget("x") is None
    assert "a" in many
    assert "A" not in many
    assert many.has_key("B")
    assert not many.has_key("x")
    assert many.keys() == list(many) == ["a", "B", "a", "b"]
    assert many.values() == [1, 2, 3, 4]
    assert len(many) == 4
    assert many.mixed() == {"a": [1, 3], "B": 2, "b": 4}
    assert many.dict_of_lists() == {"a": [1, 3], "B": [2], "b": [4]}
    assert repr(MultiDict([("k", "v")])) == "MultiDict([('k', 'v')])"


@pytest.mark.parametrize("key", ["a", "x"])
def test_getone_is_an_error_unless_there_is_exactly_one(many, key):
    with pytest.raises(KeyError):
        many.getone(key)


def test_missing_keys_are_key_errors(many):
    for call in (
        lambda: many["x"],
        lambda: many.pop("x"),
        lambda: many.ipop("x"),
        lambda: many.__delitem__("x"),
        MultiDict().popitem,
    ):
        with pytest.raises(KeyError):
            call()
    assert many.pop("x", 9) == 9
    assert many.ipop("x", 9) == 9


def test_writing(many):
    many["a"] = 5
    assert many.items() == [("B", 2), ("b", 4), ("a", 5)]
    many.add("a", 6)
    assert many.getall("a") == [5, 6]
    assert many.pop("a") == 5
    assert many.ipop("B") == 2
    assert many.ipop("B") == 4
    assert many.setdefault("a", 1) == 6
    assert many.setdefault("n") is None
    assert many.popitem() == ("n", None)
    many.extend({"a": 7}, z=8)
    many.extend([("a", 9)])
    many.extend(None)
    assert many.items() == [("a", 6), ("a", 7), ("z", 8), ("a", 9)]
    many.update([("a", 1), ("a", 2)], y=3)
    assert many.items() == [("z", 8), ("a", 1), ("a", 2), ("y", 3)]
    del many["a"]
    assert many.keys() == ["z", "y"]
    many.clear()
    assert not many


def test_a_copy_shares_nothing(many):
    copy = many.copy()
    copy.add("n", 1)
    assert many == MultiDict(PAIRS)
    assert copy != many
    assert many == {"a": [1, 3], "B": 2, "b": 4}
    assert many != 5
    with pytest.raises(TypeError):
        hash(many)


def test_from_fieldstorage_keeps_files_as_fields():
    upload = SimpleNamespace(name="f", filename="x.txt", value=b"")
    form = SimpleNamespace(list=[SimpleNamespace(name="a", filename=None, value="1"), upload])
    assert MultiDict.from_fieldstorage(form).items() == [("a", "1"), ("f", upload)]
    assert MultiDict.from_fieldstorage(SimpleNamespace(list=None)).items() == []


# Examples are timed by the wall: on a busy machine that says nothing.
@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers())))
def test_it_reads_as_a_dict_of_the_last_values(pairs):
    many = MultiDict(pairs)
    assert dict(many) == dict(pairs)
    assert {key: many[key] for key in many} == dict(pairs)
