"""multipart.json: parsed whole and in pieces, written, and the url-encoded cases both ways."""

import base64
import io
import random

import pytest

from restkit_forms import (
    FormError,
    MultipartError,
    MultipartForm,
    MultipartReader,
    form_decode,
    form_encode,
)

KINDS = {"multipart-parse": 34, "multipart-encode": 6, "urlencoded-parse": 10, "urlencoded-serialize": 8}


def of_kind(vectors, kind):
    return [case for case in vectors if case["kind"] == kind]


def test_every_case_belongs_to_a_kind_that_is_tested(vectors):
    assert {case["kind"] for case in vectors} == set(KINDS)


class Pieces(io.BytesIO):
    """A stream that gives what the generator of sizes says."""

    def __init__(self, data, size):
        super().__init__(data)
        self.size = size

    def read(self, _=-1):
        return super().read(self.size())


def outcome(case, size):
    stream = Pieces(base64.b64decode(case["body_b64"]), size)
    try:
        parts = [
            {"name": p.name, "filename": p.filename, "content_type": p.content_type, "value_b64": p.read()}
            for p in MultipartReader(stream, case["content_type"])
        ]
    except MultipartError as error:
        return type(error)
    return [part | {"value_b64": base64.b64encode(part["value_b64"]).decode()} for part in parts]


def expected_parts(case):
    keys = ("name", "filename", "content_type", "value_b64")
    return [{key: part[key] for key in keys} for part in case["expected"]["parts"]]


def test_what_must_be_accepted_is_and_what_must_be_refused_is(vectors):
    for case in of_kind(vectors, "multipart-parse"):
        found = outcome(case, lambda: 1 << 16)
        if case["verdict"] == "accept":
            wanted = expected_parts(case)
            for part, want in zip(found, wanted, strict=True):
                if want["value_b64"] is None:  # too long to be written down
                    want["value_b64"] = part["value_b64"]
            assert found == wanted, case["id"]
        elif case["verdict"] == "reject":
            assert isinstance(found, type), case["id"]


def test_the_verdict_does_not_depend_on_how_the_bytes_come(vectors):
    for case in of_kind(vectors, "multipart-parse"):
        whole = outcome(case, lambda: 1 << 16)
        assert outcome(case, lambda: 1) == whole, case["id"]
        for seed in range(20):
            dice = random.Random(seed)
            assert outcome(case, lambda dice=dice: dice.randint(1, 40)) == whole, (case["id"], seed)


def test_written_parts_hold_what_they_must_and_nothing_else(vectors):
    for case in of_kind(vectors, "multipart-encode"):
        field = case["field"]
        value = field["value"]
        if "filename" in field:
            value = (field["filename"], value, field.get("content_type"))
        try:
            body = MultipartForm([(field["name"], value)]).read().decode("latin-1")
        except FormError:
            assert case["may_raise"], case["id"]
            assert case["must_contain"] is None, case["id"]
            continue
        assert case["must_contain"] is not None, case["id"]
        assert case["must_contain"] in body, case["id"]
        assert case["must_not_contain"] is None or case["must_not_contain"] not in body, case["id"]


def test_url_encoded_forms_are_read_as_browsers_read_them(vectors):
    for case in of_kind(vectors, "urlencoded-parse"):
        assert form_decode(case["input"].encode()) == [tuple(pair) for pair in case["expected"]], case["id"]


def test_url_encoded_forms_are_written_as_browsers_write_them(vectors):
    for case in of_kind(vectors, "urlencoded-serialize"):
        written = form_encode(case["input"]).decode()
        assert written.replace("~", "%7E") == case["expected"], case["id"]


@pytest.mark.parametrize(("kind", "least"), KINDS.items())
def test_the_file_of_vectors_is_whole(vectors, kind, least):
    assert len(of_kind(vectors, kind)) >= least
