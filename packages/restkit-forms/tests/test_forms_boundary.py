import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from restkit_forms import InvalidBoundary, MultipartForm, MultipartReader, multipart_form_encode, url_quote
from restkit_forms.boundary import BOUNDARY_CHARACTERS

BOUNDARIES = st.text(st.sampled_from(sorted(BOUNDARY_CHARACTERS)), min_size=1, max_size=70)


def test_a_boundary_is_made_of_128_bits_of_the_systems_randomness(monkeypatch):
    asked = []
    monkeypatch.setattr("os.urandom", lambda count: asked.append(count) or b"\xab" * count)
    assert MultipartForm({}).boundary == "ab" * 16
    assert asked == [16]


def test_a_seeded_random_changes_no_boundary():
    made = set()
    for _ in range(100):
        random.seed(0)
        made.add(MultipartForm({}).boundary)
    assert len(made) == 100


@pytest.mark.parametrize(
    "boundary",
    [
        "",
        " ",
        "a ",
        "a" * 71,
        "a\r\nb",
        "a\nb",
        "a\0b",
        "a\rb",
        'a"b',
        "é",
        "\u010d",
        "a;b",
        "a%b",
        "a\\b",
        "a\ud800",
    ],
    ids=ascii,
)
def test_what_rfc_2046_does_not_allow_is_refused(boundary):
    with pytest.raises(InvalidBoundary):
        MultipartForm({"a": "1"}, boundary)


@given(BOUNDARIES.filter(lambda text: not text.endswith(" ")))
def test_every_boundary_of_rfc_2046_works_everywhere(boundary):
    form = MultipartForm({"a": "1", "b": b"2"}, boundary)
    body = form.read()
    assert body.count(boundary.encode()) >= 3
    read = MultipartReader(body, form.content_type)
    assert [(part.name, part.read()) for part in read] == [("a", b"1"), ("b", b"2")]


def test_quote_is_applied_once_and_to_all_places_alike():
    form, headers = multipart_form_encode({"a": "1", "b": b"2"}, {}, "BOUND ARY", quote=url_quote)
    assert form.boundary == "BOUND%20ARY"
    assert headers["Content-Type"] == "multipart/form-data; boundary=BOUND%20ARY"
    body = form.read()
    assert body.count(b"--BOUND%20ARY\r\n") == 2
    assert body.endswith(b"--BOUND%20ARY--\r\n")
    parts = MultipartReader(body, headers["Content-Type"])
    assert [part.name for part in parts] == ["a", "b"]


def test_quote_can_not_make_an_invalid_boundary():
    with pytest.raises(InvalidBoundary):
        MultipartForm({"a": "1"}, "B", quote=lambda text: text + "\r\n")


LINES = ["--B", "x\r\n--B", "x\n--B", "x\r\n--Bother\r\n", "--B--"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize(
    "value_of",
    [
        lambda line, _: line,
        lambda line, _: line.encode(),
        lambda line, _: iter([line[:3], line[3:]]),
        lambda line, path: path,
        lambda line, path: ("x" * 70_000 + "\r\n" + line).encode(),
        lambda line, _: [character.encode() for character in line].__iter__(),
    ],
    ids=["text", "bytes", "iterator", "path", "far", "drip"],
)
def test_ones_own_boundary_in_a_value_is_found(line, value_of, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(line.encode())
    with pytest.raises(InvalidBoundary, match="boundary found in encoded string"):
        MultipartForm([("before", "1"), ("a", value_of(line, path))], "B").read()


@pytest.mark.parametrize("value", ["x--B", " --B", "--b", "-B", "\r\n-- B"])
def test_a_value_without_such_a_line_goes_out(value, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(value.encode())
    form = MultipartForm({"text": value, "bytes": value.encode(), "file": path}, "B")
    assert [part.read() for part in MultipartReader(form.read(), form.content_type)] == [value.encode()] * 3
